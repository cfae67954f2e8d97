"""Interests from the declaration to the gate: kept for good, counted on every account, opened again when they end."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from openpbc.audit import reads as audit
from openpbc.governance import actions, models, reads
from openpbc.governance.reads import LEAVES, TAKES_PART, WITHOUT_VOTE, Party
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads as people_reads
from tests.integration.at_once import at_once
from tests.integration.site.conftest import HERE

pytestmark = pytest.mark.usefixtures("people")
CHAIR, SECRETARY = Actor("chair@demo", "The chair"), Actor("secretary@demo", "The secretary")
GROUP, ANALYST = Actor("group@demo", "The group's manager"), Actor("analyst@demo", "The analyst")
MATTER = f"case/{HERE}/17"
COMPANY = "SYNTHETIC Respiratory Company"


def declare(by: Actor = ANALYST, **changes: object) -> int:
    told = {"person": by.id, "organisation": COMPANY, "nature": "financial-personal", "role": "Director"}
    return actions.declare_interest(by=by, place=HERE, **({**told, "held_from": date(2026, 1, 1)} | changes))


def concern(*organisations_: str, by: Actor = SECRETARY, part: str = "possible-bidder", **seen: int) -> None:
    actions.set_parties(
        by=by, place=HERE, matter=MATTER, parties=[Party(each, part) for each in organisations_], **seen
    )


def test_an_interest_keeps_somebody_out_until_it_has_ended() -> None:
    assert reads.withheld(ANALYST.id, HERE, MATTER) == ""
    concern(COMPANY)
    assert reads.withheld(ANALYST.id, HERE, MATTER) == ""
    number = declare()
    told = reads.withheld(ANALYST.id, HERE, MATTER)
    assert "withheld from you because of an interest" in told
    assert COMPANY in told
    assert reads.withheld(GROUP.id, HERE, MATTER) == ""
    (conflict,) = reads.conflicts(HERE, MATTER)[ANALYST.id]
    assert (conflict.interest, conflict.material) == (number, True)
    actions.end_interest(by=ANALYST, place=HERE, number=number, last_day=date(2026, 2, 1), reason="Sold my part.")
    assert reads.withheld(ANALYST.id, HERE, MATTER), "an end counts from the day after it is told"
    tomorrow = people_reads.today() + timedelta(days=1)
    assert reads.conflicts(HERE, MATTER, tomorrow) == {}
    assert reads.conflicts(HERE, MATTER, date(2025, 12, 31)) == {}
    assert reads.declaration(number, HERE).end is not None, "it stays in the register"


def test_an_interest_declared_with_an_earlier_start_counts_as_declared_now() -> None:
    declare(held_from=date(2020, 1, 1))
    today = people_reads.today()
    assert reads.declared(ANALYST.id, HERE, today - timedelta(days=1)) is None
    assert reads.declared(ANALYST.id, HERE, today) == today
    concern(COMPANY)
    (conflict,) = reads.conflicts(HERE, MATTER, today - timedelta(days=30))[ANALYST.id]
    assert conflict.late


def test_what_is_declared_twice_is_kept_once_and_writes_one_event() -> None:
    number, before = declare(), audit.head().sequence
    assert declare() == number
    assert audit.head().sequence == before
    (event,) = audit.events(after=before - 1)
    assert (event.action, event.subject) == ("governance.declare_interest", f"interest/{HERE}/{number}")


def test_the_log_does_not_hold_what_was_said_of_the_family() -> None:
    before = audit.head().sequence
    declare(nature="indirect", detail="A cousin of mine runs it.")
    (event,) = audit.events(after=before)
    assert "cousin" not in str(vars(event))


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"nature": "friendly"}, "'friendly' is no nature"),
        ({"held_from": date(9998, 1, 1)}, "has not come yet"),
        ({"held_to": date(2025, 1, 1)}, "the last day lies before the first"),
        ({"organisation": "  "}, "the organisation is empty"),
        ({"role": "x" * 101}, "101 characters"),
        ({"person": "nobody@x"}, "there is no user 'nobody@x'"),
        ({"detail": "a\x00b"}, "cannot be kept"),
    ],
)
def test_what_cannot_be_declared_is_refused_in_a_sentence(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        declare(**changes)
    assert not models.Interest.objects.exists()


def test_none_is_declared_only_where_none_stands() -> None:
    actions.declare_none(by=ANALYST, place=HERE, person=ANALYST.id)
    assert reads.declared(ANALYST.id, HERE, people_reads.today()) == people_reads.today()
    declare()
    with pytest.raises(UserError, match="was declared on .* and stands"):
        actions.declare_none(by=ANALYST, place=HERE, person=ANALYST.id)


def test_what_stands_is_confirmed_as_it_was_seen() -> None:
    with pytest.raises(UserError, match="no interest stands"):
        actions.confirm_interests(by=ANALYST, place=HERE, person=ANALYST.id)
    first = declare()
    second = declare(organisation="SYNTHETIC Other")
    with pytest.raises(Stale, match="The analyst declared SYNTHETIC Other on"):
        actions.confirm_interests(by=ANALYST, place=HERE, person=ANALYST.id, seen=(first,))
    actions.confirm_interests(by=ANALYST, place=HERE, person=ANALYST.id, seen=(first, second))
    assert all(each.reviewed_at for each in reads.declarations(HERE, ANALYST.id))


def test_who_has_to_declare_and_has_not_is_listed() -> None:
    book, today = people_reads.book(HERE), people_reads.today()
    waiting = {each.person.sign_in for each in reads.outstanding(book, today)}
    assert {"gp@demo", "chair@demo", ANALYST.id} <= waiting
    assert "admin@demo" not in waiting
    declare()
    assert ANALYST.id not in {each.person.sign_in for each in reads.outstanding(book, today)}
    next_year = today.replace(year=today.year + 1) + timedelta(days=40)
    (late,) = [each for each in reads.outstanding(book, next_year) if each.person.sign_in == ANALYST.id]
    assert late.last == today


def test_owners_households_and_roles_are_followed() -> None:
    known = {"place": HERE, "held_from": date(2026, 1, 1), "source": "Told by one of them"}
    actions.record_owner(by=SECRETARY, owner="SYNTHETIC Holding", owned=COMPANY, **known)
    concern(COMPANY)
    declare(organisation="synthetic holding", nature="professional")
    assert f"synthetic holding, which owns {COMPANY}" in reads.withheld(ANALYST.id, HERE, MATTER)
    actions.record_household(by=GROUP, one=GROUP.id, other=ANALYST.id, **known)
    assert "same household" in reads.withheld(GROUP.id, HERE, MATTER)
    provider = people_reads.viewer_by_sign_in("provider@demo")
    assert provider is not None
    (held,) = [each for each in provider.assignments if each.scope == "provider"]
    assert reads.withheld(provider, HERE, MATTER) == ""
    concern(COMPANY, held.code)
    assert "A role held at" in reads.withheld(provider, HERE, MATTER)


def test_a_second_account_is_kept_out_like_the_first() -> None:
    concern(COMPANY)
    declare()
    one, two = (people_reads.person_by_sign_in(each).id for each in (ANALYST.id, "finance@demo"))
    organisations.join_accounts(by=SYSTEM, user_id=one, with_user_id=two, reason="One person with two accounts")
    assert reads.withheld("finance@demo", HERE, MATTER)
    with pytest.raises(UserError, match="it was you, as finance@demo"):
        actions.rule_on_interest(
            by=ANALYST, place=HERE, matter=MATTER, person="finance@demo", ruling=TAKES_PART, reason="I may."
        )


def test_somebody_kept_out_changes_neither_the_list_nor_a_ruling() -> None:
    concern(COMPANY)
    declare()
    with pytest.raises(UserError, match="is kept by somebody without an interest"):
        concern(by=ANALYST)
    with pytest.raises(UserError, match="is ruled on by somebody without an interest"):
        actions.rule_on_interest(
            by=ANALYST, place=HERE, matter=MATTER, person=GROUP.id, ruling=LEAVES, reason="He too."
        )


def test_a_ruling_can_only_be_stricter() -> None:
    concern(COMPANY)
    declare(nature="professional")
    facts = {"place": HERE, "matter": MATTER, "person": ANALYST.id}
    assert reads.standing(HERE, MATTER, ANALYST.id).ruling == TAKES_PART
    actions.rule_on_interest(by=CHAIR, ruling=WITHOUT_VOTE, reason="He advises the company.", **facts)
    assert not reads.standing(HERE, MATTER, ANALYST.id).votes
    with pytest.raises(UserError, match="it was you who did the other half"):
        actions.rule_on_interest(by=ANALYST, ruling=TAKES_PART, reason="I may.", **facts)
    actions.rule_on_interest(by=ANALYST, ruling=LEAVES, reason="I would rather not.", **facts)
    assert reads.withheld(ANALYST.id, HERE, MATTER)
    declare(role="Owner")
    with pytest.raises(UserError, match="nobody can rule that the person stays"):
        actions.rule_on_interest(by=CHAIR, ruling=TAKES_PART, reason="A friend.", **facts)


def test_what_was_opened_before_an_interest_was_told_is_listed() -> None:
    concern(COMPANY)
    for _ in range(2):
        actions.open_paper(by=ANALYST, place=HERE, matter=MATTER, what="paper/1")
    declare()
    with pytest.raises(UserError, match="withheld from you"):
        actions.open_paper(by=ANALYST, place=HERE, matter=MATTER, what="paper/2")
    (seen,) = reads.opened(HERE, MATTER, ANALYST.id)
    assert (seen.what, seen.day) == ("paper/1", people_reads.today())


def test_papers_that_are_taken_together_are_kept_one_by_one_under_one_event() -> None:
    before = audit.head().sequence
    opened = [(MATTER, "paper/1"), (MATTER, "paper/2")]
    actions.open_pack(by=ANALYST, place=HERE, of=f"meeting/{HERE}/1", opened=opened)
    events = audit.events(after=before)
    assert (len(events), len({each.root_id for each in events})) == (3, 1)
    assert {each.what for each in reads.opened(HERE, MATTER, ANALYST.id)} == {"paper/1", "paper/2"}
    actions.open_pack(by=ANALYST, place=HERE, of=f"meeting/{HERE}/1", opened=opened)
    assert audit.head().sequence == before + 3


@pytest.mark.parametrize("statement", ["UPDATE {} SET place = 'x'", "DELETE FROM {}"])
def test_the_database_refuses_change_and_removal(statement: str) -> None:
    declare()
    concern(COMPANY)
    for table in ("governance_interest", "governance_matterparties"):
        with pytest.raises(DatabaseError, match="only added|not allowed"), transaction.atomic():
            connection.cursor().execute(statement.format(table))


@pytest.mark.django_db(transaction=True)
def test_two_who_end_one_interest_or_change_one_list_at_once() -> None:
    number, today = declare(), timezone.localdate()
    told = at_once(
        *(
            lambda why=why: actions.end_interest(
                by=Actor(why, f"Somebody who {why}"), place=HERE, number=number, last_day=today, reason=why
            )
            for why in ("sold", "left")
        )
    )
    (refused,) = [each for each in told if isinstance(each, str)]
    assert f"{reads.declaration(number, HERE).said[0].by} ended this interest on" in refused
    lists = at_once(*(lambda name=name: concern(name, seen=0, by=Actor(name, f"By {name}")) for name in ("One", "Two")))
    (refused,) = [each for each in lists if isinstance(each, str)]
    (kept,) = reads.listed(HERE, MATTER)
    assert (kept.number, f"{kept.by} changed the list on" in refused) == (1, True)

"""Decisions: recorded for good, corrected by a later record, and the same minute kept once whoever is faster."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from openpbc.audit import reads as audit
from openpbc.governance import actions, reads
from openpbc.governance.commands.decisions import decisions
from openpbc.governance.models import Decision
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.dated import Dated
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from tests.integration.at_once import at_once
from tests.integration.site.conftest import HERE

MATTER = f"budget-set/{HERE}/2008-09/1"
SAID = {
    "place": HERE,
    "body": "board",
    "taken_on": date(2008, 3, 25),
    "minute": "08/31",
    "matter": MATTER,
    "title": "Budget set 1",
    "outcome": "approved",
    "text": "The Board approved the budgets.",
}


def record(by: Actor = SYSTEM, **changes: object) -> int:
    return actions.record_decision(by=by, **(SAID | changes))


@pytest.mark.django_db
def test_a_decision_is_kept_with_who_recorded_it_and_an_event() -> None:
    number = record(Actor("s@x", "The secretary"))
    found = reads.decision(number, HERE)
    assert (found.outcome, found.minute, found.taken_on) == ("approved", "08/31", date(2008, 3, 25))
    assert (found.recorded_by, found.stands, found.approves) == ("The secretary", True, True)
    assert reads.approval(HERE, MATTER) == found
    event = audit.events()[-1]
    assert (event.action, event.subject) == ("governance.record_decision", f"decision/{HERE}/{number}")


@pytest.mark.django_db
def test_the_same_minute_recorded_again_changes_nothing_and_differently_is_refused() -> None:
    number, events = record(), audit.head().sequence
    assert record() == number
    assert audit.head().sequence == events
    with pytest.raises(UserError, match="OpenPBC itself already recorded this minute on .*, as approved"):
        record(outcome="refused")


@pytest.mark.django_db
def test_a_mistake_is_corrected_by_a_record_that_names_it() -> None:
    wrong = record()
    right = record(outcome="refused", replaces=wrong)
    assert reads.decision(wrong).replaced_by == right
    assert not reads.decision(wrong).stands
    assert reads.approval(HERE, MATTER) is None
    with pytest.raises(UserError, match=f"corrected this record on .* Look at record {right}"):
        record(outcome="deferred", replaces=wrong)
    withdrawn = record(outcome="withdrawn", replaces=right)
    assert not reads.decision(withdrawn).stands


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"body": "parish"}, "there is no body 'parish'"),
        ({"outcome": "maybe"}, "'maybe' is no outcome"),
        ({"outcome": "withdrawn"}, "only a record that exists can be withdrawn"),
        ({"taken_on": date(9999, 1, 1)}, "has not come yet"),
        ({"minute": "  "}, "the minute's reference is empty"),
        ({"minute": "x" * 61}, "61 characters"),
        ({"text": "a\x00b"}, "a character that cannot be kept"),
        ({"matter": "nonsense"}, "is no address of a matter"),
        ({"matter": "budget-set/blmk-2023/2023-24/1"}, "is no matter of"),
        ({"title": "", "matter": ""}, "the matter is empty"),
        ({"replaces": 99}, "there is no decision 99"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(changes: dict[str, object], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        record(**changes)
    assert not Decision.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement", ["UPDATE governance_decision SET outcome = 'refused'", "DELETE FROM governance_decision"]
)
def test_the_database_refuses_change_and_removal(statement: str) -> None:
    record()
    with pytest.raises(DatabaseError, match="recorded decision|not allowed"), transaction.atomic():
        connection.cursor().execute(statement.format("governance_decision"))
    assert reads.decisions(HERE)[0].outcome == "approved"


@pytest.mark.django_db(transaction=True)
def test_two_people_who_record_one_minute_at_once_leave_one_record() -> None:
    outcomes = at_once(
        *(
            lambda outcome=outcome: record(Actor(outcome, f"Somebody who says {outcome}"), outcome=outcome)
            for outcome in ("approved", "refused")
        )
    )
    (kept,) = reads.decisions(HERE)
    assert kept.id in outcomes
    (told,) = [each for each in outcomes if isinstance(each, str)]
    assert f"Somebody who says {kept.outcome} already recorded this minute" in told


@pytest.mark.django_db
def test_a_decision_that_is_known_to_the_month_is_kept_and_put_in_order_as_a_month() -> None:
    month = Dated.of(Month(2008, 3))
    numbers = [record(), record(taken_on=month, minute="08/32"), record(taken_on=date(2008, 4, 1), minute="08/33")]
    found = reads.decision(numbers[1], HERE)
    assert (found.when, found.when.name, str(found.when), found.to_month) == (month, "March 2008", "2008-03", True)
    assert [each.id for each in reads.decisions(HERE)] == [numbers[2], numbers[1], numbers[0]]
    assert record(taken_on=month, minute="08/32") == numbers[1]  # the very same again changes nothing
    with pytest.raises(UserError, match="already recorded this minute"):
        record(taken_on=date(2008, 3, 31), minute="08/32")
    this = Month.of(timezone.localdate())
    with pytest.raises(UserError, match="is not over"):
        record(taken_on=Dated.of(this), minute="08/34")


@pytest.mark.django_db
def test_the_register_of_the_board_shows_what_the_papers_date_to_the_month(as_role) -> None:
    actions.demonstrate_papers(by=SYSTEM, place=HERE)
    actions.demonstrate_papers(by=SYSTEM, place=HERE)
    assert [str(each.when) for each in reads.decisions(HERE, body="board")] == ["2008-03", "2007-09"]
    client = as_role("committee_secretary")
    page = client.get(f"/p/{HERE}/decisions?body=board").content.decode()
    assert page.index("March 2008") < page.index("September 2007") and "west-herts-intentions-2008-09, line 133" in page
    assert "30 September 2007" not in page
    told = CliRunner().invoke(decisions, ["--place", HERE, "--body", "board", "--json"], catch_exceptions=False).output
    assert [each["taken_on"] for each in json.loads(told)] == ["2008-03", "2007-09"]
    number = reads.decisions(HERE, body="board")[-1].id
    assert "September 2007" in client.get(f"/p/{HERE}/decisions/{number}").content.decode()
    assert 'value="September 2007"' in client.get(f"/p/{HERE}/decisions/new?replaces={number}").content.decode()

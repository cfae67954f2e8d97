"""Journals that wait for a second person: put up, agreed to as they are, turned down, and posted once."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction

from openpbc.audit.models import AuditEvent
from openpbc.finance import actions, offers, reads
from openpbc.finance.reads import waiting
from openpbc.finance.rules.ledger import Draft, Entry
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import actions as people_actions
from openpbc.organisations import reads as people
from openpbc.organisations.models import SecondAnswered, SecondAsked
from openpbc.site.cli import main
from tests.integration.site.conftest import HERE, As, send
from tests.integration.two_people_book import set_in_a_book

YEAR, DAY, LARGE = "2008-09", date(2008, 4, 1), 5_000_00
HELD, GROUP = "held/unallocated", "group/WATCOM/in-scope"


def actor(sign_in: str) -> Actor:
    return people.viewer(people.person_by_sign_in(sign_in).id).actor


def move(pence: int = LARGE, by: str = "finance@demo", **more: object) -> actions.Posted:
    facts = {"source": HELD, "target": GROUP, "on": DAY, "reason": "A clinic"} | more
    return actions.virement(by=actor(by), place=HERE, pence=pence, **facts)


def agree(number: int, by: str = "contracts@demo", **more: object) -> actions.Posted:
    shown = waiting.waiting_journal(HERE, number).asked.sha256
    return actions.agree_journal(by=actor(by), place=HERE, number=number, **({"sha256": shown} | more))


def held(code: str) -> int:
    return {each.account.code: each.pence for each in reads.ledger_balances(HERE, YEAR)}.get(code, 0)


def test_a_penny_less_is_posted_and_the_sum_itself_waits() -> None:
    assert move(LARGE - 1) == actions.Posted(2)
    assert move(LARGE) == actions.Posted(1, waits=True)
    assert (held(GROUP), reads.count_journals(HERE, YEAR)) == (LARGE - 1, 2)
    event = AuditEvent.objects.get(subject=f"ledger/{HERE}/{YEAR}/waiting/1")
    assert event.action == "finance.virement" and f'"moved":{LARGE}' in event.after
    assert agree(1) == actions.Posted(3)
    assert held(GROUP) == 2 * LARGE - 1
    told = waiting.agreed_journal(HERE, YEAR, 3)
    assert told and (told.by, told.answered_by) == ("Demo finance manager", "Demo contract manager")
    assert waiting.agreed_journal(HERE, YEAR, 2) is None
    event = AuditEvent.objects.get(action="finance.agree_journal")
    assert event.subject == f"ledger/{HERE}/{YEAR}/3" and "finance@demo" in event.after
    with pytest.raises(Stale, match="agreed to it: it is ledger/west-herts-2008/2008-09/3"):
        agree(1)


def test_while_no_sum_is_set_nobody_waits(settings) -> None:
    settings.RULEBOOK = None
    assert move(LARGE * 10) == actions.Posted(2)


def test_what_could_not_be_posted_is_refused_at_once_and_leaves_nothing() -> None:
    with pytest.raises(UserError, match="you asked to move"):
        move(LARGE * 1_000)
    assert not SecondAsked.objects.exists() and reads.count_journals(HERE, YEAR) == 1


def test_every_journal_that_a_person_writes_waits_and_is_posted_as_it_was_put_up() -> None:
    move(LARGE - 1)
    by = actor("finance@demo")
    facts = {"by": by, "place": HERE, "on": DAY, "reason": "SYNTHETIC"}
    entries = (Entry(HELD, -LARGE), Entry("held/contingency", LARGE))
    put_up = [
        actions.post(kind="reserve", entries=entries, **facts),
        actions.feed_innovation_fund(pence=LARGE, **facts),
        actions.pay_into_pool(pool="equipment", partner="county", pence=LARGE, **facts),
    ]
    assert [(each.number, each.waits) for each in put_up] == [(1, True), (2, True), (3, True)]
    assert [agree(number).number for number in (1, 3)] == [3, 4]
    with pytest.raises(UserError, match="Somebody changed this since you looked"):
        agree(2)
    with pytest.raises(UserError, match="you asked to move"):
        actions.reverse(number=1, **facts)
    with pytest.raises(UserError, match="Post that one by itself"):
        draft = Draft("reserve", entries, DAY, "x")
        actions.post_many(by=by, place=HERE, journals=(draft,))


def test_a_reversal_waits_and_reverses() -> None:
    assert agree(move().number).number == 2
    back = actions.reverse(by=actor("contracts@demo"), place=HERE, number=2, on=DAY, reason="Wrong group")
    assert back.waits
    assert agree(back.number, "finance@demo").number == 3
    assert (held(GROUP), reads.journal(HERE, YEAR, 2).reversed_by) == (0, 3)


def test_a_key_waits_once_and_posts_once() -> None:
    assert move(key="k") == actions.Posted(1, waits=True)
    assert move(key="k") == actions.Posted(1, already=True, waits=True)
    assert agree(1) == actions.Posted(2)
    assert move(key="k") == actions.Posted(2, already=True)


def test_the_second_saw_what_is_there_or_looks_again() -> None:
    move()
    move(100)
    with pytest.raises(Stale, match="Somebody changed this since you looked"):
        agree(1, seen=reads.seen_at(HERE, YEAR, 1, [HELD, GROUP]))
    assert agree(1, seen=reads.seen_at(HERE, YEAR, 2, [HELD, GROUP])).number == 3


def test_what_was_turned_down_is_not_posted() -> None:
    move()
    with pytest.raises(UserError, match="reason"):
        actions.turn_down_journal(by=actor("contracts@demo"), place=HERE, number=1, reason=" ")
    actions.turn_down_journal(by=actor("contracts@demo"), place=HERE, number=1, reason="Not this year")
    with pytest.raises(Stale, match="Demo contract manager .* turned it down: Not this year"):
        agree(1)
    assert reads.count_journals(HERE, YEAR) == 1 and waiting.waiting_journals(HERE) == ()


def test_whoever_agrees_signs_in() -> None:
    move()
    for by in (SYSTEM, Actor("shell/ann", "ann in the shell", frozenset({"administrator"}))):
        shown = waiting.waiting_journal(HERE, 1).asked.sha256
        with pytest.raises(UserError, match="by somebody else, who signs in"):
            actions.agree_journal(by=by, place=HERE, number=1, sha256=shown)


def test_rows_are_only_added() -> None:
    move()
    agree(1)
    for write in (
        lambda: SecondAsked.objects.update(act="x"), lambda: SecondAnswered.objects.update(agreed=False),
        lambda: SecondAnswered.objects.all().delete(),
    ):  # fmt: skip
        with pytest.raises(DatabaseError, match="only added|not allowed"), transaction.atomic():
            write()


@pytest.mark.one_database
def test_it_is_put_up_answered_and_shown_on_the_pages(as_role: As) -> None:
    people_actions.assign_role(
        by=SYSTEM, user_id=people.person_by_sign_in("analyst@demo").id, role="finance_manager", place=HERE,
        valid_from=date(2008, 4, 1),
    )  # fmt: skip
    first, second = as_role("finance_manager"), as_role("analyst")
    sent = {"source": HELD, "target": "held/contingency", "pence": "5,000", "on": "1 April 2008", "reason": "Winter"}
    actions.post(by=SYSTEM, place=HERE, kind="reserve", entries=(Entry(HELD, -1), Entry("held/contingency", 1)),
                 on=DAY, reason="SYNTHETIC")  # fmt: skip
    at = f"/p/{HERE}/ledger"
    answer = send(first, f"{at}/virement", sent | {"seen": "2", "confirmed": "yes"}, follow=True)
    shown = answer.content.decode()
    assert "Waits for somebody else" in shown and "£5,000.00" in shown and "Winter" in shown
    assert "1 waits" in first.get(at).content.decode()
    assert "somebody else agrees to it" in first.get(f"{at}/waiting/1").content.decode()
    for sign_in, waits in (("finance@demo", True), ("analyst@demo", False)):
        viewer = people.viewer_by_sign_in(sign_in)
        found = [each for each in offers.WORK(people.book(HERE), viewer) if "journal of £5,000.00" in each.text]
        assert [each.waits for each in found] == [waits]
    page = second.get(f"{at}/waiting/1").content.decode()
    assert "posted exactly as it is" in page and "Before and after" in page
    told = {"answer": "turn-down", "reason": "", "seen": "2", "sha256": waiting.waiting_journal(HERE, 1).asked.sha256}
    assert "it is not said why" in send(second, f"{at}/waiting/1", told).content.decode().lower()
    assert "Check: " in send(second, f"{at}/waiting/1", told | {"answer": "agree"}).content.decode()
    done = send(second, f"{at}/waiting/1", told | {"answer": "agree", "confirmed": "yes"}, follow=True)
    assert "Put up by Demo finance manager, agreed by Demo information analyst" in done.content.decode()
    assert "agreed by Demo information analyst" in first.get(f"{at}/waiting").content.decode()
    assert "agreed to it already" in first.get(f"{at}/waiting/1").content.decode()


@pytest.mark.one_database
def test_one_that_cannot_be_posted_any_more_is_shown_and_can_be_turned_down(as_role: As) -> None:
    move(LARGE * 19)
    for number in range(2, 22):
        move(LARGE - number)
    page = as_role("finance_manager").get(f"/p/{HERE}/ledger/waiting/1")
    assert page.status_code == 200 and "As things stand it cannot be posted" in page.content.decode()


@pytest.mark.one_database
def test_the_shell_puts_up_lists_and_turns_down(capsys) -> None:
    told = ["--place", HERE, "--on", "2008-04-01", "--reason", "Winter"]
    assert main(["finance", "ledger", "virement", HELD, GROUP, "5,000", *told]) == 0
    assert "It waits as number 1 for a second person" in capsys.readouterr().out
    assert main(["finance", "ledger", "waiting", "--place", HERE]) == 0
    out = capsys.readouterr().out
    assert "A journal waits from: £5,000.00." in out and "1  £5,000.00" in out
    assert main(["finance", "ledger", "waiting", "--place", HERE, "--json"]) == 0
    assert f'"moved": {LARGE}' in capsys.readouterr().out
    assert main(["finance", "ledger", "turn-down", "1", "--place", HERE, "--reason", "No"]) == 0
    assert waiting.waiting_journals(HERE) == ()


@pytest.mark.one_database
def test_the_ledger_says_that_no_sum_is_set(as_role: As, settings, capsys) -> None:
    settings.RULEBOOK = None
    page = as_role("finance_manager").get(f"/p/{HERE}/ledger/waiting").content.decode()
    assert "not set" in page and "second_person_from.yaml" in page
    assert main(["finance", "ledger", "waiting", "--place", HERE]) == 0
    assert "A journal waits from: not set" in capsys.readouterr().out


@pytest.fixture(autouse=True)
def funded(people: None, settings, tmp_path: Path) -> None:
    """The personas, a hundred thousand pounds received, and a rulebook that says which journals are large."""
    entries = (Entry("allocation", -20 * LARGE), Entry(HELD, 20 * LARGE))
    actions.post(by=SYSTEM, place=HERE, kind="allocation", entries=entries, on=DAY, reason="SYNTHETIC")
    set_in_a_book(settings, tmp_path, large=LARGE)

"""The end of a year and its undoing: both sides stand, or neither does, and money is never in two years."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from openpbc.audit import reads as audit
from openpbc.finance import actions, reads
from openpbc.finance.actions.posting import append
from openpbc.finance.commands import finance as shell
from openpbc.finance.models import LedgerJournal
from openpbc.finance.rules.ledger import REVERSAL, Draft, Entry
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import FinancialYear
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import actions as organisations
from tests.integration.finance.conftest import ANN, BOB, DAY, YEAR
from tests.integration.site.conftest import As, send
from tests.integration.two_people_book import set_in_a_book

PLACE, NEXT = "west-herts-2008", "2009-10"
GROUP, DEPOSIT = "group/WATCOM/in-scope", "deposit/WATCOM"
LAST, AT = date(2009, 3, 31), f"/p/{PLACE}/ledger"
BEFORE = {"allocation": -100_00, GROUP: 60_00, DEPOSIT: 40_00}
pytestmark = [pytest.mark.django_db]


def standing(year: str) -> dict[str, int]:
    return {each.account.code: each.pence for each in reads.ledger_balances(PLACE, year) if each.pence}


def post(kind: str, *entries: tuple[str, int], year: str = YEAR) -> actions.Posted:
    made = [Entry(*entry) for entry in entries]
    return actions.post(by=ANN, place=PLACE, kind=kind, entries=made, on=DAY, reason="a test", year=year)


def end(reason: str = "Year end") -> actions.RolledOver:
    return actions.roll_over(by=ANN, place=PLACE, on=LAST, reason=reason)


def undo(number: int, year: str = "") -> actions.Posted:
    return actions.reverse(by=BOB, place=PLACE, number=number, on=LAST, reason="Too early", year=year)


@pytest.fixture
def ended(db: None) -> actions.RolledOver:
    """A year of which £40 was carried and £60 lapsed: journals 3 and 4, and journal 1 of the next year."""
    organisations.load_place(by=SYSTEM, place=PLACE)
    post("budget", ("allocation", -100_00), (GROUP, 100_00))
    post("deposit", (GROUP, -40_00), (DEPOSIT, 40_00))
    done = end()
    assert standing(YEAR) == {} and standing(NEXT) == {"allocation": -40_00, DEPOSIT: 40_00}
    return done


@pytest.mark.one_database
@pytest.mark.parametrize(("number", "year"), [(3, ""), (4, ""), (1, NEXT)])
def test_undoing_any_journal_of_a_year_s_end_undoes_both_sides(
    ended: actions.RolledOver, number: int, year: str
) -> None:
    undo(number, year)
    assert standing(YEAR) == BEFORE and standing(NEXT) == {}
    assert reads.ledger_check(PLACE, YEAR).intact and reads.ledger_check(PLACE, NEXT).intact
    with pytest.raises(Stale, match="was reversed by Bob of finance"):
        undo(number, year)
    post("deposit", (GROUP, -10_00), (DEPOSIT, 10_00))  # the year is open again
    again = end(reason="At last")
    assert (again.carried, again.lapsed) == (50_00, 50_00)
    assert standing(YEAR) == {} and standing(NEXT) == {"allocation": -50_00, DEPOSIT: 50_00}
    with pytest.raises(UserError, match="was carried forward by Ann of finance with journal 8"):
        post("deposit", (GROUP, -10_00), (DEPOSIT, 10_00))
    undo(8)
    end(reason="Once more")
    assert standing(NEXT) == {"allocation": -50_00, DEPOSIT: 50_00}


@pytest.mark.one_database
def test_undoing_waits_for_a_second_person_and_leaves_no_trace_of_the_trial(
    ended: actions.RolledOver, settings, tmp_path: Path
) -> None:
    set_in_a_book(settings, tmp_path, large=40_00)
    before = audit.head().sequence
    assert undo(3).waits
    (event,) = audit.events(after=before)
    assert (event.action, event.subject) == ("finance.reverse", f"ledger/{PLACE}/{YEAR}/waiting/1")
    assert standing(YEAR) == {} and standing(NEXT) == {"allocation": -40_00, DEPOSIT: 40_00}


def test_money_that_the_next_year_used_keeps_the_year_closed(ended: actions.RolledOver) -> None:
    returned = post("deposit-return", (DEPOSIT, -30_00), (GROUP, 30_00), year=NEXT)
    said = r"2009/10 has used what 2008/09 .*£40\.00 and holds £10\.00\. Ann of finance took £30\.00 with journal 2"
    for number, year in ((3, ""), (1, NEXT)):
        with pytest.raises(UserError, match=said):
            undo(number, year)
    assert standing(YEAR) == {} and LedgerJournal.objects.filter(kind=REVERSAL).count() == 0
    undo(returned.number, NEXT)
    undo(4)
    assert standing(YEAR) == BEFORE and standing(NEXT) == {}


@pytest.mark.one_database
def test_one_side_alone_is_found(ended: actions.RolledOver) -> None:
    entries = (Entry(DEPOSIT, -40_00), Entry("allocation", 40_00))
    alone = Draft(REVERSAL, entries, LAST, "by another program", f"ledger/{PLACE}/{YEAR}/3", reverses=1)
    append(ANN, PLACE, FinancialYear.parse(NEXT), (alone,))
    for year in (YEAR, NEXT):
        (said,) = reads.ledger_check(PLACE, year).problems
        assert "Journal 1 of 2009/10 is reversed, and journal 3 of 2008/09" in said
    undo(3)  # takes back what still stands
    assert standing(YEAR) == BEFORE and reads.ledger_check(PLACE, YEAR).intact
    with pytest.raises(UserError, match="only the end of a year carries money forward"):
        post("carry-forward", ("allocation", -1), (DEPOSIT, 1))


def test_the_database_refuses_to_leave_money_in_two_years(ended: actions.RolledOver) -> None:
    entries = (Entry("allocation", -40_00), Entry(DEPOSIT, 40_00))
    alone = Draft(REVERSAL, entries, LAST, "by another program", reverses=3)
    with pytest.raises(UserError, match="taken back from the next year first"):
        append(ANN, PLACE, FinancialYear.parse(YEAR), (alone,))
    assert standing(YEAR) == {}


@pytest.mark.one_database
def test_the_page_and_the_shell_show_and_undo_the_whole_end(ended: actions.RolledOver, as_role: As) -> None:
    finance = as_role("finance_manager")
    assert "To undo it" in finance.get(f"{AT}/year-end").content.decode()
    path = f"{AT}/journals/4/reverse"
    assert "journals 3, 4 of 2008/09 and journal 1 of 2009/10" in finance.get(path).content.decode()
    said = {"on": "31 March 2009", "reason": "Too early"}
    checked = send(finance, path, said).content.decode()
    assert "ledger of 2009/10" in checked and "takes journals again" in checked
    used = post("deposit-return", (DEPOSIT, -30_00), (GROUP, 30_00), year=NEXT)
    refused = send(finance, path, said)
    assert refused.status_code == 422 and "Ann of finance took £30.00" in refused.content.decode()
    undo(used.number, NEXT)
    assert send(finance, path, said | {"confirmed": "yes"}).status_code == 302
    assert standing(YEAR) == BEFORE and standing(NEXT) == {}
    end()
    told = ["ledger", "reverse", "--place", PLACE, "--on", "2009-03-31", "--reason", "x", "7"]
    assert CliRunner().invoke(shell, told).exit_code == 0
    assert standing(YEAR) == BEFORE and standing(NEXT) == {}

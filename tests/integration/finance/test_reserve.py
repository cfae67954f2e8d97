"""Returns of the deposit: written down, taken back, recorded in the ledger for the same group and for no other."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.audit import reads as audit
from openpbc.finance import actions, reads
from openpbc.finance.reads.explaining import explain
from openpbc.finance.reads.lodged import schedule
from openpbc.finance.reads.multi_year import AT_RISK_OF, MultiYear, Tried, at_risk, multi_year
from openpbc.finance.rules.ledger import Draft, Entry
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.steps import recompute
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads as organisations_reads
from tests.integration.at_once import at_once
from tests.integration.finance.budget_setting import approved
from tests.integration.finance.conftest import ANN, BOB
from tests.integration.site.conftest import HERE, As, as_role, people, quick_hashing, send

THOUSAND = 100_000
YEAR = "2008-09"
DAY = date(2008, 4, 1)


@pytest.fixture
def book(db):
    organisations.load_place(by=SYSTEM, place=HERE)
    return organisations_reads.book(HERE)


def add(revision: int = 0, unit: str = "WATCOM", thousands: int = 1_000, by=ANN, **more) -> int:
    facts = {"year": "2009-10", "kind": "one-off", "purpose": "one_off", "title": "Premises"} | more
    return actions.add_reserve_call(
        by=by, place=HERE, revision=revision, unit=unit, pence=thousands * THOUSAND, **facts
    )  # fmt: skip


def lodge() -> None:
    """Post the deposits of two groups."""
    allocate = (Entry("allocation", -10_000 * THOUSAND), Entry("held/unallocated", 10_000 * THOUSAND))
    deposit = (
        Entry("held/unallocated", -7_000 * THOUSAND),
        Entry("deposit/WATCOM", 4_000 * THOUSAND),
        Entry("deposit/DATCOM", 3_000 * THOUSAND),
    )
    actions.post_many(
        by=ANN,
        place=HERE,
        journals=(Draft("allocation", allocate, DAY, "SYNTHETIC"), Draft("deposit", deposit, DAY, "SYNTHETIC")),
    )


def laid_out(book) -> MultiYear:
    found = multi_year(book)
    assert isinstance(found, MultiYear)
    return found


@pytest.mark.django_db
def test_a_schedule_is_written_down_and_shown(book) -> None:
    assert add() == 1
    assert add(1, "DATCOM", 500, year="2010-11", kind="recurrent", purpose="acute_review") == 2
    found = laid_out(book)
    assert [each.returned // THOUSAND for each in found.years] == [0, 1_000, 500, 0, 0, 0]
    assert found.returned(purpose="one_off") == 1_000 * THOUSAND
    assert found.unassigned == found.lodged.total - 1_500 * THOUSAND
    assert {each.rule for each in found.findings} == {"RS-03"}
    for row, figure in (("WATCOM", "returned-2009-10"), ("2010-11", "returned"), ("purpose.one_off", "assigned")):
        shown = explain(book, found.address(row, figure))
        assert shown.value == recompute(shown) != 0
    assert explain(book, found.address("call.2", "amount")).value == 500 * THOUSAND
    actions.remove_reserve_call(by=ANN, place=HERE, revision=2, number=1, reason="not agreed")
    assert [call.number for call in schedule(book).calls] == [2]
    assert [event.action for event in audit.events(action="finance.")][:3] == [
        "finance.remove_reserve_call", "finance.add_reserve_call", "finance.add_reserve_call",
    ]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("more", "told"),
    [
        ({"thousands": 4_871}, "Give at most 4,869.82"),
        ({"unit": "NOBODY"}, "nothing was deposited by"),
        ({"purpose": "cake"}, "is no purpose"),
        ({"title": " "}, "needs a few words"),
        ({"year": YEAR}, "is no year of the plan"),
    ],
)
def test_what_cannot_be_is_refused_and_leaves_nothing(book, more, told: str) -> None:
    with pytest.raises(UserError, match=told):
        add(**more)
    assert schedule(book).calls == ()
    assert schedule(book).revision == 0


@pytest.mark.django_db
def test_the_ledger_is_the_opening_and_a_return_goes_to_the_same_group(book) -> None:
    lodge()
    found = laid_out(book)
    assert found.lodged.in_ledger
    assert found.lodged.by_unit == {"WATCOM": 4_000 * THOUSAND, "DATCOM": 3_000 * THOUSAND}
    add(0, "WATCOM", 1_500)
    posted = actions.record_deposit_return(
        by=ANN, place=HERE, revision=1, number=1, on=date(2009, 3, 31), reason="Received back"
    )
    found = laid_out(book)
    journal = reads.journal(HERE, YEAR, posted.number)
    assert journal.kind == "deposit-return"
    assert {entry.account.unit for entry in journal.entries} == {"WATCOM"}
    balances = {each.account.code: each.pence for each in reads.ledger_balances(HERE, YEAR, unit="WATCOM")}
    assert balances == {"deposit/WATCOM": 2_500 * THOUSAND, "group/WATCOM/in-scope": 1_500 * THOUSAND}
    assert found.lodged.by_unit["WATCOM"] == 4_000 * THOUSAND, "what came back was deposited once"
    assert found.left["WATCOM"] == 2_500 * THOUSAND
    shown = explain(book, found.address("WATCOM", "deposit"))
    assert shown.value == recompute(shown) == 4_000 * THOUSAND
    for number, told in ((1, "stands in the ledger as journal"), (9, "there is no return 9")):
        with pytest.raises(UserError, match=told):
            actions.remove_reserve_call(by=ANN, place=HERE, revision=2, number=number, reason="no")
    with pytest.raises(UserError, match="needs a reason"):
        actions.remove_reserve_call(by=ANN, place=HERE, revision=2, number=1, reason="")


@pytest.mark.django_db
def test_a_return_whose_journal_was_reversed_is_lodged_again_and_may_be_recorded_anew(book) -> None:
    lodge()
    add(0, "WATCOM", 1_500)
    told = {"by": ANN, "place": HERE, "number": 1, "on": date(2009, 3, 31), "reason": "Received back"}
    first = actions.record_deposit_return(revision=1, **told)
    actions.reverse(by=ANN, place=HERE, number=first.number, on=date(2009, 3, 31), reason="The wrong day")
    assert not schedule(book).journals and not schedule(book).calls[0].posted
    assert laid_out(book).lodged.by_unit["WATCOM"] == 4_000 * THOUSAND, "counted once"
    again = actions.record_deposit_return(revision=2, **told)
    assert not again.already and again.number == first.number + 2
    assert schedule(book).journals == {1: (YEAR, again.number)}
    balances = {each.account.code: each.pence for each in reads.ledger_balances(HERE, YEAR, unit="WATCOM")}
    assert balances == {"deposit/WATCOM": 2_500 * THOUSAND, "group/WATCOM/in-scope": 1_500 * THOUSAND}
    with pytest.raises(UserError, match="stands in the ledger as journal"):
        actions.record_deposit_return(revision=3, **told)
    actions.reverse(by=ANN, place=HERE, number=again.number, on=date(2009, 3, 31), reason="Not yet")
    actions.remove_reserve_call(by=ANN, place=HERE, revision=3, number=1, reason="not agreed")
    assert laid_out(book).lodged.by_unit["WATCOM"] == 4_000 * THOUSAND


@pytest.mark.django_db
def test_a_scenario_is_never_shown_with_the_deposit_of_another(book) -> None:
    """DEP-05: a deposit below the fall in spending power warns, also once a set with a deposit is in force."""
    approved()
    made, least = laid_out(book), book.value("finance.minimum_planned_underspend")
    assert made.lodged.in_ledger and made.lodged.choice.title == "As made (ledger)"
    assert made.lodged.total // THOUSAND == 13_674 > least.pence // THOUSAND == 6_100
    assert not [each for each in made.findings if each.rule == "RS-01"]
    without, with_one = (multi_year(book, Tried(code)) for code in ("no_deposit", "deposit_as_budgeted"))
    assert isinstance(without, MultiYear) and isinstance(with_one, MultiYear)
    assert (without.lodged.total, without.lodged.in_ledger) == (0, False)
    assert "less than the £6,100 thousand" in next(each.sentence for each in without.findings if each.rule == "RS-01")
    assert not [each for each in with_one.findings if each.rule == "RS-01"]
    uncommitted = set()
    for found in (made, without, with_one):
        risk, shown = at_risk(book, found.lodged), explain(book, found.address("all", AT_RISK_OF))
        assert risk is not None and shown.value == recompute(shown) == risk.value
        uncommitted.add(risk.value + found.lodged.total)
    assert len(uncommitted) == 1, "what is lodged is no longer at risk: together they are what is not committed"
    assert add(code="no_deposit") == 1, "a return is held against what was made, whatever scenario was looked at"


@pytest.mark.django_db
def test_nothing_is_returned_that_was_not_lodged(book) -> None:
    add()
    with pytest.raises(UserError, match="the ledger holds no deposit yet"):
        actions.record_deposit_return(by=ANN, place=HERE, revision=1, number=1, on=DAY, reason="early")
    with pytest.raises(Stale, match="Ann of finance wrote down a return to WatCom on"):
        add(0, by=BOB)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_do_not_return_more_than_was_lodged() -> None:
    organisations.load_place(by=SYSTEM, place=HERE)
    book = organisations_reads.book(HERE)
    results = at_once(lambda: add(thousands=4_000), lambda: add(thousands=4_000, by=BOB))
    assert 1 in results
    assert sum("wrote down a return to WatCom" in str(each) for each in results) == 1
    assert len(schedule(book).calls) == 1


@pytest.mark.django_db
def test_a_return_is_written_down_on_its_page(as_role: As) -> None:
    lodge()
    finance = as_role("finance_manager")
    page, form = f"/p/{HERE}/multi-year", f"/p/{HERE}/multi-year/returns/add"
    empty = finance.get(page).content.decode()
    assert "Write down a return" in empty and "As made (ledger)" in empty
    for name in ("national_growth", "recurrent_commitments"):
        assert f"finance/{name}.yaml</code>" in empty.partition("<table")[0], (
            "what a later year lacks is to be filled in"
        )
    given = {
        "unit": "WATCOM", "year": "2009-10", "amount": "4,000.01", "purpose": "one_off", "kind": "one-off",
        "title": "Premises <i>of</i> Watford", "revision": "0", "code": "",
    }  # fmt: skip
    refused = send(finance, form, given)
    assert refused.status_code == 422
    assert "Give at most 4,000" in refused.content.decode()
    assert send(finance, form, given | {"amount": "4,000"}).status_code == 302
    shown = finance.get(page).content.decode()
    assert "Premises &lt;i&gt;of&lt;/i&gt; Watford" in shown
    assert "Record that it came" in shown
    record = f"{page}/returns/1/record"
    answers = {"on": "31 March 2009", "reason": "Received back", "revision": "1"}
    assert "to the budget in scope of WatCom" in send(finance, record, answers).content.decode()
    assert send(finance, record, answers | {"confirmed": "yes"}).status_code == 302
    assert "journal 3 of 2008/09" in finance.get(page).content.decode()
    group = as_role("group_manager")
    assert "Write down a return" not in group.get(page).content.decode()
    assert group.get(form).status_code == 403


__all__ = ["as_role", "people", "quick_hashing"]

"""Posting, virements and reversals: what goes in, what is refused and how it is told, and what the log says of it."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.audit import reads as audit
from openpbc.finance import actions, reads
from openpbc.finance.rules.ledger import Draft, Entry
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.steps import recompute
from openpbc.organisations import reads as organisations
from tests.integration.finance.conftest import ANN, BOB, DAY, EAST, MILLION, WEST, YEAR

pytestmark = pytest.mark.django_db


def standing(place: str) -> dict[str, int]:
    return {each.account.code: each.pence for each in reads.ledger_balances(place, YEAR)}


def move(place: str, pence: int, **more: object) -> actions.Posted:
    return actions.virement(
        by=more.pop("by", ANN),
        place=place,
        source=more.pop("source", EAST),
        target=more.pop("target", WEST),
        pence=pence,
        on=DAY,
        reason=str(more.pop("reason", "needed more")),
        **more,
    )


def test_what_is_posted_stands_and_is_logged_once(funded: str) -> None:
    assert standing(funded) == {
        "allocation": -10 * MILLION,
        "held/unallocated": 3 * MILLION,
        EAST: 4 * MILLION,
        WEST: 3 * MILLION,
    }
    assert sum(standing(funded).values()) == 0
    assert move(funded, 50) == actions.Posted(3)
    event = audit.events(action="finance.")[0]
    assert (event.action, event.subject, event.reason) == (
        "finance.virement",
        f"ledger/{funded}/{YEAR}/3",
        "needed more",
    )
    assert event.after == {
        "kind": "virement",
        "on": "2008-04-01",
        "source": "",
        "entries": {EAST: -50, WEST: 50},
    }
    assert len(audit.events(action="finance.")) == 2
    told = reads.journal(funded, YEAR, 3)
    assert (told.by_name, told.moved, [entry.balance_after for entry in told.entries]) == (
        "Ann of finance",
        50,
        [4 * MILLION - 50, 3 * MILLION + 50],
    )


def test_a_key_posts_once(funded: str) -> None:
    assert move(funded, 50, key="form-1") == actions.Posted(3)
    events = len(audit.events())
    assert move(funded, 50, key="form-1") == actions.Posted(3, already=True)
    assert len(audit.events()) == events and reads.count_journals(funded, YEAR) == 3
    with pytest.raises(UserError, match="under this key with other entries"):
        move(funded, 51, key="form-1")


def test_more_than_the_source_holds_is_refused_with_what_it_holds(funded: str) -> None:
    with pytest.raises(UserError) as problem:
        move(funded, 4 * MILLION + 1)
    assert problem.value.sentence == (
        "East group in scope holds £4,000,000.00; you asked to move £4,000,000.01. Move at most £4,000,000.00."
    )
    assert reads.count_journals(funded, YEAR) == 2
    assert move(funded, 4 * MILLION).number == 3


def test_the_second_who_saw_the_old_balance_is_told_who_was_first(funded: str) -> None:
    seen = {EAST: 1, WEST: 1}
    move(funded, 100, by=BOB, seen=seen, reason="for the ward")
    with pytest.raises(Stale) as problem:
        move(funded, 100, seen=seen)
    assert problem.value.sentence.startswith(
        "Somebody changed this since you looked: Bob of finance posted journal 3 on "
    )
    assert "£1.00 taken out of East group in scope (for the ward). It now holds £3,999,999.00" in problem.value.sentence
    assert reads.count_journals(funded, YEAR) == 3


def test_a_reversal_is_the_opposite_and_only_once(funded: str) -> None:
    before = standing(funded)
    move(funded, 700)
    reversal = actions.reverse(by=BOB, place=funded, number=3, on=date(2008, 5, 1), reason="wrong group")
    assert standing(funded) == before
    assert (reads.journal(funded, YEAR, 3).reversed_by, reads.journal(funded, YEAR, 4).reverses) == (4, 3)
    with pytest.raises(Stale, match="was reversed by Bob of finance with journal 4"):
        actions.reverse(by=ANN, place=funded, number=3, on=DAY, reason="again")
    with pytest.raises(UserError, match="is itself a reversal"):
        actions.reverse(by=ANN, place=funded, number=reversal.number, on=DAY, reason="back")
    with pytest.raises(UserError, match="no journal 99"):
        actions.reverse(by=ANN, place=funded, number=99, on=DAY, reason="none")


def test_a_reversal_that_would_overdraw_is_refused(funded: str) -> None:
    move(funded, 700)
    move(funded, 3 * MILLION + 700, source=WEST, target=EAST)
    with pytest.raises(UserError, match=r"West group in scope holds £0\.00; you asked to move £7\.00"):
        actions.reverse(by=BOB, place=funded, number=3, on=DAY, reason="wrong group")


def test_several_journals_are_all_posted_or_none(funded: str) -> None:
    good = Draft("virement", (Entry(EAST, -5), Entry(WEST, 5)), DAY, "well")
    bad = Draft("virement", (Entry(EAST, -5 * MILLION), Entry(WEST, 5 * MILLION)), DAY, "too much")
    with pytest.raises(UserError, match="holds £3,999,999.95"):
        actions.post_many(by=ANN, place=funded, journals=(good, bad))
    assert reads.count_journals(funded, YEAR) == 2
    assert [each.number for each in actions.post_many(by=ANN, place=funded, journals=(good, good))] == [3, 4]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("group/NORTH/in-scope", "has no budget line 'NORTH'. Choose one of EAST, WEST"),
        ("practice/P99999/in-scope", "has no practice 'P99999'"),
    ],
)
def test_an_account_of_nobody_is_not_opened(funded: str, code: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        move(funded, 5, target=code)


def test_a_day_outside_the_year_is_refused(funded: str) -> None:
    with pytest.raises(UserError, match="no day for the ledger of 2008/09"):
        actions.virement(by=ANN, place=funded, source=EAST, target=WEST, pence=1, on=date(2009, 4, 1), reason="late")


def test_budgets_are_balances_and_explain_themselves(funded: str) -> None:
    book = organisations.book(funded)
    actions.post(
        by=ANN,
        place=funded,
        kind="indicative",
        entries=(Entry(EAST, -90), Entry("practice/P00001/in-scope", 60), Entry("practice/P00002/in-scope", 30)),
        on=DAY,
        reason="issued",
    )
    east = reads.budget_of(book, unit="EAST")
    assert isinstance(east, reads.Budget) and east.pence == 4 * MILLION
    one = reads.budget_of(book, practice="P00001")
    assert isinstance(one, reads.Budget) and one.pence == 60
    everything = reads.budget_of(book)
    assert isinstance(everything, reads.Budget) and everything.pence == 7 * MILLION
    assert not reads.budget_of(book, unit="EAST", scope="out-of-scope").is_set
    assert reads.has_budgets(funded, YEAR) and not reads.has_budgets(funded, "2009-10")
    addresses = [east.address, one.address, everything.address]
    addresses += [each.address for each in reads.ledger_balances(funded, YEAR)]
    for address in addresses:
        found = reads.explain(book, address)
        assert recompute(found) == found.value
        for step in found.steps:
            if step.address:
                inner = reads.explain(book, step.address)
                assert recompute(inner) == inner.value == step.effect
                for further in inner.steps:
                    if further.address:
                        last = reads.explain(book, further.address)
                        assert recompute(last) == last.value
                        assert abs(last.value) == abs(further.effect)
    values = {each.address: each.pence for each in reads.ledger_balances(funded, YEAR)}
    assert {address: reads.explain(book, address).value for address in values} == values


def test_a_line_of_a_practice_does_not_tell_of_another(funded: str) -> None:
    book = organisations.book(funded)
    entries = (Entry(EAST, -90), Entry("practice/P00001/in-scope", 60), Entry("practice/P00002/in-scope", 30))
    actions.post(by=ANN, place=funded, kind="indicative", entries=entries, on=DAY, reason="issued")
    address = reads.ledger_address(funded, "line", "practice/P00001/in-scope", journal=3)
    assert address == f"ledger/{funded}/line/practice/P00001/3.in-scope"
    assert [step.label for step in reads.explain(book, address).steps] == [
        "From East group in scope",
        "1 other practices in the same journal",
    ]


def test_balances_as_at_a_day(funded: str) -> None:
    actions.virement(by=ANN, place=funded, source=EAST, target=WEST, pence=500, on=date(2008, 9, 1), reason="autumn")
    then = {each.account.code: each for each in reads.ledger_balances(funded, YEAR, as_at=date(2008, 8, 31))}
    assert then[EAST].pence == 4 * MILLION and standing(funded)[EAST] == 4 * MILLION - 500
    found = reads.explain(organisations.book(funded), then[EAST].address)
    assert (found.value, recompute(found)) == (4 * MILLION, 4 * MILLION)


@pytest.mark.parametrize("rest", ["balance/held.nothing", "line/x.allocation", "sum/allocation", "budget/unit.NONE"])
def test_an_address_of_nothing_is_a_sentence(funded: str, rest: str) -> None:
    with pytest.raises(UserError, match="names no figure"):
        reads.explain(organisations.book(funded), f"ledger/{funded}/{rest}")

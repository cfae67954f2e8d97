"""Opening balances, indicative budgets, the innovation fund, pools, freed-up resources and the end of the year."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from openpbc.audit import reads as audit
from openpbc.finance import actions, reads
from openpbc.finance.rules.ledger import Entry
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions as organisations
from openpbc.organisations.reads import book
from tests.integration.finance.conftest import ANN, BOB, DAY, EAST, MILLION, WEST, YEAR

pytestmark = pytest.mark.django_db
HELD, FUND = "held/unallocated", "innovation/fund"
REAL = "west-herts-2008"


def standing(place: str, year: str = YEAR) -> dict[str, int]:
    return {each.account.code: each.pence for each in reads.ledger_balances(place, year)}


def post(place: str, kind: str, *entries: tuple[str, int], **more: object) -> actions.Posted:
    made = tuple(Entry(*each) for each in entries)
    return actions.post(by=ANN, place=place, kind=kind, entries=made, on=DAY, reason="SYNTHETIC", **more)


# -- opening balances


def csv_file(tmp_path: Path, *rows: str, head: str = "account,amount") -> Path:
    path = tmp_path / "opening.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


GOOD = ("allocation,-1000.00", "held/contingency,100", 'group/EAST/in-scope,"900.00"')


def test_opening_balances_are_posted_whole_and_once(place: str, tmp_path: Path) -> None:
    path = csv_file(tmp_path, *GOOD)
    assert reads.opening_file(book(place), path).findings == ()
    assert standing(place) == {}
    first = actions.import_opening(by=ANN, place=place, path=path)
    assert (first.rows, first.posted.number) == (3, 1)
    assert standing(place) == {"allocation": -1000_00, "held/contingency": 100_00, EAST: 900_00}
    events = len(audit.events())
    assert actions.import_opening(by=BOB, place=place, path=path).posted == actions.Posted(1, already=True)
    assert len(audit.events()) == events
    other = csv_file(tmp_path, "allocation,-5", "held/contingency,5")
    with pytest.raises(UserError, match="was opened by Ann of finance with journal 1"):
        actions.import_opening(by=BOB, place=place, path=other)
    actions.reverse(by=BOB, place=place, number=1, on=DAY, reason="wrong file")
    assert actions.import_opening(by=BOB, place=place, path=other).posted.number == 3


@pytest.mark.parametrize(
    ("row", "line", "sentence"),
    [
        ("group/NORTH/in-scope,5", 4, "has no budget line 'NORTH'"),
        ("practice/P99999/in-scope,5", 4, "has no practice 'P99999'"),
        ("savings,5", 4, "is no account of the ledger"),
        ("held/other,five", 4, "'five' is not a number"),
        ("held/other,1.234", 4, "more than 2 decimals"),
        ("held/other,0", 4, "The sum is nought"),
        ("held/other,", 4, "is not a number"),
        ("held/contingency,5", 4, "stands already in row 2"),
        ("held/other,-5", 0, "may not begin below nought"),
        ("held/other,5", 0, "The sums add up to £5.00 and must add up to nought"),
        ("held/other," + "9" * 40, 4, "too long for a sum"),
    ],
)
def test_a_faulty_row_is_a_finding_and_nothing_is_posted(
    place: str, tmp_path: Path, row: str, line: int, sentence: str
) -> None:
    path = csv_file(tmp_path, *GOOD, row)
    found = reads.opening_file(book(place), path)
    assert any(sentence in each.sentence and each.place.line == line for each in found.findings), found.findings
    assert found.rows == 4 == len(found.accepted) + found.rejected
    with pytest.raises(UserError, match="nothing was posted"):
        actions.import_opening(by=ANN, place=place, path=path)
    assert standing(place) == {}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "needs the column 'account' once"),
        (b"account,amount\n", "has no rows"),
        (b"code,amount\nx,1\n", "needs the column 'account' once"),
        (b"account,amount\nallocation\n", "row 1 has 1 cells"),
        (b"account,amount\n\xff,1\n", "not UTF-8"),
        (b"account,amount\n\x00,1\n", "not text"),
        (b'account,amount\n"x,1\n', "not CSV"),
    ],
)
def test_a_file_of_another_kind_is_refused(place: str, tmp_path: Path, content: bytes, sentence: str) -> None:
    path = tmp_path / "opening.csv"
    path.write_bytes(content)
    with pytest.raises(UserError, match=sentence):
        actions.import_opening(by=ANN, place=place, path=path)


def test_a_file_that_is_not_there_is_a_sentence(place: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no such file"):
        actions.import_opening(by=ANN, place=place, path=tmp_path / "none.csv")


# -- indicative budgets


def issue(place: str, unit: str, method: str, **more: object) -> tuple[actions.Posted, ...]:
    return actions.issue_indicative(
        by=ANN, place=place, unit=unit, method=method, on=DAY, reason="SYNTHETIC issue", **more
    )


def test_a_group_s_budget_is_issued_by_list_to_the_penny(funded: str) -> None:
    (posted,) = issue(funded, "EAST", "registered-list")
    # One practice has 1,000 people and the other 2,000.
    assert standing(funded)["practice/P00001/in-scope"] == 133_333_333
    assert standing(funded)["practice/P00002/in-scope"] == 266_666_667
    assert standing(funded)[EAST] == 0
    assert reads.journal(funded, YEAR, posted.number).source == "method/registered-list"
    budget = reads.budget_of(book(funded), unit="EAST")
    assert isinstance(budget, reads.Budget) and budget.pence == 4 * MILLION
    events = len(audit.events())
    assert issue(funded, "EAST", "registered-list") == ()
    assert len(audit.events()) == events


def test_what_comes_later_is_issued_later(funded: str) -> None:
    issue(funded, "EAST", "registered-list")
    actions.virement(by=ANN, place=funded, source=HELD, target=EAST, pence=3_00, on=DAY, reason="more")
    assert len(issue(funded, "EAST", "registered-list")) == 1
    assert standing(funded)["practice/P00001/in-scope"] == 133_333_333 + 1_00


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        (("P00001,1000000", "P00002,3000000"), ""),
        (("P00001,1000000", "P00002,3000000.01"), "a difference of £0.01"),
        (("P00001,1000000",), "a difference of -£3,000,000.00"),
        (("P00001,1000000", "P00003,3000000"), "'P00003' is no practice of the group"),
        (("P00001,-1", "P00002,4000001"), "is negative"),
        (("P00001,1000000", "P00001,3000000"), "stands already in row 1"),
    ],
)
def test_sums_from_a_file_add_up_exactly_or_are_refused(
    funded: str, tmp_path: Path, rows: tuple[str, ...], sentence: str
) -> None:
    path = csv_file(tmp_path, *rows, head="practice,amount")
    if not sentence:
        issue(funded, "EAST", "file", scope="in-scope", path=path)
        assert standing(funded)["practice/P00002/in-scope"] == 3 * MILLION
        return
    with pytest.raises(UserError, match=sentence):
        issue(funded, "EAST", "file", scope="in-scope", path=path)
    assert standing(funded)[EAST] == 4 * MILLION


@pytest.mark.parametrize(
    ("unit", "method", "sentence"),
    [
        ("WEST", "registered-list", "no list size is known of P00003"),
        ("EAST", "need-weighted", "is not set"),
        ("NORTH", "registered-list", "no practice belongs to 'NORTH'"),
        ("EAST", "by-guess", "is no way to issue budgets"),
        ("EAST", "file", "the file is missing"),
    ],
)
def test_what_cannot_be_issued_says_why(funded: str, unit: str, method: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        issue(funded, unit, method)
    assert reads.count_journals(funded, YEAR) == 2


def test_a_group_without_a_budget_has_nothing_to_issue(place: str) -> None:
    with pytest.raises(UserError, match="has no budget to issue"):
        issue(place, "EAST", "registered-list")


def test_every_group_of_a_shipped_place_adds_up(db: None) -> None:
    organisations.load_place(by=SYSTEM, place=REAL)
    lines = ("DATCOM", "HERTSMERE", "STAHCOM", "WATCOM")
    budgets = [(f"group/{line}/in-scope", 12_345_67 + at) for at, line in enumerate(lines)]
    post(REAL, "budget", ("allocation", -sum(pence for _, pence in budgets)), *budgets)
    for line in lines:
        issue(REAL, line, "registered-list")
    held = reads.ledger_balances(REAL, YEAR)
    assert sum(each.pence for each in held if each.account.kind == "practice") == sum(pence for _, pence in budgets)
    for at, line in enumerate(lines):
        own = [each.pence for each in held if each.account.kind == "practice" and each.account.unit == line]
        assert sum(own) == 12_345_67 + at and len(own) > 1


# -- ring fences, pools and freed-up resources


def test_the_innovation_fund_pays_only_innovation_and_never_below_nought(funded: str) -> None:
    post(funded, "innovation", (HELD, -100), (FUND, 100))
    post(funded, "innovation", (FUND, -60), ("spent/innovation/telehealth", 60))
    post(funded, "innovation", ("spent/innovation/telehealth", -10), (FUND, 10))
    assert standing(funded)[FUND] == 50
    for kind, entries, sentence in (
        ("innovation", ((FUND, -51), ("spent/innovation/other", 51)), "holds £0.50; you asked to move £0.51"),
        ("innovation", ((FUND, -5), (HELD, 5)), "has no other use"),
        ("innovation", ((FUND, -5), ("spent/incentive/x", 5)), "only what is tagged innovation"),
        ("virement", ((FUND, -5), (EAST, 5)), "may not touch"),
        ("reserve", ((FUND, -5), (EAST, 5)), "may not touch"),
        ("incentive", ((FUND, -5), ("incentive/EAST", 5)), "may not touch"),
    ):
        with pytest.raises(UserError, match=sentence):
            post(funded, kind, *entries)
    assert standing(funded)[FUND] == 50


def test_a_deposit_returns_only_to_its_group(funded: str) -> None:
    post(funded, "deposit", (EAST, -500), ("deposit/EAST", 500))
    with pytest.raises(UserError, match="only to the group it came from; .* would gain"):
        post(funded, "deposit-return", ("deposit/EAST", -100), (WEST, 100))
    post(funded, "deposit-return", ("deposit/EAST", -100), (EAST, 100))
    assert standing(funded)["deposit/EAST"] == 400
    with pytest.raises(UserError, match="takes from a deposit"):
        post(funded, "deposit-return", (EAST, -100), ("deposit/EAST", 100))


def test_partners_of_a_pool_bear_what_it_spends_by_what_they_paid_in(funded: str) -> None:
    pay = {"by": ANN, "place": funded, "pool": "equipment", "on": DAY, "reason": "SYNTHETIC pool"}
    actions.pay_into_pool(**pay, partner="trust", pence=200_00, source=HELD)
    actions.pay_into_pool(**pay, partner="county", pence=100_00)
    actions.spend_from_pool(**pay, pence=100_00, purpose="beds")
    now = standing(funded)
    assert (now["pool/equipment/trust"], now["pool/equipment/county"]) == (133_33, 66_67)
    assert now["spent/pool/beds"] == 100_00 and sum(now.values()) == 0
    with pytest.raises(UserError, match="the share of county in equipment holds £66.67 and would have to pay"):
        actions.spend_from_pool(**pay, pence=201_00, purpose="beds")
    with pytest.raises(UserError, match="nobody has paid into the pool"):
        actions.spend_from_pool(**pay | {"pool": "other"}, pence=1, purpose="beds")
    with pytest.raises(UserError, match="more than nought"):
        actions.pay_into_pool(**pay, partner="trust", pence=0)


def test_freed_resources_stay_with_the_group_by_the_rule_of_the_place(db: None) -> None:
    organisations.load_place(by=SYSTEM, place=REAL)
    source = "group/WATCOM/in-scope"
    post(REAL, "budget", ("allocation", -1000_00), (source, 1000_00))
    given = {"by": ANN, "place": REAL, "source": source, "on": DAY, "reason": "SYNTHETIC fewer admissions"}
    actions.free_up(**given, pence=100_01)
    now = standing(REAL)
    assert (now["freed/WATCOM"], now[HELD], now[source]) == (70_01, 30_00, 899_99)
    post(REAL, "freed-use", ("freed/WATCOM", -20_00), ("spent/freed/nurse", 20_00))
    with pytest.raises(UserError, match="tagged freed"):
        post(REAL, "freed-use", ("freed/WATCOM", -20_00), ("spent/innovation/nurse", 20_00))
    with pytest.raises(UserError, match="is no budget of a group"):
        actions.free_up(**given | {"source": HELD}, pence=1)


def test_a_place_without_the_rule_is_told_which_file_to_fill(funded: str) -> None:
    with pytest.raises(UserError, match=r"finance/freed_reinvested\.yaml"):
        actions.free_up(by=ANN, place=funded, source=EAST, pence=100, on=DAY, reason="x")


# -- the end of the year


def test_a_year_ends_with_what_carries_in_the_next_ledger(db: None) -> None:
    organisations.load_place(by=SYSTEM, place=REAL)
    source = "group/WATCOM/in-scope"
    post(REAL, "budget", ("allocation", -1000), (source, 700), (HELD, 300))
    post(REAL, "deposit", (source, -100), ("deposit/WATCOM", 100))
    post(REAL, "innovation", (HELD, -50), (FUND, 50))
    post(REAL, "innovation", (FUND, -20), ("spent/innovation/telehealth", 20))
    done = actions.roll_over(by=ANN, place=REAL, on=date(2009, 3, 31), reason="Year end")
    assert (done.carried, done.lapsed) == (130, 850)
    old, new = standing(REAL), standing(REAL, "2009-10")
    assert {code: pence for code, pence in old.items() if pence} == {
        "allocation": -20,
        "spent/innovation/telehealth": 20,
    }
    assert new == {"allocation": -130, "deposit/WATCOM": 100, FUND: 30}
    brought = reads.journal(REAL, "2009-10", 1)
    assert brought.source == f"ledger/{REAL}/{YEAR}/{done.closing[0].number}" and brought.on == date(2009, 4, 1)
    for year in (YEAR, "2009-10"):
        assert reads.ledger_check(REAL, year).intact
        for each in reads.ledger_balances(REAL, year):
            assert reads.explain(book(REAL), each.address).value == each.pence
    events = len(audit.events())
    again = actions.roll_over(by=BOB, place=REAL, on=date(2009, 3, 31), reason="Again")
    assert (again.carried, again.lapsed, len(audit.events())) == (0, 0, events)
    with pytest.raises(UserError, match="was carried forward by Ann of finance with journal 5"):
        post(REAL, "budget", ("allocation", -10), (source, 10))
    post(REAL, "deposit-return", ("deposit/WATCOM", -100), (source, 100), year="2009-10")


def test_a_kind_of_which_nobody_has_said_stops_the_year_s_end(db: None) -> None:
    organisations.load_place(by=SYSTEM, place=REAL)
    post(REAL, "budget", ("allocation", -1000), ("group/WATCOM/in-scope", 1000))
    post(REAL, "incentive", ("group/WATCOM/in-scope", -100), ("incentive/WATCOM", 100))
    with pytest.raises(UserError, match=r"carry_forward\.yaml: nobody has said .* incentive"):
        actions.roll_over(by=ANN, place=REAL, on=date(2009, 3, 31), reason="Year end")
    assert reads.count_journals(REAL, YEAR) == 2

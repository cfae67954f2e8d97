"""The ledger's law: which codes are accounts, which journals may be, and what follows from them."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.finance.reads.ledger_addresses import (
    Part,
    budget_code,
    budget_filter,
    ledger_address,
    parse_address,
)
from openpbc.finance.rules import funds, year_end
from openpbc.finance.rules.ledger import (
    ACCOUNT_KINDS,
    JOURNAL_KINDS,
    Draft,
    Entry,
    account_name,
    check_draft,
    group_account,
    overdrawn,
    practice_account,
    reversed_entries,
)
from openpbc.kernel.money import LARGEST_SUM
from openpbc.kernel.problems import UserError

DAY = date(2008, 4, 1)


@pytest.mark.parametrize(
    ("code", "kind", "facts"),
    [
        ("allocation", "allocation", {}),
        ("held/risk-pool", "held", {"name": "risk-pool"}),
        ("group/EAST/in-scope", "group", {"unit": "EAST", "scope": "in-scope"}),
        ("group/EAST/out-of-scope/acute", "group", {"unit": "EAST", "scope": "out-of-scope", "service_line": "acute"}),
        ("practice/P00001/in-scope", "practice", {"practice": "P00001", "scope": "in-scope"}),
        ("deposit/EAST", "deposit", {"unit": "EAST"}),
        ("innovation/fund", "innovation", {"name": "fund"}),
        ("incentive/EAST", "incentive", {"unit": "EAST"}),
        ("pool/equipment/county", "pool", {"name": "equipment", "partner": "county"}),
        ("freed/EAST", "freed", {"unit": "EAST"}),
        ("spent/innovation/telehealth", "spent", {"name": "innovation/telehealth"}),
        ("spent/freed/EAST/nurse", "spent", {"name": "freed/EAST/nurse"}),
    ],
)
def test_a_code_says_what_an_account_is(code: str, kind: str, facts: dict[str, str]) -> None:
    found = account_name(code)
    assert found.kind == kind and found.kind in ACCOUNT_KINDS
    assert {name: getattr(found, name) for name in facts} == facts
    assert found.may_go_below == (kind == "allocation")


@pytest.mark.parametrize(
    "code",
    [
        "", "money", "allocation/more", "held", "held/a/b", "held/", "held/a b", "held/.", "held/" + "x" * 41,
        "group/EAST", "group/EAST/somewhere", "group/EAST/in-scope/acute/more", "practice/P1", "deposit",
        "innovation/other",
        "pool/equipment", "spent/x", "spent/held/x", "spent/innovation", "spent/innovation/a/b/c", "freed/E/x",
        "held/\u0661", "Held/contingency",
    ],
)  # fmt: skip
def test_what_is_no_code_is_a_sentence(code: str) -> None:
    with pytest.raises(UserError, match="is no account of the ledger"):
        account_name(code)


def test_codes_are_put_together_as_they_are_read() -> None:
    assert account_name(group_account("EAST", "in-scope", "acute")).service_line == "acute"
    assert account_name(practice_account("P00001", "in-scope")).practice == "P00001"


def draft(kind: str = "virement", *entries: tuple[str, int], reason: str = "x", reverses: int = 0) -> Draft:
    made = entries or (("held/a", -5), ("held/b", 5))
    return Draft(kind, tuple(Entry(*each) for each in made), DAY, reason, reverses=reverses)


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (draft("gift"), "is no kind of journal"),
        (draft(reason=" "), "needs a reason"),
        (draft("reversal"), "names its journal"),
        (draft(reverses=2), "names its journal"),
        (draft("virement", ("held/a", 5)), "at least two entries"),
        (draft("virement", ("held/a", 5), ("held/a", -5)), "stands twice"),
        (draft("virement", ("held/a", 5), ("held/b", -5), ("held/c", 0)), "is nought"),
        (draft("virement", ("held/a", LARGEST_SUM + 1), ("held/b", -LARGEST_SUM - 1)), "more than a ledger holds"),
        (draft("virement", ("held/a", 5), ("held/b", -4)), r"add up to £0\.01"),
        (draft("virement", ("held/a", 5), ("deposit/EAST", -5)), "may not touch the account deposit/EAST"),
        (draft("opening", ("innovation/fund", 5), ("allocation", -5)), ""),
        (draft("innovation", ("innovation/fund", -5), ("held/a", 5)), "has no other use"),
        (draft("innovation", ("innovation/fund", -5), ("spent/pool/x", 5)), "only what is tagged innovation"),
        (draft("incentive", ("incentive/EAST", -5), ("spent/pool/x", 5)), "only what is tagged incentive"),
        (draft("pool", ("pool/a/b", -5), ("spent/freed/x", 5)), "only what is tagged pool"),
        (draft("freed-use", ("freed/EAST", -5), ("spent/freed/x", 5)), ""),
        (draft("deposit-return", ("deposit/A", -5), ("group/B/in-scope", 5)), "only to the group it came from"),
        (draft("deposit-return", ("deposit/A", 5), ("group/A/in-scope", -5)), "takes from a deposit"),
        (draft("deposit-return", ("deposit/A", -5), ("group/A/in-scope", 5)), ""),
    ],
)
def test_which_journals_may_be_posted(given: Draft, sentence: str) -> None:
    if not sentence:
        assert [name.code for name in check_draft(given)] == [entry.account for entry in given.entries]
        return
    with pytest.raises(UserError, match=sentence):
        check_draft(given)


def test_every_kind_of_journal_says_what_it_is_for_and_may_touch_something() -> None:
    assert len(JOURNAL_KINDS) == 17
    for kind in JOURNAL_KINDS.values():
        assert kind.title and kind.meaning and kind.touches <= set(ACCOUNT_KINDS)
    fenced = {code for code, kind in JOURNAL_KINDS.items() if "innovation" in kind.touches}
    assert fenced == {"opening", "innovation", "carry-forward", "reversal"}


def test_small_sentences() -> None:
    assert overdrawn("East", 0, 5).do == "Nothing can be taken from it."
    assert reversed_entries((Entry("a", 5),)) == (Entry("a", -5),)


@pytest.mark.parametrize(
    ("pence", "least", "kept"), [(100, 700_000, 70), (101, 700_000, 71), (1, 1, 1), (5, 1_000_000, 5)]
)
def test_at_least_the_part_of_freed_resources_stays(pence: int, least: int, kept: int) -> None:
    assert funds.kept_of_freed(pence, least) == kept
    entries = funds.freed_entries("group/EAST/in-scope", "EAST", pence, least)
    assert sum(entry.pence for entry in entries) == 0 and all(entry.pence for entry in entries)


def test_nothing_freed_and_nothing_spent_is_refused() -> None:
    with pytest.raises(UserError, match="more than nought"):
        funds.freed_entries("group/EAST/in-scope", "EAST", 0, 1)
    with pytest.raises(UserError, match="more than nought"):
        funds.spent_of_pool("p", 0, {"a": 1}, {"a": 1}, "x")


def test_a_year_ends_with_everything_in_one_place_only() -> None:
    balances = {"allocation": -1000, "deposit/A": 300, "group/A/in-scope": 600, "spent/pool/x": 100, "held/a": 0}
    carries = {"deposit": True, "group": False}
    ended = year_end.year_end(balances, carries)
    assert (ended.carried_pence, ended.lapsed_pence) == (300, 600)
    assert ended.opening == (Entry("allocation", -300), Entry("deposit/A", 300))
    for entries in (ended.carried, ended.lapsed, ended.opening):
        assert sum(entry.pence for entry in entries) == 0
    assert year_end.undecided(balances, {"deposit": True}) == ("group",)
    assert year_end.undecided(balances, carries) == ()
    assert year_end.year_end({"allocation": -5, "spent/pool/x": 5}, {}) == year_end.YearEnd((), (), ())


@pytest.mark.parametrize(
    "code",
    [
        budget_code("EAST"),
        budget_code("EAST", scope="in-scope"),
        budget_code("EAST", service_line="acute"),
        budget_code(practice="P00001", scope="in-scope", service_line="acute"),
        budget_code(practice="P00001"),
        budget_code(),
        budget_code(scope="out-of-scope"),
    ],
)
def test_an_address_reads_back_as_it_was_written(code: str) -> None:
    part = Part("2009-10", DAY, "virement", 7)
    for journal, kind in ((0, "budget"), (12, "moved")):
        address = ledger_address("here", kind, code, journal=journal, part=part)
        found = parse_address(address, address.partition("/here/")[2])
        assert (found.sum, found.code, found.journal, found.part) == (kind, code, journal, part)
    assert set(budget_filter(code)) <= {"unit", "practice", "scope", "service_line"}
    assert "any" not in budget_filter(code).values()

"""The count over columns says of every field what the rule says of one record."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from openpbc.activity.flow.quality import UNKNOWN_PRACTICE, count, measures
from openpbc.activity.rules.quality import EXCLUDED, STAND_IN_RULE, Looked, Measure, Quality, State, index_ppm, state_of
from openpbc.rulebook.reader import open_book
from openpbc.warehouse.session import Session
from tests.unit.activity.rows import PLACE

RULES = (STAND_IN_RULE, "V-ALL-03", "V-ALL-06", "V-ALL-10", "V-APC-18", "T-06", "D-04")
UNKNOWN = "V81999"


@pytest.fixture(scope="module")
def book():
    return open_book(PLACE)


def drawn(dice: random.Random, fields: list[str]) -> tuple[dict[str, str], dict[str, set[str]], bool]:
    """One record: the value of each field (empty: missing), the rules that each breaks, and whether it is excluded."""
    values = {field: dice.choice(("", "X", "V81999", "F71", "U01", "V08", "07")) for field in fields}
    values["withheld_reason"] = dice.choice(("", "", "", "01"))
    broken = {field: {rule for rule in RULES if dice.random() < 0.1} for field in fields}
    return values, broken, dice.random() < 0.2


def by_rule(listed: tuple[Measure, ...], records) -> dict[str, Counter]:
    found = {each.field: Counter() for each in listed}
    for values, broken, excluded in records:
        for each in listed:
            looked = Looked(
                values[each.field], values.get(each.only_where, ""), values["nhs_number_status"], excluded,
                broken[each.field], values["withheld_reason"],
            )  # fmt: skip
            found[each.field][state_of(each, looked)] += 1
    return found


def by_statement(stream: str, listed: tuple[Measure, ...], fields: list[str], records) -> dict[str, Quality]:
    with Session(threads=1) as session:
        columns = {"file": "VARCHAR", "line": "BIGINT", **dict.fromkeys(fields, "VARCHAR")}
        rows = [("f", at, *(values[field] or None for field in fields)) for at, (values, _, _) in enumerate(records, 1)]
        session.table(f"canonical_{stream}", columns, rows)
        marks = [
            (stream, "f", at, rule, field)
            for at, (_, broken, _) in enumerate(records, 1)
            for field, rules in broken.items()
            for rule in rules
        ]
        kinds = {"stream": "VARCHAR", "file": "VARCHAR", "line": "BIGINT", "rule": "VARCHAR", "field": "VARCHAR"}
        session.table("finding", kinds, marks)
        out = [(stream, "f", at, "excluded") for at, (_, _, excluded) in enumerate(records, 1) if excluded]
        session.table("unaccepted", {**{k: kinds[k] for k in ("stream", "file", "line")}, "outcome": "VARCHAR"}, out)
        return {each.field: each for each in count(session, stream, listed, (UNKNOWN,))["f"]}


@pytest.mark.parametrize("stream", ["apc", "op", "ae"])
@pytest.mark.parametrize("seed", range(8))
def test_the_statement_counts_what_the_rule_says(book, stream: str, seed: int) -> None:
    listed, dice = measures(book, stream), random.Random(seed)
    wanted = {each.only_where for each in listed if each.only_where}
    fields = sorted({each.field for each in listed} | wanted | {"nhs_number_status", "withheld_reason", "practice"})
    records = [drawn(dice, fields) for _ in range(200)]
    rule, statement = by_rule(listed, records), by_statement(stream, listed, fields, records)
    for each in listed:
        counted, told = statement[each.field], rule[each.field]
        assert {
            State.VALID: counted.valid, State.STAND_IN: counted.stand_in,
            State.INVALID: counted.invalid, State.MISSING: counted.missing,
        } == {state: told[state] for state in State if state is not State.OUTSIDE}, each.field  # fmt: skip
        assert counted.whole == len(records) - told[State.OUTSIDE]
    unknown = statement[UNKNOWN_PRACTICE]
    assert unknown.stand_in == sum(values["practice"] == UNKNOWN for values, _, _ in records)
    assert unknown.whole == len(records)


def test_a_withheld_number_and_an_excluded_record_are_not_counted() -> None:
    number = Measure("op", "nhs_number", "", ("V-ALL-03",), "withheld", "", "")
    group = Measure("op", "hrg", "", (), EXCLUDED, "proc_01", "[A-Z][0-9]{2}")
    assert state_of(number, Looked("", "", "07", False, ())) is State.OUTSIDE
    assert state_of(number, Looked("", "", "01", False, ())) is State.MISSING
    assert state_of(number, Looked("1", "", "01", False, {"V-ALL-03"})) is State.INVALID
    assert state_of(group, Looked("B01", "T20", "", True, ())) is State.OUTSIDE
    assert state_of(group, Looked("B01", "", "", False, ())) is State.OUTSIDE
    assert state_of(group, Looked("B01", "T20", "", False, ())) is State.VALID
    assert state_of(group, Looked("BB1", "T20", "", False, ())) is State.INVALID
    assert state_of(number, Looked("", "", "01", False, (), "03")) is State.OUTSIDE
    assert state_of(number, Looked("1", "", "01", False, (), "")) is State.VALID


@pytest.mark.parametrize(("stream", "field"), [("apc", "hrg_spell"), ("op", "hrg"), ("ae", "hrg")])
def test_a_group_that_says_ungrouped_or_is_no_group_is_invalid(book, stream: str, field: str) -> None:
    listed = {each.field: each for each in measures(book, stream)}[field]
    valid = "V08" if stream == "ae" else "F71"
    for value, state in ((valid, State.VALID), ("U01", State.INVALID), ("anything", State.INVALID)):
        assert state_of(listed, Looked(value, "x", "", False, ())) is state, value


def test_an_ungrouped_code_is_invalid_though_it_has_the_shape() -> None:
    group = Measure("op", "hrg", "", (), "", "", "[A-Z]{2}[0-9]{2}[A-Z]", "UZ01Z")
    assert state_of(group, Looked("UZ01Z", "", "", False, ())) is State.INVALID
    assert state_of(group, Looked("UZ02Z", "", "", False, ())) is State.VALID


def test_the_index_is_the_mean_of_the_shares_and_nought_without_the_data_set() -> None:
    fields = (Quality("a", valid=9, missing=1), Quality("b", valid=1, stand_in=1), Quality("c"))
    assert index_ppm(fields, covered=True) == 700_000
    assert index_ppm(fields, covered=False) == 0
    assert index_ppm((Quality("c"),), covered=True) is None

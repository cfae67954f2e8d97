"""Decision tables: the rule that fits and why; overlaps and gaps found at reading; the check against brute force."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbc.casework.cells import FLAG, NUMBER, TEXT, Cell, read_cell, samples
from openpbc.casework.tables import read_table
from openpbc.kernel.problems import UserError

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision id="d" name="Level">'


def table(rules, policy="UNIQUE", inputs=(("value_pence", "integer"), ("conflicted", "boolean")), listed=""):
    columns = "".join(
        f'<input id="i{at}" label="{name}"><inputExpression typeRef="{kind}"><text>{name}</text></inputExpression>'
        f"{listed if at == 0 else ''}</input>"
        for at, (name, kind) in enumerate(inputs)
    )
    rows = "".join(
        f'<rule id="r{number}"><description>{note}</description>'
        + "".join(f"<inputEntry><text>{cell}</text></inputEntry>" for cell in cells)
        + f"<outputEntry><text>{out}</text></outputEntry></rule>"
        for number, (*cells, out, note) in enumerate(rules, start=1)
    )
    text = (
        f'{HEAD}<decisionTable hitPolicy="{policy}">{columns}<output id="o" name="level" typeRef="string"/>{rows}'
        "</decisionTable></decision></definitions>"
    )
    return read_table(text.encode(), "levels.dmn")


GOOD = [
    ("&lt;= 500000", "false", '"D1"', "Small sums are the group's own."),
    ("]500000..2000000]", "false", '"D2"', ""),
    ("&gt; 2000000", "false", '"D3"', ""),
    ("-", "true", '"D3"', "Whoever is conflicted does not decide."),
]


@pytest.mark.parametrize(
    ("value", "conflicted", "level", "rule"),
    [
        (500_000, False, "D1", "r1"),
        (500_001, False, "D2", "r2"),
        (2_000_000, False, "D2", "r2"),
        (2_000_001, False, "D3", "r3"),
        (1, True, "D3", "r4"),
        (-5, False, "D1", "r1"),
    ],
)
def test_one_rule_fits_and_says_why(value, conflicted, level, rule):
    row = table(GOOD).decide({"value_pence": value, "conflicted": conflicted, "unasked": 1})
    assert (row.values, row.rule_id) == ({"level": level}, rule)


def test_the_reason_names_rule_facts_and_what_its_author_said():
    row = table(GOOD).decide({"value_pence": 7, "conflicted": True})
    assert row.because == "Rule 4: conflicted is true (true). Whoever is conflicted does not decide."


def test_money_is_read_in_pounds():
    row = table(GOOD).decide({"value_pence": 123_456_789, "conflicted": False})
    assert row.because.startswith("Rule 3: value_pence is £1,234,567.89 (> £20,000.00); conflicted is false")


def test_rules_that_overlap_are_refused_with_both_numbers():
    with pytest.raises(UserError, match=r"rules 1 and 2 both fit value_pence = 5, conflicted = true"):
        table([("&lt;= 5", "-", '"A"', ""), ("&gt;= 5", "true", '"B"', ""), ("&gt;= 6", "false", '"C"', "")])


def test_what_no_rule_fits_is_refused_with_the_facts():
    with pytest.raises(UserError, match=r"no rule fits value_pence = 6, conflicted = true"):
        table([("&lt;= 5", "-", '"A"', ""), ("&gt; 5", "false", '"B"', "")])
    with pytest.raises(UserError, match=r'no rule fits route = "any other"'):
        table([('"tender"', '"A"', "")], inputs=[("route", "string")])


def test_a_listed_column_is_complete_with_its_list():
    listed = '<inputValues><text>"tender","existing"</text></inputValues>'
    routes = table([('"tender"', '"A"', ""), ('not("tender")', '"B"', "")], inputs=[("route", "string")], listed=listed)
    assert routes.decide({"route": "existing"}).values == {"level": "B"}
    with pytest.raises(UserError, match="route cannot be 'other'"):
        routes.decide({"route": "other"})


def test_collect_takes_every_rule_that_fits_and_may_take_none():
    papers = table([("&gt; 5", "-", '"A"', ""), ("&gt; 10", "-", '"B"', "")], policy="COLLECT")
    facts = {"value_pence": 11, "conflicted": False}
    assert [row.values["level"] for row in papers.collect(facts)] == ["A", "B"]
    assert papers.collect(facts | {"value_pence": 1}) == ()
    with pytest.raises(UserError, match="2 rules fit"):
        papers.decide(facts)


def test_unknown_and_mistyped_facts_are_sentences():
    with pytest.raises(UserError, match="cannot decide while conflicted is not known"):
        table(GOOD).decide({"value_pence": 1})
    with pytest.raises(UserError, match="conflicted cannot be 'no'"):
        table(GOOD).decide({"value_pence": 1, "conflicted": "no"})
    with pytest.raises(UserError, match="value_pence cannot be True"):
        table(GOOD).decide({"value_pence": True, "conflicted": False})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (b"<a/>", "no DMN file"),
        (b"<a", "is not XML"),
        (b"\xff\xfe<a/>", "not UTF-8"),
        (b'<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', "declares a document type"),
        (b"<a>" + b" " * (1 << 20) + b"</a>", "bytes"),
        (f"{HEAD}</decision></definitions>".encode(), "not one decision table"),
        (f"{HEAD}<literalExpression/></decision></definitions>".encode(), "not one decision table"),
        (f'{HEAD}<decisionTable hitPolicy="FIRST"/></decision></definitions>'.encode(), "hit policy FIRST"),
        (f"{HEAD}<decisionTable/></decision></definitions>".encode(), "needs an input"),
    ],
)
def test_files_that_are_none_are_sentences(text, sentence):
    with pytest.raises(UserError, match=sentence):
        read_table(text, "bad.dmn")


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("1.5", NUMBER), ('"a"', NUMBER), ("a", TEXT), ('< "a"', TEXT), ("[5..1]", NUMBER), ("yes", FLAG),
        ("1,", NUMBER), ("1 2", NUMBER), ("__import__('os')", TEXT), ("true", NUMBER), ("> true", FLAG),
        ("not(1", NUMBER), ('"a""b"', TEXT), ("9" * 30, NUMBER), ("[1..2", NUMBER), ("1", FLAG),
    ],
)  # fmt: skip
def test_a_cell_outside_the_subset_is_refused(cell, kind):
    with pytest.raises(UserError, match="rule 3"):
        read_cell(cell, kind, "levels.dmn, rule 3")


CELLS = st.one_of(
    st.just("-"),
    st.integers(-4, 4).map(str),
    st.tuples(st.sampled_from(["<", "<=", ">", ">="]), st.integers(-4, 4)).map(lambda pair: f"{pair[0]} {pair[1]}"),
    st.tuples(st.integers(-4, 0), st.integers(1, 4)).map(lambda pair: f"[{pair[0]}..{pair[1]}]"),
    st.lists(st.integers(-4, 4), min_size=1, max_size=3).map(lambda some: f"not({','.join(map(str, some))})"),
)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=4))
def test_overlap_and_gap_agree_with_trying_every_value(rules):
    """The samples of each column stand for all whole numbers: -9 to 9 goes beyond every boundary that is drawn."""
    cells = [[read_cell(text, NUMBER, "x") for text in pair] for pair in rules]

    def fitting(one: int, two: int) -> int:
        return sum(first.holds(one) and second.holds(two) for first, second in cells)

    everywhere = {fitting(one, two) for one, two in product(range(-9, 10), repeat=2)}
    columns: list[list[Cell]] = [list(column) for column in zip(*cells, strict=True)]
    tried = {fitting(one, two) for one, two in product(*(samples(NUMBER, column, ()) for column in columns))}
    assert tried == everywhere
    escaped = [[text.replace("<", "&lt;") for text in pair] for pair in rules]
    inputs = [("one", "integer"), ("two", "integer")]
    if everywhere == {1}:
        table([(*pair, '"A"', "") for pair in escaped], inputs=inputs)
    else:
        with pytest.raises(UserError):
            table([(*pair, '"A"', "") for pair in escaped], inputs=inputs)

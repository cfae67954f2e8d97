"""Decision tables (DMN): read once, with rules that overlap and cases that no rule covers refused at reading.

Two hit policies are known: UNIQUE, where exactly one rule fits any facts, and COLLECT, where any number may.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from lxml import etree

from openpbc.casework.cells import TYPES, Cell, Plain, as_read, fits, read_cell, read_constant, said, samples
from openpbc.casework.markup import local, read_markup, space, text_of
from openpbc.kernel.problems import UserError

UNIQUE, COLLECT = "UNIQUE", "COLLECT"
_BESIDE_A_TABLE = frozenset({"description", "variable", "extensionElements", ""})
MOST_RULES = 500
MOST_LOOKS = 200_000
_NAME = "Name the input by one fact: letters, digits and _, the first a letter."


@dataclass(frozen=True)
class Column:
    """An input or an output: the fact's name, what people call it, its kind, and the values that it may have."""

    name: str
    label: str
    kind: str
    values: tuple[Plain, ...] = ()


@dataclass(frozen=True)
class Rule:
    """One row: a cell for each input, a constant for each output, and what its author says of it."""

    id: str
    number: int
    cells: tuple[Cell, ...]
    outputs: tuple[Plain, ...]
    said: str


@dataclass(frozen=True)
class Row:
    """What a rule decided: the output values, which rule it was, and why it fitted."""

    values: Mapping[str, Plain]
    rule_id: str
    because: str


@dataclass(frozen=True)
class DecisionTable:
    """A decision table that was read and found whole."""

    id: str
    name: str
    policy: str
    inputs: tuple[Column, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]

    def decide(self, facts: Mapping[str, object]) -> Row:
        """Give the one row that fits the facts."""
        found = self.collect(facts)
        if len(found) != 1:
            how = "no rule fits" if not found else f"{len(found)} rules fit"
            raise UserError(f"{how} the facts {self._told(facts)}", where=self.name, do="Mend the table.")
        return found[0]

    def collect(self, facts: Mapping[str, object]) -> tuple[Row, ...]:
        """Give every row that fits the facts, in the order of the table."""
        given = [self._given(column, facts) for column in self.inputs]
        return tuple(
            self._row(rule, given)
            for rule in self.rules
            if all(cell.holds(value) for cell, value in zip(rule.cells, given, strict=True))
        )

    def _given(self, column: Column, facts: Mapping[str, object]) -> Plain:
        value = facts.get(column.name)
        if value is None:
            raise UserError(
                f"the table cannot decide while {column.label} is not known",
                where=self.name,
                do="Say it where the matter is kept, then let the table decide again.",
            )
        if not fits(value, column.kind) or (column.values and value not in column.values):
            raise UserError(f"{column.label} cannot be {value!r}", where=self.name, do=f"It is a {column.kind}.")
        return value  # type: ignore[return-value]

    def _row(self, rule: Rule, given: list[Plain]) -> Row:
        why = [
            f"{column.label} is {as_read(column.name, said(value))} ({as_read(column.name, cell.text)})"
            for column, cell, value in zip(self.inputs, rule.cells, given, strict=True)
            if not cell.anything
        ]
        because = f"Rule {rule.number}: {'; '.join(why) or 'it fits everything'}."
        names = (column.name for column in self.outputs)
        return Row(dict(zip(names, rule.outputs, strict=True)), rule.id, f"{because} {rule.said}".strip())

    def _told(self, facts: Mapping[str, object]) -> str:
        return ", ".join(f"{column.name} = {facts.get(column.name)!r}" for column in self.inputs)


@lru_cache(maxsize=256)
def read_table(text: bytes | str, name: str) -> DecisionTable:
    """Read the one decision table of a DMN file; every fault is a sentence that names the rule."""
    root = read_markup(text.encode("utf-8") if isinstance(text, str) else text, name)
    if local(root) != "definitions" or "/DMN/" not in space(root):
        raise UserError("the file is no DMN file", where=name, do="Save the table as DMN.")
    decisions = [child for child in root if local(child) == "decision"]
    if len(decisions) != 1:
        raise UserError(f"the file holds {len(decisions)} decisions", where=name, do="Keep one decision in a file.")
    decision = decisions[0]
    found = [child for child in decision if local(child) == "decisionTable"]
    strange = {local(child) for child in decision} - {
        "decisionTable",
        "description",
        "variable",
        "extensionElements",
        "",
    }
    if len(found) != 1 or strange:
        raise UserError("the decision is not one decision table", where=name, do="Write it as one table.")
    table = _table(found[0], decision, name)
    _check(table)
    return table


def _table(element: etree._Element, decision: etree._Element, where: str) -> DecisionTable:
    policy = element.get("hitPolicy", UNIQUE)
    if policy not in (UNIQUE, COLLECT) or element.get("aggregation"):
        raise UserError(f"the hit policy {policy} is not known", where=where, do="Use UNIQUE, or COLLECT as it is.")
    inputs = tuple(_input(child, where) for child in element if local(child) == "input")
    outputs = tuple(_output(child, where) for child in element if local(child) == "output")
    if not inputs or not outputs:
        raise UserError("the table needs an input and an output", where=where, do="Add what lacks.")
    names = [column.name for column in (*inputs, *outputs)]
    if len(set(names)) != len(names):
        raise UserError("two columns of the table have one name", where=where, do="Name each column otherwise.")
    rows = [child for child in element if local(child) == "rule"]
    if not 0 < len(rows) <= MOST_RULES:
        raise UserError(
            f"the table has {len(rows)} rules; it may have 1 to {MOST_RULES}",
            where=where,
            do="Split it, or add a rule.",
        )
    rules = tuple(_rule(row, number, inputs, outputs, where) for number, row in enumerate(rows, start=1))
    return DecisionTable(decision.get("id", ""), decision.get("name", where), policy, inputs, outputs, rules)


def _input(element: etree._Element, where: str) -> Column:
    expression = _child(element, "inputExpression")
    name = text_of(expression)
    if not name.isidentifier() or not name.isascii() or name.startswith("_"):
        raise UserError(f"'{name[:60]}' is no input", where=where, do=_NAME)
    kind = _kind(expression.get("typeRef", "") if expression is not None else "", where)
    return Column(name, element.get("label") or name, kind, _listed(element, "inputValues", kind, where))


def _output(element: etree._Element, where: str) -> Column:
    kind, name = _kind(element.get("typeRef", ""), where), element.get("name", "")
    if not name.isidentifier():
        raise UserError(f"'{name[:60]}' is no name of an output", where=where, do=_NAME)
    return Column(name, element.get("label") or name, kind, _listed(element, "outputValues", kind, where))


def _kind(type_ref: str, where: str) -> str:
    kind = TYPES.get(type_ref.rpartition(":")[2])
    if kind is None:
        raise UserError(f"the type {type_ref[:40]} is not known", where=where, do="Use string, integer or boolean.")
    return kind


def _listed(element: etree._Element, name: str, kind: str, where: str) -> tuple[Plain, ...]:
    text = text_of(_child(element, name))
    if not text:
        return ()
    cell = read_cell(text, kind, f"{where}, {name}")
    if cell.spans or cell.but or cell.anything:
        raise UserError(
            f"'{text[:80]}' is no list of constants", where=f"{where}, {name}", do='Write them as "one", "two".'
        )
    return tuple(sorted(cell.constants, key=said))


def _child(element: etree._Element, name: str) -> etree._Element | None:
    return next((child for child in element if local(child) == name), None)


def _rule(
    element: etree._Element, number: int, inputs: tuple[Column, ...], outputs: tuple[Column, ...], where: str
) -> Rule:
    where = f"{where}, rule {number}"
    tests = [text_of(child) for child in element if local(child) == "inputEntry"]
    results = [text_of(child) for child in element if local(child) == "outputEntry"]
    if len(tests) != len(inputs) or len(results) != len(outputs):
        raise UserError(
            "the rule has not one cell for each column", where=where, do="Give it a cell for each column, - for any."
        )
    cells = tuple(read_cell(text, column.kind, where) for text, column in zip(tests, inputs, strict=True))
    values = tuple(read_constant(text, column.kind, where) for text, column in zip(results, outputs, strict=True))
    for column, value in zip(outputs, values, strict=True):
        if column.values and value not in column.values:
            raise UserError(
                f"{column.label} cannot be {said(value)}",
                where=where,
                do="Write one of the values that the column names, or add this one there.",
            )
    notes = [text_of(child) for child in element if local(child) in ("description", "annotationEntry")]
    return Rule(element.get("id") or f"rule-{number}", number, cells, values, " ".join(note for note in notes if note))


def _check(table: DecisionTable) -> None:
    """Refuse a table that could leave somebody without an answer, or with two."""
    if len({rule.id for rule in table.rules}) != len(table.rules):
        raise UserError("two rules have one id", where=table.name, do="Give each an id of its own.")
    columns = [
        samples(column.kind, (rule.cells[at] for rule in table.rules), column.values)
        for at, column in enumerate(table.inputs)
    ]
    if table.policy == COLLECT:
        return
    for one, other in combinations(table.rules, 2):
        both = [_shared(one.cells[at], other.cells[at], values) for at, values in enumerate(columns)]
        if None not in both:
            facts = ", ".join(f"{c.name} = {said(v)}" for c, v in zip(table.inputs, both, strict=True) if v is not None)
            raise UserError(
                f"rules {one.number} and {other.number} both fit {facts}",
                where=table.name,
                do="Draw them apart, so that one rule fits.",
            )
    _refuse_gap(table, columns)


def _shared(one: Cell, other: Cell, values: tuple[Plain, ...]) -> Plain | None:
    return next((value for value in values if one.holds(value) and other.holds(value)), None)


def _refuse_gap(table: DecisionTable, columns: list[tuple[Plain, ...]]) -> None:
    covered: set[tuple[int, tuple[int, ...]]] = set()

    def gap(at: int, left: tuple[int, ...]) -> list[Plain] | None:
        """Look for values of the columns from ``at`` on that none of the rules left fits."""
        if (at, left) in covered:
            return None
        if not left:
            return [values[0] for values in columns[at:]]
        if len(covered) > MOST_LOOKS:
            raise UserError("the table is too large to be checked for gaps", where=table.name, do="Split it.")
        if at < len(columns):
            for value in columns[at]:
                fitting = tuple(number for number in left if table.rules[number].cells[at].holds(value))
                below = gap(at + 1, fitting)
                if below is not None:
                    return [value, *below]
        covered.add((at, left))
        return None

    missing = gap(0, tuple(range(len(table.rules))))
    if missing is not None:
        facts = ", ".join(f"{column.name} = {said(value)}" for column, value in zip(table.inputs, missing, strict=True))
        raise UserError(f"no rule fits {facts}", where=table.name, do="Add a rule for it.")

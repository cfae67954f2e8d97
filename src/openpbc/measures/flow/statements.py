"""Writes the statement of a declared measure, in the subset that the engines share; ``rules.counting`` is its law."""

from __future__ import annotations

from openpbc.measures.rules.counting import NO_VALUE
from openpbc.measures.rules.declaring import Condition, Count, Measure, Test
from openpbc.warehouse.session import named, quoted

CUTS = ("provider", "tfc", "hrg", "practice", "unit")
_TRUE = "1 = 1"


def marks(measure: Measure) -> str:
    """Write the query that gives one row for each record that a measure looks at."""
    reasons = [f"when {predicate(one.when)} then {quoted(one.reason)}" for one in measure.exclusions]
    lacking = [lack for count in (measure.numerator, measure.denominator) if (lack := _lacks(count))]
    reasons += [f"when {lack} then {quoted(NO_VALUE)}" for lack in lacking]
    reason = f"case {' '.join(reasons)} else '' end" if reasons else "''"
    cuts = ", ".join(named(name) for name in CUTS)
    value = named(measure.value) if measure.value else "cast(null as bigint)"
    # a unit has a price where pricing gave one; the others are counted and not valued
    is_priced = "status = 'PRICED' and value is not null and numerator > 0 and reason = ''"
    return (
        f"select {quoted(measure.code)} as measure, {quoted(measure.stream)} as stream, file, line, {cuts}, reason, "
        "case when reason = '' then numerator else 0 end as numerator, "
        "case when reason = '' then denominator else 0 end as denominator, "
        f"case when {is_priced} then numerator else 0 end as priced_units, "
        f"case when {is_priced} then value else 0 end as pence from ("
        f"select file, line, {cuts}, status, {reason} as reason, cast({value} as bigint) as value, "
        f"cast({_amount(measure.numerator)} as bigint) as numerator, "
        f"cast({_amount(measure.denominator)} as bigint) as denominator "
        f"from facts_{measure.stream} where {predicate(measure.looks_at)}) as looked_at"
    )


def looked_at(measure: Measure) -> str:
    """Write the query that counts the records that a measure looks at."""
    return f"select count(*) as n from facts_{measure.stream} where {predicate(measure.looks_at)}"


def predicate(condition: Condition) -> str:
    """Write a condition; nothing in it is ever unknown, so that its opposite holds exactly where it does not."""
    return " and ".join(f"({_test(test)})" for test in condition) or _TRUE


def _test(test: Test) -> str:
    field = named(test.field)
    if test.words:
        held = f"coalesce({field}, '') {'not in' if test.negated else 'in'} ({', '.join(map(quoted, test.words))})"
        return held
    bounds = [f"{field} >= {test.low}"] * (test.low is not None) + [f"{field} <= {test.high}"] * (test.high is not None)
    inside = " and ".join(bounds) or _TRUE
    return f"{field} is not null and {'not ' if test.negated else ''}({inside})"


def _amount(count: Count) -> str:
    if count.people:
        return "0"
    amount = named(count.field) if count.field else "1"
    return f"case when {predicate(count.when)} then {amount} else 0 end" if count.when else amount


def _lacks(count: Count) -> str:
    return f"{predicate(count.when)} and {named(count.field)} is null" if count.field else ""

"""What one record adds to one measure: counted, left out for a reason, or not looked at. The law of the statements."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.measures.rules.declaring import Condition, Count, Facts, Measure

# The reason of a record whose number to be summed is missing: it is left out by name, never counted as nought.
NO_VALUE = "NO-VALUE"


@dataclass(frozen=True)
class Mark:
    """A record that a measure looks at: what it adds, or the reason for which it is left out."""

    reason: str
    numerator: int
    denominator: int


def holds(condition: Condition, facts: Facts) -> bool:
    """Tell whether every test of a condition holds."""
    return all(test.holds(facts) for test in condition)


def mark(measure: Measure, facts: Facts) -> Mark | None:
    """Judge one record; None when the measure does not look at it."""
    if not holds(measure.looks_at, facts):
        return None
    for exclusion in measure.exclusions:
        if holds(exclusion.when, facts):
            return Mark(exclusion.reason, 0, 0)
    parts = [_part(count, facts) for count in (measure.numerator, measure.denominator)]
    if None in parts:
        return Mark(NO_VALUE, 0, 0)
    return Mark("", *(part or 0 for part in parts))


def _part(count: Count, facts: Facts) -> int | None:
    if count.people or not holds(count.when, facts):
        return 0
    if not count.field:
        return 1
    value = facts[count.field]
    return value if isinstance(value, int) else None

"""What a case is worth over its whole life: what is paid once, and what its service costs in each year that it runs."""

from __future__ import annotations

from openpbc.kernel.money import pounds
from openpbc.kernel.steps import Step
from openpbc.redesign.rules.shifts import ShiftTable

YEARLY, ONCE = "value-yearly", "value-once"
LONGEST_YEARS = 30


def missing(table: ShiftTable) -> str:
    """Say why a case has no value yet; empty when it has one."""
    if not table.shifts:
        return "No move of money is written down yet, so the case has no value."
    if not table.years:
        return "Nobody has said for how many years the service is asked for, so its value is not known."
    return ""


def whole_life(table: ShiftTable) -> int | None:
    """Give the value over the whole life in pence; none while it is not known.

    What reaches those who give the service counts in full, also where it is paid from what is saved elsewhere: it is
    what somebody is contracted for.
    """
    return None if missing(table) else table.one_off + table.into * table.years


def value_steps(table: ShiftTable) -> tuple[Step, ...]:
    """The value as steps: each move for all its years, and what is paid once."""
    years = f"{table.years} {'year' if table.years == 1 else 'years'}"
    moves = tuple(
        Step(
            YEARLY, f"Reaches {each.receiver} in {years}", each.into * table.years, (("In a year", pounds(each.into)),)
        )
        for each in table.shifts
    )
    return (*moves, Step(ONCE, "Paid once", table.one_off))


def covers(budget: int, table: ShiftTable) -> bool:
    """Tell whether a budget of a year covers what the case costs in its dearest one: the first, with what is paid once.

    A budget that stands at nought or below covers nothing.
    """
    return budget > 0 and budget >= table.into + table.one_off

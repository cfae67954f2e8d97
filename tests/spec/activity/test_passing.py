"""A line of a contract's own file is charged as it says, to the unit of its practice on the day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from openpbc.activity.rules.passing import WITHIN, Line, Member, passed

DAY = date(2008, 6, 10)
MEMBERS = (Member("E82901", "OLD", date(2008, 4, 1), date(2008, 5, 31)), Member("E82901", "NEW", DAY, DAY))
LINE = Line("plcm", "E82901", "5P4", "DRUG", 10_000, 700, DAY)


@pytest.mark.parametrize(
    ("line", "mff", "unit", "commissioner", "charge"),
    [
        (LINE, "payer", "NEW", "5P4", 10_700),
        (LINE, WITHIN, "NEW", "5P4", 10_000),
        (replace(LINE, day=date(2008, 5, 31)), WITHIN, "OLD", "5P4", 10_000),
        (replace(LINE, day=date(2008, 7, 1)), WITHIN, "PCT-held", "5P4", 10_000),
        (replace(LINE, practice=None), WITHIN, "PCT-held", "5P4", 10_000),
        (replace(LINE, commissioner="5P3"), WITHIN, "NEW", "UNASSIGNED", 10_000),
    ],
)
def test_a_line_costs_what_it_says(line: Line, mff: str, unit: str, commissioner: str, charge: int):
    found = passed(line, MEMBERS, {"5P4"}, "PCT-held", mff)
    assert (found.unit, found.commissioner, found.charge) == (unit, commissioner, charge)
    assert sum(step.effect for step in found.steps) == charge

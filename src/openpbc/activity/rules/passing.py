"""What is passed through at its cost: patients' lines of contract monitoring, drugs and devices outside tariff.

The copy for millions is ``sql/price_passed.sql``.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from openpbc.kernel.citations import Citation
from openpbc.kernel.money import pounds
from openpbc.kernel.steps import Step

WITHIN = "within"
REASON = "PASSED"
_CITATION = Citation("openpbc-domain-notes", "Contract monitoring data sets", "S")


@dataclass(frozen=True)
class Line:
    """One accepted line: its cost in pence, and whose it is; ``day`` is the first of the month where none is told."""

    stream: str
    practice: str | None
    commissioner: str | None
    pod: str
    price: int
    mff: int
    day: date


@dataclass(frozen=True)
class Member:
    """A practice's membership of a unit; both days are included."""

    practice: str
    unit: str
    first: date
    last: date


@dataclass(frozen=True)
class Passed:
    """What a line comes to, for whom, and the steps that lead to its charge."""

    unit: str
    commissioner: str
    method: str
    charge: int
    steps: tuple[Step, ...]


def passed(line: Line, members: Sequence[Member], commissioners: Collection[str], held: str, mff: str) -> Passed:
    """Charge a line at its cost to the unit of its practice on the day, and to the commissioner that it names."""
    fitting = [one for one in members if one.practice == line.practice and one.first <= line.day <= one.last]
    unit = max(fitting, key=lambda one: (one.first, one.unit)).unit if fitting else held
    known = line.commissioner in commissioners
    factor = 0 if mff == WITHIN else line.mff
    steps = [Step("passing.cost", "Cost as the line gives it", line.price, (("cost", pounds(line.price)),), _CITATION)]
    if factor:
        steps.append(Step("passing.mff", "Market forces factor as the line gives it", factor, citation=_CITATION))
    return Passed(
        unit=unit,
        commissioner=str(line.commissioner) if known else "UNASSIGNED",
        method="PROVIDER_SUPPLIED" if known else "UNASSIGNED",
        charge=line.price + factor,
        steps=tuple(steps),
    )

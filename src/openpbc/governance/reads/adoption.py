"""Who agreed the process of a place: it is suggested until every group has said yes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from openpbc.governance import models

# The one process whose diagram groups agree, cases follow, and a place puts in force.
PROCESS = "redesign"


@dataclass(frozen=True)
class ProcessAnswer:
    """What one group says of a diagram now."""

    unit: str
    number: int
    agreed: bool
    reason: str
    by: str
    at: datetime


def process_answers(place: str, process: str) -> dict[str, ProcessAnswer]:
    """What each group says of the diagram with a hash, by the group's code."""
    rows = models.ProcessAnswer.objects.filter(place=place, process=process).order_by("number")
    names = "unit number agreed reason by at".split()
    return {row.unit: ProcessAnswer(**{name: getattr(row, name) for name in names}) for row in rows}


def process_matter(place: str, process: str) -> str:
    """The matter under which a body decides on the diagram with a hash."""
    return f"process/{place}/{process[:12]}"


def process_agreed(units: Collection[str], said: Mapping[str, ProcessAnswer]) -> bool:
    """Whether every group of the place agrees the diagram; a place without groups has agreed nothing."""
    return bool(units) and all(unit in said and said[unit].agreed for unit in units)

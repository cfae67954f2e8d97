"""How a file will be read, asked before it is received."""

from __future__ import annotations

from pathlib import Path

from openpbc.activity.flow import reading
from openpbc.activity.flow.reading import FieldRead, ReadAs, UnknownColumn
from openpbc.organisations import reads as organisations

__all__ = ["FieldRead", "ReadAs", "UnknownColumn", "read_as"]


def read_as(place: str, path: Path, layout: str | None = None) -> ReadAs:
    """Say how a file will be read for a place; nothing is kept. What could not be received is refused here too."""
    with reading.surveyed(path) as surveyed:
        return reading.read_as(organisations.book(place), surveyed, layout)

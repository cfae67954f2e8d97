"""The minimum operating standard of a place, and what each group said of itself against it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openpbc.governance import models
from openpbc.governance.rules.standard import Point, Said
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

STANDARD = "governance.operating_standard"


@dataclass(frozen=True)
class Assessment:
    """What a group said of itself on a day, against the points as they were then."""

    unit: str
    number: int
    assessed_on: date
    said: tuple[Said, ...]
    synthetic: bool
    by: str
    at: datetime


def standard(book: Book) -> tuple[Point, ...] | NotSet:
    """Give the points of the place's standard in their order, or that none is set."""
    found = book.table(STANDARD)
    if isinstance(found, NotSet):
        return found
    return tuple(Point(row["key"], row["words"]) for row in found)


def assessments(place: str, unit: str = "") -> tuple[Assessment, ...]:
    """List the assessments of a place, or of one group, the latest recorded first."""
    rows = models.StandardAssessment.objects.filter(place=place)
    rows = rows.filter(unit=unit) if unit else rows
    return tuple(_assessment(row) for row in rows.order_by("unit", "-number"))


def latest_assessments(place: str) -> dict[str, Assessment]:
    """Give the assessment of each group that counts, by the group's code, asking once for all."""
    return {each.unit: each for each in reversed(assessments(place))}  # the latest comes last, and counts


def _assessment(row: models.StandardAssessment) -> Assessment:
    said = tuple(Said(Point(key, words), result, note) for key, words, result, note in row.said)
    return Assessment(row.unit, row.number, row.assessed_on, said, row.synthetic, row.by, row.at)

"""Bodies as they stand on a day: names, powers, terms of reference, who holds which seat, and which seats lack."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from openpbc.governance import models
from openpbc.governance.reads.decisions import BODIES
from openpbc.governance.rules import seats as rule
from openpbc.governance.rules.quorum import CHAIR, CLINICIAN, DIRECTOR, LAY, SECRETARY, VICE, QuorumRule
from openpbc.kernel.money import ppm_from_percent
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import persons
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

RULES, MEMBERSHIP = "governance.meeting_rules", "governance.membership"
OFFICERS = (CHAIR, VICE, SECRETARY)


@dataclass(frozen=True)
class Body:
    """A body of the place: its name here, its other printed names, whether it decides, and which body oversees it."""

    code: str
    name: str
    also: tuple[str, ...]
    power: str
    under: str


@dataclass(frozen=True)
class Seat:
    """One person's seat in a body, with the person's name; first and last day included."""

    id: int
    body: str
    person: str
    name: str
    capacity: str
    kind: str
    of: str
    votes: bool
    valid_from: date
    valid_to: date | None
    revision: int
    synthetic: bool
    recorded_by: str
    ended_by: str
    ended_why: str

    def holds_on(self, day: date) -> bool:
        """Tell whether the seat is held on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True)
class Terms:
    """One version of a body's terms of reference."""

    body: str
    number: int
    in_force_from: date
    sha256: str
    file_name: str
    size: int
    deputies: bool
    note: str
    synthetic: bool
    recorded_by: str
    recorded_at: datetime


def all_bodies(book: Book) -> dict[str, Body]:
    """Give every body of the place by its code."""
    listed = book.table(BODIES)
    rows = () if isinstance(listed, NotSet) else listed.rows
    return {row["code"]: _body(book, row) for row in rows}


def _body(book: Book, row: dict[str, str]) -> Body:
    also = tuple(name.strip() for name in row["also"].split(";") if name.strip())
    return Body(row["code"], book.word(row["word"]), also, row["power"], row["under"])


def find_body(book: Book, text: str) -> Body:
    """Find a body by code, name or another printed name, whatever the case: all find the same body."""
    wanted = text.strip().casefold()
    for each in all_bodies(book).values():
        if wanted in {name.casefold() for name in (each.code, each.name, *each.also)}:
            return each
    known = ", ".join(each.name for each in all_bodies(book).values())
    raise UserError(f"there is no body '{text[:60]}'", do=f"Choose one of {known}." if known else "")


def whose_terms(book: Book, text: str) -> tuple[str, str]:
    """Find whose terms or standing orders they are, a body's or a group's of practices, with its code and name."""
    own = {each.code: each.name for each in organisations.units(book.place.id)}
    if text in own:
        return text, own[text]
    found = find_body(book, text)
    return found.code, found.name


def meeting_rule(book: Book, body: str) -> QuorumRule | NotSet:
    """Give what a body needs before it may decide an item; not set where the rulebook has no row for it."""
    found = book.table(RULES)
    if isinstance(found, NotSet):
        return found
    row = found.keyed("body").get(body)
    if row is None:
        meaning = f"The quorum of the {all_bodies(book)[body].name}"
        return NotSet(RULES, meaning, book.place.year.label, found.path, f"There is no row for {body}.")
    least = tuple((kind, int(row[column])) for kind, column in _KINDS if int(row[column]))
    return QuorumRule(ppm_from_percent(row["share"]), least, row["other_group"] == "yes", row["casting"] == "yes")


_KINDS = ((LAY, "lay"), (DIRECTOR, "director"), (CLINICIAN, "clinician"))


def names() -> dict[str, str]:
    """Give everybody's name by sign-in name."""
    return persons.names()


def seats(place: str, body: str = "", on: date | None = None, person: str = "") -> tuple[Seat, ...]:
    """List seats: of one body or person if named, held on a day if one is given; officers first, then by name."""
    rows = models.Seat.objects.filter(place=place)
    rows = rows.filter(body=body) if body else rows
    rows = rows.filter(person=person) if person else rows
    called = names()
    found = [_seat(row, called) for row in rows]
    kept = [each for each in found if on is None or each.holds_on(on)]
    return tuple(sorted(kept, key=lambda each: (each.body, _rank(each.capacity), each.name, each.valid_from)))


def _rank(capacity: str) -> int:
    return OFFICERS.index(capacity) if capacity in OFFICERS else len(OFFICERS)


def seat(place: str, number: int) -> Seat:
    """Give one seat; an unknown one is a person's mistake."""
    row = models.Seat.objects.filter(place=place, pk=number).first()
    if row is None:
        raise UserError(f"there is no seat {number}", where=place, do="Choose one from the members of the body.")
    return _seat(row, names())


def _seat(row: models.Seat, called: dict[str, str]) -> Seat:
    return Seat(
        id=row.pk,
        body=row.body,
        person=row.person,
        name=called.get(row.person, row.person),
        capacity=row.capacity,
        kind=row.kind,
        of=row.of,
        votes=row.votes,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        revision=row.revision,
        synthetic=row.synthetic,
        recorded_by=row.recorded_by,
        ended_by=row.ended_by,
        ended_why=row.ended_why,
    )


def officers(place: str, body: str, on: date) -> dict[str, str]:
    """Give who keeps a body's meetings on a day: chairs, vice chairs and secretaries, with their capacity."""
    return {each.person: each.capacity for each in seats(place, body, on) if each.capacity in OFFICERS}


def offices(place: str, person: str, on: date) -> dict[str, str]:
    """Give the bodies of which a person is chair, vice chair or secretary on a day, with the capacity."""
    held = seats(place, on=on, person=person)
    return {each.body: each.capacity for each in held if each.capacity in OFFICERS}


def terms(place: str, body: str) -> tuple[Terms, ...]:
    """List the versions of a body's terms of reference, the latest in force first."""
    return _terms(place, (body,))


def _terms(place: str, bodies: Collection[str]) -> tuple[Terms, ...]:
    rows = models.Terms.objects.filter(place=place, body__in=bodies).order_by("-in_force_from")
    columns = (
        "body", "number", "in_force_from", "sha256", "file_name", "size", "deputies", "note", "synthetic",
        "recorded_by", "recorded_at",
    )  # fmt: skip
    return tuple(Terms(**{name: getattr(row, name) for name in columns}) for row in rows)


def terms_in_force(place: str, body: str, on: date) -> Terms | None:
    """Give the terms of reference that hold on a day, or none."""
    return terms_in_force_of(place, (body,), on).get(body)


def terms_in_force_of(place: str, bodies: Collection[str], on: date) -> dict[str, Terms]:
    """Give the terms of reference of each of several bodies that hold on a day, asking once for all."""
    begun = [each for each in _terms(place, bodies) if each.in_force_from <= on]
    return {each.body: each for each in reversed(begun)}  # the latest comes last, and counts


def membership_gaps(book: Book, body: str, on: date) -> tuple[str, ...]:
    """Every seat that a body should have and has not on a day, as a sentence."""
    found = book.table(MEMBERSHIP)
    if isinstance(found, NotSet):
        return ()
    wanted = [
        rule.Wanted(row["capacity"], row["kind"], row["each"], int(row["least"]), row["ask"], row["what"])
        for row in found.rows
        if row["body"] == body
    ]
    units: dict[str, dict[str, str]] = {}
    for unit in organisations.units(book.place.id):
        units.setdefault(unit.kind, {})[unit.code] = unit.name
    held = [
        rule.Seat(each.person, each.capacity, each.kind, each.of, each.votes, each.valid_from, each.valid_to)
        for each in seats(book.place.id, body, on)
    ]
    return rule.gaps(wanted, held, units)

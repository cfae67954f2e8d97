"""What falls on primary care, whom the commissioner consults on that, and what was noted of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from openpbc.organisations.reads.arrangements import falls_to, provider_kinds
from openpbc.organisations.reads.consulting import consultable, consulted
from openpbc.redesign import models
from openpbc.redesign.reads.cases import Case, address
from openpbc.redesign.reads.registers import INTENTIONS, TABLE, Barrier
from openpbc.redesign.rules.consulting import (
    CLOSED_BARRIER,
    CLOSED_INTENTION,
    DONE,
    GIVEN_UP,
    INTENTION_STATES,
    OPEN,
    UNDER_WAY,
    unconsulted,
)
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table

__all__ = [
    "CLOSED_BARRIER",
    "CLOSED_INTENTION",
    "DONE",
    "GIVEN_UP",
    "INTENTION_STATES",
    "OPEN",
    "UNDER_WAY",
    "consultable",
]

PRIMARY_CARE = "redesign.primary_care"
_KIND, _SECTION = "kind", "section"
SUBJECT = "primary care"
CASE, INTENTION, BARRIER = "case", "intention", "barrier"
KINDS = (CASE, INTENTION, BARRIER)


@dataclass(frozen=True)
class Consultation:
    """One note: which body was asked on which day about what and what it said, or why it was not asked."""

    number: int
    about: str
    body: str
    asked: bool
    on: date | None
    said: str
    synthetic: bool
    by: str
    at: datetime


@dataclass(frozen=True)
class Stood:
    """How people said that an intention stands."""

    number: int
    state: str
    reason: str
    synthetic: bool
    by: str
    at: datetime


def about_intention(place: str, key: str) -> str:
    """The address of an intention."""
    return f"{INTENTION}/{place}/{key}"


def about_barrier(place: str, number: int) -> str:
    """The address of a barrier."""
    return f"{BARRIER}/{place}/{number}"


class Consulting:
    """What is asked of consultation in a place, each thing read once for all of its cases, intentions and barriers."""

    def __init__(self, book: Book) -> None:
        self.book, self.place = book, book.place.id

    @cached_property
    def keys(self) -> frozenset[str]:
        """The intentions that fall on primary care: by the kind of provider to which they fall, or by their section."""
        listed, table = self.book.table(PRIMARY_CARE), self.book.table(INTENTIONS)
        if not isinstance(listed, Table) or not isinstance(table, Table):
            return frozenset()
        wanted = {of: {row["value"] for row in listed if row["by"] == of} for of in (_KIND, _SECTION)}
        kinds = provider_kinds(self.book)
        return frozenset(
            row["key"]
            for row in table
            if row["section"] in wanted[_SECTION]
            or (
                row.get("source", TABLE) == TABLE
                and wanted[_KIND] & falls_to(row["area"], row["providers_affected"], kinds)
            )
        )

    @cached_property
    def wanted(self) -> Mapping[str, str]:
        """Whom the commissioner consults on primary care, by code."""
        return consulted(self.book, SUBJECT)

    @cached_property
    def noted(self) -> Mapping[str, tuple[Consultation, ...]]:
        """Every note of the place by what it is about, the first one first."""
        found: dict[str, list[Consultation]] = {}
        names = tuple(Consultation.__dataclass_fields__)
        for values in models.Consultation.objects.filter(place=self.place).values_list(*names):
            note = Consultation(*values)
            found.setdefault(note.about, []).append(note)
        return {about: tuple(own) for about, own in found.items()}

    @property
    def every(self) -> tuple[Consultation, ...]:
        """Every note of the place, the first one first."""
        return tuple(sorted((each for own in self.noted.values() for each in own), key=lambda each: each.number))

    def falls(self, case: Case) -> bool:
        """Whether a case falls on primary care: by an intention that it serves."""
        return bool(case.intentions) and not self.keys.isdisjoint(case.intentions)

    def missing(self, about: str) -> dict[str, str]:
        """Of whom no note about something says what they said or why they were not asked, by code."""
        noted = {each.body for each in self.noted.get(about, ())}
        return {code: name for code, name in self.wanted.items() if code not in noted}

    def _lacks(self, about: str) -> tuple[str, ...]:
        return unconsulted(self.wanted, {each.body for each in self.noted.get(about, ())})

    def of_case(self, case: Case) -> tuple[str, ...]:
        """What keeps a case from being closed; nothing where it does not fall on primary care."""
        return self._lacks(case.matter) if self.falls(case) else ()

    def of_intention(self, key: str) -> tuple[str, ...]:
        """What keeps an intention from being closed."""
        return self._lacks(about_intention(self.place, key)) if key in self.keys else ()

    def of_barrier(self, barrier: Barrier, case: Case | None) -> tuple[str, ...]:
        """What keeps a barrier from being closed: it falls on primary care as its case does."""
        if case is None or not self.falls(case):
            return ()
        return self._lacks(about_barrier(self.place, barrier.number))


def beside(
    noted: Iterable[Consultation], place: str, shown: Iterable[Case], held_up: Iterable[Barrier]
) -> list[Consultation]:
    """Keep the notes on intentions, and on the cases and the barriers that somebody is shown."""
    about = {each.matter for each in shown} | {about_barrier(place, each.number) for each in held_up}
    return [each for each in noted if each.about.startswith(f"{INTENTION}/") or each.about in about]


def states(place: str) -> dict[str, tuple[Stood, ...]]:
    """How each intention of which people said something stood, the latest last."""
    found: dict[str, list[Stood]] = {}
    names = tuple(Stood.__dataclass_fields__)
    for key, *values in models.IntentionState.objects.filter(place=place).values_list("key", *names):
        found.setdefault(key, []).append(Stood(*values))
    return {key: tuple(own) for key, own in found.items()}


def matters(place: str, known: Iterable[Case]) -> dict[str, Case]:
    """Cases by their address."""
    return {address(place, each.number): each for each in known}

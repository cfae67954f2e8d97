"""Who is who among organisations of every kind, on two clocks: what they are called, and how they are joined.

The book's own units, practices, providers and commissioners are told here beside all others. Where the book and a file
of the register tell of the same code, both are shown: money and activity follow the book alone.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations import models
from openpbc.organisations.reads import FIRST_DAY, LAST_DAY, SUCCESSIONS, book, known, successions
from openpbc.organisations.rules import following, links
from openpbc.organisations.rules.clocks import Belief, covers
from openpbc.organisations.rules.following import Ending, Moved, Step, Tie, Way
from openpbc.organisations.rules.links import COMMISSIONED, LINKS, MEMBER, SUCCEEDED

__all__ = [
    "LINKS",
    "MEMBER",
    "SUCCEEDED",
    "Ending",
    "Step",
    "Tie",
    "links",
]

_PLACE_BOOK = "The rulebook's memberships"
_RECORDED = "Recorded here by a person"
_TIE = ("kind", "member", "holder", "valid_from", "valid_to", "about", "seen", "source")


@dataclass(frozen=True)
class Body:
    """An organisation under one name, of one kind, for a time, as known for a time.

    ``seen`` says that its first day is only the first one on which a source saw it so.
    """

    code: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    area: str
    valid_from: date
    valid_to: date
    known_from: date
    known_to: date | None
    source: str
    seen: bool = False


@dataclass(frozen=True)
class Once:
    """A tie that was believed from a day until another."""

    tie: Tie
    known_from: date
    known_to: date


@dataclass(frozen=True)
class Followed:
    """An organisation through the years: its names, its ties, the way to a day, the way back, and who came along.

    ``believed_before`` and ``tied_before`` are the names and ties that had been believed once and were no longer.
    """

    code: str
    names: tuple[Body, ...]
    ties: tuple[Tie, ...]
    way: Way
    before: tuple[Step, ...]
    moved: tuple[Moved, ...]
    called: dict[str, str]
    spells: dict[str, tuple[Body, ...]]
    believed_before: tuple[Body, ...]
    tied_before: tuple[Once, ...]

    def called_on(self, code: str, day: date) -> str:
        """Give what an organisation was called on a day, or else what it is called; empty where nothing names it."""
        there = (each.name for each in self.spells.get(code, ()) if each.valid_from <= day <= each.valid_to)
        return next(there, self.called.get(code, ""))

    @property
    def within(self) -> tuple[str, ...]:
        """The organisations in which its people are found at the end of the way, from the smallest to the largest."""
        left = {step.before for step in self.way.steps if step.tie.kind == SUCCEEDED}
        return tuple(dict.fromkeys(step.after for step in self.way.steps if step.after not in left))


def bodies(
    place: str, on: date | None = None, known_on: date | None = None, text: str = "", codes: Collection[str] = ()
) -> list[Body]:
    """List organisations of every kind by name: on a day, as known on a day, with a text in name, alias or code."""
    rows = models.Organisation.objects.filter(known(known_on), place_id=place)
    rows = rows.filter(code__in=codes) if codes else rows
    found = [_body(row) for row in rows.order_by("name", "code", "valid_from")]
    wanted = text.strip().casefold()
    return [
        each
        for each in found
        if (on is None or each.valid_from <= on <= each.valid_to)
        and (not wanted or any(wanted in name.casefold() for name in (each.name, each.code, *each.aliases)))
    ]


def _body(row: models.Organisation) -> Body:
    kind = str(row.detail.get("kind") or row.kind)
    return Body(
        code=row.code,
        name=row.name,
        kind=(kind if row.kind == models.BODY else _family(row.kind, kind)).replace("_", " "),
        aliases=tuple(row.detail.get("aliases", ())),
        area=str(row.detail.get("area", "")),
        valid_from=row.valid_from,
        valid_to=row.valid_to or LAST_DAY,
        known_from=row.known_from,
        known_to=row.known_to,
        source=row.source or "The rulebook's organisations",
        seen=row.detail.get("seen") is True,
    )


def _family(family: str, kind: str) -> str:
    return family if kind in ("", family) else f"{family}: {kind}"


def find(place: str, text: str, known_on: date | None = None) -> str:
    """Find an organisation's code by code, name or alias, whatever the case: one identity for each."""
    wanted = text.strip().casefold()
    every = bodies(place, None, known_on)
    exact = {each.code for each in every if each.code.casefold() == wanted}
    found = {
        each.code for each in every if wanted in {name.casefold() for name in (each.code, each.name, *each.aliases)}
    }
    if len(exact or found) == 1:
        return (exact or found).pop()
    do = f"It may be {', '.join(sorted(found)[:5])}: give the code." if found else "Look it up in the register."
    raise UserError(f"no one organisation is called '{text[:60]}'", place, do)


def ties(place: str, known_on: date | None = None) -> list[Tie]:
    """Give every tie as known on a day: links, memberships of practices in units, and the book's successions."""
    found = [Tie(*row) for row in _known(models.Link.objects, place, known_on).values_list(*_TIE)]
    for row in _known(models.Membership.objects, place, known_on):
        found += _memberships(row)
    if models.Place.objects.filter(code=place).exists():
        told_of = book(place)
        source = str(getattr(told_of.table(SUCCESSIONS), "citation", ""))
        found += [
            Tie(SUCCEEDED, each.predecessor, each.successor, each.on, source=source)
            for each in successions(told_of, known_on).listed
        ]
    return found


def _link(row: models.Link) -> Tie:
    return Tie(*(getattr(row, name) for name in _TIE))


def _memberships(row: models.Membership) -> list[Tie]:
    """A membership is two ties: to the unit, and to the commissioner where one is named."""
    source = _RECORDED if row.recorded else _PLACE_BOOK
    ways = ((MEMBER, row.unit), (COMMISSIONED, row.commissioner))
    return [
        Tie(kind, row.practice, holder, row.valid_from, row.valid_to, source=source) for kind, holder in ways if holder
    ]


def _known(rows: Any, place: str, known_on: date | None) -> QuerySet[Any, Any]:
    found: QuerySet[Any, Any] = rows.filter(known(known_on), place_id=place).order_by("pk")
    return found


def names(place: str, on: date | None = None, known_on: date | None = None) -> dict[str, str]:
    """Give what each organisation is called on a day, or where it was not there then, what it was last called."""
    called: dict[str, str] = {}
    there: dict[str, str] = {}
    rows = models.Organisation.objects.filter(known(known_on), place_id=place).order_by("code", "kind", "valid_from")
    for code, name, first, last in rows.values_list("code", "name", "valid_from", "valid_to"):
        called[code] = name
        if on is not None and first <= on and (last is None or on <= last):
            there[code] = name
    return called | there


def who_in_what(place: str, on: date | None, known_on: date | None = None, kind: str = "", code: str = "") -> list[Tie]:
    """Say who was in what on a day as known on another: by kind of tie, and for one organisation if one is named."""
    return who_and_until(place, on, known_on, kind, code)[0]


def who_and_until(
    place: str, on: date | None, known_on: date | None = None, kind: str = "", code: str = ""
) -> tuple[list[Tie], dict[str, Ending]]:
    """Say who was in what, as ``who_in_what`` does, and the last day of each organisation of which one is known."""
    every = ties(place, known_on)
    ended = following.endings(every, _lives(place, known_on))
    found = (
        tie
        for tie in following.within_lives(every, ended)
        if (on is None or covers(tie, on))
        and (not kind or tie.kind == kind)
        and (not code or code in (tie.member, tie.holder))
        and (tie.kind != SUCCEEDED or kind == SUCCEEDED)
    )
    return sorted(found, key=lambda tie: (tie.kind, tie.holder, tie.member, tie.valid_from)), ended


def follow(place: str, code: str, on: date, known_on: date | None = None) -> Followed:
    """Follow an organisation to a day and back; an unknown one is a person's mistake."""
    every = ties(place, known_on)
    lives = _lives(place, known_on)
    way = following.forward(code, every, _ends(lives), on)  # whose end no source tells is followed to who came after
    before = following.back(code, every)
    spells: dict[str, list[Body]] = {each: [] for step in (*way.steps, *before) for each in (step.before, step.after)}
    spells.setdefault(code, [])
    for body in bodies(place, None, known_on, codes=spells):
        spells[body.code].append(body)
    if not spells[code] and not any(code in (tie.member, tie.holder) for tie in every):
        raise UserError(f"nothing is known of '{code[:30]}'", place, "Look it up in the register.")
    ended = following.within_lives(every, following.endings(every, lives))
    kinds = (COMMISSIONED, MEMBER)
    moved = next((found for kind in kinds if (found := following.whereabouts(code, ended, kind, on))), ())
    return Followed(
        code=code,
        names=tuple(sorted(spells[code], key=lambda each: (each.valid_from, each.kind))),
        ties=tuple(sorted((tie for tie in ended if tie.member == code), key=_by_day)),
        way=way,
        before=before,
        moved=moved,
        called=names(place, on, known_on),
        spells={each: tuple(found) for each, found in spells.items()},
        believed_before=tuple(_body(row) for row in _once(models.Organisation, place, known_on).filter(code=code)),
        tied_before=_tied_before(place, code, known_on),
    )


def _once(model: Any, place: str, known_on: date | None) -> QuerySet[Any, Any]:
    """What had been believed once and was no longer on a day (None: now), what was given up first at the head."""
    rows: QuerySet[Any, Any] = model.objects.filter(place_id=place, known_to__isnull=False)
    rows = rows if known_on is None else rows.filter(known_to__lte=known_on)
    return rows.order_by("known_to", "valid_from", "pk")


def _tied_before(place: str, code: str, known_on: date | None) -> tuple[Once, ...]:
    found = [
        Once(_link(row), row.known_from, row.known_to)
        for row in _once(models.Link, place, known_on).filter(member=code)
    ]
    for row in _once(models.Membership, place, known_on).filter(practice=code):
        found += [Once(tie, row.known_from, row.known_to) for tie in _memberships(row)]
    return tuple(sorted(found, key=lambda each: (each.known_to, _by_day(each.tie))))


def _by_day(tie: Tie) -> tuple[date, str, str]:
    return tie.valid_from, tie.kind, tie.holder


def told(last: date | None, because: str = "") -> str:
    """Write a last day, with why where no source gives it; one that is not known says so."""
    if last is None:
        return "not known"
    return f"{day_text(last)} ({because})" if because else day_text(last)


def _lives(place: str, known_on: date | None) -> dict[str, list[Belief[str]]]:
    """Give the spells of each organisation."""
    lives: dict[str, list[Belief[str]]] = {}
    rows = models.Organisation.objects.filter(known(known_on), place_id=place).order_by("code", "valid_from")
    # The book tells since when a practice is a member, not since when it is.
    for code, first, last in rows.exclude(kind="practice").values_list("code", "valid_from", "valid_to"):
        lives.setdefault(code, []).append(Belief(code, first, last))
    return lives


def _ends(lives: dict[str, list[Belief[str]]]) -> dict[str, date | None]:
    """Give the last day of each organisation of which an end is known; None while one of its rows has none."""
    return {
        code: None if any(each.valid_to is None for each in own) else max(each.valid_to or FIRST_DAY for each in own)
        for code, own in lives.items()
    }

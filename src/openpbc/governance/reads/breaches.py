"""The breach register: interests that were declared late, and what their holders opened and voted on before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from openpbc.governance import models
from openpbc.governance.reads import interests as held
from openpbc.governance.reads.decisions import Decision, decisions
from openpbc.governance.reads.interests import Declared, Said
from openpbc.governance.reads.matters import Ground, Listed, Opened, ground, listed, opened
from openpbc.governance.rules import interests as rule
from openpbc.governance.rules.breaches import without_vote
from openpbc.organisations.reads.persons import accounts_of
from openpbc.rulebook.reader import Book


@dataclass(frozen=True)
class Meanwhile:
    """A decision that was taken on the matter while the interest was held and not declared."""

    decision: Decision
    vote: str


@dataclass(frozen=True)
class Breach:
    """One interest that was declared late: by how many days (None: no period is set), and what happened before."""

    declared: Declared
    days_late: int | None
    opened: tuple[Opened, ...]
    decided: tuple[Meanwhile, ...]

    @property
    def told(self) -> Said | None:
        """That the chair was told, if it was recorded."""
        return next((each for each in self.declared.said if each.kind == models.TOLD), None)

    @property
    def declared_on(self) -> date:
        """The day of the declaration."""
        return timezone.localtime(self.declared.declared_at).date()


def breaches(book: Book) -> tuple[Breach, ...]:
    """List every interest that was declared after the days allowed, or after its holder opened or decided something.

    An interest without either that was declared in time is no breach, whatever came later.
    """
    place, days = book.place.id, held.settings(book).days
    known, matters = ground(book), listed(place)
    found = []
    for each in held.declarations(place):
        on = timezone.localtime(each.declared_at).date()
        late = rule.declared_late(each.held_from, on, days) if days is not None else None
        seen, decided = _before(known, matters, each)
        if late or seen or any(meanwhile.vote for meanwhile in decided):
            found.append(Breach(each, late, seen, decided))
    return tuple(sorted(found, key=lambda each: each.declared.declared_at, reverse=True))


def breach(book: Book, number: int) -> Breach | None:
    """Give the breach of one interest, none if there is none."""
    return next((each for each in breaches(book) if each.declared.id == number), None)


def _before(
    known: Ground, matters: tuple[Listed, ...], each: Declared
) -> tuple[tuple[Opened, ...], tuple[Meanwhile, ...]]:
    """Give what the holder opened, and what was decided, between the start of the interest and its declaration."""
    place, accounts = each.place, accounts_of(each.person)
    first, at = each.held_from, each.declared_at
    seen: list[Opened] = []
    decided: list[Meanwhile] = []
    own = replace(known, interests=tuple(one for one in known.interests if one.id == each.id))
    for matter in matters:
        if not own.conflicts(matter.parties, _day_before(each, at)):
            continue
        seen += [one for one in opened(place, matter.matter, each.person) if first <= one.day and one.at < at]
        decided += [
            Meanwhile(one, without_vote(_votes(one), accounts))
            for one in decisions(place, matter.matter)
            if first <= one.taken_on <= timezone.localtime(at).date() and one.recorded_at < at
        ]
    return tuple(seen), tuple(decided)


def _day_before(each: Declared, at: datetime) -> date:
    """Give a day on which the interest was held, for the question which matters it touches."""
    day = timezone.localtime(at).date()
    return min(day, each.held_to or day)


def _votes(decision: Decision) -> dict[str, str]:
    kept = models.DecisionRecord.objects.filter(decision_id=decision.id).first()
    return dict(kept.facts.get("votes", {})) if kept else {}


def untold(book: Book) -> int:
    """Count the breaches of which the chair was not told yet."""
    return sum(each.told is None for each in breaches(book))

"""The breach register: interests that were declared late, and what their holders opened and voted on before."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from openpbc.governance import models
from openpbc.governance.reads import interests as held
from openpbc.governance.reads.decisions import Decision, decisions_on
from openpbc.governance.reads.interests import Declared, Said
from openpbc.governance.reads.matters import Opened, ground, listed, opened_of
from openpbc.governance.rules import interests as rule
from openpbc.governance.rules.breaches import without_vote
from openpbc.organisations import reads as organisations
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
    past = _Past(book)
    found = []
    for each in held.declarations(place):
        on = timezone.localtime(each.declared_at).date()
        late = rule.declared_late(each.held_from, on, days) if days is not None else None
        seen, decided = past.before(each)
        if late or seen or any(meanwhile.vote for meanwhile in decided):
            found.append(Breach(each, late, seen, decided))
    return tuple(sorted(found, key=lambda each: each.declared.declared_at, reverse=True))


def breach(book: Book, number: int) -> Breach | None:
    """Give the breach of one interest, none if there is none."""
    return next((each for each in breaches(book) if each.declared.id == number), None)


class _Past:
    """What was opened, decided and voted in the matters of a place, read once for all interests that were late."""

    def __init__(self, book: Book) -> None:
        self._place, self._ground = book.place.id, ground(book)
        self._matters = listed(self._place)

    def before(self, each: Declared) -> tuple[tuple[Opened, ...], tuple[Meanwhile, ...]]:
        """Give what the holder opened, and what was decided, between the start of the interest and its declaration."""
        accounts, first, at = accounts_of(each.person, self._accounts), each.held_from, each.declared_at
        seen: list[Opened] = []
        decided: list[Meanwhile] = []
        own = replace(self._ground, interests=tuple(one for one in self._ground.interests if one.id == each.id))
        for matter in self._matters:
            if not own.conflicts(matter.parties, _day_before(each, at)):
                continue
            opened = (one for one in self._opened[matter.matter] if one.person in accounts)
            seen += [one for one in opened if first <= one.day and one.at < at]
            decided += [
                Meanwhile(one, without_vote(self._votes.get(one.id, {}), accounts))
                for one in self._decided[matter.matter]
                if first <= self._last_day(one)
                and one.taken_on <= timezone.localtime(at).date()
                and one.recorded_at < at
            ]
        return tuple(seen), tuple(decided)

    def _last_day(self, taken: Decision) -> date:
        """Give the last day on which a decision was voted on: a meeting may stay open for days after its own."""
        return timezone.localdate(taken.recorded_at) if taken.id in self._votes else taken.taken_on

    @cached_property
    def _accounts(self) -> dict[str, frozenset[str]]:
        return organisations.accounts()

    @cached_property
    def _opened(self) -> dict[str, tuple[Opened, ...]]:
        return opened_of(self._place, [each.matter for each in self._matters])

    @cached_property
    def _decided(self) -> dict[str, tuple[Decision, ...]]:
        return decisions_on(self._place, [each.matter for each in self._matters])

    @cached_property
    def _votes(self) -> dict[int, dict[str, str]]:
        """How each voted on each of those decisions of which that is on record."""
        taken = [one.id for found in self._decided.values() for one in found]
        rows = models.DecisionRecord.objects.filter(decision_id__in=taken).values_list("decision_id", "facts")
        return {decision: dict(facts.get("votes", {})) for decision, facts in rows}


def _day_before(each: Declared, at: datetime) -> date:
    """Give a day on which the interest was held, for the question which matters it touches."""
    day = timezone.localtime(at).date()
    return min(day, each.held_to or day)


def untold(book: Book) -> int:
    """Count the breaches of which the chair was not told yet."""
    return sum(each.told is None for each in breaches(book))

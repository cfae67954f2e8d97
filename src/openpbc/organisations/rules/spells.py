"""What is believed of an organisation or a link once a file has said something of it: spells that do not overlap.

A row with dates of its own tells a whole life, as it was known on the day of the file. A row of one day tells how it
was on that day, and nothing of the time before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from openpbc.organisations.rules.clocks import DAY, Belief, covers
from openpbc.organisations.rules.told import Held, Named, ToldLink, ToldOrganisation

AnyBelief = TypeVar("AnyBelief", Belief[Named], Belief[Held])


def alive(told: ToldOrganisation, before: Sequence[Belief[Named]], as_at: date) -> list[Belief[Named]]:
    """Give an organisation's names after a row with dates of its own: its first and last day are those of the row.

    The row's name is the one on the day of the file, or on the last day if that lies before it; since when it has been
    called so the row does not say, so what it was called earlier stays, and goes back to its first day.
    """
    named = _stretched(told, _ordered(before), as_at)
    if not named:
        return [Belief(told.said, told.valid_from, told.valid_to, as_at)]
    if told.valid_to is not None and told.valid_to < as_at:
        last_name = named[-1].said
        return joined((*named[:-1], replace(named[-1], said=_more(told, last_name, seen=last_name.seen))))
    turn = max(as_at, told.valid_from)
    kept = [_until(each, turn - DAY) for each in named if each.valid_from < turn]
    now = _more(told, named[-1].said, seen=turn > told.valid_from)
    return joined((*kept, Belief(now, turn, told.valid_to, as_at)))


def _stretched(told: ToldOrganisation, before: Sequence[Belief[Named]], as_at: date) -> list[Belief[Named]]:
    """Give what it was called on each day of its life: the name seen first goes back to its first day."""
    found = []
    for at, each in enumerate(before):
        first = max(each.valid_from, told.valid_from) if at else told.valid_from
        last = _earlier(before[at + 1].valid_from - DAY if at + 1 < len(before) else None, told.valid_to)
        if last is None or first <= last:
            said = replace(each.said, seen=each.said.seen and first > told.valid_from)
            found.append(Belief(said, first, last, as_at))
    return joined(found)


def named_on(told: ToldOrganisation, before: Sequence[Belief[Named]], as_at: date) -> list[Belief[Named]]:
    """Give an organisation's names after a row of one day: it was called so on that day."""
    present = next((each for each in before if covers(each, as_at)), None)
    if present is None:
        new = Belief(replace(told.said, seen=True), as_at, _eve(before, as_at), as_at)
        return joined((*before, new))
    now = Belief(_more(told, present.said, seen=True), as_at, present.valid_to, as_at)
    kept = [_until(present, as_at - DAY)] if present.valid_from < as_at else []
    now = now if kept else replace(now, said=replace(now.said, seen=present.said.seen))
    return joined((*(each for each in before if each is not present), *kept, now))


def tied(told: ToldLink, before: Sequence[Belief[Held]], as_at: date) -> list[Belief[Held]]:
    """Give the holders of a link after a row with dates of its own: this one from its first to its last day.

    It does not say who held it before, so that stays; a spell with the same holder that takes in the first day began
    on that day instead. Nothing that was believed of a later time stays.
    """
    kept = [
        _until(each, told.valid_from - DAY)
        for each in _ordered(before)
        if each.valid_from < told.valid_from
        and not (each.said.holder == told.said.holder and covers(each, told.valid_from))
    ]
    return [*kept, Belief(told.said, told.valid_from, told.valid_to, as_at)]


def tied_on(told: ToldLink, before: Sequence[Belief[Held]], as_at: date) -> list[Belief[Held]]:
    """Give the holders of a link after a row of one day: this one, until the row's last day if it has one."""
    present = next((each for each in before if covers(each, as_at)), None)
    eve = _eve(before, as_at)
    until = _earlier(told.valid_to or (present.valid_to if present else None), eve)
    kept = [each for each in before if each is not present]
    if present is not None and present.said.holder == told.said.holder:
        return _ordered((*kept, replace(present, valid_to=until)))
    if present is not None and present.valid_from < as_at:
        kept.append(_until(present, as_at - DAY))
    return _ordered((*kept, Belief(told.said, as_at, until, as_at)))


def joined(spells: Iterable[Belief[Named]]) -> list[Belief[Named]]:
    """Give spells in order, one for those that follow each other and say the same."""
    found: list[Belief[Named]] = []
    for each in _ordered(spells):
        if found and _goes_on(found[-1], each):
            found[-1] = replace(found[-1], valid_to=each.valid_to)
        else:
            found.append(each)
    return found


def _goes_on(before: Belief[Named], after: Belief[Named]) -> bool:
    follows = before.valid_to is not None and before.valid_to + DAY == after.valid_from
    return follows and replace(before.said, seen=False) == replace(after.said, seen=False)


def _more(told: ToldOrganisation, before: Named, *, seen: bool) -> Named:
    """A file says less of the kind than a source may have said, and not always where it lies."""
    return replace(told.said, kind=before.kind, postcode=told.said.postcode or before.postcode, seen=seen)


def _eve(before: Iterable[Belief[Named]] | Iterable[Belief[Held]], day: date) -> date | None:
    """Give the last day before something is believed of a time after a day."""
    later = min((each.valid_from for each in before if each.valid_from > day), default=None)
    return later - DAY if later else None


def _ordered(spells: Iterable[AnyBelief]) -> list[AnyBelief]:
    return sorted(spells, key=lambda each: each.valid_from)


def _until(spell: AnyBelief, last: date) -> AnyBelief:
    return replace(spell, valid_to=_earlier(spell.valid_to, last))


def _earlier(one: date | None, other: date | None) -> date | None:
    """Give the earlier of two last days (None: no end is known)."""
    return min((each for each in (one, other) if each is not None), default=None)

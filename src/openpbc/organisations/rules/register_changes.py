"""What a file of the register would change in what is believed: seen before it counts, and then written as seen.

What was believed is never overwritten: it stays as known until the day of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from openpbc.organisations.rules.clocks import DAY, Belief, covers, outside, overlaps
from openpbc.organisations.rules.links import LINKS, alone_key
from openpbc.organisations.rules.told import Held, Named, ToldLink, ToldOrganisation, ToldRow

AnyBelief = TypeVar("AnyBelief", Belief[Named], Belief[Held])


class Effect(StrEnum):
    """What a row does to what is believed."""

    NEW = "new"
    CHANGED = "changed"
    CLOSED = "closed"
    SAME = "as it is"
    LATER = "later known"


@dataclass(frozen=True)
class Written:
    """What is to be written: of an organisation (``kind`` empty) or of a link, and which beliefs it ends."""

    code: str
    kind: str
    beliefs: tuple[Belief[Named | Held], ...]
    ended: tuple[int, ...]


@dataclass(frozen=True)
class Change:
    """One row of a file with what it would do, in a sentence, and what it would write."""

    row: ToldRow
    effect: Effect
    sentence: str
    written: tuple[Written, ...] = ()


@dataclass(frozen=True)
class Believed:
    """What is believed now: of organisations by code, and of links by what there may be one of at a time."""

    organisations: Mapping[str, Sequence[Belief[Named]]] = field(default_factory=dict)
    links: Mapping[str, Sequence[Belief[Held]]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Part:
    effect: Effect
    sentence: str
    written: tuple[Written, ...] = ()


_STRONGEST = (Effect.CLOSED, Effect.NEW, Effect.CHANGED)


def changes(rows: Iterable[ToldRow], believed: Believed, as_at: date) -> list[Change]:
    """Say what each row of a file that stood on a day would change."""
    return [_change(row, believed, as_at) for row in rows]


def _change(row: ToldRow, believed: Believed, as_at: date) -> Change:
    parts = [_organisation(each, believed.organisations.get(each.code, ()), as_at) for each in row.organisations]
    parts += [
        _link(each, believed.links.get(alone_key(each.kind, each.member, each.said.holder, each.said.about), ()), as_at)
        for each in row.links
    ]
    if not parts:
        return Change(row, Effect.SAME, "Rows above say the same.")
    done = [part for part in parts if part.effect not in (Effect.SAME, Effect.LATER)]
    later = [part for part in parts if part.effect is Effect.LATER]
    told = " ".join(part.sentence for part in (*done, *later))
    if not done:
        return Change(row, Effect.LATER, told) if later else Change(row, Effect.SAME, "Known already.")
    effect = min((part.effect for part in done), key=_STRONGEST.index)
    return Change(row, effect, told, tuple(each for part in done for each in part.written))


def _organisation(told: ToldOrganisation, believed: Sequence[Belief[Named]], as_at: date) -> _Part:
    name = f"{told.said.name} ({told.code})"
    present, until = _present(told, believed, as_at)
    if present is None:
        since = "from" if told.dated else "seen on"
        ends = f", closed on {_day(told.valid_to)}" if told.valid_to else ""
        sentence = f"{name}: {since} {_day(told.valid_from)}{ends}."
        return _written(told.code, "", replace(told, valid_to=until), believed, as_at, _Part(Effect.NEW, sentence))
    # A file says less of the kind than a source may have said, and not always where it lies.
    said = replace(told.said, kind=present.said.kind, postcode=told.said.postcode or present.said.postcode)
    closed = until is not None and present.valid_to is None
    effect = Effect.CLOSED if closed else Effect.CHANGED
    first = present.valid_from
    if said == present.said:
        if present.valid_to == until:
            return _Part(Effect.SAME, "")
        sentence = f"{name}: closed on {_day(until)}." if until else f"{name}: open again."
    else:
        first = first if until is not None and until < as_at else max(as_at, first)
        ends = f" Closed on {_day(until)}." if closed else ""
        sentence = f"{present.said.name} ({told.code}) is now {_called(present.said, said)}.{ends}"
    new = replace(told, said=said, valid_from=_before(until, first, told), valid_to=until)
    return _written(told.code, "", new, believed, as_at, _Part(effect, sentence))


def _present(
    told: ToldOrganisation | ToldLink, believed: Sequence[AnyBelief], as_at: date
) -> tuple[AnyBelief | None, date | None]:
    """Give the belief that a row is about, and the last day of what it says.

    A dated row tells the whole life, so it is about the last belief. A row of one day is about what is believed of that
    day, and says nothing of a later time of which something is believed already.
    """
    if told.dated:
        return max(believed, key=lambda each: each.valid_from, default=None), told.valid_to
    present = next((each for each in believed if covers(each, as_at)), None)
    later = min((each.valid_from for each in believed if each.valid_from > as_at), default=None)
    return present, present.valid_to if present else later - DAY if later else None


def _before(until: date | None, first: date, told: ToldOrganisation | ToldLink) -> date:
    """Give a first day that does not lie after the last: where it would, the row's own."""
    return told.valid_from if until is not None and until < first else first


def _called(before: Named, after: Named) -> str:
    return f"called {after.name}" if before.name != after.name else f"at {after.postcode}"


def _link(told: ToldLink, believed: Sequence[Belief[Held]], as_at: date) -> _Part:
    words = f"{told.member} {LINKS[told.kind].forward} {told.said.holder}"
    present, until = _present(told, believed, as_at)
    if present is None:
        since = "seen on" if told.said.seen else "from"
        ends = f" to {_day(told.valid_to)}" if told.valid_to else ""
        sentence = f"{words}, {since} {_day(told.valid_from)}{ends}."
        new = replace(told, valid_to=until)
        return _written(told.member, told.kind, new, believed, as_at, _Part(Effect.NEW, sentence))
    if present.said.holder != told.said.holder:
        sentence = f"{words} from {_day(told.valid_from)}; it was {present.said.holder}."
        new = replace(told, valid_to=until)
        return _written(told.member, told.kind, new, believed, as_at, _Part(Effect.CHANGED, sentence))
    earlier = told.dated and told.valid_from < present.valid_from and present.said.seen
    if until == present.valid_to and not earlier:
        return _Part(Effect.SAME, "")
    first = _before(until, present.valid_from, told)
    new = told if earlier else replace(told, said=present.said, valid_from=first)
    effect = Effect.CLOSED if until and present.valid_to is None else Effect.CHANGED
    sentence = f"{words}, from {_day(new.valid_from)}{f' to {_day(until)}' if until else ''}."
    return _written(told.member, told.kind, replace(new, valid_to=until), believed, as_at, _Part(effect, sentence))


def _written(
    code: str,
    kind: str,
    new: ToldOrganisation | ToldLink,
    believed: Sequence[Belief[Named]] | Sequence[Belief[Held]],
    as_at: date,
    part: _Part,
) -> _Part:
    """Say something of a time: what was believed of it ends, and what lies outside it stays.

    What a dated row says is the end of the story, so nothing that was believed of a later time stays.
    """
    last = None if new.dated else new.valid_to
    ended = [each for each in believed if overlaps(each, new.valid_from, last)]
    if any(each.known_from >= as_at for each in ended):
        return _Part(Effect.LATER, f"Something of {_day(as_at)} or later is already known of {code}.")
    rest = [Belief(spell.said, first, end, as_at) for spell, first, end in outside(ended, new.valid_from, last)]
    beliefs: tuple[Belief[Named | Held], ...] = (Belief(new.said, new.valid_from, new.valid_to, as_at), *rest)
    return replace(part, written=(Written(code, kind, beliefs, tuple(each.key for each in ended)),))


def _day(day: date | None) -> str:
    return f"{day:%-d %B %Y}" if day else ""

"""What a file of the register would change in what is believed: seen before it counts, and then written as seen.

What was believed is never overwritten: it stays as known until the day of the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import TypeVar

from openpbc.kernel.periods import day_text
from openpbc.organisations.rules import spells
from openpbc.organisations.rules.clocks import Belief, covers
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


_SAME = _Part(Effect.SAME, "")
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
        told = " ".join(filter(None, (told or "Known already.", row.note)))
        return Change(row, Effect.LATER if later else Effect.SAME, told)
    told = f"{told} {row.note}".rstrip()
    effect = min((part.effect for part in done), key=_STRONGEST.index)
    return Change(row, effect, told, tuple(each for part in done for each in part.written))


def _organisation(told: ToldOrganisation, believed: Sequence[Belief[Named]], as_at: date) -> _Part:
    before = spells.joined(believed)
    after = spells.alive(told, before, as_at) if told.dated else spells.named_on(told, before, as_at)
    part = _named_part(told, before, after, as_at)
    return _SAME if _alike(before, after) else _written(told.code, "", believed, after, as_at, part)


def _named_part(
    told: ToldOrganisation, before: Sequence[Belief[Named]], after: Sequence[Belief[Named]], as_at: date
) -> _Part:
    """Say in words what became of an organisation's names and of its first and last day."""
    name = f"{told.said.name} ({told.code})"
    was = _about(told, before, as_at)
    if was is None:
        since = "from" if told.dated else "seen on"
        ends = f", closed on {_day(told.valid_to)}" if told.valid_to else ""
        return _Part(Effect.NEW, f"{name}: {since} {_day(told.valid_from)}{ends}.")
    now = after[-1] if told.dated else next(each for each in after if covers(each, as_at))
    renamed = replace(now.said, seen=was.said.seen) != was.said
    words = _life_words(before, after) if told.dated else []
    words = words if words or renamed else ["there without a break"]
    lead = f"{was.said.name} ({told.code}) is now {_called(was.said, now.said)}" if renamed else name
    closed = told.dated and told.valid_to is not None and was.valid_to is None
    sentence = f"{lead}: {', '.join(words)}." if words else f"{lead}."
    return _Part(Effect.CLOSED if closed else Effect.CHANGED, sentence)


def _life_words(before: Sequence[Belief[Named]], after: Sequence[Belief[Named]]) -> list[str]:
    words = []
    if (before[0].valid_from, before[0].said.seen) != (after[0].valid_from, after[0].said.seen):
        words.append(f"open from {_day(after[0].valid_from)}")
    if before[-1].valid_to != after[-1].valid_to:
        words.append(f"closed on {_day(after[-1].valid_to)}" if after[-1].valid_to else "open again")
    return words


def _about(told: ToldOrganisation | ToldLink, before: Sequence[AnyBelief], as_at: date) -> AnyBelief | None:
    """Give the belief that a row is about: a dated row tells the whole story, so it is about the last one."""
    if told.dated:
        return max(before, key=lambda each: each.valid_from, default=None)
    return next((each for each in before if covers(each, as_at)), None)


def _called(before: Named, after: Named) -> str:
    return f"called {after.name}" if before.name != after.name else f"at {after.postcode}"


def _link(told: ToldLink, believed: Sequence[Belief[Held]], as_at: date) -> _Part:
    after = spells.tied(told, believed, as_at) if told.dated else spells.tied_on(told, believed, as_at)
    words = f"{told.member} {LINKS[told.kind].forward} {told.said.holder}"
    was = _about(told, believed, as_at)
    now = after[-1] if told.dated else next(each for each in after if covers(each, as_at))
    until = f" to {_day(now.valid_to)}" if now.valid_to else ""
    if was is None:
        ends = f" to {_day(told.valid_to)}" if told.valid_to else ""
        since = "seen on" if told.said.seen else "from"
        part = _Part(Effect.NEW, f"{words}, {since} {_day(told.valid_from)}{ends}.")
    elif was.said.holder != told.said.holder:
        part = _Part(Effect.CHANGED, f"{words} from {_day(told.valid_from)}; it was {was.said.holder}.")
    else:
        effect = Effect.CLOSED if now.valid_to and was.valid_to is None else Effect.CHANGED
        part = _Part(effect, f"{words}, from {_day(now.valid_from)}{until}.")
    return _written(told.member, told.kind, believed, after, as_at, part)


def _written(
    code: str, kind: str, believed: Sequence[AnyBelief], after: Sequence[AnyBelief], as_at: date, part: _Part
) -> _Part:
    """End what is believed no longer and begin what is new; what goes on as it was is not written again."""
    was, now = [_plain(each) for each in believed], [_plain(each) for each in after]
    ended = [each for each in believed if _plain(each) not in now]
    begun = [each for each in after if _plain(each) not in was]
    if not ended and not begun:
        return _SAME
    if any(each.known_from >= as_at for each in ended):
        return _Part(Effect.LATER, f"Something of {_day(as_at)} or later is already known of {code}.")
    beliefs = tuple(Belief[Named | Held](each.said, each.valid_from, each.valid_to, as_at) for each in begun)
    return replace(part, written=(Written(code, kind, beliefs, tuple(each.key for each in ended)),))


def _alike(before: Sequence[AnyBelief], after: Sequence[AnyBelief]) -> bool:
    return [_plain(each) for each in before] == [_plain(each) for each in after]


def _plain(belief: AnyBelief) -> tuple[Named | Held, date, date | None]:
    return belief.said, belief.valid_from, belief.valid_to


def _day(day: date | None) -> str:
    return day_text(day) if day else ""

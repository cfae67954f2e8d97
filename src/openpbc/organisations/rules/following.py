"""Follows an organisation, and so the population behind it, through the years: forward, back, and up.

A step is a link that a source gives; where none does, the gap is said and nothing is invented. A step never leads back
to what was walked already, so that a circle in the sources ends the walk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from openpbc.organisations.rules.clocks import DAY, Spell, covers
from openpbc.organisations.rules.links import SUCCEEDED, UPWARD


@dataclass(frozen=True)
class Tie:
    """A link as it is believed: ``seen`` says that its first day is only the first one seen.

    ``because`` says why it has a last day that no source gives: one of its sides had ended by then.
    """

    kind: str
    member: str
    holder: str
    valid_from: date = date.min
    valid_to: date | None = None
    about: str = ""
    seen: bool = False
    source: str = ""
    because: str = ""


@dataclass(frozen=True)
class Step:
    """One step of the way: from one organisation to another, and by what."""

    before: str
    after: str
    tie: Tie

    @property
    def on(self) -> date | None:
        """The day of the step; none where it is not known."""
        return None if self.tie.valid_from == date.min else self.tie.valid_from


@dataclass(frozen=True)
class Gap:
    """Where no source goes on: what became of an organisation after a day is not known."""

    code: str
    after: date | None


@dataclass(frozen=True)
class Way:
    """The steps from an organisation to those where its population is on a day, and where the sources break off."""

    steps: tuple[Step, ...]
    ends: tuple[str, ...]
    gaps: tuple[Gap, ...]


def forward(start: str, ties: Iterable[Tie], lives: Mapping[str, date | None], on: date) -> Way:
    """Follow who came after whom, and who lies within whom, up to a day.

    ``lives`` gives the last day of what is known to have ended (None: no end is known). What ended without a successor
    is a gap, and the way goes on with what it last lay within: its people did not go with its name.
    """
    found = _Walk(_by_member(ties), lives, on)
    found.walk(start)
    return Way(tuple(found.steps), tuple(found.ends), tuple(found.gaps))


@dataclass(frozen=True)
class Ending:
    """The last day of an organisation, and how it is known: it ended, or another came after it."""

    day: date
    because: str


def endings(ties: Iterable[Tie], lives: Mapping[str, Iterable[Spell]]) -> dict[str, Ending]:
    """Give the last day of each organisation of which one is known.

    Where no source gives an end, it is the eve of the day on which the last of those came who came after it, unless
    something is believed of it that begins later: then only a part of it went.
    """
    spells = {code: list(found) for code, found in lives.items()}
    found: dict[str, Ending] = {}
    after = (tie for tie in ties if tie.kind == SUCCEEDED and tie.valid_from > date.min)
    for tie in sorted(after, key=lambda tie: (tie.valid_from, tie.holder)):
        if not any(spell.valid_from >= tie.valid_from for spell in spells.get(tie.member, ())):
            found[tie.member] = Ending(tie.valid_from - DAY, f"{tie.member} was succeeded by {tie.holder}")
    for code, own in spells.items():
        lasts = [spell.valid_to for spell in own if spell.valid_to is not None]
        if lasts and len(lasts) == len(own):
            found[code] = Ending(max(lasts), f"{code} ended")
    return found


def within_lives(ties: Iterable[Tie], ended: Mapping[str, Ending]) -> list[Tie]:
    """Let each tie end no later than either of its sides; one that a source has begin later is left as it is told."""
    return [tie if tie.kind == SUCCEEDED else _ended(tie, ended) for tie in ties]


def _ended(tie: Tie, ended: Mapping[str, Ending]) -> Tie:
    sides = [ended[code] for code in (tie.member, tie.holder) if code in ended]
    first = min(sides, key=lambda each: each.day, default=None)
    if first is None or first.day < tie.valid_from or (tie.valid_to is not None and tie.valid_to <= first.day):
        return tie
    return replace(tie, valid_to=first.day, because=first.because)


def _by_member(ties: Iterable[Tie]) -> dict[str, list[Tie]]:
    found: dict[str, list[Tie]] = {}
    for tie in ties:
        found.setdefault(tie.member, []).append(tie)
    return found


class _Walk:
    def __init__(self, ties: Mapping[str, list[Tie]], lives: Mapping[str, date | None], on: date) -> None:
        self.ties, self.lives, self.on = ties, lives, on
        self.steps: list[Step] = []
        self.ends: list[str] = []
        self.gaps: list[Gap] = []
        self.walked: set[str] = set()

    def walk(self, start: str) -> None:
        """Take the steps one by one, the first found first walked; no step is taken twice."""
        waiting = [start]
        while waiting:
            code = waiting.pop(0)
            if code in self.walked:
                continue
            self.walked.add(code)
            after = list(self._after(code))
            self.steps += after
            waiting += [step.after for step in after]
            if not after:
                self.ends.append(code)

    def _after(self, code: str) -> Iterator[Step]:
        later = [tie for tie in self._of(code, (SUCCEEDED,)) if tie.valid_from <= self.on]
        if later:
            yield from (Step(code, tie.holder, tie) for tie in later)
            return
        ended = self.lives.get(code)
        if ended is not None and ended < self.on:
            self.gaps.append(Gap(code, ended))
        for tie in self._above(code, self.on if ended is None else min(ended, self.on)):
            yield Step(code, tie.holder, tie)

    def _above(self, code: str, day: date) -> list[Tie]:
        """What it lies within on a day: the first kind upward that any source gives."""
        for kind in UPWARD:
            found = [tie for tie in self._of(code, (kind,)) if covers(tie, day)]
            if found:
                return found
        return []

    def _of(self, code: str, kinds: Iterable[str]) -> list[Tie]:
        wanted = set(kinds)
        return sorted(
            (tie for tie in self.ties.get(code, ()) if tie.kind in wanted),
            key=lambda tie: (tie.valid_from, tie.holder),
        )


def back(start: str, ties: Iterable[Tie]) -> tuple[Step, ...]:
    """Follow back who came before whom, nearest first."""
    after = [tie for tie in ties if tie.kind == SUCCEEDED]
    steps: list[Step] = []
    waiting, walked = [start], set[str]()
    while waiting:
        code = waiting.pop(0)
        if code in walked:
            continue
        walked.add(code)
        before = sorted((tie for tie in after if tie.holder == code), key=lambda tie: (tie.valid_from, tie.member))
        steps += [Step(code, tie.member, tie) for tie in before]
        waiting += [tie.member for tie in before]
    return tuple(steps)


@dataclass(frozen=True)
class Moved:
    """How many members of an organisation on one day are with each organisation on another ("" is not known)."""

    holder: str
    members: tuple[str, ...]


def whereabouts(code: str, ties: Iterable[Tie], kind: str, on: date) -> tuple[Moved, ...]:
    """Say with whom those are on a day who were ever with an organisation by one kind of link."""
    listed = [tie for tie in ties if tie.kind == kind]
    members = {tie.member for tie in listed if tie.holder == code}
    own = _by_member(tie for tie in listed if tie.member in members)
    now: dict[str, list[str]] = {}
    for member in sorted(members):
        holders = [tie.holder for tie in own[member] if covers(tie, on)]
        for holder in holders or [""]:
            now.setdefault(holder, []).append(member)
    ordered = sorted(now.items(), key=lambda pair: (pair[0] == "", -len(pair[1]), pair[0]))
    return tuple(Moved(holder, tuple(names)) for holder, names in ordered)

"""Which practice stands for another on a day: closed practices follow their patients, through any chain of mergers."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from openpbc.kernel.problems import UserError


@dataclass(frozen=True, order=True)
class Succession:
    """That from a day on (that day included) the successor stands for the predecessor, which has ended."""

    predecessor: str
    successor: str
    on: date


@dataclass(frozen=True)
class Successions:
    """All successions of a place as known on one day, none of them contradicting another."""

    listed: tuple[Succession, ...] = ()

    def heir(self, practice: str, on: date | None) -> str:
        """Give the practice that stands for another on a day (None: at the end of all that is known)."""
        next_of = {each.predecessor: each for each in self.listed if on is None or each.on <= on}
        while practice in next_of:
            practice = next_of[practice].successor
        return practice

    def heirs(self, practices: Iterable[str], on: date | None) -> dict[str, str]:
        """Give the heir of each practice."""
        return {practice: self.heir(practice, on) for practice in practices}


def successions(listed: Iterable[Succession]) -> Successions:
    """Hold successions together; one practice cannot go two ways, nor become itself again."""
    ordered = tuple(sorted(listed))
    twice = [b for a, b in zip(ordered, ordered[1:], strict=False) if a.predecessor == b.predecessor]
    if twice:
        raise UserError(f"practice {twice[0].predecessor} has two successors", do="Keep the one that is right.")
    next_of = {each.predecessor: each.successor for each in ordered}
    for start in next_of:
        seen, practice = {start}, next_of[start]
        while practice in next_of and practice not in seen:
            seen.add(practice)
            practice = next_of[practice]
        if practice in seen:
            raise UserError(f"practice {start} becomes itself again", do="Mend the successions.")
    return Successions(ordered)

"""Which of the files of one provider, month and data set counts: first, revised, late, twice and out of order.

The latest to arrive counts, whenever it was recorded; a file of changes counts beside the whole file before it, until a
whole file comes after it. What arrives after the freeze is kept and waits: it counts once
somebody who may has accepted it, and never when it was refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

COUNTS, WAITING, REFUSED = "counts", "waiting", "refused"


@dataclass(frozen=True)
class Version:
    """One received file of a provider, month and data set; ``number`` is its order of recording.

    ``counts_from`` is the moment from which it counts: its arrival, or the decision that accepted a late file.
    A file of ``changes`` names single records to replace or delete; every other file is the whole month.
    """

    sha256: str
    number: int
    arrived: datetime
    standing: str
    superseded_by: str = ""
    counts_from: datetime | None = None
    changes: bool = False

    @property
    def since(self) -> datetime:
        """The moment from which it counts, if it does."""
        return self.counts_from or self.arrived

    @property
    def order(self) -> tuple[datetime, int]:
        """Where it stands among the versions: by arrival, those of one moment as they were recorded."""
        return self.arrived, self.number


@dataclass(frozen=True)
class Change:
    """What a new or accepted file changes: its standing, whom it supersedes (in order), and who supersedes it."""

    standing: str
    supersedes: tuple[str, ...] = ()
    superseded_by: str = ""

    @property
    def late(self) -> bool:
        """Whether the file came after the freeze."""
        return self.standing != COUNTS


def received(
    arrived: datetime,
    number: int,
    held: Sequence[Version],
    freeze: datetime | None,
    frozen: bool,
    changes: bool = False,
) -> Change:
    """Say what becomes of a file that arrives.

    It is late when it comes after the freeze and there is something that was frozen: the month was closed at the
    freeze, or another file of the same kind was in by then.
    """
    in_time = any(each.arrived < freeze for each in held if each.standing == COUNTS) if freeze else False
    if freeze is not None and arrived >= freeze and (frozen or in_time):
        return Change(WAITING)
    return _counted((arrived, number), held, changes)


def accepted(sha256: str, held: Sequence[Version]) -> Change:
    """Say what becomes of a waiting file that is accepted."""
    own = next(each for each in held if each.sha256 == sha256)
    return _counted(own.order, [each for each in held if each.sha256 != sha256], own.changes)


def _counted(order: tuple[datetime, int], held: Sequence[Version], changes: bool) -> Change:
    counting = sorted((each for each in held if each.standing == COUNTS), key=lambda each: each.order)
    later = next((each for each in counting if each.order > order and not each.changes), None)
    if later is not None:
        return Change(COUNTS, superseded_by=later.sha256)
    if changes:
        return Change(COUNTS)
    earlier = tuple(each.sha256 for each in counting if each.order < order and not each.superseded_by)
    return Change(COUNTS, supersedes=earlier)


def standing(held: Sequence[Version], at: datetime | None = None) -> tuple[Version, ...]:
    """Give the versions whose records stand: the last whole one to arrive and the changes since (at a moment)."""
    counting = [each for each in held if each.standing == COUNTS and (at is None or each.since <= at)]
    counting.sort(key=lambda each: each.order)
    whole = max((at for at, each in enumerate(counting) if not each.changes), default=0)
    return tuple(counting[whole:])


def applied(held: Sequence[Version], new: Version, change: Change) -> tuple[Version, ...]:
    """Give the versions after a change; ``new`` is the file that it is about."""
    own = replace(new, standing=change.standing, superseded_by=change.superseded_by)
    others = (
        replace(each, superseded_by=new.sha256) if each.sha256 in change.supersedes else each
        for each in held
        if each.sha256 != new.sha256
    )
    return (*others, own)

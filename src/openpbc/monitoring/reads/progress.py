"""How far every month of the year has come: what is due, what came, what waits, and the state of each data set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from openpbc.activity import reads as activity
from openpbc.activity.reads import MonthLog, Progress, Slot, State, state_of
from openpbc.kernel.periods import Month
from openpbc.monitoring.reads.months import CLOSED_STATE, Closing, MonthState, history, months
from openpbc.organisations.reads.installation import store
from openpbc.rulebook.reader import Book
from openpbc.warehouse import runs


@dataclass(frozen=True)
class MonthProgress:
    """A month with its log, its closes, and the state of each of its data sets in the order of the log.

    ``untaken`` are the files that count now and are not in the published figures, which only a reopening changes.
    """

    state: MonthState
    log: MonthLog
    states: tuple[State, ...]
    overdue: tuple[Slot, ...]
    flex_over: bool
    freeze_over: bool
    closed_at: frozenset[str]
    untaken: frozenset[str] = frozenset()

    @property
    def month(self) -> Month:
        """The month."""
        return self.state.month

    @property
    def stage(self) -> State:
        """The state of the month: that of the data set that has come least far; open where nothing is expected."""
        order = list(State)
        return min(self.states, key=order.index, default=State.OPEN)

    @property
    def to_close(self) -> str:
        """The point at which the month can be closed now and was not yet: flex, freeze or none."""
        if not self.log.came and not any(slot.current for slot in self.log.slots):
            return ""
        if self.freeze_over and "freeze" not in self.closed_at:
            return "freeze"
        return "flex" if self.flex_over and not self.closed_at & {"flex", "freeze"} else ""


def progress(book: Book, now: datetime) -> tuple[MonthProgress, ...]:
    """Give every month of the place's year as it stands at a moment."""
    return tuple(_progress(book, state, now) for state in months(book.place.id))


def month_progress(book: Book, month: Month, now: datetime) -> MonthProgress | None:
    """Give one month of the place's year, none for a month of another."""
    state = next((each for each in months(book.place.id) if each.month == month), None)
    return _progress(book, state, now) if state else None


def _progress(book: Book, state: MonthState, now: datetime) -> MonthProgress:
    log, local = activity.month_log(book, state.month), timezone.localtime(now)
    closes: list[Closing] = [each for each in history(book.place.id, state.month) if each.state == CLOSED_STATE]
    points = frozenset(each.point for each in closes)
    flex, freeze = (over(log.clock, local) for over in (log.dates.flex_is_over, log.dates.freeze_is_over))
    untaken = _untaken(book, state)

    def unsettled(slot: Slot) -> bool:
        return bool(slot.waiting) or any(each.submission.sha256 in untaken for each in slot.files)

    states = tuple(
        state_of(Progress(flex, freeze, "flex" in points, "freeze" in points, unsettled(slot))) for slot in log.slots
    )
    return MonthProgress(state, log, states, log.overdue(now), flex, freeze, points, untaken)


def _untaken(book: Book, state: MonthState) -> frozenset[str]:
    """Give the files that count now and that the run of a closed month did not take in; flex is followed by freeze."""
    if state.state != CLOSED_STATE or state.point == "flex":
        return frozenset()
    inputs = runs.read(store(), state.run_id).manifest["inputs"]
    taken = {each["sha256"] for each in inputs if not each["superseded"]}
    listed = activity.files_of(book.place.id, state.month, None)
    return frozenset(each.sha256 for each in listed if not each.superseded) - taken

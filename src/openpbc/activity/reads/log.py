"""The submission log of a month: what was due from whom, what came when, what it was worth, and what waits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from openpbc.activity.reads.calendar import clock, dates, expected
from openpbc.activity.reads.late import LateDecision, late_decisions
from openpbc.activity.reads.quality import NHS_NUMBER, FileMeasured, measured
from openpbc.activity.reads.submissions import Submission, submissions
from openpbc.activity.rules import timeliness
from openpbc.activity.rules.calendar import Clock, Dates
from openpbc.activity.rules.quality import Quality
from openpbc.activity.rules.timeliness import Judged, Share, Standard, Tier
from openpbc.activity.rules.versions import WAITING
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value

STREAMS = ("apc", "op", "ae")
HRG = {"apc": "hrg_spell", "op": "hrg", "ae": "hrg"}
SUBJECTS = {
    name: f"submissions.{name}"
    for name in (
        "larger_by_working_day", "smaller_by_working_day", "nhs_number_standard", "hrg_standard", "complete_share",
        "complete_months", "incentive_scope", "incentive_larger", "incentive_smaller",
    )
}  # fmt: skip

AMOUNTS = ("incentive_larger", "incentive_smaller")


@dataclass(frozen=True)
class Logged:
    """One file of the log: its working day, whether it came first, after the freeze, or out of its order."""

    submission: Submission
    working_day: int
    kind: str
    complete: bool
    decision: LateDecision | None


@dataclass(frozen=True)
class Slot:
    """What one provider sends of one data set for a month: the files in their order of arrival."""

    provider: str
    month: Month
    stream: str
    expected: bool
    files: tuple[Logged, ...]

    @property
    def first(self) -> Logged | None:
        """The first complete submission, which is the one that is judged."""
        return next((each for each in self.files if each.complete), None)

    @property
    def current(self) -> Logged | None:
        """The file whose records count."""
        return next((each for each in self.files if each.submission.current), None)

    @property
    def waiting(self) -> int:
        """How many files wait for a decision."""
        return sum(each.submission.standing == WAITING for each in self.files)


@dataclass(frozen=True)
class Result:
    """A slot as judged: the first complete submission, the class that is paid for, and the amount; none if not set."""

    slot: Slot
    file: FileMeasured | None
    judged: Judged | None
    paid: Tier
    amount: int | None


@dataclass(frozen=True)
class MonthLog:
    """The log of a month with its dates."""

    month: Month
    dates: Dates
    clock: Clock
    slots: tuple[Slot, ...]

    @property
    def due(self) -> int:
        """How many data sets were expected."""
        return sum(slot.expected for slot in self.slots)

    @property
    def came(self) -> int:
        """How many of them came."""
        return sum(slot.expected and slot.current is not None for slot in self.slots)

    @property
    def waiting(self) -> int:
        """How many files wait for a decision."""
        return sum(slot.waiting for slot in self.slots)

    def overdue(self, now: datetime) -> tuple[Slot, ...]:
        """Give what was expected and has not come though flex is over."""
        if not self.dates.flex_is_over(self.clock, timezone.localtime(now)):
            return ()
        return tuple(slot for slot in self.slots if slot.expected and slot.current is None)


def standard(book: Book) -> Standard | NotSet:
    """Give what first submissions are held to, or the first of its values that is not set."""
    held = {name: book.value(subject) for name, subject in SUBJECTS.items()}
    for name, value in held.items():
        if isinstance(value, NotSet) and name not in AMOUNTS:
            return value
    known = {name: value for name, value in held.items() if isinstance(value, Value)}
    if known["incentive_scope"].text not in (timeliness.PER_STREAM, timeliness.ALL):
        raise UserError(f"'{known['incentive_scope'].text}' is no scope", known["incentive_scope"].path)
    larger, smaller = (known[name].pence if name in known else None for name in AMOUNTS)
    return Standard(
        large_by=known["larger_by_working_day"].int,
        small_by=known["smaller_by_working_day"].int,
        nhs_number_ppm=known["nhs_number_standard"].ppm,
        hrg_ppm=known["hrg_standard"].ppm,
        complete_ppm=known["complete_share"].ppm,
        large=larger,
        small=smaller,
        scope=known["incentive_scope"].text,
    )


def month_log(book: Book, month: Month, provider: str = "") -> MonthLog:
    """Give the log of a month, of one provider if said: what is expected, and whatever came besides."""
    place, due, found = book.place.id, expected(book), clock(book)
    every = [each for each in submissions(place) if each.month]
    kinds: dict[tuple[str, str], list[Submission]] = {
        (code, stream): [] for code, streams in due.items() for stream in streams
    }
    for each in every:
        if each.month == str(month):
            kinds.setdefault((each.provider, each.stream), []).append(each)
    decided = late_decisions(place)
    slots = [
        _slot(book, month, kind, files, every, decided, found, kind[1] in due.get(kind[0], ()))
        for kind, files in kinds.items()
        if provider in ("", kind[0])
    ]
    slots.sort(key=lambda slot: (slot.provider, STREAMS.index(slot.stream)))
    return MonthLog(month, dates(book, month), found, tuple(slots))


def _slot(
    book: Book,
    month: Month,
    kind: tuple[str, str],
    files: Sequence[Submission],
    every: Sequence[Submission],
    decided: dict[str, LateDecision],
    found: Clock,
    due: bool,
) -> Slot:
    held = standard(book)
    ordered = sorted(files, key=lambda each: (each.arrived_at, each.received_at))
    logged = tuple(
        Logged(
            each,
            found.working_day_of(month, timezone.localtime(each.arrived_at)),
            _kind(at, each, ordered),
            isinstance(held, Standard) and timeliness.complete(each.lines, _before(book, month, each, every), held),
            decided.get(each.sha256),
        )
        for at, each in enumerate(ordered)
    )
    return Slot(kind[0], month, kind[1], due, logged)


def _kind(at: int, file: Submission, ordered: Sequence[Submission]) -> str:
    if file.late:
        return "after the freeze"
    if at == 0:
        return "first"
    return "revised"


def _before(book: Book, month: Month, file: Submission, every: Sequence[Submission]) -> list[int]:
    """Give the numbers of records of the months before it, each as it stood when the file arrived."""
    held, before, found = book.need(SUBJECTS["complete_months"]), month, []
    for _ in range(held.int):
        before = before.previous()
        known = [
            each
            for each in every
            if (each.provider, each.stream, each.month) == (file.provider, file.stream, str(before))
            and each.arrived_at <= file.arrived_at
            and not each.late
        ]
        if known:
            found.append(max(known, key=lambda each: each.arrived_at).lines)
    return found


def results(book: Book, log: MonthLog) -> tuple[Result, ...]:
    """Judge the first complete submission of every slot, provider by provider."""
    held = standard(book)
    if isinstance(held, NotSet):
        raise held.problem
    found: list[Result] = []
    for provider in dict.fromkeys(slot.provider for slot in log.slots):
        slots = [slot for slot in log.slots if slot.provider == provider]
        files = [measured(book.place.id, slot.first.submission) if slot.first else None for slot in slots]
        judged = [_judge(slot, file, held) for slot, file in zip(slots, files, strict=True)]
        paid = timeliness.paid([each.tier if each else None for each in judged], held.scope)
        found += [
            Result(slot, file, own, tier, timeliness.amount(tier, held))
            for slot, file, own, tier in zip(slots, files, judged, paid, strict=True)
        ]
    return tuple(found)


def _judge(slot: Slot, file: FileMeasured | None, held: Standard) -> Judged | None:
    if slot.first is None or file is None:
        return None
    nhs, hrg = (_share(file.fields.get(name)) for name in (NHS_NUMBER, HRG[slot.stream]))
    return timeliness.judged(slot.first.working_day, nhs or Share(0, 0), hrg, held)


def _share(counted: Quality | None) -> Share | None:
    return Share(counted.valid, counted.whole) if counted is not None and counted.whole else None

"""Milestones of the review of acute services: when each is due, how often it moved, and which cases hang on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from openpbc.kernel.dated import Dated
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import arrangements, bodies
from openpbc.redesign import models
from openpbc.redesign.reads.cases import Case, is_open
from openpbc.redesign.reads.clocks import stays
from openpbc.redesign.rules.clocks import reached
from openpbc.redesign.rules.milestones import Lateness, lateness
from openpbc.redesign.rules.transitions import LIVE, REJECTED, WITHDRAWN
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table

REVIEW = "redesign.acute_review"
OWN = "OWN"
EVERY_AREA = "Every area"


@dataclass(frozen=True)
class Said:
    """What was said of a milestone at one time; number 0 is what the rulebook says, which nobody here wrote."""

    number: int
    name: str
    area: str
    due: Dated | None
    source: str
    dropped: bool
    reason: str
    synthetic: bool
    by: str
    at: datetime | None

    @property
    def planned(self) -> str:
        """The day or month for which it is planned, in words."""
        return self.due.name if self.due else "without a date"


@dataclass(frozen=True)
class Milestone:
    """A milestone with everything that was ever said of it, the latest last; that counts."""

    code: str
    said: tuple[Said, ...]

    @property
    def now(self) -> Said:
        """What counts."""
        return self.said[-1]

    @property
    def moves(self) -> tuple[tuple[Dated | None, Dated | None], ...]:
        """Every change of its date, from and to."""
        pairs = zip(self.said, self.said[1:], strict=False)
        return tuple((before.due, after.due) for before, after in pairs if before.due != after.due)


@dataclass(frozen=True)
class Hanging:
    """A case that hangs on a milestone, and how it stands against it."""

    milestone: Milestone
    case: Case
    lateness: Lateness


@dataclass(frozen=True)
class Setter:
    """An area of a place with the body that sets its priorities and the trust with which it does; empty: not set."""

    area: str
    body: str
    trust: str


def milestones(book: Book) -> tuple[Milestone, ...]:
    """Every milestone of a place, the earliest first and those without a date last."""
    said: dict[str, list[Said]] = defaultdict(list)
    found = book.table(REVIEW)
    if isinstance(found, Table):
        for row in found:
            said[row["code"]].append(_printed(row, f"{found.citation.document}, line {row['lines']}"))
    for kept in models.Milestone.objects.filter(place=book.place.id).order_by("code", "number"):
        said[kept.code].append(_kept(kept))
    listed = (Milestone(code, tuple(each)) for code, each in said.items())
    return tuple(sorted(listed, key=lambda each: (each.now.due is None, each.now.due or Dated(date.max), each.code)))


def _printed(row: Mapping[str, str], source: str) -> Said:
    due = Dated.parse(row["due"]) if row["due"] else None
    return Said(0, row["name"], row["area"], due, source, False, "", False, "", None)


def _kept(row: models.Milestone) -> Said:
    due = Dated.kept(row.due, row.to_month) if row.due else None
    return Said(
        row.number, row.name, row.area, due, row.source, row.dropped, row.reason, row.synthetic, row.by, row.at
    )  # fmt: skip


def milestone(book: Book, code: str) -> Milestone:
    """One milestone; an unknown code is a person's mistake."""
    for each in milestones(book):
        if each.code == code:
            return each
    raise UserError(f"there is no milestone '{code[:30]}'", where=book.place.id, do="Open it from the list.")


def links(place: str) -> dict[int, str]:
    """The code of the milestone on which each case hangs, by the case's id; a case that hangs on none is not there."""
    rows = models.CaseMilestone.objects.filter(case__place=place).order_by("case_id", "number")
    last = dict(rows.values_list("case_id", "code"))  # the last one counts
    return {case: code for case, code in last.items() if code}


def hanging(book: Book, among: Iterable[Case], known: Iterable[Milestone] | None = None) -> tuple[Hanging, ...]:
    """Cases among those given that hang on a milestone, in the order of the milestones."""
    own, on = links(book.place.id), organisations.today()
    by_code: dict[str, list[Case]] = defaultdict(list)
    for case in among:
        if case.id in own:
            by_code[own[case.id]].append(case)
    listed = milestones(book) if known is None else known
    return tuple(Hanging(each, case, held_against(each, case, on)) for each in listed for case in by_code[each.code])


def hangs(book: Book, case: Case) -> Hanging | None:
    """How one case hangs on a milestone; none where it does not."""
    return next(iter(hanging(book, (case,))), None)


def unlinked(book: Book, among: Iterable[Case]) -> tuple[Case, ...]:
    """Cases under way among those given that hang on no milestone."""
    own = links(book.place.id)
    return tuple(each for each in among if is_open(each) and each.id not in own)


def held_against(known: Milestone, case: Case, on: date) -> Lateness:
    """How a case stands against a milestone on a day."""
    due = known.now.due
    ended = case.stage in (REJECTED, WITHDRAWN)
    return lateness(
        due.last if due else None, reached(stays(case), LIVE), on, dropped=known.now.dropped, ended=ended
    )  # fmt: skip


def setters(book: Book) -> dict[str, Setter]:
    """Which body sets the priorities of each area of a place, as the registers are shown; by the area's code."""
    held = arrangements.arrangements(book.place.id, arrangements.PRIORITIES, organisations.standing_day(book))
    called = bodies.names(book.place.id)
    found = {}
    for code, name in arrangements.subjects(book, arrangements.PRIORITIES).items():
        own = held.get(code)
        body, trust = (own.holder, own.other) if own else ("", "")
        found[code] = Setter(name, called.get(body, body), called.get(trust, trust))
    return found


def setters_of(known: Said, every: Mapping[str, Setter]) -> tuple[Setter, ...]:
    """Those who set the priorities of a milestone's area; of one for every area, all of them."""
    return tuple(each for code, each in every.items() if known.area in ("", code))


def area_name(known: Said, every: Mapping[str, Setter]) -> str:
    """What the area of a milestone is called."""
    if not known.area:
        return EVERY_AREA
    return every[known.area].area if known.area in every else known.area

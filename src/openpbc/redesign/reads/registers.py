"""Registers: intentions, shared pathways with their adoption, assessment services with their reviews, barriers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from openpbc.finance.reads.plans_in_force import priorities_in_force
from openpbc.finance.reads.schemes import Scheme
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads.arrangements import ProviderKind, falls_to, named, provider_kinds
from openpbc.redesign import models
from openpbc.redesign.models.registers import ADOPTED, BARRIER_STATES, DECLINED, SCHEME_STATES, VARIANT
from openpbc.redesign.reads.cases import PREFIX, Case, address, cases
from openpbc.redesign.reads.seeing import seen
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table, Value

__all__ = ["ADOPTED", "BARRIER_STATES", "DECLINED", "SCHEME_STATES", "VARIANT"]

PATHWAYS = "redesign.shared_pathways"
TABLE = "table"
SERVICES, INTENTIONS, INTERVAL = "redesign.assessment_services", "redesign.intentions", "redesign.scheme_review_months"
NOT_IN_PLAN = "not in plan"
ANSWERS = {ADOPTED: "Adopted", VARIANT: "Local variant", DECLINED: "Not adopted"}


@dataclass(frozen=True)
class Answered:
    """What one group made of a shared pathway."""

    unit: str
    answer: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class SharedPathway:
    """A pathway that is shared by all groups: its other names, the group that leads it, its case, who adopted it."""

    code: str
    title: str
    also: tuple[str, ...]
    lead: str
    case: Case | None
    adopted: tuple[Answered, ...]


@dataclass(frozen=True)
class Service(Scheme):
    """What the plan of its group lists, as it may be described anew; revision 0 is as the source has it."""

    revision: int


@dataclass(frozen=True)
class Intention:
    """A commissioning intention, with the cases that serve it; a cell that is empty is empty in the source.

    ``providers`` says in the source's words whom it concerns, ``kinds`` which kinds of provider those words name, and
    ``falls_to`` those of them to which it falls. The narrative has no column of providers: whom it concerns is read
    from the sentence there, so that an intention of the narrative (``told`` says so) falls to no kind by the source.
    An empty ``commissioner`` is shared by the area.
    """

    key: str
    number: str
    section: str
    area: str
    action: str
    outcome: str
    providers: str
    indicator: str
    baseline: str
    target: str
    deadline: str
    status: str
    note: str
    cases: tuple[Case, ...]
    told: str
    kinds: frozenset[str]
    falls_to: frozenset[str]
    commissioner: str = ""

    @property
    def gaps(self) -> tuple[str, ...]:
        """What the source leaves open."""
        named = (("indicator", self.indicator), ("baseline", self.baseline), ("target", self.target))
        return tuple(name for name, text in named if not text or "not stated" in text)


@dataclass(frozen=True)
class Barrier:
    """Something in the way, its owner, what is proposed, and where it stands."""

    number: int
    title: str
    owner: str
    proposal: str
    state: str
    case: int | None
    raised_by: str
    raised_at: datetime
    synthetic: bool
    revision: int

    def days(self, today: date) -> int:
        """Its age."""
        return (today - timezone.localdate(self.raised_at)).days


def shared_pathways(book: Book, among: Sequence[Case] | None = None) -> tuple[SharedPathway, ...]:
    """The pathways that are shared by all groups, with what became of each.

    ``among`` are all cases of the place, the newest first, where somebody has read them already.
    """
    found = book.table(PATHWAYS)
    if not isinstance(found, Table):
        return ()
    said: dict[str, list[Answered]] = {}
    for row in models.Adoption.objects.filter(place=book.place.id):
        said.setdefault(row.pathway, []).append(Answered(row.unit, row.answer, row.reason, row.by, row.at))
    known = cases(book.place.id) if among is None else among
    newest = {each.pathway: each for each in reversed(known) if each.pathway}
    return tuple(
        SharedPathway(
            row["code"], row["title"], tuple(filter(None, row["also"].split(";"))),
            _lead(newest.get(row["code"]), row["lead"]), newest.get(row["code"]), tuple(said.get(row["code"], ())),
        )
        for row in found
    )  # fmt: skip


def _lead(case: Case | None, named: str) -> str:
    return case.lead_group if case and case.lead_group else named


def services(book: Book) -> tuple[Service, ...]:
    """Every assessment service that the rulebook lists, as its group last described it."""
    found = book.table(SERVICES)
    if not isinstance(found, Table):
        return ()
    told = {row.scheme: row for row in models.SchemeReview.objects.filter(place=book.place.id)}
    months = book.value(INTERVAL)
    limit = months.int if isinstance(months, Value) else None
    today = organisations.today()
    return tuple(_service(row, told.get(row["code"]), limit, today) for row in found)


def _service(row: dict[str, str], told: models.SchemeReview | None, limit: int | None, today: date) -> Service:
    state, on, result, revision = row["state"], None, "", 0
    if told:
        state, on, result, revision = told.state, told.reviewed_on, told.result, told.revision
    old = on is None or (limit is not None and (today.year - on.year) * 12 + today.month - on.month > limit)
    overdue = limit is not None and state == "existing" and old
    return Service(row["code"], row["unit"], row["specialty"], state, on, result, overdue, revision)


def service(book: Book, code: str) -> Service:
    """One service; an unknown code is a person's mistake."""
    for each in services(book):
        if each.code == code:
            return each
    raise UserError(f"there is no service '{code[:60]}'", do="Open it from the register.")


def plan_fault(book: Book, case: Case) -> str:
    """Say that a case is not in the commissioning plan: no intention of it is linked; empty where none is set.

    A case that serves a priority of its group's own plan in force is told so.
    """
    if case.intentions or not _has_plan(book):
        return ""
    lacks = "no intention of the commissioning plan is linked to it."
    if served := group_priorities(book, case):
        mark = in_group_plan(book)
        return f"{mark[0].upper()}{mark[1:]}: it serves {_quoted(served)}; {lacks}"
    return f"Not in the plan: {lacks}"


def group_priorities(book: Book, case: Case) -> tuple[str, ...]:
    """Titles of the priorities of its group's own plan in force that a case serves."""
    if not case.priorities:
        return ()
    found = priorities_in_force(book)
    return tuple(title for each in case.priorities if (title := found.get(each.unit, {}).get(each.code)))


def own_priorities(book: Book, case: Case) -> tuple[tuple[str, str, str], ...]:
    """What a case may be linked to: the group that proposed or leads it, with code and title of each priority of the
    plan of that group that is in force."""
    found = priorities_in_force(book)
    units = dict.fromkeys((case.unit, case.proposed_by))
    return tuple((unit, code, title) for unit in units for code, title in found.get(unit, {}).items())


def in_group_plan(book: Book) -> str:
    """The mark of a case that is in the plan of its group alone."""
    return f"in the group's plan, not in the {book.word('commissioner_short')}'s"


def _quoted(titles: Iterable[str]) -> str:
    return " and ".join(f"'{each}'" for each in titles)


def plan_marks(book: Book, matters: Collection[str]) -> dict[str, str]:
    """Give the mark of each case among some matters that is not in the plan, asking once for all of them.

    One that serves a priority of its group's own plan in force has a mark of its own.
    """
    if not _has_plan(book):
        return {}
    place = book.place.id
    numbers = [each.partition(f"{PREFIX}/{place}/")[2] for each in matters]
    rows = models.Case.objects.filter(
        place=place, number__in=[int(each) for each in numbers if each.isdecimal() and len(each) < 10]
    )
    unlinked = rows.filter(intentions__isnull=True).values_list("number", "priorities__unit", "priorities__code")
    served = list(unlinked)
    found = priorities_in_force(book) if any(code for _, _, code in served) else {}
    own = {number for number, unit, code in served if code in found.get(unit, {})}
    return {address(place, number): in_group_plan(book) if number in own else NOT_IN_PLAN for number, *_ in served}


def _has_plan(book: Book) -> bool:
    return isinstance(book.table(INTENTIONS), Table)


def intentions(book: Book, among: Sequence[Case] | None = None) -> tuple[Intention, ...]:
    """Every intention of the year, with the cases that serve it; ``among`` as for the shared pathways."""
    found = book.table(INTENTIONS)
    if not isinstance(found, Table):
        return ()
    kinds = provider_kinds(book)
    serving: dict[str, list[Case]] = {}
    for case in cases(book.place.id) if among is None else among:
        for key in case.intentions:
            serving.setdefault(key, []).append(case)
    return tuple(_intention(row, tuple(serving.get(row["key"], ())), kinds) for row in found)


def _intention(row: dict[str, str], serving: tuple[Case, ...], kinds: tuple[ProviderKind, ...]) -> Intention:
    affected, told = row["providers_affected"], row.get("source", TABLE)
    ours = falls_to(row["area"], affected, kinds) if told == TABLE else frozenset[str]()
    return Intention(
        row["key"], row["number"], row["section"], row["area"], row["action"], row["expected_outcome"], affected,
        row["measurable_indicator"], row["baseline"], row["target"], row["deadline"], row["status"], row["note"],
        serving, told, named(affected, kinds), ours, row.get("commissioner", ""),
    )  # fmt: skip


def barriers(place: str) -> tuple[Barrier, ...]:
    """Every barrier of a place, the first one first."""
    rows = models.Barrier.objects.filter(place=place).select_related("case")
    names = "number title owner proposal state raised_by raised_at synthetic revision".split()
    return tuple(
        Barrier(case=row.case.number if row.case else None, **{name: getattr(row, name) for name in names})
        for row in rows
    )


def barriers_seen(viewer: Viewer, noted: Iterable[Barrier], place: str) -> tuple[Barrier, ...]:
    """Keep the barriers that somebody may see: those of no case, and of the cases that are not withheld from them."""
    listed = tuple(noted)
    if not any(each.case for each in listed):
        return listed
    return barriers_beside(listed, seen(viewer, place, cases(place)))


def barriers_beside(noted: Iterable[Barrier], shown: Iterable[Case]) -> tuple[Barrier, ...]:
    """Keep the barriers of no case, and those of the cases that somebody is shown."""
    mine = {each.number for each in shown}
    return tuple(each for each in noted if each.case is None or each.case in mine)


def barrier(place: str, number: int) -> Barrier:
    """One barrier; an unknown number is a person's mistake."""
    for each in barriers(place):
        if each.number == number:
            return each
    raise UserError(f"there is no barrier {number}", do="Open it from the register.")

"""Every question about cases that others may ask: where they stand, for whom they wait, which way they came."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, QuerySet
from django.utils import timezone

from openpbc.casework import choosing, drawing, engine, models, moving
from openpbc.casework.process import Process
from openpbc.casework.steps import Fact
from openpbc.kernel.periods import moment_text
from openpbc.kernel.problems import UserError
from openpbc.rulebook.values import NotSet

PREFIX = "case"
OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class Waiting:
    """A step that waits for somebody; ``cannot_start`` says why it cannot be done yet, "" when it can."""

    step: str
    name: str
    lane: str
    since: datetime
    due: date | None
    cannot_start: str
    outcomes: tuple[tuple[str, str], ...]
    note: str
    holds: bool


@dataclass(frozen=True)
class Case:
    """A case as it stands. ``ended`` is the id of the end that it came to, "" while it is open."""

    id: int
    place: str
    process: str
    definition: str
    subject: str
    title: str
    state: str
    ended: str
    version: int
    started_by: str
    started_at: datetime
    closed_at: datetime | None
    waiting: tuple[Waiting, ...]

    @property
    def address(self) -> str:
        """The text by which other records name the case."""
        return address(self.place, self.id)

    def waits_at(self, step: str) -> Waiting | None:
        """Give the step if the case waits at it."""
        return next((each for each in self.waiting if each.step == step), None)


@dataclass(frozen=True)
class Passage:
    """One stay of a case at a step; what the case only passed was left at the moment at which it was entered."""

    step: str
    name: str
    lane: str
    entered_at: datetime
    entered_by: str
    left_at: datetime | None
    outcome: str
    by: str


@dataclass(frozen=True)
class Version:
    """A diagram that a place stored for its new cases."""

    number: int
    hash: str
    name: str
    file_name: str
    reason: str
    stored_by: str
    stored_at: datetime


def address(place: str, id: int) -> str:
    """Give the text by which records name a case."""
    return f"{PREFIX}/{place}/{id}"


def case(id: int, place: str = "") -> Case:
    """Give one case, of the place if one is named; an unknown one is a person's mistake."""
    row = models.Case.objects.defer("kept").filter(pk=id).first()
    if row is None or place not in ("", row.place):
        raise UserError(f"there is no case {id}", where=place, do="Choose one from the list of cases.")
    return _cases([row])[0]


def cases(place: str, subject: str = "", process: str = "") -> tuple[Case, ...]:
    """List a place's cases, the latest started first; those on one subject or of one process if named."""
    rows = models.Case.objects.filter(place=place)
    rows = rows.filter(subject=subject) if subject else rows
    rows = rows.filter(process=process) if process else rows
    return _cases(rows.defer("kept").order_by("-started_at", "-pk"))


def waiting(place: str, lanes: Iterable[str] = ()) -> tuple[tuple[Case, Waiting], ...]:
    """List what waits in a place, the longest first; in some lanes only if named."""
    wanted = set(lanes)
    open_ones = models.Case.objects.filter(place=place, closed_at__isnull=True).defer("kept")
    if wanted:
        here = models.Passage.objects.filter(place=place, left_at__isnull=True, lane__in=wanted)
        open_ones = open_ones.filter(pk__in=here.values("case"))
    pairs = [(case, each) for case in _cases(open_ones) for each in case.waiting if not wanted or each.lane in wanted]
    return tuple(sorted(pairs, key=lambda pair: (pair[1].since, pair[0].id)))


def history(case: int) -> tuple[Passage, ...]:
    """Give a case's way along its diagram, the first step first."""
    rows = models.Passage.objects.filter(case=case).order_by("entered_at", "pk")
    return tuple(
        Passage(
            row.step, row.name, row.lane, row.entered_at, row.entered_by, row.left_at, row.outcome, row.left_by,
        )
        for row in rows
    )  # fmt: skip


def held(case: int) -> str:
    """Say what holds a case up, "" when nothing does."""
    row = models.Passage.objects.filter(case=case, left_at__isnull=True, holds=True).order_by("entered_at").first()
    return _held(row) if row else ""


def _held(row: models.Passage) -> str:
    since = timezone.localtime(row.entered_at)
    return f"{row.entered_by} held the case up on {moment_text(since)}: {row.name.lower()}"


def definition(hash: str) -> Process:
    """Give a stored diagram by the hash of its text."""
    return choosing.of(hash)


def in_force(place: str, process: str) -> Process | NotSet:
    """Give the process that a new case of a place takes, or the statement that none is set."""
    if choosing.newest(place, process) is None:
        named = choosing.book_of(place).value(f"process.{process}")
        if isinstance(named, NotSet):
            return named
    return choosing.chosen(place, process)


def versions(place: str, process: str) -> tuple[Version, ...]:
    """List the diagrams that a place stored itself, the newest first."""
    rows = models.InForce.objects.filter(place=place, process=process).order_by("-number")
    return tuple(_version(row) for row in rows)


def _version(row: models.InForce) -> Version:
    name = choosing.of(row.definition_id).name
    return Version(row.number, row.definition_id, name, row.file_name, row.reason, row.stored_by, row.stored_at)


def running(place: str, process: str) -> dict[str, int]:
    """Count the open cases of a place by the hash of the diagram along which they run."""
    rows = models.Case.objects.filter(place=place, process=process, closed_at__isnull=True).values("definition")
    return {row["definition"]: row["count"] for row in rows.annotate(count=Count("pk")).order_by("definition")}


def hindrances(case: int, to_hash: str) -> tuple[str, ...]:
    """Name what keeps a case from going over to another diagram; empty: it may."""
    row = models.Case.objects.get(pk=case)
    old = choosing.of(row.definition_id)
    return moving.changed(old, choosing.of(to_hash), engine.restore(old, row.kept))


def facts(case: int) -> dict[str, Fact]:
    """Give the facts that a case stores at the steps that wait."""
    row = models.Case.objects.get(pk=case)
    return engine.restore(choosing.of(row.definition_id), row.kept).facts()


def readable(process: str, text: bytes, name: str) -> Process:
    """Read a diagram that somebody sent, without keeping it; what is wrong with it is a mistake."""
    return choosing.fit(text, name, process)


def picture(case: Case, *, only_near: bool = False) -> str:
    """Draw a case's diagram as SVG, with the steps that wait marked and those behind it in grey."""
    came = {stay.step for stay in history(case.id) if stay.left_at is not None}
    here = {each.step for each in case.waiting}
    return drawing.svg(definition(case.definition), here, came, only_near=only_near)


def _cases(rows: Iterable[models.Case] | QuerySet[models.Case, models.Case]) -> tuple[Case, ...]:
    rows = list(rows)
    open_stays: dict[int, list[models.Passage]] = {}
    stays = models.Passage.objects.filter(case__in=[row.pk for row in rows], left_at__isnull=True)
    for stay in stays.order_by("entered_at", "pk"):
        open_stays.setdefault(stay.case_id, []).append(stay)
    return tuple(_case(row, open_stays.get(row.pk, [])) for row in rows)


def _case(row: models.Case, stays: list[models.Passage]) -> Case:
    diagram = choosing.of(row.definition_id)
    holding = next((stay for stay in stays if stay.holds), None)
    held_up = _held(holding) if holding else ""
    return Case(
        row.pk, row.place, row.process, row.definition_id, row.subject, row.title,
        CLOSED if row.closed_at else OPEN, row.ended, row.version, row.started_by, row.started_at, row.closed_at,
        tuple(_waiting(stay, diagram, held_up) for stay in stays),
    )  # fmt: skip


def _waiting(stay: models.Passage, diagram: Process, held_up: str) -> Waiting:
    node = diagram.node(stay.step)
    return Waiting(
        stay.step, stay.name, stay.lane, stay.entered_at, stay.due, "" if stay.holds else held_up, node.outcomes,
        node.note, stay.holds,
    )  # fmt: skip

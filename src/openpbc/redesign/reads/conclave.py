"""The clinical conclave: its seats, the pathways and blocks before it, its reports and who received them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from openpbc.governance.reads import seats
from openpbc.governance.reads.bases import BLOCK
from openpbc.governance.reads.seats import Seat
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.redesign import models
from openpbc.redesign.reads.cases import Blocked, Case, cases, place_in_process
from openpbc.redesign.reads.registers import shared_pathways
from openpbc.redesign.rules.transitions import APPROVAL, CONCLAVE, GROUPS, PLANNING, REVIEW
from openpbc.redesign.rules.versions import body_hash
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table, Value

BODY = "conclave"
AUDIENCES, BLOCK_DAYS = "redesign.conclave_audiences", "redesign.block_days"
# Stages at which the conclave has said yes and no body has approved any money.
_AGREED = frozenset({PLANNING, REVIEW, GROUPS, APPROVAL})


@dataclass(frozen=True)
class Audience:
    """One of those to whom the conclave is accountable, through whom, and the roles that confirm a receipt."""

    code: str
    title: str
    route: str
    roles: frozenset[str]


@dataclass(frozen=True)
class Block:
    """A block with the case that it holds up.

    ``aged`` is one that is older than the days that are set; while none are set, every one that holds.
    """

    case: Case
    block: Blocked
    days: int
    aged: bool

    @property
    def matter(self) -> str:
        """The address by which items and decisions name the block; it is withheld wherever its case is."""
        return f"{self.case.matter}/{BLOCK}/{self.block.id}"

    @property
    def is_open(self) -> bool:
        """Whether nobody has cleared it yet."""
        return self.block.cleared_at is None


@dataclass(frozen=True)
class Received:
    """That a report was received for an audience, by whom and when."""

    audience: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Report:
    """A report as it was issued; ``intact`` tells that it is still what its hash says."""

    place: str
    number: int
    body: Mapping[str, Any]
    sha256: str
    synthetic: bool
    issued_by: str
    issued_at: datetime
    received: tuple[Received, ...]

    @property
    def address(self) -> str:
        """The text by which the log names it."""
        return f"conclave-report/{self.place}/{self.number}"

    @property
    def intact(self) -> bool:
        """Whether it is as it was issued."""
        return body_hash(self.body) == self.sha256

    def receipt(self, audience: str) -> Received | None:
        """Who received it for an audience, if anybody did."""
        return next((each for each in self.received if each.audience == audience), None)


def audiences(book: Book) -> tuple[Audience, ...]:
    """Those to whom the conclave is accountable; none in a place that has no conclave."""
    found = book.table(AUDIENCES)
    if not isinstance(found, Table):
        return ()
    return tuple(Audience(row["code"], row["title"], row["route"], frozenset(row["roles"].split())) for row in found)


def due(viewer: Viewer, place: str, known: tuple[Audience, ...], report: Report) -> tuple[Audience, ...]:
    """The audiences for which somebody may still confirm that a report was received."""
    held = viewer.roles_in(place)
    return tuple(each for each in known if held & each.roles and report.receipt(each.code) is None)


def members(place: str, on: date) -> tuple[Seat, ...]:
    """Who sits in the conclave on a day."""
    return seats.seats(place, BODY, on)


def gaps(book: Book, on: date) -> tuple[str, ...]:
    """The seats that the conclave should have and has not."""
    return seats.membership_gaps(book, BODY, on)


def shared(place: str, among: Iterable[Case] | None = None) -> tuple[Case, ...]:
    """The cases that follow the process with the conclave; ``among`` are all of the place, if they were read."""
    return tuple(each for each in (cases(place) if among is None else among) if each.variant == CONCLAVE)


def agreed_not_funded(case: Case) -> bool:
    """Whether the conclave has agreed a case and no body has approved its money."""
    return case.variant == CONCLAVE and place_in_process(case) in _AGREED


def blocks(book: Book, known: tuple[Case, ...], on: date) -> tuple[Block, ...]:
    """Every block of shared pathways: those that hold, the oldest first, then those that were cleared."""
    limit = book.value(BLOCK_DAYS)
    most = limit.int if isinstance(limit, Value) else None
    found = []
    for case in known:
        for each in case.blocks:
            until = timezone.localdate(each.cleared_at) if each.cleared_at else on
            days = (until - timezone.localdate(each.raised_at)).days
            aged = each.cleared_at is None and (most is None or days > most)
            found.append(Block(case, each, days, aged))
    return tuple(sorted(found, key=lambda each: (not each.is_open, each.block.raised_at)))


def says(book: Book, note: str) -> dict[str, Any]:
    """What a report says today: the pathways with stage and next step, the blocks with owner and age, the seats."""
    on, every = organisations.today(), cases(book.place.id)
    names = {unit.code: unit.name for unit in organisations.units(book.place.id)}
    pathways = [
        {
            "title": each.title,
            "lead": names.get(each.lead, each.lead),
            "case": each.case.number if each.case else None,
            "stage": each.case.at.title if each.case else "no case yet",
            "next": each.case.at.to_leave if each.case else "somebody proposes a case for it",
            "agreed_not_funded": bool(each.case and agreed_not_funded(each.case)),
        }
        for each in shared_pathways(book, every)
    ]
    held = [
        {"case": each.case.number, "title": each.case.title, "what": each.block.what, "owner": each.block.owner,
         "days": each.days, "resolution": each.block.resolution}
        for each in blocks(book, shared(book.place.id, every), on)
    ]  # fmt: skip
    sitting = [[each.name, each.capacity, each.kind] for each in members(book.place.id, on)]
    return {"on": f"{on}", "note": note, "pathways": pathways, "blocks": held, "members": sitting,
            "gaps": list(gaps(book, on))}  # fmt: skip


def reports(place: str) -> tuple[Report, ...]:
    """Every report of a place, the newest first."""
    rows = models.ConclaveReport.objects.filter(place=place).prefetch_related("received").order_by("-number")
    return tuple(_report(row) for row in rows)


def report(place: str, number: int) -> Report:
    """One report; an unknown number is a person's mistake."""
    row = models.ConclaveReport.objects.filter(place=place, number=number).prefetch_related("received").first()
    if row is None:
        raise UserError(f"there is no report {number}", where=place, do="Choose one from the page of the conclave.")
    return _report(row)


def _report(row: models.ConclaveReport) -> Report:
    names = "place number body sha256 synthetic issued_by issued_at".split()
    received = tuple(Received(each.audience, each.by, each.at) for each in row.received.all())
    return Report(**{name: getattr(row, name) for name in names}, received=received)

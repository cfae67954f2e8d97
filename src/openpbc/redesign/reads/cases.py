"""Cases of redesign: what each is, whom it concerns, who is in its joint group, and what happened to it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from openpbc.kernel.problems import UserError
from openpbc.redesign import models
from openpbc.redesign.rules.membership import GroupMember, KindWaived
from openpbc.redesign.rules.transitions import HELD, Stage, stage_in

PREFIX = "redesign"


@dataclass(frozen=True)
class Concerned:
    """A group that a case concerns; without a rank it has not agreed the priority."""

    unit: str
    rank: int | None
    agreed_by: str
    agreed_at: datetime | None


@dataclass(frozen=True)
class Member:
    """A member of the joint group."""

    id: int
    person: str
    name: str
    kind: str
    sub_kind: str
    organisation: str
    leads: bool
    may_bid: bool
    joined_on: date
    left_on: date | None


@dataclass(frozen=True)
class Lead:
    """Who was named to lead the commissioning for a group, by whom and when; ``reason`` is why they took over."""

    unit: str
    number: int
    person: str
    name: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Handed:
    """What went over when procurement began."""

    number: int
    facts: Mapping[str, Any]
    by: str
    at: datetime


@dataclass(frozen=True)
class Waived:
    """A seat that the group does without."""

    kind: str
    reason: str
    waived_on: date
    waived_by: str


@dataclass(frozen=True)
class PartFacts:
    """A part as it is being written; revision 0 is a part that nobody has begun."""

    code: str
    body: Mapping[str, Any]
    revision: int
    changed_by: str = ""
    changed_at: datetime | None = None


@dataclass(frozen=True)
class Passed:
    """A step that the case took."""

    way: str
    start: str
    to: str
    version: int | None
    unit: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Blocked:
    """What keeps a case from going on."""

    id: int
    what: str
    owner: str
    raised_by: str
    raised_at: datetime
    resolution: str
    cleared_at: datetime | None


@dataclass(frozen=True)
class Case:
    """A case with all that belongs to it but its versions (:mod:`openpbc.redesign.reads.versions`)."""

    id: int
    place: str
    number: int
    title: str
    area: str
    need: str
    evidence: str
    acute_review: str
    earlier_work: str
    long_term_condition: bool
    variant: str
    pathway: str
    proposed_by: str
    lead_group: str
    stage: str
    held_from: str
    decided_route: str
    refusals: int
    process: int | None
    synthetic: bool
    revision: int
    changed_by: str
    changed_at: datetime
    groups: tuple[Concerned, ...] = ()
    members: tuple[Member, ...] = ()
    waived: tuple[Waived, ...] = ()
    parts: Mapping[str, PartFacts] = field(default_factory=dict)
    passages: tuple[Passed, ...] = ()
    blocks: tuple[Blocked, ...] = ()
    intentions: tuple[str, ...] = ()
    leads: tuple[Lead, ...] = ()
    handovers: tuple[Handed, ...] = ()

    @property
    def matter(self) -> str:
        """The address by which decisions and other rooms name the case."""
        return f"{PREFIX}/{self.place}/{self.number}"

    @property
    def unit(self) -> str:
        """The group whose case it is: the one that leads it for all, else the one that proposed it."""
        return self.lead_group or self.proposed_by

    @property
    def at(self) -> Stage:
        """The stage at which the case is."""
        return stage_in(self.stage, self.variant)

    @property
    def best_rank(self) -> int | None:
        """The highest rank that any group gave it."""
        return min((each.rank for each in self.groups if each.rank is not None), default=None)

    @property
    def present(self) -> tuple[Member, ...]:
        """Members who have not left."""
        return tuple(each for each in self.members if each.left_on is None)

    @property
    def lead(self) -> Member | None:
        """Who leads the joint group."""
        return next((each for each in self.present if each.leads), None)

    @property
    def since(self) -> datetime:
        """When the case came to its present stage."""
        return next((each.at for each in reversed(self.passages) if each.to != each.start), self.changed_at)

    @property
    def block(self) -> Blocked | None:
        """The block that holds the case now."""
        return next((each for each in self.blocks if each.cleared_at is None), None)

    def has_member(self, person: str) -> bool:
        """Whether somebody sits in the joint group, by sign-in name."""
        return any(each.person == person for each in self.present)

    @property
    def leads_now(self) -> dict[str, Lead]:
        """Who leads the commissioning for each group that named somebody."""
        return {each.unit: each for each in self.leads}  # the last one of a group counts

    def group(self, unit: str) -> Concerned | None:
        """The concerned group with a code."""
        return next((each for each in self.groups if each.unit == unit), None)


def address(place: str, number: int) -> str:
    """The address of a case."""
    return f"{PREFIX}/{place}/{number}"


def cases(place: str) -> tuple[Case, ...]:
    """Every case of a place, the newest first."""
    rows = _full(models.Case.objects.filter(place=place)).order_by("-number")
    return tuple(_case(row) for row in rows)


def case(place: str, number: int) -> Case:
    """One case; an unknown number is a person's mistake."""
    row = _full(models.Case.objects.filter(place=place, number=number)).first()
    if row is None:
        raise UserError(f"there is no case {number}", where=place, do="Choose one from the list of cases.")
    return _case(row)


def rule_members(case: Case) -> tuple[GroupMember, ...]:
    """The joint group as the rule sees it."""
    return tuple(GroupMember(each.person, each.name, each.kind, each.sub_kind, each.leads) for each in case.present)


def rule_waived(case: Case) -> tuple[KindWaived, ...]:
    """The waived seats as the rule sees them."""
    return tuple(KindWaived(each.kind, each.reason, each.waived_on) for each in case.waived)


def is_open(case: Case) -> bool:
    """Whether the case is on its way, held or not."""
    return case.at.open and case.stage != "rejected"


def place_in_process(case: Case) -> str:
    """The stage that a case is at, or at which it was held."""
    return case.held_from if case.stage == HELD else case.stage


def _full(rows: QuerySet[models.Case, models.Case]) -> QuerySet[models.Case, models.Case]:
    return rows.prefetch_related("groups", "members", "waivers", "parts", "passages", "blocks", "intentions", "leads",
                                 "handovers")  # fmt: skip


_OWN = (
    "id place number title area need evidence acute_review earlier_work long_term_condition variant pathway proposed_by"
    " lead_group stage held_from decided_route refusals process synthetic revision changed_by changed_at"
).split()


def _case(row: models.Case) -> Case:
    return Case(
        **{name: getattr(row, name) for name in _OWN},
        groups=tuple(Concerned(each.unit, each.rank, each.agreed_by, each.agreed_at) for each in row.groups.all()),
        members=tuple(_member(each) for each in row.members.all()),
        waived=tuple(Waived(each.kind, each.reason, each.waived_on, each.waived_by) for each in row.waivers.all()),
        parts={
            each.code: PartFacts(each.code, each.body, each.revision, each.changed_by, each.changed_at)
            for each in row.parts.all()
        },
        passages=tuple(
            Passed(
                each.way,
                each.start,
                each.to,
                each.version,
                each.unit,
                each.reason,
                each.by,
                timezone.localtime(each.at),
            )  # fmt: skip
            for each in row.passages.all()
        ),
        blocks=tuple(_block(each) for each in row.blocks.all()),
        intentions=tuple(each.key for each in row.intentions.all()),
        leads=tuple(
            Lead(each.unit, each.number, each.person, each.name, each.reason, each.by, each.at)
            for each in row.leads.all()
        ),
        handovers=tuple(Handed(each.number, each.facts, each.by, each.at) for each in row.handovers.all()),
    )


def _member(row: models.Member) -> Member:
    names = "id person name kind sub_kind organisation leads may_bid joined_on left_on".split()
    return Member(**{name: getattr(row, name) for name in names})


def _block(row: models.Block) -> Blocked:
    names = "id what owner raised_by raised_at resolution cleared_at".split()
    return Blocked(**{name: getattr(row, name) for name in names})

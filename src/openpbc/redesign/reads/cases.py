"""Cases of redesign: what each is, whom it concerns, who is in its joint group, and what happened to it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.utils import timezone

from openpbc.kernel.problems import UserError
from openpbc.redesign import models
from openpbc.redesign.rules.membership import CLINICIAN, PROVIDES, GroupMember, KindWaived
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
    """A member of the joint group; ``side`` is empty for one who was taken in before it was asked."""

    id: int
    person: str
    name: str
    kind: str
    sub_kind: str
    organisation: str
    leads: bool
    side: str
    may_bid: bool
    joined_on: date
    left_on: date | None

    @property
    def of_providers(self) -> bool:
        """Whether they sit, or also sit, for those who provide."""
        return self.kind == CLINICIAN or self.side == PROVIDES or self.may_bid


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
class Marked:
    """That somebody said for the support of one side that an element does not apply, as it stood at a revision."""

    part: str
    revision: int
    side: str
    person: str
    by: str
    at: datetime


@dataclass(frozen=True)
class OfPlan:
    """A priority of a group's own plan that the case serves, as it was linked."""

    unit: str
    code: str


@dataclass(frozen=True)
class OfTertiary:
    """What was said of the case and tertiary flows, and who requires a change; the last word counts."""

    changes: bool
    asked_by: str
    reason: str
    by: str
    at: datetime


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
    priorities: tuple[OfPlan, ...] = ()
    leads: tuple[Lead, ...] = ()
    handovers: tuple[Handed, ...] = ()
    marks: tuple[Marked, ...] = ()
    tertiary: tuple[OfTertiary, ...] = ()

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
    return _cases(models.Case.objects.filter(place=place).order_by("-number"))


def case(place: str, number: int, *, locked: bool = False) -> Case:
    """One case, ``locked`` until the action ends for one that changes it; an unknown number is a person's mistake."""
    rows = models.Case.objects.select_for_update() if locked else models.Case.objects.all()
    found = _cases(rows.filter(place=place, number=number))
    if not found:
        raise UserError(f"there is no case {number}", where=place, do="Choose one from the list of cases.")
    return found[0]


def rule_members(case: Case) -> tuple[GroupMember, ...]:
    """The joint group as the rule sees it."""
    return tuple(
        GroupMember(each.person, each.name, each.kind, each.sub_kind, each.leads, each.side) for each in case.present
    )


def rule_waived(case: Case) -> tuple[KindWaived, ...]:
    """The waived seats as the rule sees them."""
    return tuple(KindWaived(each.kind, each.reason, each.waived_on) for each in case.waived)


def is_open(case: Case) -> bool:
    """Whether the case is on its way, held or not."""
    return case.at.open and case.stage != "rejected"


def place_in_process(case: Case) -> str:
    """The stage that a case is at, or at which it was held."""
    return case.held_from if case.stage == HELD else case.stage


_OWN = (
    "id place number title area need evidence acute_review earlier_work long_term_condition variant pathway proposed_by"
    " lead_group stage held_from decided_route refusals process synthetic revision changed_by changed_at"
).split()
Told = TypeVar("Told")


def _cases(rows: QuerySet[models.Case, models.Case]) -> tuple[Case, ...]:
    """Read cases with all that belongs to them, each table once for all of them."""
    own = list(rows.values(*_OWN))
    ids = [each["id"] for each in own]
    if not ids:
        return ()
    groups, members = _of(models.ConcernedGroup, Concerned, ids), _of(models.Member, Member, ids)
    waived, parts = _of(models.Waiver, Waived, ids), _of(models.Part, PartFacts, ids)
    passages, blocks = _of(models.Passage, Passed, ids), _of(models.Block, Blocked, ids)
    leads, handovers = _of(models.CommissioningLead, Lead, ids), _of(models.Handover, Handed, ids)
    tertiary, priorities = _of(models.TertiaryWord, OfTertiary, ids), _of(models.CasePriority, OfPlan, ids)
    intentions, marks = _of(models.CaseIntention, _Intention, ids), _of(models.NotApplying, Marked, ids)
    return tuple(
        Case(
            **each,
            groups=groups[id],
            members=members[id],
            waived=waived[id],
            parts={part.code: part for part in parts[id]},
            passages=tuple(replace(passed, at=timezone.localtime(passed.at)) for passed in passages[id]),
            blocks=blocks[id],
            intentions=tuple(intention.key for intention in intentions[id]),
            priorities=priorities[id],
            leads=leads[id],
            handovers=handovers[id],
            marks=marks[id],
            tertiary=tertiary[id],
        )
        for each, id in zip(own, ids, strict=True)
    )


@dataclass(frozen=True)
class _Intention:
    """A commissioning intention that a case serves."""

    key: str


def _of(model: type[Model], told: type[Told], ids: Collection[int]) -> Mapping[int, tuple[Told, ...]]:
    """Give what one table says of each of several cases; its columns are called as the fields of the value."""
    names = [each.name for each in fields(told)]  # type: ignore[arg-type]
    found: dict[int, list[Told]] = defaultdict(list)
    for case, *values in model._default_manager.filter(case_id__in=ids).values_list("case_id", *names):
        found[case].append(told(*values))
    return defaultdict(tuple, {case: tuple(own) for case, own in found.items()})

"""Joint work of a place: investments by what they serve, transfers with milestones, and what ran on year by year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openpbc.finance import models
from openpbc.finance.reads.evidence import book_evidence, no_figure
from openpbc.finance.rules import joint as rule
from openpbc.kernel.citations import Citation
from openpbc.kernel.findings import Finding
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation, Step
from openpbc.rulebook.reader import Book

JOINT, TRANSFERS = "joint", "finance.joint_transfers"
SUM, TOTAL = "sum", "total"
INVESTED = Citation("west-herts-intentions-2008-09", "Joint commissioning and the voluntary sector", "S")


@dataclass(frozen=True)
class Milestone:
    """A dated step, and the day on which it was reached."""

    number: int
    what: str
    due: date
    done_on: date | None


@dataclass(frozen=True)
class JointYear:
    """What an item was in one year; the year in which it stands now has nobody who ended it."""

    year: str
    state: str
    pence: int | None
    left_by: str = ""


@dataclass(frozen=True)
class JointItem:
    """One item with its milestones and its years, the newest last; ``pence`` is None while nobody has costed it."""

    place: str
    year: str
    code: str
    kind: str
    title: str
    partner: str
    partner_code: str
    target: str
    target_name: str
    council: str
    commissioner: str
    pence: int | None
    may_run_on: bool
    state: str
    due: date | None
    legal_basis: str
    pooled_funds: str
    revision: int
    changed_by: str
    changed_at: datetime
    milestones: tuple[Milestone, ...]
    years: tuple[JointYear, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What it lacks."""
        facts = rule.Joint(
            self.title, self.kind, self.target, self.pence, self.legal_basis, self.pooled_funds, len(self.milestones),
            self.council, self.commissioner,
        )  # fmt: skip
        return rule.joint_findings(facts)

    @property
    def runs_on(self) -> bool:
        """Whether it goes into the next year when this one ends."""
        return rule.runs_on(self.state, self.may_run_on)

    def late(self, on: date) -> bool:
        """Whether its day has come and it is not done."""
        return rule.is_late(self.state, self.due, on)

    def was_in(self, year: str) -> JointYear | None:
        """What it was in a year; None where it was not there."""
        return next((each for each in self.years if each.year == year), None)


def joint_items(book: Book) -> tuple[JointItem, ...]:
    """Every item of the place, whatever the year in which it stands now."""
    rows = models.JointItem.objects.filter(place=book.place.id).prefetch_related("milestones", "years")
    return tuple(_item(row) for row in rows)


def joint_item(book: Book, code: str) -> JointItem:
    """Give one item; an unknown one is a person's mistake."""
    found = next((each for each in joint_items(book) if each.code == code), None)
    if found is None:
        raise UserError(f"there is no joint item '{code[:20]}'", do="Choose one from the list.")
    return found


def milestone(found: JointItem, number: int) -> Milestone:
    """Give one milestone of an item; an unknown one is a person's mistake."""
    known = next((each for each in found.milestones if each.number == number), None)
    if known is None:
        raise UserError(f"{found.code} has no milestone {number}", do="Choose one from its page.")
    return known


def _item(row: models.JointItem) -> JointItem:
    names = (
        "place year code kind title partner partner_code target target_name council commissioner pence may_run_on state"
        " due legal_basis pooled_funds revision changed_by changed_at"
    ).split()
    before = [JointYear(each.year, each.state, each.pence, each.left_by) for each in row.years.all()]
    return JointItem(
        **{name: getattr(row, name) for name in names},
        milestones=tuple(Milestone(each.number, each.what, each.due, each.done_on) for each in row.milestones.all()),
        years=(*before, JointYear(row.year, row.state, row.pence)),
    )


def running_on(book: Book) -> tuple[JointItem, ...]:
    """What would go into the next year now."""
    return tuple(each for each in joint_items(book) if each.year == str(book.place.year) and each.runs_on)


def seen(book: Book) -> int:
    """A number that goes up with every change of any item: who ends the year says which they had seen."""
    return sum(each.revision for each in joint_items(book))


def sum_address(found: JointItem, year: str) -> str:
    """Where an item's money of a year is explained."""
    return f"{JOINT}/{found.place}/{found.code}/{SUM}?year={year}"


def total_address(place: str, kind: str, year: str) -> str:
    """Where the money of all items of a kind is explained."""
    return f"{JOINT}/{place}/{kind}/{TOTAL}?year={year}"


def costed(found: Sequence[JointItem], kind: str, year: str) -> tuple[tuple[JointItem, int], ...]:
    """The items of a kind that were costed in a year, with their pence."""
    held = ((each, each.was_in(year)) for each in found if each.kind == kind)
    return tuple((each, was.pence) for each, was in held if was is not None and was.pence is not None)


def explain_joint(book: Book, address: str) -> Explanation:
    """Explain ``joint/<place>/<code>/sum?year=`` and ``joint/<place>/<kind>/total?year=``."""
    path, _, query = address.partition("?")
    parts, year = path.split("/"), query.removeprefix("year=")
    found = joint_items(book)
    if len(parts) == 4 and parts[3] == TOTAL and parts[2] in rule.KINDS:
        steps = tuple(
            Step("joint-sum", f"{each.code} {each.title}", pence, (), None, sum_address(each, year))
            for each, pence in costed(found, parts[2], year)
        )
        return Explanation(
            address, f"{rule.KINDS[parts[2]]}, {year}", sum(step.effect or 0 for step in steps), "pence",
            "Sum over the items that are costed", steps, citations=(INVESTED,), evidence=book_evidence(book),
        )  # fmt: skip
    item = next((each for each in found if each.code == parts[2]), None) if len(parts) == 4 else None
    was = item.was_in(year) if item else None
    if item is None or was is None or was.pence is None or parts[3] != SUM:
        raise no_figure(address)
    step = Step("joint-sum", f"{item.title}, with {item.partner}", was.pence, (("kind", rule.KINDS[item.kind]),))
    return Explanation(
        address, f"{item.code} {item.title}, {year}", was.pence, "pence", "As it was costed", (step,),
        citations=(INVESTED,), evidence=(*book_evidence(book), ("last changed by", item.changed_by)),
    )  # fmt: skip

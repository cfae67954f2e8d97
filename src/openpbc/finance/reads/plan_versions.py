"""Versions of a place's plan: what each holds and comes to, and how any two of them differ."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from urllib.parse import urlencode

from openpbc.finance import models
from openpbc.finance.reads import cells
from openpbc.finance.reads.comparing import described
from openpbc.finance.reads.plan_book import PrintedTotal, book_plan
from openpbc.finance.reads.scenario_library import choices
from openpbc.finance.reads.scenarios import Settings, scenario
from openpbc.finance.rules import plan_versions as rule
from openpbc.finance.rules.plan_line import SECTIONS, PlanLine, check_lines, names_no_plan
from openpbc.finance.rules.plan_versions import Difference, Totals
from openpbc.kernel.findings import Finding, Level
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

PREFIX, COMPARISON = "plan-version", "plan-comparison"
BOOK = "book"
TOTALS = {
    "total-allocation": "Money of the year",
    "total-committed": "Committed",
    "total-uncommitted": "Not committed",
    "total-deposit": "Deposit",
    "total-balance": "Balance",
}
_LINE_FIELDS = tuple(each.name for each in fields(PlanLine))


@dataclass(frozen=True)
class Facts:
    """What is known of a version beside its lines; ``basis`` is what it was drafted from."""

    place: str
    year: str
    number: int
    title: str
    state: str
    dated: date
    scenario: str
    deposit_assumed: int | None
    parent: int | None
    basis: str
    revision: int
    made_by: str
    made_at: datetime
    submitted_by: str
    submitted_at: datetime | None
    decision: str

    @property
    def matter(self) -> str:
        """How a decision of a body names this version."""
        return f"{PREFIX}/{self.place}/{self.year}/{self.number}"

    @property
    def name(self) -> str:
        """How people name the version."""
        return f"Version {self.number}, {self.title}"


@dataclass(frozen=True)
class Change:
    """One change of a version: the revision that it made, what was done, and what it did to the balance."""

    revision: int
    what: str
    effect: int
    by: str
    at: datetime


@dataclass(frozen=True)
class Version:
    """One version with its lines; ``facts`` are none for the plan as the book prints it. Money in pence."""

    place: str
    key: str
    name: str
    lines: tuple[PlanLine, ...]
    printed: tuple[PrintedTotal, ...] = ()
    facts: Facts | None = None
    changes: tuple[Change, ...] = ()

    @property
    def totals(self) -> Totals:
        """What the plan comes to by its lines."""
        return rule.totals(self.lines)

    @property
    def committed(self) -> int:
        """What the money of the year is committed to."""
        return self.totals.committed

    @property
    def balance(self) -> int:
        """What is left."""
        return self.totals.balance

    @property
    def provisional(self) -> tuple[PlanLine, ...]:
        """The lines that nobody has notified yet."""
        return tuple(line for line in self.lines if line.provisional)

    @property
    def unlinked(self) -> tuple[PlanLine, ...]:
        """The investment lines that name neither a group's plan nor the commissioner."""
        return tuple(line for line in self.lines if names_no_plan(line))

    @property
    def is_draft(self) -> bool:
        """Whether the version can still be changed."""
        return self.facts is not None and self.facts.state == rule.DRAFT

    def line(self, code: str) -> PlanLine:
        """Find a line; one that is not there is a person's mistake."""
        found = next((line for line in self.lines if line.code == code), None)
        if found is None:
            raise UserError(f"{self.name} has no line '{code[:60]}'", do="It may have been removed: look again.")
        return found

    def total(self, code: str) -> int:
        """Give one of the plan's totals by its code in :data:`TOTALS`."""
        return int(getattr(self.totals, code.removeprefix("total-")))

    def address(self, line: str, figure: str = "amount", **what_if: str) -> str:
        """Give the address at which a figure of the version is explained."""
        query = f"?{urlencode(what_if)}" if what_if else ""
        return f"{PREFIX}/{self.place}/{self.key}/{line}/{figure}{query}"

    def printed_total(self, code: str) -> PrintedTotal | None:
        """Give the total that the published table prints for the same, if the version was drafted from it."""
        return next((each for each in self.printed if f"total-{each.code}" == code), None)


def slug(text: str) -> str:
    """Write words as part of an address."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "none"


def plan_versions(place: str, year: str) -> tuple[Version, ...]:
    """Give every version of a place's plan, the newest first."""
    found = models.PlanVersion.objects.filter(place=place, year=year).order_by("-number").prefetch_related("lines")
    return tuple(_version(row, ()) for row in found)


def plan_version(place: str, year: str, number: int) -> Version:
    """Give one version with its lines and every change made to it, the newest first."""
    row = models.PlanVersion.objects.filter(place=place, year=year, number=number).first()
    if row is None:
        raise UserError(f"there is no version {number} of the plan of {place}", do="Choose one from the list.")
    changes = tuple(
        Change(each.revision, each.what, each.effect, each.by, each.at) for each in row.changes.order_by("-revision")
    )
    return _version(row, changes)


def approved_plan(place: str, year: str) -> Version | None:
    """Give the version that counts: the one that a body approved and no later one replaced."""
    row = models.PlanVersion.objects.filter(place=place, year=year, state=rule.APPROVED).first()
    return _version(row, ()) if row else None


def _version(row: models.PlanVersion, changes: tuple[Change, ...]) -> Version:
    lines = sorted(row.lines.all(), key=lambda line: (_section(line), line.position, line.code))
    facts = Facts(**{each.name: getattr(row, each.name) for each in fields(Facts)})
    printed = tuple(PrintedTotal(**each) for each in row.printed.get("totals", ()))
    read = tuple(PlanLine(**{name: getattr(line, name) for name in _LINE_FIELDS}) for line in lines)
    return Version(row.place, str(row.number), facts.name, read, printed, facts, changes)


def _section(line: models.PlanVersionLine) -> int:
    return SECTIONS.index(line.section)


def printed_version(book: Book) -> Version | NotSet:
    """Give the plan as the book prints it, to stand beside any version."""
    found = book_plan(book)
    if isinstance(found, NotSet):
        return found
    return Version(book.place.id, BOOK, found.title, found.lines, found.printed)


def version(book: Book, key: str) -> Version:
    """Give a version by its number, or the plan as printed (``book``)."""
    if key == BOOK:
        found = printed_version(book)
        if isinstance(found, NotSet):
            raise found.problem
        return found
    if not key.isdecimal() or len(key) > 6:
        raise UserError(f"'{key[:20]}' names no version of the plan", do="Choose one from the list.")
    return plan_version(book.place.id, str(book.place.year), int(key))


def compare(before: Version, after: Version) -> tuple[Difference, ...]:
    """Compare two versions line by line; lines that are the same on both sides are left out."""
    return rule.changed(rule.differences(before.lines, after.lines))


def comparison_address(before: Version, after: Version, line: str, figure: str = "effect") -> str:
    """Give the address at which the difference of two versions is explained."""
    return f"{COMPARISON}/{before.place}/{before.key}/{after.key}/{line}/{figure}"


def links(book: Book) -> dict[str, str]:
    """Whose plan a line may be linked to: code -> name; the commissioner itself stands last under its short name."""
    units = organisations.units(book.place.id)
    lines = {unit.budget_line or unit.code: unit.name for unit in units}
    # A line that several units share bears the name of the unit whose own it is.
    lines |= {unit.code: unit.name for unit in units if unit.code in lines}
    own = book.word("commissioner_short")
    return lines | {own: f"{own} (no group's plan)"}


def findings(book: Book, lines: Iterable[PlanLine]) -> tuple[Finding, ...]:
    """Give what is wrong with lines, or is to be looked at, in this place."""
    return check_lines(tuple(lines), links(book))


def faults(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings that keep a line out of a plan."""
    return tuple(each for each in found if each.level is not Level.WARNING)


def scenario_title(book: Book, query: str) -> str:
    """What the scenario of a plan is called: as it was saved or published, or in words what was tried."""
    named = next((each.title for each in choices(book) if each.settings.query == query), "")
    return named or described(book, Settings.parse(query))


def scenario_deposit(book: Book, settings: Settings) -> int | None:
    """What a scenario deposits, in pence; none where its deposit is not set."""
    if settings.deposit is not None:
        return settings.deposit
    found = scenario(book, settings.scenario)
    deposit = found if isinstance(found, NotSet) else cells.total(book, found.deposit)
    return None if isinstance(deposit, NotSet) else deposit


def is_set(book: Book) -> bool:
    """Whether the place has a published plan that a version can be held against."""
    return not isinstance(book_plan(book), NotSet)

"""Drafting a version of the plan, submitting it under a scenario, and withdrawing it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from openpbc import audit
from openpbc.finance import models
from openpbc.finance.actions.plan_claim import PlanChanged, claim, record, write_down
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.reads.plan_book import BookPlan, book_plan
from openpbc.finance.reads.scenario_library import choice
from openpbc.finance.reads.scenarios import Settings, scenario
from openpbc.finance.rules import plan_versions as rule
from openpbc.finance.rules.plan_line import PlanLine
from openpbc.governance import reads as governance
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.money import pounds
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

EMPTY = "empty"
APPROVES = "plans"  # what a body of the rulebook must be said to approve
_LONGEST = {"title": 200, "reason": 300}
LINE_FIELDS = tuple(each.name for each in fields(PlanLine))


@dataclass(frozen=True)
class _Start:
    """What a new version begins with."""

    lines: tuple[PlanLine, ...] = ()
    scenario: str = ""
    parent: int | None = None
    basis: str = ""
    printed: tuple[Any, ...] = ()
    dated: date | None = None
    what: str = "drafted without a line"


@audit.action("finance.draft_plan")
def draft_plan(*, by: Actor, place: str, source: str, title: str, dated: date | None = None) -> PlanChanged:
    """Draft a version: from what the book prints (``book``), from nothing (``empty``), or from another version.

    A version of another year's plan is named by place and number (``place/3``): what may run on is carried over.
    ``dated`` is the day that the version bears; without one it is that of the published table, or today.
    """
    book = organisations.book(place)
    return _drafted(by, book, _start(book, source), _text(title, "title"), dated)


@audit.action("finance.load_published_plan")
def load_published_plan(*, by: Actor, place: str) -> PlanChanged | None:
    """See to it that the published plan of a place stands among its versions; a second run changes nothing.

    A place without published tables has none.
    """
    book = organisations.book(place)
    found = book_plan(book)
    if isinstance(found, NotSet):
        audit.nothing_changed()
        return None
    there = models.PlanVersion.objects.filter(place=place, year=str(book.place.year), basis__startswith=reads.BOOK)
    first = there.order_by("number").first()
    if first is not None:
        audit.nothing_changed()
        return PlanChanged(place, first.number, first.revision, "nothing changed", already=True)
    title = f"Published draft of {found.known_from:%B %Y}" if found.known_from else "Published draft"
    return _drafted(by, book, _from_book(book, found), title, None)


def _start(book: Book, source: str) -> _Start:
    if source == EMPTY:
        return _Start()
    if source == reads.BOOK:
        found = book_plan(book)
        if isinstance(found, NotSet):
            raise UserError(found.problem.sentence, do="Or start from an empty plan.")
        return _from_book(book, found)
    if "/" in source:
        return _carried_on(source)
    from_version = reads.version(book, source)
    assert from_version.facts is not None
    what = f"drafted from version {source}, {len(from_version.lines)} lines"
    return _Start(
        from_version.lines, from_version.facts.scenario, int(source), source, (), None, what
    )  # fmt: skip


def _carried_on(source: str) -> _Start:
    """Take from another year's plan the developments that may run on, each with where it was begun."""
    place, _, number = source.partition("/")
    book = organisations.book(place)
    begun = reads.version(book, number)
    if begun.facts is None:
        raise UserError(f"'{source[:60]}' names no version", "source", "Name its place and number.")
    told = f"Begun in {book.place.year.label} ({source}, {begun.facts.state})"
    lines = tuple(
        replace(line, note=". ".join(each for each in (told, line.note) if each)[:1_000], citation="")
        for line in begun.lines
        if line.runs_on
    )
    return _Start(lines, basis=source, what=f"carried on {len(lines)} developments of {source}")


def _from_book(book: Book, found: BookPlan) -> _Start:
    named = Settings(scenario=found.scenario).query
    what = f"drafted from the published tables, {len(found.lines)} lines"
    return _Start(
        found.lines, named, None, f"{reads.BOOK}/{book.hash}"[:120], found.printed, found.known_from, what
    )  # fmt: skip


def _drafted(by: Actor, book: Book, start: _Start, title: str, dated: date | None) -> PlanChanged:
    place, year = book.place.id, str(book.place.year)
    last = models.PlanVersion.objects.filter(place=place, year=year).aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            row = models.PlanVersion.objects.create(
                place=place, year=year, number=last + 1, title=title, scenario=start.scenario, parent=start.parent,
                basis=start.basis, printed={"totals": [asdict(each) for each in start.printed]},
                dated=dated or start.dated or timezone.localdate(), made_by=by.name[:200], made_at=timezone.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise Stale(f"somebody else drafted version {last + 1} at this moment", do="Look at it, then draft.") from error
    write_lines(row, start.lines)
    subject = f"{reads.PREFIX}/{place}/{year}/{row.number}"
    audit.note(subject=subject, after={"title": title, "basis": start.basis, "lines": len(start.lines)})
    return write_down(by, row, 1, start.what)


def write_lines(row: models.PlanVersion, lines: Sequence[PlanLine]) -> None:
    """Write all lines of a version that has none, in the order given."""
    models.PlanVersionLine.objects.bulk_create(
        models.PlanVersionLine(
            version=row, position=position, **{name: getattr(line, name) for name in LINE_FIELDS}
        )
        for position, line in enumerate(lines, start=1)
    )  # fmt: skip


def _text(text: str, what: str) -> str:
    found = " ".join(text.split())
    if not found:
        raise UserError(f"the {what} is empty", what, "Write it in a few words.")
    if len(found) > _LONGEST[what]:
        raise UserError(f"the {what} has more than {_LONGEST[what]} characters", what, "Shorten it.")
    return found


@audit.action("finance.submit_plan")
def submit_plan(
    *, by: Actor, place: str, version: int, revision: int, scenario: str, unlinked: str = ""
) -> PlanChanged:
    """Submit a draft under a named scenario; its lines are fixed from then on.

    ``scenario`` is a scenario's code or the settings of a what-if; a plan that names none is refused, and so is one
    without lines or with a line that is at fault. ``unlinked`` is why investment lines may name neither a group's
    plan nor the commissioner; without it each must.
    """
    book = organisations.book(place)
    named = _scenario(book, scenario)
    found = reads.plan_version(place, str(book.place.year), version)
    _check_submission(book, found)
    deposit = found.totals.deposit
    claimed = claim(
        place, version, revision, (rule.DRAFT,), state=rule.SUBMITTED, scenario=named, deposit_assumed=deposit,
        submitted_by=by.name[:200], submitted_at=timezone.now(),
    )  # fmt: skip
    without = _without_plan(claimed.before, unlinked)
    audit.note(
        subject=_matter(claimed.before),
        before={"state": rule.DRAFT},
        after={"state": rule.SUBMITTED, "scenario": named, "deposit": deposit, "revision": claimed.revision},
        reason=without,
    )
    told = f"submitted under the scenario {named}, deposit {pounds(deposit)}"
    return record(by, claimed, "; ".join(filter(None, (told, without))))


def _scenario(book: Book, text: str) -> str:
    """Read the scenario that a plan stands on, and see that the place has it."""
    if not text.strip():
        do = "Name it, so that everybody knows on which deposit and budgets the plan was built."
        raise UserError("the plan names no scenario", "scenario", do)
    chosen = choice(book, text.strip()).settings
    found = scenario(book, chosen.scenario)
    if isinstance(found, NotSet):
        raise found.problem
    return (chosen if chosen.scenario else replace(chosen, scenario=found.code)).query


def _check_submission(book: Book, found: reads.Version) -> None:
    if not found.lines:
        raise UserError(f"version {found.key} has no line", do="Add its lines first.")
    faults = reads.faults(reads.findings(book, found.lines))
    if faults:
        raise UserError(f"{len(faults)} lines are at fault: {faults[0].sentence}", do="Mend them, then submit.")


def _without_plan(found: reads.Version, reason: str) -> str:
    """Say which investment lines name no plan and why they may; empty where each names one."""
    named = found.unlinked
    if not named:
        return ""
    labels = ", ".join(line.label for line in named)
    if not reason.strip():
        do = "Link each to a group's plan or to the commissioner, or say why they name none."
        raise UserError(f"{len(named)} investment lines name no plan that asks for them: {labels}", "unlinked", do)
    why = texts.line(reason, "the reason", rule.LONGEST_REASON, field="unlinked")
    return f"{len(named)} investment lines name no plan: {why}"


def _matter(found: reads.Version) -> str:
    assert found.facts is not None
    return found.facts.matter


@audit.action("finance.withdraw_plan")
def withdraw_plan(*, by: Actor, place: str, version: int, revision: int, reason: str) -> PlanChanged:
    """Withdraw a draft or a submitted version for a reason; it stays on record and can be drafted from."""
    why = _text(reason, "reason")
    claimed = claim(place, version, revision, (rule.DRAFT, rule.SUBMITTED), state=rule.WITHDRAWN)
    audit.note(subject=_matter(claimed.before), after={"state": rule.WITHDRAWN}, reason=why)
    return record(by, claimed, f"withdrawn: {why}")


@audit.action("finance.approve_plan")
def approve_plan(*, by: Actor, place: str, version: int, revision: int, decision: int) -> PlanChanged:
    """Approve a submitted version on the strength of a recorded decision; it replaces the one approved before.

    The decision must stand, approve, and be on this very version; nothing of the version changes from then on.
    """
    found = reads.plan_version(place, str(organisations.book(place).place.year), version)
    taken = governance.decision(decision, place)
    if taken.matter != _matter(found) or not taken.approves:
        what = f"decision {decision} is not an approval of version {version} ({taken.outcome}, {taken.title})"
        raise UserError(what, "decision", "Record what the body decided on this version, or choose that record.")
    _check_taken(found, taken)
    # The database lets one version be approved, so the earlier one steps back first.
    _supersede(by, found, version)
    try:
        with transaction.atomic():
            claimed = claim(
                place, version, revision, (rule.SUBMITTED,), state=rule.APPROVED, decision=str(decision)
            )  # fmt: skip
    except IntegrityError as error:
        raise Stale("somebody approved another version at this moment", do="Look at the list of versions.") from error
    audit.note(
        subject=_matter(claimed.before),
        before={"state": rule.SUBMITTED},
        after={"state": rule.APPROVED, "decision": decision, "revision": claimed.revision},
    )
    return record(by, claimed, f"approved by decision {decision} of {taken.when.name}")


def _check_taken(found: reads.Version, taken: governance.Decision) -> None:
    """A plan comes into force by the body that approves plans, deciding on the version as it was submitted."""
    assert found.facts is not None, "a version that was drafted has facts"
    may = governance.bodies(organisations.book(found.place), approves=APPROVES)
    if taken.body not in may:
        named = ", ".join(may.values()) or "no body yet"
        raise UserError(f"this body does not approve plans; {named} does", "decision", "Record that body's decision.")
    row = models.PlanVersion.objects.get(place=found.place, year=found.facts.year, number=found.facts.number)
    if row.submitted_at is None or taken.recorded_at < row.submitted_at:
        raise UserError(
            "this decision was recorded before the version was submitted as it stands",
            "decision",
            "Let the body decide on the version as submitted, and record that.",
        )


def _supersede(by: Actor, found: reads.Version, version: int) -> None:
    assert found.facts is not None
    earlier = models.PlanVersion.objects.filter(place=found.place, year=found.facts.year, state=rule.APPROVED)
    for row in earlier.exclude(number=version):
        raised = models.PlanVersion.objects.filter(pk=row.pk, revision=row.revision, state=rule.APPROVED)
        if raised.update(state=rule.SUPERSEDED, revision=row.revision + 1):
            write_down(by, row, row.revision + 1, f"replaced by version {version}")

"""Budget sets: drafted from a scenario, changed line by line, proposed, approved by a decision, put into the ledger."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from openpbc import audit
from openpbc.finance.actions.ledger import post_many
from openpbc.finance.actions.posting import one_writer
from openpbc.finance.models import BudgetSet, BudgetSetChange, BudgetSetLine
from openpbc.finance.reads import plan_versions as plans
from openpbc.finance.reads.budget_set_drafts import draft
from openpbc.finance.reads.budget_sets import PREFIX, budget_set, budget_set_in_force
from openpbc.finance.reads.budget_sets import BudgetSet as StandingSet
from openpbc.finance.reads.checklist import open_tasks
from openpbc.finance.reads.scenarios import Settings, fair_shares
from openpbc.finance.reads.taking_back import ISSUED, Lowered, check_covered, lowered
from openpbc.finance.rules import budget_sets as rule
from openpbc.finance.rules.ledger import Draft
from openpbc.governance import reads as governance
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import moment_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

BUDGETS = "budgets"
_DRAFTED, _CHANGED = "drafted", "changed"


@audit.action("finance.draft_budget_set")
def draft_budget_set(
    *, by: Actor, place: str, title: str, settings: str, note: str = "", plan_version: int | None = None
) -> int:
    """Draft a set of the place's year from a scenario (the query of its settings), and give its number."""
    book = organisations.book(place)
    found = draft(book, Settings.parse(settings))
    if isinstance(found, NotSet):
        raise found.problem
    if plan_version is not None:
        plans.plan_version(place, str(book.place.year), plan_version)  # an unknown one is told
    now = timezone.now()
    row = _made(
        by,
        book,
        title=texts.line(title, "the title", field="title"),
        scenario=found.scenario,
        settings=found.settings,
        plan_version=plan_version,
        allocation=found.allocation,
        allocation_address=found.allocation_address,
        note=texts.passage(note, "the note", field="note") if note.strip() else "",
        made_at=now,
    )
    BudgetSetLine.objects.bulk_create(
        BudgetSetLine(
            budget_set=row,
            account=line.account,
            title=line.title,
            position=position,
            pence=line.pence,
            drafted=line.pence,
            parts=[list(part) for part in line.parts],
        )
        for position, line in enumerate(found.lines, start=1)
    )
    _history(row, by, now, _DRAFTED, reason=found.scenario_title)
    audit.note(
        subject=_subject(row),
        after={"settings": found.settings, "allocation": found.allocation, "lines": len(found.lines)},
        reason=note,
    )
    return row.number


def _made(by: Actor, book: Book, **facts: object) -> BudgetSet:
    """Take the next number of the year; somebody who took it at the same moment is told apart by the constraint."""
    place, year = book.place.id, str(book.place.year)
    last = BudgetSet.objects.filter(place=place, year=year).aggregate(last=Max("number"))["last"] or 0
    try:
        with transaction.atomic():
            return BudgetSet.objects.create(place=place, year=year, number=last + 1, made_by=by.name[:200], **facts)
    except IntegrityError as problem:
        raise Stale(
            "Somebody drafted a budget set at this very moment", do="Look at the list, and draft yours if it is needed."
        ) from problem


@audit.action("finance.change_budget_line")
def change_budget_line(
    *, by: Actor, place: str, number: int, revision: int, account: str, pence: int, reason: str
) -> int:
    """Give a line another amount, or add one; a set that was proposed becomes a draft again. Gives the new revision."""
    row, now = _open(place, number, revision), timezone.now()
    name = rule.line_account(account)
    why = texts.line(reason, "the reason", 500, field="reason")
    standing = budget_set(place, row.year, number)
    if name.unit and name.unit not in standing.units:
        raise UserError(f"the set has no group {name.unit}", "account", f"Use one of {', '.join(standing.units)}.")
    line = BudgetSetLine.objects.filter(budget_set=row, account=account).first()
    before = line.pence if line else 0
    if before == rule.check_amount(pence):
        audit.nothing_changed()
        return revision
    _advance(row, by, now, _CHANGED, {"state": rule.DRAFT}, account, (before, pence), why)
    if line is None:
        title = standing.units.get(name.unit, name.name.replace("-", " ").capitalize())
        position = len(standing.lines) + 1
        BudgetSetLine.objects.create(
            budget_set=row, account=account, title=title, position=position, pence=pence, drafted=0
        )
    else:
        BudgetSetLine.objects.filter(pk=line.pk).update(pence=pence)
    audit.note(subject=_subject(row), before={account: before}, after={account: pence}, reason=why)
    return revision + 1


@audit.action("finance.propose_budget_set")
def propose_budget_set(*, by: Actor, place: str, number: int, revision: int) -> int:
    """Put a draft before those who decide; refused while it does not add up or a step before it is open."""
    row, now = _open(place, number, revision), timezone.now()
    if row.state == rule.PROPOSED:
        audit.nothing_changed()
        return revision
    book, standing = organisations.book(place), budget_set(place, row.year, number)
    shares = fair_shares(book, Settings.parse(row.settings))
    pot = None if isinstance(shares, NotSet) else shares.pot
    rule.check_proposable(standing.sums, open_tasks(book), row.scenario, pot)
    check_covered(lowered(standing))
    _advance(row, by, now, rule.PROPOSED, {"state": rule.PROPOSED, "proposed_at": now})
    audit.note(subject=_subject(row), before={"state": row.state}, after={"state": rule.PROPOSED})
    return revision + 1


@audit.action("finance.withdraw_budget_set")
def withdraw_budget_set(*, by: Actor, place: str, number: int, revision: int, reason: str) -> None:
    """Take a draft or a proposed set back for good."""
    row = _open(place, number, revision)
    why = texts.line(reason, "the reason", 500, field="reason")
    _advance(row, by, timezone.now(), rule.WITHDRAWN, {"state": rule.WITHDRAWN}, reason=why)
    audit.note(subject=_subject(row), before={"state": row.state}, after={"state": rule.WITHDRAWN}, reason=why)


@audit.action("finance.approve_budget_set")
def approve_budget_set(*, by: Actor, place: str, number: int, revision: int, decision: int) -> None:
    """Put a proposed set in force by a decision that approved this very set, and post it into the ledger.

    The set in force before is superseded: only the differences are posted. What a lowered line no longer holds itself
    comes back from those who hold its parts.
    """
    row, now = _open(place, number, revision), timezone.now()
    if row.state != rule.PROPOSED:
        raise UserError(f"budget set {number} was not proposed", do="Propose it, and record the decision on it.")
    decided = _decided(organisations.book(place), row, decision)
    one_writer(place, row.year)  # nothing moves between what comes back and what is posted
    standing, before = budget_set(place, row.year, number), budget_set_in_force(place, row.year)
    less = lowered(standing)
    check_covered(less)
    try:
        with transaction.atomic():
            if before is not None:
                _supersede(before, by, now, number)
            changes = {"state": rule.APPROVED, "approved_at": now, "decision": decided.id}
            changes["supersedes"] = before.facts.number if before else None
            said = f"{decided.when.name}, minute {decided.minute}"
            _advance(row, by, now, rule.APPROVED, changes, reason=said)
    except IntegrityError as problem:
        raise _overtaken(place, row.year) from problem
    journals = (*_taken_back(standing, less, decided), *_journals(standing, before, decided))
    post_many(by=by, place=place, journals=journals, year=row.year)
    audit.note(
        subject=_subject(row),
        before={"state": row.state, "in force": before.facts.number if before else None},
        after={"state": rule.APPROVED, "decision": decided.address},
        reason=said,
    )


def _decided(book: Book, row: BudgetSet, decision: int) -> governance.Decision:
    """Find the decision; it must stand, approve this very set as it was proposed, and be of the body that may."""
    found = governance.decision(decision, row.place)
    matter = f"{PREFIX}/{row.place}/{row.year}/{row.number}"
    may = governance.bodies(book, approves=BUDGETS)
    if not may:
        path = book.table(governance.BODIES).path
        raise UserError("no body of the place approves budgets", "decision", f"Say which in {path}.")
    if found.matter != matter:
        raise UserError(f"decision {found.id} is not on budget set {row.number}", "decision", "Choose one that is.")
    if not found.approves:
        state = "was corrected" if found.replaced_by else f"says '{found.outcome}'"
        raise UserError(f"decision {found.id} {state}", "decision", "A set comes into force only when approved.")
    if found.body not in may:
        raise UserError(f"only {' or '.join(may.values())} approves budgets", "decision", "Record its decision.")
    if row.proposed_at is None or found.recorded_at < row.proposed_at:
        raise UserError(
            f"decision {found.id} was recorded before the set was proposed as it stands now",
            "decision",
            "Let the changed set be decided on.",
        )
    return found


def _journals(standing: StandingSet, before: StandingSet | None, decided: governance.Decision) -> tuple[Draft, ...]:
    facts = standing.facts
    if before is None:
        kinds = rule.first_journals(facts.allocation, standing.amounts)
    else:
        more = facts.allocation - before.facts.allocation
        kinds = rule.difference_journals(before.amounts, standing.amounts, more)
    reason = f"{facts.name}, approved {decided.when.name}, minute {decided.minute}"
    return tuple(
        Draft(kind, entries, decided.taken_on, reason, facts.source, key=f"{facts.source}/{kind}")
        for kind, entries in kinds
    )


def _taken_back(standing: StandingSet, less: Iterable[Lowered], decided: governance.Decision) -> tuple[Draft, ...]:
    """What those who hold the parts of a lowered line give back, a journal a line."""
    facts = standing.facts
    reason = (
        f"Taken back for {facts.name}, approved {decided.when.name}, minute {decided.minute}, "
        "in proportion to what each practice holds"
    )
    return tuple(
        Draft(
            ISSUED, each.entries, decided.taken_on, reason, facts.source, key=f"{facts.source}/{each.own.account.code}"
        )
        for each in less
        if each.back
    )


def _supersede(before: StandingSet, by: Actor, now: datetime, number: int) -> None:
    facts = before.facts
    row = BudgetSet.objects.get(place=facts.place, year=facts.year, number=facts.number)
    if (row.revision, row.state) != (facts.revision, rule.APPROVED):
        raise _stale(row)
    _advance(row, by, now, rule.SUPERSEDED, {"state": rule.SUPERSEDED}, reason=f"by budget set {number}")


def _open(place: str, number: int, revision: int) -> BudgetSet:
    """Find a set that may still be changed, at the revision that the person saw."""
    year = str(organisations.book(place).place.year)
    row = BudgetSet.objects.filter(place=place, year=year, number=number).first()
    if row is None:
        raise UserError(f"there is no budget set {number} of {year}", do="Choose one from the list of budget sets.")
    if row.revision != revision:
        raise _stale(row)
    if row.state not in rule.OPEN:
        raise UserError(f"budget set {number} is {row.state} and can no longer be changed", do="Draft another set.")
    return row


def _advance(
    row: BudgetSet,
    by: Actor,
    now: datetime,
    what: str,
    changes: dict[str, object],
    account: str = "",
    amounts: tuple[int | None, int | None] = (None, None),
    reason: str = "",
) -> None:
    """Move a set one revision on, if nobody else has: the update finds the revision that was seen, or nothing."""
    moved = BudgetSet.objects.filter(pk=row.pk, revision=row.revision).update(revision=row.revision + 1, **changes)
    if not moved:
        raise _stale(row)
    try:
        with transaction.atomic():
            _history(row, by, now, what, account, amounts, reason, row.revision + 1)
    except IntegrityError as problem:
        raise _stale(row) from problem


def _history(
    row: BudgetSet,
    by: Actor,
    now: datetime,
    what: str,
    account: str = "",
    amounts: tuple[int | None, int | None] = (None, None),
    reason: str = "",
    revision: int = 1,
) -> None:
    BudgetSetChange.objects.create(
        budget_set=row,
        revision=revision,
        what=what,
        account=account,
        before=amounts[0],
        after=amounts[1],
        reason=reason,
        by=by.name[:200],
        at=now,
    )


def _stale(row: BudgetSet) -> Stale:
    """Say who changed the set last, what and when."""
    last = BudgetSetChange.objects.filter(budget_set=row).order_by("-revision").first()
    assert last is not None, "a set has a history from its first moment"
    what = f"{last.what} it"
    if last.account:
        what = f"changed {last.account} from {pounds(last.before or 0)} to {pounds(last.after or 0)} ({last.reason})"
    return Stale(
        f"{last.by} {what} on {moment_text(timezone.localtime(last.at))}, after you had opened budget set {row.number}",
        do="Open it again, look at the change, and decide anew.",
    )


def _overtaken(place: str, year: str) -> Stale:
    found = budget_set_in_force(place, year)
    name = found.facts.name if found else "Another budget set"
    by = f" by {found.changes[-1].by}" if found else ""
    return Stale(f"{name} was put in force{by} at this very moment", do="Look at it before you put yours in force.")


def _subject(row: BudgetSet) -> str:
    return f"{PREFIX}/{row.place}/{row.year}/{row.number}"

"""Stating what is settled around the budgets: steps done, replies of groups, the deposit, submissions, questions."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any, TypeVar

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.finance.models import DepositStatement, GroupReply, PlanSubmission, QuestionClosing, TaskMark
from openpbc.finance.models.settlement import Statement
from openpbc.finance.reads import checklist as steps
from openpbc.finance.reads import replies, submissions
from openpbc.finance.reads.contradictions import check_reason, of_deposit, of_submission
from openpbc.finance.reads.deposits import AGREED, STATUSES, deposit_matter
from openpbc.finance.reads.questions import open_question
from openpbc.finance.reads.scenarios import Settings, fair_shares
from openpbc.finance.reads.stating import check_deposit_seen, check_seen, check_submission_seen
from openpbc.governance import reads as governance
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.money import pounds
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

Row = TypeVar("Row", bound=Statement)


@audit.action("finance.mark_task")
def mark_task(*, by: Actor, place: str, task: str, state: str, reason: str = "", seen: int) -> None:
    """Mark a next step open, done or waived; ``seen`` is how often it had been marked when the person looked."""
    book = organisations.book(place)
    listed = steps.checklist(book)
    if isinstance(listed, NotSet):
        raise listed.problem
    known = next((each for each in listed if each.code == task), None)
    if known is None or not known.by_hand:
        raise UserError(f"'{task[:40]}' is no step that is marked by hand", do="Choose one from the checklist.")
    if state not in (steps.OPEN, steps.DONE, steps.WAIVED):
        raise UserError(f"'{state[:20]}' is no state of a step", "state", "Say open, done or waived.")
    if state == steps.WAIVED and not reason.strip():
        raise UserError("a waiver needs a reason", "reason", "Say why the budgets may go on without it.")
    check_seen(seen, known.number, known.by, f"marked '{known.step}' as {known.state}", known.at)
    facts = {"task": task, "state": state, "reason": _reason(reason)}
    _state(TaskMark, by, book, seen + 1, facts, f"somebody marked '{known.step}'")
    audit.note(
        subject=f"next-step/{place}/{book.place.year}/{task}",
        before={"state": known.state},
        after={"state": state},
        reason=reason,
    )


@audit.action("finance.reply_on_funding")
def reply_on_funding(
    *, by: Actor, place: str, scenario: str, unit: str, answer: str, pence: int | None = None, reason: str, seen: int
) -> None:
    """Say for a group whether a scenario gives it too little, the right sum or too much, by how much, and why."""
    book = organisations.book(place)
    standing = replies.replies(book, scenario)
    if isinstance(standing, NotSet):
        raise standing.problem
    known = standing.of(unit)
    if answer not in replies.ANSWERS:
        raise UserError(f"'{answer[:20]}' is no answer", "answer", f"Say {', '.join(replies.ANSWERS)}.")
    if (answer == replies.RIGHT) != (pence is None):
        what = "nothing is missing or over" if answer == replies.RIGHT else "say by how much"
        raise UserError(what, "pence", "Leave the sum empty only when the funding is right.")
    if pence is not None and pence <= 0:
        raise UserError("the sum must be more than nought", "pence", "Give it in pounds.")
    why = texts.passage(reason, "the reason", 2000, field="reason")
    check_seen(seen, known.number, known.by, f"replied '{known.answer}' for {known.name}", known.at)
    facts = {"scenario": standing.scenario, "unit": unit, "answer": answer, "pence": pence, "reason": why}
    _state(GroupReply, by, book, seen + 1, facts, f"somebody replied for {known.name}")
    audit.note(
        subject=f"reply/{place}/{book.place.year}/{standing.scenario}/{unit}",
        before={"answer": known.answer},
        after={"answer": answer, "pence": pence},
        reason=why,
    )


@audit.action("finance.state_deposit")
def state_deposit(
    *,
    by: Actor,
    place: str,
    status: str,
    scenario: str,
    pence: int,
    on: date,
    reason: str = "",
    decision: int | None = None,
    waiver: str = "",
    seen: int,
) -> None:
    """State the deposit as proposed, assumed or agreed; agreed needs a meeting's record, and every group's reply.

    A sum other than the scenario's own needs a reason; nothing against something is refused.
    """
    book = organisations.book(place)
    if status not in STATUSES:
        raise UserError(f"'{status[:20]}' is no status", "status", f"Say {', '.join(STATUSES)}.")
    if pence < 0:
        raise UserError("a deposit is nought or more", "pence", "Give it in pounds.")
    if on > timezone.localdate():
        raise UserError("this day has not come yet", "on", "Give the day on which it was settled.")
    standing = replies.replies(book, scenario)
    if isinstance(standing, NotSet):
        raise standing.problem
    if status == AGREED:
        _check_agreed(book, standing, decision, on, waiver)
    check_deposit_seen(book, seen)
    check_reason(of_deposit(book, Settings(standing.scenario), pence), reason, "reason", "pence")
    facts = {"status": status, "scenario": standing.scenario, "pence": pence, "on": on, "decision": decision}
    kept = facts | {"reason": _reason(reason), "waiver": _reason(waiver)}
    _state(DepositStatement, by, book, seen + 1, kept, "somebody stated the deposit")
    audit.note(
        subject=deposit_matter(book),
        after=facts | {"on": on.isoformat(), "waiver": waiver},
        reason=reason,
    )


def _check_agreed(book: Book, standing: replies.Replies, decision: int | None, on: date, waiver: str) -> None:
    if decision is None:
        raise UserError("an agreed deposit needs the record of a meeting", "decision", "Record the meeting first.")
    found = governance.decision(decision, book.place.id)
    if found.matter != deposit_matter(book) or not found.stands:
        raise UserError(f"decision {decision} is no standing record on the deposit", "decision", "Choose one that is.")
    if DepositStatement.objects.filter(place=book.place.id, status=AGREED, decision=decision).exists():
        raise UserError(
            f"decision {decision} stands behind an agreed deposit already", "decision", "Record the new one."
        )
    if on < found.taken_on:
        raise UserError("the deposit cannot be agreed before the meeting", "on", f"Give {found.taken_on} or later.")
    if found.outcome not in (governance.APPROVED, governance.NOTED):
        raise UserError(f"decision {decision} says '{found.outcome}'", "decision", "Only an agreement can be recorded.")
    if standing.missing and not waiver.strip():
        names = ", ".join(each.name for each in standing.missing)
        raise UserError(
            f"{standing.count} have replied; missing: {names}",
            "waiver",
            "Wait for the reply, or waive it with a reason.",
        )


@audit.action("finance.submit_to_region")
def submit_to_region(
    *,
    by: Actor,
    place: str,
    scenario: str,
    plan_version: int | None,
    deposit: int | None,
    on: date,
    basis: str = "",
    seen: int,
) -> int:
    """Record a draft of the plan sent to the regional body: the scenario, version and deposit on which it rests.

    Without a version it rests on the plan as published. What contradicts itself is refused, or needs its ``basis``.
    """
    book = organisations.book(place)
    if not scenario.strip():
        raise UserError("a submission names its scenario", "scenario", "Choose the scenario on which the draft rests.")
    if on > timezone.localdate():
        raise UserError("this day has not come yet", "on", "Give the day on which it was sent.")
    if deposit is not None and deposit < 0:
        raise UserError("a deposit is nought or more", "deposit", "Give the sum on which the draft rests.")
    settings = Settings.parse(scenario) if "=" in scenario else Settings(scenario=scenario)
    found = fair_shares(book, settings)
    if isinstance(found, NotSet):
        raise found.problem
    check_submission_seen(book, seen)
    assumed = submissions.deposit_of(book, found) if deposit is None else deposit
    rests_on = replace(found.settings, scenario=found.scenario.code)
    check_reason(of_submission(book, rests_on, plan_version, assumed), basis, "basis", "deposit")
    facts = {
        "scenario": found.scenario.code,
        "settings": found.settings.query,
        "plan_version": plan_version,
        "deposit": assumed,
        "on": on,
        "basis": _reason(basis),
    }
    _state(PlanSubmission, by, book, seen + 1, facts, "somebody recorded a submission")
    audit.note(
        subject=f"submission/{place}/{book.place.year}/{seen + 1}",
        after=facts | {"on": on.isoformat()},
        reason=f"deposit assumed {pounds(assumed)}",
    )
    return seen + 1


@audit.action("finance.close_question")
def close_question(*, by: Actor, place: str, question: str, reason: str) -> None:
    """Close an open question on the published figures, with the answer or the reason."""
    book = organisations.book(place)
    known = open_question(book, question)
    why = texts.passage(reason, "the reason", 2000, field="reason")
    if known.closed_at is not None:
        check_seen(0, 1, known.closed_by, f"closed question {question} ({known.reason})", known.closed_at)
    _state(QuestionClosing, by, book, 1, {"question": question, "reason": why}, f"somebody closed question {question}")
    audit.note(subject=f"question/{place}/{book.place.year}/{question}", after={"closed": True}, reason=why)


def _state(kind: type[Row], by: Actor, book: Book, number: int, facts: dict[str, Any], told: str) -> None:
    where = {"place": book.place.id, "year": str(book.place.year), "number": number}
    try:
        with transaction.atomic():
            kind.objects.create(by=by.name[:200], at=timezone.now(), **where, **facts)
    except IntegrityError as problem:
        raise Stale(
            f"{told[:1].upper()}{told[1:]} at this very moment", do="Look again, and state it anew."
        ) from problem


def _reason(text: str) -> str:
    return texts.passage(text, "the reason", 2000, field="reason") if text.strip() else ""

"""Writes what the owner of a line says of its variance, and what will be done about it."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError
from django.utils import timezone
from django.utils.timezone import localtime

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import Stale, UserError
from openpbc.monitoring.models import Note, PackSent, Task
from openpbc.monitoring.reads.holders import holders
from openpbc.monitoring.reads.lines import ALL_LINES, service_line
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

OPEN, DONE, DROPPED = "open", "done", "dropped"
LONGEST_NOTE = 2_000


@audit.action("monitoring.note_variance")
def note_variance(
    *, by: Actor, place: str, month: Month, text: str, unit: str = "", service_line: str = ALL_LINES, seen: int = 0
) -> int:
    """Say why a line stands where it stands; a later note is shown above the earlier ones, which are kept."""
    book = organisations.book(place)
    _check(book, month, unit, service_line)
    words = text.strip()
    if not words:
        raise UserError("a note needs words", where="text", do="Say in a sentence or two why the line differs.")
    key = {"place": place, "month": str(month), "unit": unit, "service_line": service_line}
    last = Note.objects.filter(**key).order_by("-number").first()
    if last is not None and last.text == words and last.by == by.name[:200]:
        audit.nothing_changed()
        return last.number
    number = last.number if last else 0
    if seen and seen != number and last is not None:
        raise Stale(
            f"{last.by} wrote a note since you looked, on {localtime(last.at):%d %B %Y at %H:%M}", do="Read it first."
        )
    try:
        Note.objects.create(**key, number=number + 1, text=words[:LONGEST_NOTE], by=by.name[:200], at=timezone.now())
    except IntegrityError as error:
        raise Stale("somebody else wrote a note on this line meanwhile", do="Read it first.") from error
    audit.note(subject=f"in-year/{place}/{month}/{unit or 'pct'}/{service_line}", after={"note": words[:LONGEST_NOTE]})
    return number + 1


@audit.action("monitoring.set_task")
def set_task(
    *, by: Actor, place: str, month: Month, text: str, role: str, due: date, unit: str = "", service_line: str = ""
) -> int:
    """Agree an action on a position: what, which role does it, and by when; the same one is agreed only once."""
    book = organisations.book(place)
    _check(book, month, unit, service_line or ALL_LINES)
    words = " ".join(text.split())[:300]
    if not words:
        raise UserError("an action needs words", where="text", do="Say what is to be done.")
    if role not in organisations.ROLES:
        raise UserError(f"there is no role '{role[:40]}'", where="role", do="Choose one from the list.")
    if due < month.first:
        raise UserError(f"{due:%d %B %Y} is before the month itself", where="due", do="Give a later day.")
    key = {
        "place": place,
        "month": str(month),
        "unit": unit,
        "service_line": service_line,
        "text": words,
        "role": role,
        "due": due,
    }
    same = Task.objects.filter(**key).first()
    if same is not None:
        audit.nothing_changed()
        return same.pk
    row = Task.objects.create(**key, state=OPEN, revision=1, by=by.name[:200], at=timezone.now())
    audit.note(subject=f"task/{place}/{row.pk}", after={"text": words, "role": role, "due": due.isoformat()})
    return row.pk


@audit.action("monitoring.close_task")
def close_task(*, by: Actor, place: str, task: int, state: str, outcome: str, revision: int) -> None:
    """Say that an action is done or dropped, and what came of it."""
    if state not in (DONE, DROPPED):
        raise UserError("an action ends as done or dropped", where="state", do="Choose one of them.")
    words = " ".join(outcome.split())[:300]
    if not words:
        raise UserError("say what came of it", where="outcome")
    row = Task.objects.filter(place=place, pk=task).first()
    if row is None:
        raise UserError(f"there is no action {task}", where=place)
    changed = Task.objects.filter(pk=task, revision=revision, state=OPEN).update(
        state=state, outcome=words, revision=revision + 1, by=by.name[:200], at=timezone.now()
    )
    if not changed:
        now = Task.objects.get(pk=task)
        raise Stale(
            f"{now.by} marked it {now.state} on {localtime(now.at):%d %B %Y at %H:%M}: {now.outcome}", do="Look again."
        )
    audit.note(subject=f"task/{place}/{task}", before={"state": OPEN}, after={"state": state}, reason=words)


@audit.action("monitoring.send_pack")
def send_pack(*, by: Actor, place: str, month: Month, unit: str, sent_on: date) -> None:
    """Record the day on which a group's information pack of a month was sent."""
    book = organisations.book(place)
    _check(book, month, unit, ALL_LINES)
    if sent_on <= month.last:
        raise UserError(f"the pack of {month.name} cannot be sent before the month has ended", where="sent_on")
    key = {"place": place, "month": str(month), "unit": unit}
    held = PackSent.objects.filter(**key).first()
    if held is not None:
        if held.sent_on == sent_on:
            audit.nothing_changed()
            return
        raise Stale(f"{held.by} recorded it as sent on {held.sent_on:%d %B %Y}", do="Nothing was changed.")
    try:
        PackSent.objects.create(**key, sent_on=sent_on, by=by.name[:200], at=timezone.now())
    except IntegrityError as error:
        raise Stale("somebody else recorded it meanwhile", do="Look again.") from error
    audit.note(subject=f"pack/{place}/{month}/{unit}", after={"sent_on": sent_on.isoformat()})


def _check(book: Book, month: Month, unit: str, code: str) -> None:
    if month.year_of != book.place.year:
        raise UserError(f"{month} lies outside {book.place.year.label}", where=book.place.id)
    if unit and unit not in holders(book).groups:
        raise UserError(f"there is no group '{unit[:40]}'", where=book.place.id)
    if code != ALL_LINES:
        service_line(book, code)

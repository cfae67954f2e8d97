"""The decision on a file that came after the freeze."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.activity import actions, reads
from openpbc.activity.flow.canonical import STREAM_WORDS
from openpbc.activity.reads import Submission
from openpbc.kernel.periods import Month, day_text, moment_cell, moment_text
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui.figures import Cell, Figure, Link
from openpbc.ui.forms import AREA, LONGEST_TEXT, Field, Form, choice, lines, words
from openpbc.ui.pages import Crumb
from openpbc.ui.writing import Checked, Writing, write

VERDICTS = (("accept", "Accept: it counts from now on"), ("refuse", "Refuse: it stays in the log and changes nothing"))


def late(request: HttpRequest, place: str, sha: str) -> HttpResponse:
    """Accept or refuse a late file, for the commissioner that co-ordinates the provider's contract."""
    book, found = organisations.book(place), reads.submission(place, sha)
    coordinator = reads.coordinator(place, found.provider)
    ours = coordinator == book.place.commissioner

    def act(values: Mapping[str, Any]) -> str:
        actions.decide_late(
            by=request.viewer.actor,
            place=place,
            sha256=found.sha256,
            accept=values["verdict"] == "accept",
            reason=values["reason"],
            agreed_by=values.get("agreed_by", ""),
        )
        return _submission(book, found)

    writing = Writing(
        title=f"Decide on {found.file_name}",
        form=Form(_fields(ours)),
        submit="Decide for good",
        act=act,
        check=lambda values: _checked(request, book, found, values),
        book=book,
        trail=(
            Crumb("Submissions", reverse("activity:submissions", kwargs={"place": place})),
            Crumb(found.file_name, _submission(book, found)),
        ),
        lead="This file came after the freeze. Until somebody decides, it is kept and changes nothing.",
        notes=(*_decided(place, found), _coordinates(book, found, coordinator)),
    )
    return write(request, writing)


def _fields(ours: bool) -> tuple[Field, ...]:
    verdict = choice("verdict", "Decision", VERDICTS, "Choose.")
    reason = Field("reason", "Why", lines, required="Say why.", kind=AREA, longest=LONGEST_TEXT)
    agreed = Field(
        "agreed_by",
        "Who agreed for the co-ordinating commissioner",
        words,
        hint="Name and role",
        required="Name who agreed.",
        width="20",
        longest=200,
    )
    return (verdict, reason) if ours else (verdict, agreed, reason)


def _decided(place: str, found: Submission) -> tuple[str, ...]:
    known = reads.late_decision(place, found.sha256)
    if known is None:
        return ()
    when = moment_text(timezone.localtime(known.decided_at))
    return (f"{known.decided_by} {'accepted' if known.accepted else 'refused'} it on {when}: {known.reason}",)


def _coordinates(book: Book, found: Submission, coordinator: str) -> str:
    names = {each.code: each.name for each in organisations.commissioners(book.place.id)}
    if coordinator == book.place.commissioner:
        return f"{names.get(coordinator, coordinator)} co-ordinates this contract: you decide for it, under your name."
    who = names.get(coordinator, coordinator) or "No source says who"
    return f"{who} co-ordinates the contract of {found.provider}: somebody there must have agreed."


def _checked(request: HttpRequest, book: Book, found: Submission, values: Mapping[str, Any]) -> Checked:
    month = Month.parse(found.month)
    due = reads.dates(book, month).freeze
    current = next(
        (
            each
            for each in reads.submissions(book.place.id, month)
            if each.current and (each.provider, each.stream) == (found.provider, found.stream)
        ),
        None,
    )
    rows: list[tuple[str, Cell]] = [
        ("File", Link(found.file_name, _submission(book, found))),
        ("Of", f"{found.provider}, {STREAM_WORDS[found.stream]}, {month.name}"),
        ("Came", moment_cell(timezone.localtime(found.arrived_at))),
        ("Freeze ended", day_text(due) if due else "not set"),
        ("Records", Figure(found.lines)),
        ("Records of the file that counts now", Figure(current.lines) if current else "none"),
        ("Decision", dict(VERDICTS)[values["verdict"]]),
        ("Agreed by", values.get("agreed_by") or request.viewer.actor.name),
        ("Why", values["reason"]),
    ]
    accepted = values["verdict"] == "accept"
    then = f"Where {month.name} is closed, its figures change only when it is reopened by a recorded decision."
    return Checked(tuple(rows), consequences=(then,) if accepted else ("The file never counts.",))


def _submission(book: Book, found: Submission) -> str:
    return reverse("activity:submission", kwargs={"place": book.place.id, "sha": found.file})

"""Who agreed the process: one row a group on its page, and the form in which a group answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.casework import reads as casework
from openpbc.casework.process import Process
from openpbc.governance import actions
from openpbc.governance.reads.adoption import PROCESS, process_agreed, process_answers, process_matter
from openpbc.governance.reads.decisions import decisions
from openpbc.governance.reads.delegation import deciders
from openpbc.kernel.periods import day_text
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Tag
from openpbc.ui.forms import HIDDEN, YES_NO, Field, Form, choice, line, whole_number, words
from openpbc.ui.pages import Crumb, capital
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write


def status(place: str, shown: Process) -> str:
    """Whether a diagram is suggested or agreed, with how many groups have said yes."""
    units, said = [each.code for each in organisations.units(place)], process_answers(place, shown.hash)
    yes = sum(each.agreed for unit, each in said.items() if unit in units)
    if process_agreed(units, said):
        return f"Agreed by all {len(units)} groups."
    return f"Suggested: {yes} of {len(units)} groups have agreed it. Cases run along it meanwhile."


def adoption_table(request: HttpRequest, book: Book, shown: Process, *, in_force: bool) -> Table:
    """What each group says of a diagram; of the one in force, the way to answer for one's own group."""
    place, said = book.place.id, process_answers(book.place.id, shown.hash)
    rows: list[list[Cell]] = []
    for unit in organisations.units(place):
        answer = said.get(unit.code)
        state: Cell = Tag("not asked yet", "grey")
        if answer is not None:
            state = Tag("agreed", "green") if answer.agreed else Tag("said no", "red")
        may = in_force and request.may("governance:process-answer", "POST", place=place, unit=unit.code)
        way: Cell = Link("Answer", reverse("governance:process-answer", args=[place, unit.code])) if may else ""
        told = f"{answer.by}, {day_text(localtime(answer.at))}" if answer else ""
        rows.append([unit.name, state, told, answer.reason if answer else "", way])
    rows.append(_above(request, book, shown, in_force=in_force))
    columns = [tables.text(name) for name in (capital(book.word("unit")), "Answer", "By", "Why", "Your turn")]
    return tables.table("adoption", "Who agreed it", columns, rows, cards=True, empty="There is no group.")


def _above(request: HttpRequest, book: Book, shown: Process, *, in_force: bool) -> list[Cell]:
    """What a body above the groups decided on a diagram; of the one in force, the way to record it."""
    place, matter = book.place.id, process_matter(book.place.id, shown.hash)
    taken = next((each for each in decisions(place, matter) if each.stands), None)
    name = f"A body above the {book.word('units')}"
    if taken is not None:
        state = Tag("agreed", "green") if taken.approves else Tag("said no", "red")
        who = capital(deciders(book).get(taken.body, taken.body))
        return [name, state, f"{who}, {taken.when.name}", taken.text, ""]
    way: Cell = ""
    if in_force and request.may("governance:record", "POST", place=place):
        asked = urlencode({"matter": matter, "title": shown.name})
        way = Link("Record its decision", f"{reverse('governance:record', args=[place])}?{asked}")
    return [name, Tag("not decided yet", "grey"), "", "", way]


def answer(request: HttpRequest, place: str, unit: str) -> HttpResponse:
    """Say for one group whether it agrees the process in force."""
    book, group, now = (
        organisations.book(place),
        organisations.unit_by_alias(place, unit),
        casework.in_force(place, PROCESS),
    )
    if isinstance(now, NotSet):
        raise now.problem
    known = process_answers(place, now.hash).get(group.code)

    def act(values: Mapping[str, Any]) -> str:
        actions.answer_process(
            by=request.viewer.actor, place=place, process=values["process"], unit=group.code,
            agreed=values["agreed"] == "yes", reason=values.get("reason", ""), seen=values.get("seen"),
        )  # fmt: skip
        return f"{reverse('governance:process', args=[place])}#table-adoption"

    form = Form((
        choice("agreed", f"Does {group.name} agree this process?", YES_NO, "Say yes or no."),
        line("reason", "Why", hint="Needed for a no: what has to change", longest=500),
        Field("process", "Diagram", words, kind=HIDDEN, longest=64),
        Field("seen", "Version that was seen", whole_number, kind=HIDDEN),
    ))  # fmt: skip
    first = {"process": now.hash, "seen": f"{known.number if known else 0}"}
    if known is not None:
        first |= {"agreed": "yes" if known.agreed else "no", "reason": known.reason}
    writing = Writing(
        f"Answer on the process for {group.name}", form, "Answer", act, book=book, first=first,
        trail=(Crumb("How a case is decided", reverse("governance:process", args=[place])),),
        lead=f"{now.name}. Every answer stays on record; a diagram that comes later is asked about anew.",
    )  # fmt: skip
    return write(request, writing)

"""The process of a place: the diagram along which cases run, the same in words, and the versions that it had."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from markupsafe import Markup

from openpbc.casework import actions, drawing, following
from openpbc.casework import reads as casework
from openpbc.casework.markup import LARGEST
from openpbc.casework.process import END, MESSAGE, Node, Process
from openpbc.governance.pages import adoption
from openpbc.governance.reads.adoption import PROCESS
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link
from openpbc.ui.forms import AREA, FILE, HIDDEN, Field, Form, lines, whole_number, words
from openpbc.ui.pages import Crumb, Page, attachment, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

TITLE = "How a case is decided"
TEMPLATE = "governance/process.jinja"
BPMN_TYPE = "application/xml; charset=utf-8"


def process(request: HttpRequest, place: str) -> HttpResponse:
    """The process in force, or with ``?version=`` one that a case may still run along."""
    book = organisations.book(place)
    found = _asked(request, place)
    if isinstance(found, NotSet):
        return respond(request, Page(TEMPLATE, TITLE, book, rests_on=(found,), context={"process": None}))
    versions = casework.versions(place, PROCESS)
    now = casework.in_force(place, PROCESS)
    in_force = isinstance(now, Process) and now.hash == found.hash
    adopted = adoption.adoption_table(request, book, found, in_force=in_force)
    shown = [adopted, steps_table(found), _versions_table(place, versions, found)]
    if request.may("governance:process-move", place=place):
        shown.append(_elsewhere_table(place, found))
    page = Page(
        template=TEMPLATE,
        title=TITLE,
        book=book,
        tables=tuple(shown),
        rests_on=_rests_on(book, found, stored=bool(versions)),
        context={
            "process": found,
            "status": adoption.status(place, found),
            "picture": Markup(drawing.svg(found)),  # every text in it was escaped
            "elsewhere": _elsewhere(place, found),
            "version": request.GET.get("version", ""),
        },
    )
    return respond(request, page)


def _asked(request: HttpRequest, place: str) -> Process | NotSet:
    text = request.GET.get("version", "")
    if not text:
        return casework.in_force(place, PROCESS)
    number = whole_number(text)
    known = next((each for each in casework.versions(place, PROCESS) if each.number == number), None)
    if known is None:
        raise UserError(f"there is no version {number}", where="version", do="Choose one from the list of versions.")
    return casework.definition(known.hash)


def _rests_on(book: Book, found: Process, *, stored: bool) -> tuple[Any, ...]:
    settings = tuple(book.value(fact.setting) for fact in found.facts if fact.setting)
    return settings if stored else (book.value(f"process.{PROCESS}"), *settings)


def _elsewhere(place: str, found: Process) -> int:
    """Count the open cases that run along another diagram than the one that is shown."""
    return sum(count for hash, count in casework.running(place, PROCESS).items() if hash != found.hash)


def steps_table(found: Process) -> Table:
    """Every step with who does it and what follows each outcome, then what comes from outside: the picture in words."""
    rows: list[list[Cell]] = [
        [
            node.id,
            f"{node.name} ({node.within})" if node.within else node.name,
            found.lane_name(node.lane),
            " ".join(f"{text}: {_then(found, node, value)}." for value, text in node.outcomes),
            f"{node.days}" if node.days else "",
        ]
        for node in found.steps
    ]
    rows += [
        [node.id, f"{node.name}, at any time", "", f"{_then(found, node, '')}.", ""]
        for node in found.nodes
        if node.kind == MESSAGE
    ]
    titles = ("Step", "What", "Who", "What follows", "Days")
    columns = [tables.text(title) for title in titles]
    return tables.table("steps", "The steps in words", columns, rows, cards=True)


def _then(found: Process, node: Node, outcome: str) -> str:
    return ", or ".join(_named(each) for each in following.follows(found, node.id, outcome))


def _named(node: Node) -> str:
    if node.kind == END:
        return f"the end, {node.name.lower()}"
    return "on as before" if node.kind == MESSAGE else f"{node.id} {node.name}"


def _versions_table(place: str, versions: tuple[casework.Version, ...], shown: Process) -> Table:
    rows: list[list[Cell]] = [
        [
            Link(f"{each.number}", f"{_home(place)}?version={each.number}"),
            f"{each.name} (shown here)" if each.hash == shown.hash else each.name,
            each.reason,
            each.stored_by,
            day_text(timezone.localtime(each.stored_at)),
        ]
        for each in versions
    ]
    titles = ("Version", "Diagram", "Why", "Stored by", "In force from")
    empty = "None of its own: the diagram comes from the rulebook."
    return tables.table("versions", "Versions", [tables.text(title) for title in titles], rows, cards=True, empty=empty)


def _elsewhere_table(place: str, shown: Process) -> Table:
    """The open cases that run along another diagram, for whoever may put them on one."""
    live = (each for each in casework.cases(place, process=PROCESS) if each.state == casework.OPEN)
    rows: list[list[Cell]] = [
        [
            Link(f"{each.id}", reverse("governance:process-move", args=[place, each.id])),
            each.title,
            casework.definition(each.definition).name,
            ", ".join(waiting.name for waiting in each.waiting),
        ]
        for each in live
        if each.definition != shown.hash
    ]
    columns = [tables.text(title) for title in ("Case", "About", "Runs along", "Waits at")]
    return tables.table("elsewhere", "Open cases on another diagram", columns, rows, cards=True, empty="None.")


def diagram(request: HttpRequest, place: str) -> HttpResponse:
    """The diagram as a BPMN 2.0 file, for any tool that draws them."""
    found = _asked(request, place)
    if isinstance(found, NotSet):
        raise found.problem
    return attachment(found.text, BPMN_TYPE, f"{place}-{found.id}.bpmn")


def store(request: HttpRequest, place: str) -> HttpResponse:
    """Put a diagram of the place's own in force for new cases, after a look at what it changes."""
    book = organisations.book(place)
    newest = next(iter(casework.versions(place, PROCESS)), None)
    _carry_file(request)

    def act(values: Mapping[str, Any]) -> str:
        name, text = _sent(values)
        known = {"place": place, "process": PROCESS, "name": name, "reason": values["reason"]}
        by, seen = request.viewer.actor, values.get("seen") or 0
        actions.store(by=by, text=text, seen=seen, **known)
        return _home(place)

    writing = Writing(
        title="Put a diagram in force",
        form=_form(carried=bool(request.POST.get("diagram"))),
        submit="Put it in force",
        act=act,
        check=lambda values: _to_check(place, values),
        book=book,
        trail=(Crumb(TITLE, _home(place)),),
        lead="New cases run along it from now on. Cases that are open keep the diagram with which they began.",
        first={"seen": f"{newest.number}" if newest else "0"},
        notes=(
            "A diagram holds steps for people, gateways, messages, called processes of the same file and ends; it "
            "carries no programs. It is refused where a case could get lost on it.",
            "Conditions of gateways are a small part of Python, not FEEL: names of facts, constants, == != < <= > >=, "
            "in, and, or, not.",
        ),
    )
    return write(request, writing)


def _carry_file(request: HttpRequest) -> None:
    """Write a file that was sent into the form itself, so that it is still there when the answers were checked."""
    sent = request.FILES.get("file")
    if sent is not None:
        told = request.POST.copy()
        told["diagram"] = f"{sent.name}\n{base64.b64encode(sent.read(LARGEST + 1)).decode()}"
        request.POST = told


def _sent(values: Mapping[str, Any]) -> tuple[str, bytes]:
    """The name and the bytes of the file that was sent."""
    name, _, text = values["diagram"].partition("\n")
    try:
        return name, base64.b64decode(text, validate=True)
    except ValueError as problem:
        raise UserError("the file was not sent whole", where="file", do="Choose it again.") from problem


def _to_check(place: str, values: Mapping[str, Any]) -> Checked:
    """What the diagram is, and which steps it brings, drops or names otherwise than the one in force."""
    name, text = _sent(values)
    read = casework.readable(PROCESS, text, name)
    now = casework.in_force(place, PROCESS)
    new, old = ({node.id: node.name for node in each.steps} for each in (read, now) if isinstance(each, Process))
    came = [f"{id} {title}" for id, title in new.items() if id not in old]
    gone = [f"{id} {title}" for id, title in old.items() if id not in new]
    renamed = [f"{id} {old[id]}: now {title}" for id, title in new.items() if old.get(id, title) != title]
    rows: tuple[tuple[str, Cell], ...] = (
        ("Diagram", f"{read.name}, from {name}"),
        ("Steps", f"{len(new)}"),
        ("Steps that come", "; ".join(came) or "none"),
        ("Steps that go", "; ".join(gone) or "none"),
        ("Steps that change their name", "; ".join(renamed) or "none"),
        ("Why", values["reason"]),
    )
    going = sum(casework.running(place, PROCESS).values())
    kept = f"{going} open {'case keeps' if going == 1 else 'cases keep'} the diagram with which they began."
    return Checked(rows, ("New cases run along this diagram at once.", kept))


def _form(*, carried: bool) -> Form:
    return Form(
        (
            Field(
                "file", "Diagram", words, "A BPMN 2.0 file of 1 MiB at most", kind=FILE,
                required="" if carried else "Choose a file.",
            ),
            Field(
                "reason", "Why it changes", lines, "Who agreed it, and when", kind=AREA, longest=1000,
                required="Say who agreed the diagram and why it changes.",
            ),
            Field("diagram", "Diagram", str, kind=HIDDEN, longest=LARGEST * 2),
            Field("seen", "Version that was seen", whole_number, kind=HIDDEN),
        )
    )  # fmt: skip


def _home(place: str) -> str:
    return reverse("governance:process", args=[place])

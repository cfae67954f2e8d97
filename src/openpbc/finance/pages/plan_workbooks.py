"""A plan as a workbook: taking it away, sending it back, seeing what it would change, and only then changing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from openpbc.finance import actions
from openpbc.finance.pages.plan_mending import mending
from openpbc.finance.pages.plan_sheets import plan_workbook, template
from openpbc.finance.pages.plan_versions import plan_crumb, versions_crumb
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.reads import plan_workbook as workbooks
from openpbc.finance.reads.plan_versions import Change, Version
from openpbc.finance.reads.plan_workbook import Preview, Received
from openpbc.finance.rules.plan_columns import HEADING_OF
from openpbc.finance.rules.plan_versions import ADDED, CHANGED, REMOVED, Difference
from openpbc.kernel.csv_rows import MEGABYTE
from openpbc.kernel.findings import Finding, Level
from openpbc.kernel.periods import moment_cell
from openpbc.kernel.problems import UserError
from openpbc.kernel.texts import plain_name
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Style, Tag
from openpbc.ui.forms import FILE, Field, Form, whole
from openpbc.ui.pages import Crumb, Page, attachment, respond
from openpbc.ui.tables import Table
from openpbc.ui.workbooks import WORKBOOK_TYPE, read_workbook
from openpbc.ui.workbooks.opening import LARGEST_FILE
from openpbc.ui.writing import Writing, write

UPLOAD = Form(
    (
        Field(
            "workbook",
            "The workbook that you changed",
            str,
            kind=FILE,
            hint=f"An Excel workbook (.xlsx), at most {LARGEST_FILE // MEGABYTE} MB. Nothing changes until you say so.",
            required="Choose the workbook that you changed.",
        ),
    )
)
KINDS = {ADDED: Tag("added", "green"), CHANGED: Tag("changed", "blue"), REMOVED: Tag("removed", "orange")}
LEVELS = {Level.FATAL: Tag("mend", "red"), Level.ERROR: Tag("mend", "red"), Level.WARNING: Tag("note", "yellow")}


def money(pence: int, address: str = "", *, signed: bool = False) -> Figure:
    """Money to the penny, since a small change must not look like none."""
    return Figure(pence, Style.PENCE, address, signed=signed)


def workbook(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Take the workbook of a version away, or send one back."""
    book, version = _opened(place, number)
    if request.method == "POST":
        return write(request, _sending(request, book, version))
    page = Page(
        template="finance/plan_workbook.jinja",
        title="The plan as a workbook",
        book=book,
        trail=_trail(book, version),
        facts=_facts(version),
        context={"version": version, "answer": UPLOAD.filled({}), "may_send": _may_send(request, version)},
    )
    return respond(request, page)


def _opened(place: str, number: int) -> tuple[Book, Version]:
    book = open_book(place)
    return book, reads.plan_version(place, str(book.place.year), number)


def _trail(book: Book, version: Version) -> tuple[Crumb, ...]:
    here = reverse("finance:plan-version", args=[book.place.id, int(version.key)])
    return (plan_crumb(book), versions_crumb(book), Crumb(f"Version {version.key}", here))


def _facts(version: Version) -> tuple[tuple[str, str], ...]:
    assert version.facts is not None
    return (("Version", f"{version.name}, revision {version.facts.revision}"), ("State", version.facts.state))


def _may_send(request: HttpRequest, version: Version) -> bool:
    return version.is_draft and request.may("finance:plan-workbook", "POST", place=version.place)


def _sending(request: HttpRequest, book: Book, version: Version) -> Writing:
    def act(values: Mapping[str, Any]) -> str:
        sent: UploadedFile = values["workbook"]
        name = plain_name(str(sent.name), "workbook.xlsx")
        do = "Take out sheets and pictures that do not belong to it."
        large = UserError(f"{name} is larger than {LARGEST_FILE // MEGABYTE} MB", "workbook", do)
        content = whole(sent, LARGEST_FILE, large)
        try:
            workbooks.preview(book, version, read_workbook(content, name))
        except UserError as problem:
            told = f"in {problem.where}: {problem.what}" if problem.where else problem.what
            raise UserError(told, "workbook", problem.do) from problem
        kept = actions.receive_workbook(
            by=request.viewer.actor, place=book.place.id, version=int(version.key), name=name, content=content
        )
        return reverse("finance:plan-workbook-check", args=[book.place.id, int(version.key), kept.sha256])

    title = "Send a workbook back"
    return Writing(title, UPLOAD, "Show what would change", act, book=book, trail=_trail(book, version))


def download(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """The workbook of a version."""
    book, version = _opened(place, number)
    assert version.facts is not None
    name = f"{place}_plan_version_{number}_revision_{version.facts.revision}.xlsx"
    return attachment(plan_workbook(book, version), WORKBOOK_TYPE, name)


def empty(request: HttpRequest, place: str) -> HttpResponse:
    """The template: headings and lists, no figure, for this place or any other."""
    return attachment(template(open_book(place)), WORKBOOK_TYPE, "plan_template.xlsx")


def to_mend(request: HttpRequest, place: str, number: int, sha: str) -> HttpResponse:
    """The workbook that was sent, with what to mend beside each row."""
    book, version = _opened(place, number)
    sent = workbooks.received_workbook(place, str(book.place.year), number, sha)
    read = read_workbook(sent.content, sent.name)
    shown = workbooks.preview(book, version, read)
    return attachment(mending(read, shown.read), WORKBOOK_TYPE, f"to_mend_{sent.short}.xlsx")


def check(request: HttpRequest, place: str, number: int, sha: str) -> HttpResponse:
    """Show what a workbook would change; a POST takes its lines, unless somebody was faster."""
    book, version = _opened(place, number)
    sent = workbooks.received_workbook(place, str(book.place.year), number, sha)
    shown = workbooks.preview(book, version, read_workbook(sent.content, sent.name))
    if request.method != "POST":
        return _check_page(request, book, sent, shown)
    try:
        _take(request, shown, sent)
    except UserError as problem:
        return _check_page(request, book, sent, shown, problem)
    return HttpResponseRedirect(reverse("finance:plan-version", args=[place, number]))


def _take(request: HttpRequest, shown: Preview, sent: Received) -> None:
    assert shown.version.facts is not None
    if shown.read.errors:
        raise UserError("the workbook has rows to be mended", do="Mend them and send it again.")
    seen = request.POST.get("revision", "")
    actions.replace_lines(
        by=request.viewer.actor,
        place=shown.version.place,
        version=shown.version.facts.number,
        revision=_revision(shown, seen),
        lines=shown.lines,
        source=f"the workbook {sent.name} ({sent.short})",
    )


def _revision(shown: Preview, seen: str) -> int:
    """The revision that the workbook was made from, or, where it says none, the one that its reader saw."""
    if shown.origin.revision is not None:
        return shown.origin.revision
    return int(seen) if seen.isdecimal() and len(seen) < 10 else 0


def _check_page(
    request: HttpRequest, book: Book, sent: Received, shown: Preview, problem: UserError | None = None
) -> HttpResponse:
    status = getattr(problem, "status", 422) if problem else 409 if shown.stale else 200
    page = Page(
        template="finance/plan_workbook_check.jinja",
        title="What the workbook would change",
        book=book,
        trail=(*_trail(book, shown.version), _workbook_crumb(book, shown.version)),
        tables=(changes_table(shown), findings_table(shown.findings), since_table(shown.since)),
        facts=(*_facts(shown.version), ("Workbook", f"{sent.name} (SHA-256 {sent.sha256})")),
        context={
            "shown": shown,
            "sent": sent,
            "sentence": sentence(shown),
            "problems": [{"text": problem.sentence, "href": "#changes"}] if problem else [],
            "balance": money(shown.balance),
            "effect": money(shown.effect, signed=True),
            "was": money(shown.version.balance, shown.version.address("total-balance")),
            "may_send": _may_send(request, shown.version),
        },
        status=status,
    )
    return respond(request, page)


def _workbook_crumb(book: Book, version: Version) -> Crumb:
    return Crumb("Workbook", reverse("finance:plan-workbook", args=[book.place.id, int(version.key)]))


def sentence(shown: Preview) -> str:
    """What became of the workbook's rows, in one sentence."""
    read = shown.read
    if read.rejected:
        return (
            f"{read.rejected} of {read.rows} rows must be mended, so nothing can be taken: "
            f"a workbook is taken whole or not at all."
        )
    if not shown.differences:
        return f"All {read.rows} rows are as they are in the plan: the workbook changes nothing."
    counts = ", ".join(f"{shown.count(kind)} {kind}" for kind in (ADDED, CHANGED, REMOVED) if shown.count(kind))
    return f"{read.rows} rows were read. Of the plan's lines {counts}; {shown.same} stay as they are."


def changes_table(shown: Preview) -> Table:
    """Every line that would be added, changed or removed, with what that does to the balance."""
    columns = [
        tables.text("Line"),
        tables.text("What"),
        *(tables.number(title, "£", additive=False) for title in ("Is", "Would be")),
        tables.number("Effect on the balance", "£"),
        tables.text("What differs"),
    ]
    rows = [_change_row(shown, each) for each in shown.differences]
    empty = "No line would change." if shown.read.fit else "Nothing is taken until every row is in order."
    return tables.table("changes", "Lines that would change", columns, rows, cards=True, empty=empty)


def _change_row(shown: Preview, each: Difference) -> list[Cell]:
    before, after = each.before, each.after
    named = ", ".join(HEADING_OF[name].removesuffix(" (£000)").lower() for name in each.fields)
    return [
        each.line.label,
        KINDS[each.kind],
        money(before.amount, shown.version.address(each.code)) if before else None,
        money(after.amount) if after else None,
        money(each.effect, signed=True),
        named or each.line.section,
    ]


def findings_table(found: tuple[Finding, ...]) -> Table:
    """What is wrong, and what to look at, cell by cell."""
    columns = [tables.text("Where"), tables.text("What to do"), tables.text("What it says")]
    rows: list[list[Cell]] = [
        [f"{each.place.file}, {each.place.field or f'row {each.place.line}'}", LEVELS[each.level], each.sentence]
        for each in found
    ]
    return tables.table("findings", "What to look at", columns, rows, cards=True, empty="Nothing is to be looked at.")


def since_table(since: tuple[Change, ...]) -> Table:
    """What others changed after the workbook was handed out."""
    columns = [tables.text("When"), tables.text("Who"), tables.text("What"), tables.number("Effect", "£")]
    rows: list[list[Cell]] = [
        [moment_cell(timezone.localtime(each.at)), each.by, each.what, money(each.effect, signed=True)]
        for each in since
    ]
    return tables.table("since", "Changed since the workbook was handed out", columns, rows, cards=True)

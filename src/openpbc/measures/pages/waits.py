"""18 weeks: waits from referral to treatment by provider and specialty, and the extracts that tell them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.kernel.periods import Month, day_text
from openpbc.measures import actions
from openpbc.measures.reads import waiting as reads
from openpbc.measures.reads.waiting import WaitingFound, WaitingLineFound
from openpbc.measures.rules.waits import METHOD
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing, Style, Tag
from openpbc.ui.forms import FILE, Field, Form, words
from openpbc.ui.pages import Crumb, Held, Page, respond
from openpbc.ui.tables import Row, Table
from openpbc.ui.writing import Writing, write

SUBJECTS = ("waiting_parts", "waiting_stages", "waiting_layout")
STILL_WAITING = "Part_2"
TITLE = "18 weeks"
FILE_FIELD = Field("file", "File", words, "The official full extract, as CSV", kind=FILE, required="Choose a file.")


def waits(request: HttpRequest, place: str) -> HttpResponse:
    """Waits of ``?month=`` and ``?part=`` by provider, and of ``?provider=`` by specialty."""
    book = organisations.book(place)
    files = reads.waiting_files(place)
    parts = {row["code"]: row for row in book.need_table("measures.waiting_parts")}
    part = request.GET.get("part", "") if request.GET.get("part") in parts else STILL_WAITING
    asked = request.GET.get("month", "")
    file = next((each for each in files if str(each.month) == asked), files[0] if files else None)
    provider = request.GET.get("provider", "")
    shown = _tables(book, file, parts[part], provider) if file else ()
    page = Page(
        template="measures/waits.jinja",
        title=TITLE,
        book=book,
        trail=(Crumb("Measures", reverse("measures:listing", kwargs={"place": place})),),
        tables=(*shown, stages_table(book)),
        facts=_facts(file),
        rests_on=_behind(book),
        synthetic=bool(file and "SYNTHETIC" in file.file_name),
        context={
            "file": file,
            "files": files,
            "known_parts": parts,
            "part": parts[part],
            "provider": provider,
            "method": METHOD,
            "law": reads.waiting_law(book),
            "lead": _lead(book, file, part, provider),
        },
    )
    return respond(request, page)


def _behind(book: Book) -> tuple[Held, ...]:
    held = (book.table(f"measures.{id}") for id in SUBJECTS)
    return (*held, book.value("measures.waiting_weeks"), book.value("measures.waiting_long_weeks"))


def _facts(file: WaitingFound | None) -> tuple[tuple[str, str], ...]:
    if file is None:
        return (("Received", "no extract of waits yet"),)
    at = timezone.localtime(file.at)
    return (
        ("As at", file.month.name),
        ("File", f"{file.file_name} {file.sha256}"),
        ("Sent by", f"{file.by}, {day_text(at)}"),
    )


def _lead(book: Book, file: WaitingFound | None, part: str, provider: str) -> Cell:
    if file is None:
        return None
    found = reads.together(each.waits for each in reads.waiting(book.place.id, file.month, part, "provider", provider))
    value = reads.figure_value(found, "beyond", reads.waiting_law(book)) if found.bands else None
    address = reads.waits_address(book.place.id, file.month, part, provider, "", "beyond")
    return None if value is None else Figure(value, Style.COUNT, address)


def _tables(book: Book, file: WaitingFound, part: Mapping[str, str], provider: str) -> tuple[Table, ...]:
    place, month, code, title = book.place.id, file.month, part["code"], part["title"]
    by_provider = reads.waiting(place, month, code, "provider")
    by_tfc = reads.waiting(place, month, code, "tfc", provider)
    whose = next((each.name for each in by_provider if each.code == provider), "all providers")
    return (
        _waits_table(book, "by-provider", f"{title}, by provider, {month.name}", by_provider, file, part, None),
        _waits_table(book, "by-specialty", f"{title}, by specialty, {whose}", by_tfc, file, part, provider),
        _findings_table(file),
    )


def _waits_table(
    book: Book, id: str, caption: str, lines: tuple[WaitingLineFound, ...], file: WaitingFound,
    part: Mapping[str, str], provider: str | None,
) -> Table:  # fmt: skip
    """One provider or specialty a row; ``provider`` None makes the rows providers, which lead to their specialties."""
    law = reads.waiting_law(book)
    columns = [
        tables.text("Provider" if provider is None else "Specialty"),
        tables.number("Pathways"),
        tables.number(f"Within {law.weeks} weeks", additive=False),
        tables.number(f"Beyond {law.weeks}"),
        tables.number(f"Beyond {law.long_weeks}"),
        tables.number("Median", "weeks", additive=False),
        tables.number("92nd centile", "weeks", additive=False),
        tables.text("Standard"),
    ]
    rows = [_row(book, each, file.month, part, provider) for each in lines]
    whole = WaitingLineFound("", "All", reads.together(each.waits for each in lines))
    total = [Row(tuple(_row(book, whole, file.month, part, provider)), total=True)] if len(lines) > 1 else []
    return tables.table(
        id, caption, columns, [*rows, *total], cards=True, empty="No line of the extract is about this."
    )


def _row(book: Book, line: WaitingLineFound, month: Month, part: Mapping[str, str], provider: str | None) -> list[Cell]:
    law, code = reads.waiting_law(book), part["code"]
    whose = (line.code, "") if provider is None else (provider, line.code)
    there = reverse("measures:waits", kwargs={"place": book.place.id})
    name: Cell = line.name
    if provider is None and line.code:
        name = Link(line.name or line.code, f"{there}?month={month}&part={code}&provider={line.code}")

    def shown(figure: str, style: Style) -> Cell:
        value = reads.figure_value(line.waits, figure, law)
        if value is None:
            return Missing(why="It lies in the last band, which has no end, or nobody waits.")
        return Figure(value, style, reads.waits_address(book.place.id, month, code, *whose, figure), places=1)

    if part["waits"] == "no":
        return [name, line.waits.total + line.waits.unknown, None, None, None, None, None, ""]
    return [
        name,
        shown("total", Style.COUNT),
        shown("share", Style.PERCENT),
        shown("beyond", Style.COUNT),
        shown("long", Style.COUNT),
        shown("median", Style.INDEX),
        shown("centile-92", Style.INDEX),
        _standard(line, month, part, reads.figure_value(line.waits, "share", law)),
    ]


def _standard(line: WaitingLineFound, month: Month, part: Mapping[str, str], share: int | None) -> Cell:
    """Whether the share meets the part's standard, where one holds in the month."""
    if not part["standard"] or str(month) < part["standard_from"] or share is None:
        return ""
    wanted = int(part["standard"].removeprefix("0.").ljust(6, "0"))
    return Tag("met", "green") if share >= wanted else Tag("missed", "red")


def _findings_table(file: WaitingFound) -> Table:
    columns = [tables.text("Rule"), tables.number("Line", additive=False), tables.text("What was found")]
    rows: list[list[Cell]] = [[str(e["rule"]), int(e["line"]), str(e["sentence"])] for e in file.findings]
    told = f"{file.lines:,} lines: {file.accepted:,} taken in, {file.rejected:,} refused, {file.excluded:,} of others"
    return tables.table("findings", f"The extract. {told}", columns, rows, cards=True, empty="Nothing was found wrong.")


def stages_table(book: Book) -> Table:
    """The stages of treatment and the weeks that each may take."""
    columns = [tables.text("Stage"), tables.number("Weeks at most"), tables.text("Share within")]
    rows: list[list[Cell]] = [
        [row["title"], int(row["weeks"]), Missing(why="The extract has no dates of single stages.")]
        for row in book.need_table("measures.waiting_stages")
    ]
    return tables.table("stages", "Stages of treatment", columns, rows, cards=True)


def receive(request: HttpRequest, place: str) -> HttpResponse:
    """Send an extract of waits."""
    book = organisations.book(place)

    def act(values: Mapping[str, Any]) -> str:
        sent = values["file"]
        made = actions.receive_waits(
            by=request.viewer.actor, place=place, file_name=str(sent.name), content=sent.read()
        )
        return f"{reverse('measures:waits', kwargs={'place': place})}?month={made.month}"

    writing = Writing(
        title="Send an extract of waits",
        form=Form((FILE_FIELD,)),
        submit="Send",
        act=act,
        book=book,
        trail=(Crumb(TITLE, reverse("measures:waits", kwargs={"place": place})),),
        lead="Only this commissioner's lines are taken in. A further extract of the same month replaces the one before;"
        " both are kept.",
    )
    return write(request, writing)

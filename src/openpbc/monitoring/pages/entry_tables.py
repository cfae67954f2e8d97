"""Entries and files of entries as tables; the table of a refused file is the file to send back."""

from __future__ import annotations

from collections.abc import Sequence

from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.kernel.periods import Month, day_text
from openpbc.monitoring import reads
from openpbc.monitoring.reads.entered import Entered, UploadFound
from openpbc.monitoring.reads.kept_figures import entry_address
from openpbc.monitoring.rules.entry_file import COLUMNS
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Style, Tag
from openpbc.ui.pages import capital
from openpbc.ui.tables import Table

STATES = {"refused": Tag("refused", "red"), "checked": Tag("to be entered", "blue"), "entered": Tag("entered", "green")}


def entries_table(book: Book, listed: Sequence[Entered], *, correcting: bool) -> Table:
    """The entries, newest first; finance may correct what a cell comes to."""
    titles = {line.code: line.title for line in reads.service_lines(book)}
    known = reads.holders(book)
    columns = [
        tables.code("Entry"),
        tables.text("Month"),
        tables.text("Whose"),
        tables.text("Service line"),
        tables.text("Kind"),
        tables.number("Amount", "£"),
        tables.text("Source"),
        tables.text("Entered by"),
    ]
    rows: list[list[Cell]] = [
        [
            _entry(book, row, correcting),
            Month.parse(row.month).name,
            known.whose(row.unit, row.practice),
            titles.get(row.service_line, row.service_line),
            f"{row.kind}, correction" if row.corrects else row.kind,
            Figure(row.pence, Style.PENCE, entry_address(book.place.id, row.id)),
            row.source,
            f"{row.by}, {day_text(localtime(row.at))}",
        ]
        for row in reversed(listed)
    ]
    return tables.table("entries", "Entries", columns, rows, cards=True, empty="Nothing is entered yet.")


def _entry(book: Book, row: Entered, correcting: bool) -> Cell:
    if not correcting:
        return str(row.id)
    return Link(f"Correct {row.id}", reverse("monitoring:correct", kwargs={"place": book.place.id, "entry": row.id}))


def uploads_table(book: Book, listed: Sequence[UploadFound]) -> Table:
    """The files that were sent, newest first."""
    titles = ("Rows", "Good", "With a mistake")
    columns = [
        tables.text("File"),
        tables.text("State"),
        *(tables.number(title) for title in titles),
        tables.text("Sent by"),
    ]
    rows: list[list[Cell]] = [
        [
            Link(f"{each.number}: {each.file_name}", _there(book, each)),
            STATES[each.state],
            len(each.rows),
            each.accepted,
            each.rejected,
            f"{each.by}, {day_text(localtime(each.at))}",
        ]
        for each in listed
    ]
    return tables.table("uploads", "Files", columns, rows, cards=True, empty="No file was sent yet.")


def _there(book: Book, found: UploadFound) -> str:
    return reverse("monitoring:uploaded", kwargs={"place": book.place.id, "number": found.number})


def upload_table(found: UploadFound) -> Table:
    """The rows of a file as they were sent, each with what is wrong in it."""
    heads = [tables.number("Row", additive=False), *(tables.text(_heading(name)) for name in COLUMNS)]
    rows: list[list[Cell]] = [
        [row["line"], *(row["cells"][name] for name in COLUMNS), " ".join(row["problems"])] for row in found.rows
    ]
    return tables.table("rows", "Rows of the file", [*heads, tables.text("What is wrong")], rows, cards=True)


def _heading(name: str) -> str:
    return capital(name.replace("_", " "))

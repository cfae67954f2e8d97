"""Says how a file will be read before it counts: our fields, their columns, what stands in them, and what is left over.

Only the header and the first lines are read; nothing is kept.
"""

from __future__ import annotations

import contextlib
import csv
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from openpbc.activity.flow import cds_xml
from openpbc.activity.flow.canonical import FIELDS, STREAM_WORDS, kind_of
from openpbc.activity.flow.layouts import FIELD_TABLE, Layout, Recognised, layouts, recognise
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.warehouse.store import file_hash
from openpbc.warehouse.survey import LONGEST_LINE, Survey, survey

LINES_LOOKED_AT = 200
_OTHER_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "upright strokes", ",": "commas"}
VALUES_SHOWN = 3


@dataclass(frozen=True)
class FieldRead:
    """One of our fields: what it is, and the column that fills it (empty where the file has none).

    ``listed`` names the code list that the field is held against, empty where there is none.
    """

    field: str
    name: str
    kind: str
    listed: str
    need: str
    column: str
    first_values: tuple[str, ...] = ()

    @property
    def missing(self) -> bool:
        """Whether no column of the file fills the field."""
        return not self.column


@dataclass(frozen=True)
class UnknownColumn:
    """A column that the layout does not know: it is kept with the file, and no rule reads it."""

    column: str
    first_values: tuple[str, ...]


@dataclass(frozen=True)
class ReadAs:
    """How a file will be read: its layout and stream, every field of ours, and every column that is left over."""

    file_name: str
    layout: str
    title: str
    stream: str
    lines: int
    monthly: bool
    fields: tuple[FieldRead, ...]
    unknown: tuple[UnknownColumn, ...]
    without: tuple[str, ...]

    @property
    def filled(self) -> tuple[FieldRead, ...]:
        """The fields that a column fills."""
        return tuple(one for one in self.fields if not one.missing)

    @property
    def lacking(self) -> tuple[FieldRead, ...]:
        """The fields that the data set wants and no column fills."""
        return tuple(one for one in self.fields if one.missing and one.need in ("M", "R"))

    @property
    def sentence(self) -> str:
        """What it comes to, in one sentence."""
        return (
            f"{self.file_name} will be read as {STREAM_WORDS[self.stream]} in the layout {self.layout} ({self.title}):"
            f" {self.lines:,} lines, {len(self.filled)} fields filled, {len(self.lacking)} wanted fields without a"
            f" column, {len(self.unknown)} columns that no rule reads and that are kept."
        )


@contextlib.contextmanager
def surveyed(path: Path) -> Iterator[Survey]:
    """Survey a file as columns: XML is first turned into rows, and stays known by its own name and hash."""
    if not (path.is_file() and cds_xml.is_xml(path)):
        yield survey(path)
        return
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / path.name
        cds_xml.convert(path, rows)
        yield replace(survey(rows), sha256=file_hash(path))


def known_as(known: Mapping[str, Layout], surveyed: Survey, wanted: str | None) -> Recognised:
    """Recognise a surveyed file by the delimiter that gives most columns; a misfit's sentence is that delimiter's."""
    delimiters = sorted({layout.delimiter for layout in known.values()})
    widths = {delimiter: surveyed.header_line.count(delimiter) for delimiter in delimiters}
    delimiter = max(delimiters, key=lambda one: widths[one])
    _refuse_other_delimiter(surveyed, delimiters)
    return recognise(known, surveyed.header(delimiter), surveyed.name, wanted)


def _refuse_other_delimiter(surveyed: Survey, delimiters: Sequence[str]) -> None:
    """Say it where the columns are parted by what no layout parts them by."""
    if any(one in surveyed.header_line for one in delimiters):
        return
    found = next((words for one, words in _OTHER_DELIMITERS.items() if one in surveyed.header_line), None)
    if found is not None:
        wanted = " or ".join(_OTHER_DELIMITERS.get(one, f"'{one}'") for one in delimiters)
        raise UserError(
            f"the header fits no layout: its columns are parted by {found}",
            f"{surveyed.name}, line 1",
            f"Save it with {wanted} between them.",
        )


def read_as(book: Book, surveyed: Survey, wanted: str | None = None) -> ReadAs:
    """Say how a surveyed file will be read; a file that fits no layout is refused in a sentence."""
    found = known_as(layouts(book), surveyed, wanted)
    layout, stream = found.layout, found.stream
    columns = surveyed.header(layout.delimiter)
    values = _first_values(surveyed, layout.delimiter, columns)
    told = {row["field"]: row for row in book.need_table(FIELD_TABLE) if row["stream"] == stream}
    mapped = {name: column for name, column in layout.fields[stream].items() if column in columns}
    fields = tuple(
        FieldRead(
            field=name,
            name=told[name]["name"] if name in told else name,
            kind=told[name]["kind"] if name in told else kind_of(name),
            listed=told[name]["code_list"] if name in told else "",
            need=told[name]["need"] if name in told else "",
            column=mapped.get(name, ""),
            first_values=values.get(mapped.get(name, ""), ()),
        )
        for name in FIELDS[stream]
    )
    used = set(mapped.values())
    return ReadAs(
        file_name=surveyed.name,
        layout=layout.id,
        title=layout.title,
        stream=stream,
        lines=surveyed.lines,
        monthly=layout.monthly,
        fields=fields,
        unknown=tuple(UnknownColumn(column, values[column]) for column in columns if column not in used),
        without=layout.without,
    )


def _first_values(surveyed: Survey, delimiter: str, columns: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Give the first different values of every column, from the first lines that fit the header."""
    found: dict[str, dict[str, None]] = {column: {} for column in columns}
    try:
        for row in _first_rows(surveyed, delimiter):
            if len(row) != len(columns):
                continue
            for column, text in zip(columns, row, strict=True):
                if text.strip() and len(found[column]) < VALUES_SHOWN:
                    found[column].setdefault(text.strip())
    except csv.Error as error:
        raise UserError("the lines cannot be told apart into columns", surveyed.name, "Look for odd quotes.") from error
    return {column: tuple(values) for column, values in found.items()}


def _first_rows(surveyed: Survey, delimiter: str) -> Iterator[list[str]]:
    with surveyed.path.open(encoding="utf-8-sig", newline="") as file:
        lines = islice((file.readline(LONGEST_LINE) for _ in range(LINES_LOOKED_AT + 1)), 1, None)
        for line in lines:
            if line:
                yield from csv.reader([line.rstrip("\r\n")], delimiter=delimiter)

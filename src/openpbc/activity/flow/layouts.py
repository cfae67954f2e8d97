"""Layouts are data: which columns a file must have to be one, and how its columns become canonical fields.

A layout is a pack file ``data.layout.<id>``. Its words:

``streams.<stream>.recognised_by``  columns without which a file is not of this layout and stream, in one text or a list
``streams.<stream>.same``           columns whose names are those of the canonical fields
``streams.<stream>.columns``        canonical field: column
``coverage``     place: judged by the place's providers and practices; national: by the shape of codes only
``period``       month: a file holds one activity month of one provider; none: an extract that feeds no month
``file_name``    how names tell provider, month and stream
``padded``       fields are padded with blanks
``dates``        how dates are written: YYYY-MM-DD, YYYYMMDD or DD/MM/YYYY
``times``        how times are written: HH:MM, HHMM or HH:MM:SS
``ages``         how ages are written: years or hes
``missing``, ``missing_dates``, ``missing_times``    texts that mean nothing was given
``invalid_dates``, ``invalid_times``                 texts that stand for something unusable (findings D-03, D-04)
``not_known``    texts that mean not known (finding D-01)
``without``      checks that cannot be made on such files
``changes``      column and text: a file whose lines all say so replaces and deletes single records of those before it
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from openpbc.activity.flow.canonical import (
    CHECKED_DATES,
    CHECKED_NUMBERS,
    CHECKED_TIMES,
    DATES,
    EVERY,
    FIELDS,
    NUMBERS,
    STREAM_WORDS,
    TIMES,
)
from openpbc.activity.flow.persons import LOOKS_PERSONAL, is_identifiable
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.warehouse.landing import Landed
from openpbc.warehouse.session import named, quoted

PREFIX = "data.layout."
_BOOKS = 8
FIELD_TABLE = "data.fields"
_WORDS = frozenset(
    "title delimiter coverage period file_name padded dates times ages missing missing_dates missing_times"
    " invalid_dates invalid_times not_known without changes streams".split()
)
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "coverage": ("place", "national"),
    "period": ("month", "none"),
    "dates": ("YYYY-MM-DD", "YYYYMMDD", "DD/MM/YYYY"),
    "times": ("HH:MM", "HHMM", "HH:MM:SS"),
    "ages": ("years", "hes"),
}
# How to write a date of another shape as YYYY-MM-DD: the shape, then (start, length) of year, month and day.
_DATE_SHAPES: Mapping[str, tuple[str, tuple[tuple[int, int], ...]]] = {
    "YYYYMMDD": ("^[0-9]{8}$", ((1, 4), (5, 2), (7, 2))),
    "DD/MM/YYYY": ("^[0-9]{2}/[0-9]{2}/[0-9]{4}$", ((7, 4), (4, 2), (1, 2))),
}


@dataclass(frozen=True)
class Layout:
    """One layout of the rulebook; ``fields`` maps stream -> canonical field -> column of the file.

    ``longest`` says how many characters a stream's field may have, as ``data.fields`` has it.
    """

    id: str
    title: str
    delimiter: str
    coverage: str
    period: str
    file_name: str
    recognised_by: Mapping[str, frozenset[str]]
    fields: Mapping[str, Mapping[str, str]]
    words: Mapping[str, Any] = field(default_factory=dict)
    longest: Mapping[tuple[str, str], int] = field(default_factory=dict)

    @property
    def monthly(self) -> bool:
        """Whether a file holds one month of one provider, and so takes part in the month's run."""
        return self.period == "month"

    @property
    def without(self) -> tuple[str, ...]:
        """The checks that cannot be made on such files."""
        return tuple(self.words.get("without", ()))

    def shown(self, stream: str) -> frozenset[str]:
        """Give the columns that analysis may see: those that are read as a field which tells of no person.

        Whatever the layout does not speak of may hold anything, so it is kept with the identities.
        """
        told = {column for name, column in self.fields[stream].items() if is_identifiable(name)}
        return frozenset(
            column
            for column in self.fields[stream].values()
            if column not in told and not LOOKS_PERSONAL.search(column)
        )

    def missing_columns(self, stream: str, columns: Collection[str]) -> list[str]:
        """List the columns that a file lacks to be of this layout and stream."""
        return sorted(self.recognised_by[stream] - set(columns))

    def name_tells(self, name: str) -> dict[str, str]:
        """Read provider, month and stream out of a file's name; empty when the name has another shape."""
        shape = re.escape(self.file_name)
        for part, pattern in (("provider", "[A-Z0-9]{3,6}"), ("month", r"\d{4}-\d{2}"), ("stream", "[a-z]+")):
            shape = shape.replace(re.escape("{" + part + "}"), f"(?P<{part}>{pattern})")
        match = re.fullmatch(shape, name) if self.file_name else None
        return match.groupdict() if match else {}


@lru_cache(maxsize=_BOOKS)
def layouts(book: Book) -> Mapping[str, Layout]:
    """Read all layouts of the book by short id, once a book; a fault in one names its file."""
    found = {}
    longest = {
        (row["stream"], row["field"]): int(row["longest"]) for row in book.need_table(FIELD_TABLE) if row["longest"]
    }
    for subject, body in book.layouts().items():
        short = subject.removeprefix(PREFIX)
        found[short] = _layout(short, body, book.subjects[subject].file.path, longest)
    return found


def _layout(short: str, body: Mapping[str, Any], path: str, longest: Mapping[tuple[str, str], int]) -> Layout:
    strange = sorted(set(body) - _WORDS)
    if strange:
        raise UserError(f"a layout has no '{strange[0]}'", path, f"Use {', '.join(sorted(_WORDS))}.")
    for word, choices in _CHOICES.items():
        if body.get(word, choices[0]) not in choices:
            raise UserError(f"{word} is '{body[word]}'", path, f"Use {' or '.join(choices)}.")
    streams = body.get("streams") or {}
    fields = {stream: _fields(stream, parts, path) for stream, parts in streams.items()}
    recognised = {stream: frozenset(_listed_names(parts.get("recognised_by"))) for stream, parts in streams.items()}
    if not streams or not all(recognised.values()):
        raise UserError("the layout does not say by which columns a stream is recognised", path, "Fill recognised_by.")
    return Layout(
        id=short,
        title=str(body.get("title", short)),
        delimiter=str(body.get("delimiter", ",")),
        coverage=str(body.get("coverage", "place")),
        period=str(body.get("period", "month")),
        file_name=str(body.get("file_name", "")),
        recognised_by=recognised,
        fields=fields,
        words=body,
        longest=longest,
    )


def _listed_names(said: Any) -> list[str]:
    """Read names that stand in one text with blanks between, or as a list where names have blanks themselves."""
    return [str(name) for name in said] if isinstance(said, list) else str(said or "").split()


def _fields(stream: str, parts: Mapping[str, Any], path: str) -> dict[str, str]:
    if stream not in EVERY:
        raise UserError(f"there is no stream '{stream}'", path, f"Use {', '.join(EVERY)}.")
    fields = {name: name for name in str(parts.get("same", "")).split()}
    fields |= {str(name): str(column) for name, column in (parts.get("columns") or {}).items()}
    strange = sorted(set(fields) - set(FIELDS[stream]))
    if strange:
        raise UserError(f"{STREAM_WORDS[stream]} has no field '{strange[0]}'", path, "Use the canonical field names.")
    return fields


@dataclass(frozen=True)
class Recognised:
    """What a header was taken for."""

    layout: Layout
    stream: str


def recognise(known: Mapping[str, Layout], columns: Collection[str], name: str, wanted: str | None) -> Recognised:
    """Tell layout and stream by a file's columns; the one with most columns in common wins."""
    if wanted is not None and wanted not in known:
        raise UserError(f"there is no layout '{wanted[:60]}'", do=f"Choose one of {', '.join(sorted(known))}.")
    candidates = [known[wanted]] if wanted else [known[id] for id in sorted(known)]
    scored = [
        (len(set(layout.fields[stream].values()) & set(columns)), Recognised(layout, stream))
        for layout in candidates
        for stream in layout.fields
    ]
    fitting = [(score, one) for score, one in scored if not one.layout.missing_columns(one.stream, columns)]
    if fitting:
        return max(fitting, key=lambda pair: pair[0])[1]
    score, nearest = max(scored, key=lambda pair: pair[0])
    _refuse_other_writing(scored, columns, name)
    if not score:
        raise UserError(
            "the header fits no layout: the first line has none of the column names that any layout knows",
            f"{name}, line 1",
            "Put the column names into the first line, with nothing above them.",
        )
    lacking = ", ".join(nearest.layout.missing_columns(nearest.stream, columns)[:6])
    raise UserError(
        f"the header fits no layout; nearest is {nearest.layout.id} ({STREAM_WORDS[nearest.stream]}), which needs "
        f"also: {lacking}",
        f"{name}, line 1",
        "Send one of the known layouts, or add a layout file to the rulebook.",
    )


def _refuse_other_writing(scored: Sequence[tuple[int, Recognised]], columns: Collection[str], name: str) -> None:
    """Say it where a header would fit but for capitals: a name is not guessed."""
    lowered = {column.casefold() for column in columns}
    for _, one in scored:
        lacking = one.layout.missing_columns(one.stream, columns)
        if all(column.casefold() in lowered for column in lacking):
            raise UserError(
                f"the header fits no layout, {one.layout.id} ({STREAM_WORDS[one.stream]}) but for capitals: it has no "
                f"{', '.join(lacking[:6])} written so",
                f"{name}, line 1",
                "Write the column names as the layout has them.",
            )


def canonical_select(
    layout: Layout, stream: str, landed: Landed, source: str, unparsed: Collection[int], *, judged: bool = True
) -> str:
    """Write the query that gives a landed file's rows as canonical fields, with the findings of the mapping itself.

    ``source`` is the relation of the file's rows, with ``file_row_number`` from 0. Unparsed lines are left out.
    """
    return mapped(layout, stream, landed.columns, placed(landed, source, unparsed), judged=judged)


def placed(landed: Landed, source: str, unparsed: Collection[int], also: Mapping[str, str] | None = None) -> str:
    """Write the query of a file's rows as they came, with file, line and what else (name: SQL) is said of the file.

    What is said has names that begin with a blank, which no column of a file can have.
    """
    said = {"file": quoted(landed.short), "line": "file_row_number + 1", **(also or {})}
    parts = ", ".join(f"{text} as {_said(name)}" for name, text in said.items())
    where = f" where file_row_number + 1 not in ({', '.join(map(str, sorted(unparsed)))})" if unparsed else ""
    return f"select {parts}, * from {source}{where}"


def mapped(
    layout: Layout,
    stream: str,
    columns: Collection[str],
    rows: str,
    *,
    also: Collection[str] = (),
    judged: bool = True,
    fields: Sequence[str] = (),
) -> str:
    """Write the query that gives placed rows of one layout as canonical fields; ``also`` is passed on.

    ``fields`` are those that are wanted, all of the stream unless said.

    Columns: file, line, every canonical field of the stream as text, and ``notes``: findings as ``RULE:field`` with
    blanks between, or NULL (always NULL unless ``judged``).
    """
    present = {name: column for name, column in layout.fields[stream].items() if column in columns}
    parts = [f"{_said(name)} as {name}" for name in ("file", "line")]
    notes: list[str] = []
    for name in fields or FIELDS[stream]:
        text, found = _field(layout, name, present.get(name))
        parts.append(f"{text} as {named(name)}")
        notes += found
        if name in present:
            notes += _shape(name, text, layout.longest.get((stream, name)))
    parts.append(f"{_joined(notes if judged else [])} as notes")
    parts += [f"{_said(name)} as {name}" for name in also]
    return f"select {', '.join(parts)} from ({rows})"


def _said(name: str) -> str:
    return named(f" {name}")


def _joined(notes: list[str]) -> str:
    return f"concat_ws(' ', {', '.join(notes)})" if notes else "cast(null as varchar)"


def _field(layout: Layout, name: str, column: str | None) -> tuple[str, list[str]]:
    """Write one field's expression, and those of the findings that its special texts give."""
    if column is None:
        return "cast(null as varchar)", []
    text = named(column)
    if layout.words.get("padded"):
        text = f"nullif(trim({text}, concat(' ', chr(9))), '')"
    gone, notes = list(layout.words.get("missing", ())), []
    specials = [("not_known", "D-01", True)]
    specials += [("missing_dates", "D-02", name in DATES), ("invalid_dates", "D-03", name in DATES)]
    specials += [("missing_times", "", name in TIMES), ("invalid_times", "D-04", name in TIMES)]
    for word, rule, applies in specials:
        texts = layout.words.get(word, ()) if applies else ()
        gone += texts
        if texts and rule:
            notes.append(f"case when {text} in ({_listed(texts)}) then {quoted(f'{rule}:{name}')} end")
    if gone:
        text = f"case when {text} in ({_listed(gone)}) then null else {text} end"
    return _written(layout, name, text), notes


def _shape(name: str, text: str, longest: int | None) -> list[str]:
    """Write the findings of a canonical text's shape; the law is ``rules.checks.misshapen``."""
    notes = [f"case when length({text}) > {longest} then {quoted(f'T-07:{name}')} end"] if longest else []
    if name in DATES - CHECKED_DATES:
        notes.append(f"case when {text} is not null and not iso_day_ok({text}) then {quoted(f'T-01:{name}')} end")
    if name in NUMBERS - CHECKED_NUMBERS:
        notes.append(f"case when not regexp_matches({text}, '^[0-9]{{1,4}}$') then {quoted(f'T-02:{name}')} end")
    if name in TIMES - CHECKED_TIMES:
        clock = quoted("^([01][0-9]|2[0-3]):[0-5][0-9]$")
        notes.append(f"case when not regexp_matches({text}, {clock}) then {quoted(f'T-06:{name}')} end")
    return notes


def _listed(texts: Collection[str]) -> str:
    return ", ".join(quoted(str(text)) for text in texts)


def _written(layout: Layout, name: str, text: str) -> str:
    """Turn a date, time or age of another writing into the canonical one; what does not fit stays as it is."""
    if name in DATES and layout.words.get("dates") in _DATE_SHAPES:
        shape, parts = _DATE_SHAPES[layout.words["dates"]]
        iso = ", '-', ".join(f"substr({text}, {start}, {length})" for start, length in parts)
        return f"case when regexp_matches({text}, {quoted(shape)}) then concat({iso}) else {text} end"
    if name in TIMES and layout.words.get("times") == "HHMM":
        clock = f"concat(substr({text}, 1, 2), ':', substr({text}, 3, 2))"
        return f"case when regexp_matches({text}, '^[0-9]{{4}}$') then {clock} else {text} end"
    if name in TIMES and layout.words.get("times") == "HH:MM:SS":
        shape = quoted("^[0-9]{2}:[0-9]{2}:[0-9]{2}$")
        return f"case when regexp_matches({text}, {shape}) then substr({text}, 1, 5) else {text} end"
    if name == "age" and layout.words.get("ages") == "hes":
        return (
            f"case when regexp_matches({text}, '^700[1-7]([.]0)?$') then '0' "
            f"when regexp_matches({text}, '^[0-9]+[.]0$') then substr({text}, 1, length({text}) - 2) else {text} end"
        )
    return text

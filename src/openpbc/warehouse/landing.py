"""Lands a received CSV file as immutable Parquet: every column as text, addressed by the hash of the bytes received.

Nothing may vanish. A record is one physical line, and the control total must hold: physical lines = parsed + unparsed
lines. The engine first reads the file as it is; whenever its count differs, or anything about the bytes makes one
doubt that it could count (quotes, mixed line ends, empty lines), each line is judged by itself instead: a line that
does not fit the header is set aside with its text, and its place in ``rows.parquet`` stays as a row of nulls.

``landed/<sha256>/rows.parquet``      every column of the file as VARCHAR, in the order of the file; a row's line number
                                      (1 = first line of data) is its position, read back as ``file_row_number + 1``
``landed/<sha256>/unparsed.parquet``  line BIGINT, problem VARCHAR, text VARCHAR
``landed/<sha256>/landing.json``      what was received, and the control total
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from openpbc.kernel.problems import UserError
from openpbc.warehouse.session import Session, UnreadableText, named, quoted
from openpbc.warehouse.store import Store, canonical_json, file_hash
from openpbc.warehouse.survey import LONGEST_LINE, Survey

KEPT_TEXT = 2_000
_QUOTED = re.compile('"[^"]*"')
EMPTY_LINE, WRONG_COLUMNS, BROKEN_QUOTES = "empty line", "wrong number of columns", "broken quotes"


@dataclass(frozen=True)
class Landed:
    """A landed file: its address, its columns in order, and its control total (lines = parsed + unparsed)."""

    sha256: str
    columns: tuple[str, ...]
    delimiter: str
    size: int
    lines: int
    parsed: int
    unparsed: int
    line_end_at_end: bool
    rows_sha256: str

    @property
    def short(self) -> str:
        """The first 12 hex digits, by which tables name the file."""
        return self.sha256[:12]


@dataclass(frozen=True)
class Draft:
    """A file that is converted but not yet kept, shown to the caller's inspection; raising there keeps nothing."""

    session: Session
    landed: Landed
    rows: Path
    unparsed: tuple[int, ...]


def rows_path(store: Store, sha256: str) -> Path:
    """Give the Parquet file of a landed file's rows."""
    return store.landed / sha256 / "rows.parquet"


def unparsed_path(store: Store, sha256: str) -> Path:
    """Give the Parquet file of a landed file's unparsed lines."""
    return store.landed / sha256 / "unparsed.parquet"


def landed(store: Store, sha256: str) -> Landed | None:
    """Give a landed file by its address, or None."""
    description = store.landed / sha256 / "landing.json"
    if not description.is_file():
        return None
    body: dict[str, Any] = json.loads(description.read_text(encoding="utf-8"))
    return Landed(**{**body, "columns": tuple(body["columns"])})


def land(
    store: Store,
    surveyed: Survey,
    delimiter: str,
    *,
    inspect: Callable[[Draft], None] | None = None,
    threads: int | None = None,
) -> Landed:
    """Land a surveyed file; refuse what cannot be read without loss. ``inspect`` may refuse it before it is kept.

    A file that is there already is converted and inspected again, and then left as it is.
    """
    columns = surveyed.header(delimiter)
    _refuse_cut_end(surveyed, columns, delimiter)
    with (
        store.staging() as folder,
        Session(ordered=True, macros=False, threads=threads, temp_directory=store.spill) as session,
    ):
        unparsed = _convert(session, surveyed, columns, delimiter, folder)
        if not surveyed.unchanged():
            raise UserError("the file changed while it was read", surveyed.name, "Send it again when it is complete.")
        made = Landed(
            sha256=surveyed.sha256,
            columns=columns,
            delimiter=delimiter,
            size=surveyed.size,
            lines=surveyed.lines,
            parsed=surveyed.lines - len(unparsed),
            unparsed=len(unparsed),
            line_end_at_end=surveyed.line_end_at_end,
            rows_sha256=file_hash(folder / "rows.parquet"),
        )
        if inspect is not None:
            inspect(Draft(session, made, folder / "rows.parquet", tuple(line for line, _, _ in unparsed)))
        (folder / "landing.json").write_text(canonical_json(asdict(made)), encoding="utf-8")
        store.keep(folder, store.landed / surveyed.sha256)
    return made


def _refuse_cut_end(surveyed: Survey, columns: tuple[str, ...], delimiter: str) -> None:
    """A last line without its line end and with too few columns is a file that was cut off on its way."""
    if surveyed.line_end_at_end:
        return
    found = _width(surveyed.last_line, delimiter)
    if found < len(columns):
        raise UserError(
            f"the file is cut off: its last line stops after {found} of {len(columns)} columns",
            f"{surveyed.name}, line {surveyed.lines + 1}",
            "Ask the sender for the whole file.",
        )


def _convert(
    session: Session, surveyed: Survey, columns: tuple[str, ...], delimiter: str, folder: Path
) -> list[tuple[int, str, str]]:
    """Write rows and unparsed lines; give the unparsed ones. Each line of the file is in ``rows.parquet``."""
    rows = folder / "rows.parquet"
    unparsed: list[tuple[int, str, str]] = []
    if surveyed.quotes or surveyed.returns or surveyed.gaps or not _copy(session, surveyed, columns, delimiter, rows):
        clean = folder / "lines.csv"
        with clean.open("w", encoding="utf-8", newline="") as out:
            unparsed = _set_aside(surveyed, columns, delimiter, out)
        _refuse_mostly_unparsed(surveyed, columns, unparsed)
        readable = Survey(**{**vars(surveyed), "path": clean})
        if not _copy(session, readable, columns, delimiter, rows):
            raise UserError(
                "the number of rows read differs from the number of lines in the file", surveyed.name,
                "Ask for the file without quotes around line breaks.",
            )  # fmt: skip
        clean.unlink()
    session.table("unparsed", {"line": "BIGINT", "problem": "VARCHAR", "text": "VARCHAR"}, unparsed)
    session.write("unparsed", folder / "unparsed.parquet", "line")
    return unparsed


def _copy(session: Session, surveyed: Survey, columns: tuple[str, ...], delimiter: str, rows: Path) -> bool:
    """Let the engine read the file with explicit columns; True when the control total holds."""
    typed = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in columns)
    source = (
        f"read_csv({quoted(surveyed.path)}, columns = {{{typed}}}, header = true, auto_detect = false, "
        f"delim = {quoted(delimiter)}, quote = '\"', escape = '\"', new_line = '\\n', strict_mode = true, "
        "null_padding = false, ignore_errors = false)"
    )
    try:
        session.execute(f"copy (select * from {source}) to {quoted(rows)} (format parquet, compression lz4_raw)")
    except UnreadableText:
        return False
    return session.number(f"select count(*) as n from read_parquet({quoted(rows)})") == surveyed.lines


def _set_aside(surveyed: Survey, columns: tuple[str, ...], delimiter: str, out: IO[str]) -> list[tuple[int, str, str]]:
    """Judge each line by itself; write the good ones, a row of nulls for each other, and give the others."""
    unparsed: list[tuple[int, str, str]] = []
    nulls = delimiter * (len(columns) - 1) + "\n" if len(columns) > 1 else '""\n'
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(columns)
    well_formed = _grammar(delimiter)
    for number, text in _data_lines(surveyed):
        problem = _problem(text, number, len(columns), delimiter, well_formed, surveyed)
        if problem:
            unparsed.append((number, problem, text[:KEPT_TEXT]))
            out.write(nulls)
        else:
            out.write(text + "\n")
    return unparsed


def _data_lines(surveyed: Survey) -> Iterator[tuple[int, str]]:
    with surveyed.path.open(encoding="utf-8-sig", newline="\n") as file:
        next(file)
        for number in range(1, surveyed.lines + 1):
            yield number, file.readline(LONGEST_LINE * 2).removesuffix("\n").removesuffix("\r")


def _problem(text: str, number: int, width: int, delimiter: str, well_formed: re.Pattern[str], surveyed: Survey) -> str:
    if "\r" in text:
        where = f"{surveyed.name}, line {number + 1}"
        raise UserError("the line holds a bare carriage return", where, "Ask for the file with one kind of line end.")
    if not text.strip():
        return EMPTY_LINE
    if '"' in text:
        if text.count('"') % 2:
            raise UserError(
                "a quote is opened and not closed on the same line", f"{surveyed.name}, line {number + 1}",
                "Ask the sender to close it, or to leave out line breaks inside fields.",
            )  # fmt: skip
        if not well_formed.fullmatch(text):
            return BROKEN_QUOTES
    return "" if _width(text, delimiter) == width else WRONG_COLUMNS


def _grammar(delimiter: str) -> re.Pattern[str]:
    bar = re.escape(delimiter)
    field = rf'(?:"(?:[^"]|"")*"|[^"{bar}]*)'
    return re.compile(rf"{field}(?:{bar}{field})*")


def _width(text: str, delimiter: str) -> int:
    """Count the columns of a line whose quotes are in pairs."""
    return _QUOTED.sub("", text).count(delimiter) + 1


def _refuse_mostly_unparsed(surveyed: Survey, columns: tuple[str, ...], unparsed: list[tuple[int, str, str]]) -> None:
    """When most lines do not fit the header, it is the header or the layout that is wrong, not the lines."""
    if len(unparsed) * 2 <= surveyed.lines:
        return
    number, problem, _ = unparsed[0]
    raise UserError(
        f"{len(unparsed):,} of {surveyed.lines:,} lines do not fit the header's {len(columns)} columns ({problem})",
        f"{surveyed.name}, first at line {number + 1}",
        "Check that header and rows belong together.",
    )


def rows_with_line(store: Store, one: Landed) -> str:
    """Give the query of a landed file's parsed rows with their line numbers."""
    columns = ", ".join(named(column) for column in one.columns)
    source = f"read_parquet({quoted(rows_path(store, one.sha256))}, file_row_number = true)"
    return f"select file_row_number + 1 as line, {columns} from {source}"


def lines_of(session: Session, store: Store, one: Landed, lines: Sequence[int]) -> list[dict[str, Any]]:
    """Give some lines of a landed file as they came, by line number; an unparsed line as its problem and text."""
    wanted = {"lines": sorted(set(lines))}
    if not wanted["lines"]:
        return []
    path = quoted(unparsed_path(store, one.sha256))
    unparsed = session.records(f"select * from read_parquet({path}) where line in (select unnest($lines))", wanted)
    rows = session.records(
        f"select * from ({rows_with_line(store, one)}) where line in (select unnest($lines)) order by line", wanted
    )
    instead = {row["line"]: row for row in unparsed}
    return [instead.get(row["line"], row) for row in rows]

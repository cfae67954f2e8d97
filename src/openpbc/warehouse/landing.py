"""Lands a received CSV file as immutable Parquet: every column as text, addressed by the hash of the bytes received.

Nothing may vanish. A record is one physical line, and the control total must hold: physical lines = parsed + unparsed
lines. The engine first reads the file as it is; whenever its count differs, or anything about the bytes makes one
doubt that it could count (quotes, mixed line ends, empty lines), each line is judged by itself instead: a line that
does not fit the header is set aside with its text, and its place in ``rows.parquet`` stays as a row of nulls.

Where which column lies is said in ``apart``; a row's line number (1 = first line of data) is its position in either
part, read back as ``file_row_number + 1``, and the columns keep the order of the file.

``landed/<sha256>/landing.json``      what was received, and the control total
"""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import IO, Any

from openpbc.kernel.problems import UserError
from openpbc.warehouse import apart
from openpbc.warehouse.session import Session, UnreadableText, named, quoted
from openpbc.warehouse.store import Store, canonical_json, file_hash
from openpbc.warehouse.survey import LONGEST_LINE, Survey

KEPT_TEXT = 2_000
_READ_AT_ONCE = 8 << 20  # a quarter of the engine's own choice: a file of some megabytes has work for all processors
_QUOTED = re.compile('"[^"]*"')
EMPTY_LINE, WRONG_COLUMNS, BROKEN_QUOTES = "empty line", "wrong number of columns", "broken quotes"


@dataclass(frozen=True)
class Landed:
    """A landed file: its address, its columns in order, and its control total (lines = parsed + unparsed).

    ``apart`` are the columns that lie with the identities, whose set is named by ``draw``.
    """

    sha256: str
    columns: tuple[str, ...]
    delimiter: str
    size: int
    lines: int
    parsed: int
    unparsed: int
    line_end_at_end: bool
    rows_sha256: str
    draw: str
    identity_sha256: str
    apart: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """The first 12 hex digits, by which tables name the file."""
        return self.sha256[:12]


@dataclass(frozen=True)
class Draft:
    """A file that is converted but not yet kept, shown to the caller's inspection; raising there keeps nothing."""

    session: Session
    landed: Landed
    source: str
    unparsed: tuple[int, ...]


@dataclass(frozen=True)
class _Parts:
    """Where a landing file goes: its columns, those of them that are kept apart, and a folder for either part."""

    columns: tuple[str, ...]
    apart: tuple[str, ...]
    rows: Path
    identity: Path

    @property
    def together(self) -> str:
        """The relation of all rows with all columns."""
        return apart.joined(self.rows, self.identity, self.columns, self.apart)


def source(store: Store, one: Landed) -> str:
    """Give the relation of a landed file's rows: all its columns, and ``file_row_number`` from 0."""
    return apart.together(store, one.sha256, one.draw, one.columns, one.apart)


def unparsed_path(store: Store, sha256: str) -> Path:
    """Give the Parquet file that lists a landed file's unparsed lines and what is wrong with each."""
    return store.landed / sha256 / apart.UNPARSED


def unparsed_lines(store: Store, one: Landed) -> tuple[int, ...]:
    """Give the numbers of a landed file's unparsed lines."""
    if not one.unparsed:
        return ()
    with Session(macros=False) as session:
        path = quoted(unparsed_path(store, one.sha256))
        return tuple(row[0] for row in session.rows(f"select line from read_parquet({path}) order by line"))


def landed(store: Store, sha256: str) -> Landed | None:
    """Give a landed file by its address, or None."""
    description = store.landed / sha256 / "landing.json"
    if not description.is_file():
        return None
    body: dict[str, Any] = json.loads(description.read_text(encoding="utf-8"))
    return Landed(**{**body, "columns": tuple(body["columns"]), "apart": tuple(body["apart"])})


def is_whole(store: Store, sha256: str) -> bool:
    """Tell whether a file has landed and both its parts are there, every byte as it was written."""
    found = landed(store, sha256)
    return found is not None and _is_intact(store, found)


def _is_intact(store: Store, one: Landed) -> bool:
    rows, identity = store.landed / one.sha256, apart.place(store, one.sha256, one.draw)
    stated = {rows / apart.ROWS: one.rows_sha256, identity / apart.ROWS: one.identity_sha256}
    return all(path.is_file() and file_hash(path) == sha256 for path, sha256 in stated.items())


def land(
    store: Store,
    surveyed: Survey,
    delimiter: str,
    *,
    shown: Collection[str] | None = None,
    inspect: Callable[[Draft], None] | None = None,
    threads: int | None = None,
) -> Landed:
    """Land a surveyed file; refuse what cannot be read without loss. ``inspect`` may refuse it before it is kept.

    ``shown`` are the columns that analysis may see, and every other is kept apart; None keeps no column apart. A file
    that is there already, whole and read in the same way, is only inspected again; else the new landing replaces it.
    """
    columns = surveyed.header(delimiter)
    before = landed(store, surveyed.sha256)
    if (held := _held(store, surveyed, columns, delimiter, shown)) is not None:
        _inspect_again(store, held, inspect, threads)
        apart.clear(store, held.sha256, held.draw)
        return held
    _refuse_cut_end(surveyed, columns, delimiter)
    apart.refuse_own_name(columns, surveyed.name)
    with (
        store.staging() as folder,
        Session(ordered=True, macros=False, threads=threads, temp_directory=store.spill) as session,
    ):
        parts = _Parts(columns, apart.kept_apart(columns, shown), folder, folder / "identity")
        unparsed = _convert(session, surveyed, delimiter, parts)
        if not surveyed.unchanged():
            raise UserError("the file changed while it was read", surveyed.name, "Send it again when it is complete.")
        made = _described(surveyed, columns, delimiter, len(unparsed))
        if inspect is not None:
            inspect(Draft(session, made, parts.together, tuple(line for line, _, _ in unparsed)))
        _write_unparsed(session, unparsed, folder, parts.identity)
        made = replace(
            made,
            rows_sha256=file_hash(folder / apart.ROWS),
            identity_sha256=file_hash(parts.identity / apart.ROWS),
            apart=parts.apart,
        )
        return _keep(store, folder, parts.identity, made, before.draw if before else "")


def _held(
    store: Store, surveyed: Survey, columns: tuple[str, ...], delimiter: str, shown: Collection[str] | None
) -> Landed | None:
    """Give what landed of this very file before, if it was read in the same way and nobody touched it since."""
    held = landed(store, surveyed.sha256)
    if held is None or (held.columns, held.delimiter) != (columns, delimiter):
        return None
    if held.apart != apart.kept_apart(columns, shown):
        return None
    return held if _is_intact(store, held) else None


def _inspect_again(store: Store, held: Landed, inspect: Callable[[Draft], None] | None, threads: int | None) -> None:
    if inspect is not None:
        with Session(macros=False, threads=threads, temp_directory=store.spill) as session:
            inspect(Draft(session, held, source(store, held), unparsed_lines(store, held)))


def adopt(store: Store, other: Store, sha256: str) -> None:
    """Take a landed file over from another store, as it lies there; one that is here already stays."""
    found = landed(other, sha256)
    if found is None or is_whole(store, sha256):
        return
    with store.staging() as folder:
        identity = folder / "identity"
        identity.mkdir(mode=0o700)
        _copy_files(apart.place(other, sha256, found.draw), identity)
        _copy_files(other.landed / sha256, folder)
        _put(store, folder, identity, found)


def _copy_files(source: Path, folder: Path) -> None:
    """Put every file of a folder into another, without copying its bytes where the disk can do so."""
    for path in sorted(source.iterdir()):
        try:
            os.link(path, folder / path.name)
        except OSError:  # another disk
            shutil.copyfile(path, folder / path.name)


def _described(surveyed: Survey, columns: tuple[str, ...], delimiter: str, unparsed: int) -> Landed:
    """Describe a file as it was surveyed, with a draw of its own; the hashes of its parts are not known yet."""
    return Landed(
        sha256=surveyed.sha256,
        columns=columns,
        delimiter=delimiter,
        size=surveyed.size,
        lines=surveyed.lines,
        parsed=surveyed.lines - unparsed,
        unparsed=unparsed,
        line_end_at_end=surveyed.line_end_at_end,
        rows_sha256="",
        draw=apart.draw(),
        identity_sha256="",
    )


def _write_unparsed(session: Session, unparsed: list[tuple[int, str, str]], folder: Path, identity: Path) -> None:
    """Write what is wrong with each unparsed line, and its text to where the identities are: it may name a person."""
    session.table("unparsed", {"line": "BIGINT", "problem": "VARCHAR", "text": "VARCHAR"}, unparsed)
    session.write("(select line, problem from unparsed)", folder / apart.UNPARSED, "line")
    session.write("(select line, text from unparsed)", identity / apart.UNPARSED, "line")


def _keep(store: Store, folder: Path, identity: Path, made: Landed, refused: str) -> Landed:
    """Put the identities in place, and then the landing that names them; of two at once the first counts."""
    (folder / "landing.json").write_text(canonical_json(asdict(made)), encoding="utf-8")
    return _put(store, folder, identity, made, refused)


def _put(store: Store, folder: Path, identity: Path, made: Landed, refused: str = "") -> Landed:
    """Put both parts in place, instead of a landing that is not whole or whose draw was refused."""
    place = store.landed / made.sha256
    store.keep(identity, apart.place(store, made.sha256, made.draw), private=True)
    lost = folder.with_suffix(".lost")
    stands = landed(store, made.sha256)
    if place.is_dir() and (stands is None or stands.draw == refused or not _is_intact(store, stands)):
        place.rename(lost)
    store.keep(folder, place)
    shutil.rmtree(lost, ignore_errors=True)
    counts = landed(store, made.sha256) or made
    apart.clear(store, made.sha256, counts.draw)
    return counts


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


def _convert(session: Session, surveyed: Survey, delimiter: str, parts: _Parts) -> list[tuple[int, str, str]]:
    """Write each line of the file as a row, an unparsed one as a row of nulls; give the unparsed ones."""
    unparsed: list[tuple[int, str, str]] = []
    if surveyed.quotes or surveyed.returns or surveyed.gaps or not _copy(session, surveyed, delimiter, parts):
        clean = parts.rows / "lines.csv"
        with clean.open("w", encoding="utf-8", newline="") as out:
            unparsed = _set_aside(surveyed, parts.columns, delimiter, out)
        _refuse_mostly_unparsed(surveyed, parts.columns, unparsed)
        readable = Survey(**{**vars(surveyed), "path": clean})
        if not _copy(session, readable, delimiter, parts):
            raise UserError(
                "the number of rows read differs from the number of lines in the file", surveyed.name,
                "Ask for the file without quotes around line breaks.",
            )  # fmt: skip
        clean.unlink()
    return unparsed


def _copy(session: Session, surveyed: Survey, delimiter: str, parts: _Parts) -> bool:
    """Let the engine read the file with explicit columns into its parts; True when the control total holds in both."""
    typed = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in parts.columns)
    source = (
        f"read_csv({quoted(surveyed.path)}, columns = {{{typed}}}, header = true, auto_detect = false, "
        f"delim = {quoted(delimiter)}, quote = '\"', escape = '\"', new_line = '\\n', strict_mode = true, "
        f"null_padding = false, ignore_errors = false, buffer_size = {_READ_AT_ONCE})"
    )
    try:
        apart.write(session, source, parts.columns, parts.apart, parts.rows, parts.identity)
    except UnreadableText:
        return False
    written = (f"read_parquet({quoted(folder / apart.ROWS)})" for folder in (parts.rows, parts.identity))
    return all(session.number(f"select count(*) as n from {rows}") == surveyed.lines for rows in written)


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
    return f"select file_row_number + 1 as line, {columns} from {source(store, one)}"


def lines_of(session: Session, store: Store, one: Landed, lines: Sequence[int]) -> list[dict[str, Any]]:
    """Give some lines of a landed file as they came, by line number; an unparsed line as its problem and text."""
    wanted = {"lines": sorted(set(lines))}
    if not wanted["lines"]:
        return []
    texts = quoted(apart.place(store, one.sha256, one.draw) / apart.UNPARSED)
    unparsed = session.records(
        f"select u.line, u.problem, t.text from read_parquet({quoted(unparsed_path(store, one.sha256))}) as u "
        f"inner join read_parquet({texts}) as t on t.line = u.line where u.line in (select unnest($lines))",
        wanted,
    )
    rows = session.records(
        f"select * from ({rows_with_line(store, one)}) where line in (select unnest($lines)) order by line", wanted
    )
    instead = {row["line"]: row for row in unparsed}
    return [instead.get(row["line"], row) for row in rows]

"""Looks at every byte of a received file once, before anything reads it as CSV.

One pass gives the content hash and the control total (how many lines there are), and refuses what no reader could
read safely, in one sentence that says what is wrong, where, and what to do.
"""

from __future__ import annotations

import codecs
import csv
import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path

from openpbc.kernel.problems import UserError

BLOCK = 1 << 20
LONGEST_LINE = 1 << 16
MOST_COLUMNS = 2_000

_BINARY = {
    b"PK\x03\x04": "a workbook or an archive",
    b"\x1f\x8b": "a compressed file",
    b"%PDF": "a PDF document",
    b"\xd0\xcf\x11\xe0": "an old workbook",
    b"PAR1": "a Parquet file",
}
_GAP = re.compile(rb"\n\r?\n")  # one pattern takes a third of the time of two searches
_AGAIN = "Ask the sender for the file again."
_SAVE = "Save it as CSV in UTF-8 and send it again."


@dataclass(frozen=True)
class Survey:
    """What one pass over the bytes tells; ``lines`` counts data lines, without header and empty lines at the end."""

    path: Path
    sha256: str
    size: int
    modified_ns: int
    header_line: str
    lines: int
    quotes: bool
    returns: bool
    gaps: bool
    line_end_at_end: bool
    last_line: str

    @property
    def name(self) -> str:
        """The file's own name, for sentences."""
        return self.path.name

    def header(self, delimiter: str) -> tuple[str, ...]:
        """Read the header's names under a delimiter, refusing too many, empty and twin names."""
        names = tuple(name.strip() for name in next(csv.reader([self.header_line], delimiter=delimiter), []))
        if len(names) > MOST_COLUMNS:
            raise UserError(
                f"the header has {len(names):,} columns, more than {MOST_COLUMNS:,}", f"{self.name}, line 1", _AGAIN
            )
        seen: dict[str, int] = {}
        for at, name in enumerate(names, start=1):
            twin = seen.setdefault(name.casefold(), at)
            if not name:
                raise UserError(f"column {at} has no name in the header", f"{self.name}, line 1", "Name it.")
            if twin != at:
                raise UserError(
                    # the name itself is not repeated: without a header it would be what somebody's record holds
                    f"the header names one column twice (columns {twin} and {at})",
                    f"{self.name}, line 1",
                    "Send it with one column of each name.",
                )
        return names

    def unchanged(self) -> bool:
        """Tell whether the file still is what was surveyed."""
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return False
        return (found.st_size, found.st_mtime_ns) == (self.size, self.modified_ns)


class _Tally:
    """What has been seen so far, block by block."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.digest = hashlib.sha256()
        self.ends = 0
        self.quotes = self.returns = self.gaps = False
        self.tail = b""
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._mid_character = False

    def add(self, block: bytes) -> None:
        self.digest.update(block)
        self._refuse_bad_text(block)
        self._refuse_long_line(block)
        self.quotes = self.quotes or b'"' in block
        self.returns = self.returns or b"\r" in block
        self.gaps = self.gaps or bool(_GAP.search(self.tail[-2:] + block[:2]) or _GAP.search(block))
        self.ends += block.count(b"\n")
        self.tail = (self.tail + block if len(block) < 2 * LONGEST_LINE else block)[-2 * LONGEST_LINE :]

    def _at(self, block: bytes, position: int) -> str:
        return f"{self.name}, line {self.ends + block.count(bytes([10]), 0, position) + 1}"

    def _refuse_bad_text(self, block: bytes) -> None:
        if b"\0" in block:
            where = self._at(block, block.index(b"\0"))
            raise UserError("the file holds NUL bytes, so it is not plain text (it may be UTF-16)", where, _SAVE)
        if block.isascii() and not self._mid_character:
            return
        try:
            self._decoder.decode(block)
        except UnicodeDecodeError as error:
            where = self._at(block, max(0, error.start))
            raise UserError("the text is not UTF-8 (it may be Windows-1252)", where, _SAVE) from error
        self._mid_character = bool(self._decoder.getstate()[0])

    def _refuse_long_line(self, block: bytes) -> None:
        for start in range(0, len(block) - LONGEST_LINE + 1, LONGEST_LINE):
            if b"\n" not in block[start : start + LONGEST_LINE]:
                where = self._at(block, start)
                raise UserError(
                    f"the line is longer than {LONGEST_LINE:,} bytes", where, "Look for a missing line end."
                )

    def finish(self) -> None:
        if self._mid_character:
            raise UserError("the file stops inside a character", f"{self.name}, line {self.ends + 1}", _AGAIN)


def survey(path: Path) -> Survey:
    """Read the file once; give its hash and control total, or refuse it."""
    status = _status(path)
    tally = _Tally(path.name)
    try:
        with path.open("rb") as file:
            start = file.read(BLOCK)
            _refuse_binary(path, start)
            block = start
            while block:
                tally.add(block)
                block = file.read(BLOCK)
    except OSError as error:
        raise UserError(
            f"the file cannot be read ({error.strerror})", str(path), "Check the path and its rights."
        ) from error
    tally.finish()
    return _surveyed(path, status, tally, start)


def _status(path: Path) -> os.stat_result:
    try:
        status = path.stat()
    except OSError as error:
        raise UserError(f"the file cannot be read ({error.strerror})", str(path), "Check the path.") from error
    if not stat.S_ISREG(status.st_mode):
        raise UserError("this is not a file", str(path), "Name one CSV file.")
    if status.st_size == 0:
        raise UserError("the file is empty", path.name, _AGAIN)
    return status


def _refuse_binary(path: Path, start: bytes) -> None:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise UserError("the file is UTF-16 text", path.name, _SAVE)
    for magic, kind in _BINARY.items():
        if start.startswith(magic):
            raise UserError(f"this is {kind}, not a CSV file", path.name, _SAVE)


def _surveyed(path: Path, status: os.stat_result, tally: _Tally, start: bytes) -> Survey:
    header, _, rest = start.removeprefix(codecs.BOM_UTF8).partition(b"\n")
    if not header.strip():
        raise UserError("the first line is empty where the column names should stand", path.name, _AGAIN)
    if b"\r" in header.rstrip(b"\r"):
        raise UserError("lines end with a bare carriage return", f"{path.name}, line 1", _SAVE)
    bare = tally.tail.rstrip(b"\r\n")
    ending = tally.tail[len(bare) :]
    last = bare.rpartition(b"\n")[2]
    lines = tally.ends - ending.count(b"\n")
    if not rest.strip(b"\r\n") and lines <= 0:
        raise UserError("the file has a header and no line of data", path.name, _AGAIN)
    return Survey(
        path=path,
        sha256=tally.digest.hexdigest(),
        size=status.st_size,
        modified_ns=status.st_mtime_ns,
        header_line=header.decode("utf-8").rstrip("\r"),
        lines=lines,
        quotes=tally.quotes,
        returns=tally.returns,
        gaps=tally.gaps,
        line_end_at_end=ending.startswith((b"\n", b"\r\n")),
        last_line=last.decode("utf-8", "replace"),
    )

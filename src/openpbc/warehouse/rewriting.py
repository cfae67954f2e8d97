"""Writes a landed file out again as CSV, line by line as it came, with some of its lines replaced."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from openpbc.kernel.problems import UserError
from openpbc.warehouse.landing import KEPT_TEXT, Landed, lines_of, source, unparsed_lines
from openpbc.warehouse.session import Session, named, quoted
from openpbc.warehouse.store import Store

BLOCK = 1 << 20


def rewritten(store: Store, one: Landed, lines: Mapping[int, Sequence[str]]) -> Iterator[bytes]:
    """Give the file's bytes in blocks; ``lines`` are the values of the lines to be replaced, in the file's columns.

    A line that could not be read stays as it came, unless it is replaced; one that was too long to be kept whole
    cannot stay, and is told.
    """
    with store.staging() as folder:
        left = _unread(store, one, lines)
        path = folder / "rows.csv"
        with Session(ordered=True, macros=False, temp_directory=store.spill) as session:
            columns = ", ".join(named(column) for column in one.columns)
            session.execute(
                f"copy (select {columns} from {source(store, one)} order by file_row_number) to {quoted(path)} "
                f"(format csv, header true, delimiter {quoted(one.delimiter)}, quote '\"', escape '\"', nullstr '')"
            )
        yield from _blocks(path, one, left, lines)


def _unread(store: Store, one: Landed, lines: Mapping[int, Sequence[str]]) -> dict[int, str]:
    wanted = [number for number in unparsed_lines(store, one) if number not in lines]
    with Session(macros=False) as session:
        found = {row["line"]: str(row["text"] or "") for row in lines_of(session, store, one, wanted)}
    for number, text in found.items():
        if len(text) >= KEPT_TEXT:
            raise UserError(
                "a line that could not be read is too long to be sent again from here", f"line {number + 1}",
                "Mend it in the system that made it, and send the whole file.",
            )  # fmt: skip
    return found


def _blocks(path: Path, one: Landed, left: Mapping[int, str], lines: Mapping[int, Sequence[str]]) -> Iterator[bytes]:
    held = io.StringIO()
    writer = csv.writer(held, delimiter=one.delimiter, lineterminator="\n")
    with path.open(encoding="utf-8", newline="\n") as file:
        for number, line in enumerate(file):
            if number in lines:
                writer.writerow(lines[number])
            else:
                held.write(left[number] + "\n" if number in left else line)
            if held.tell() > BLOCK:
                yield held.getvalue().encode()
                held.seek(0)
                held.truncate()
    yield held.getvalue().encode()

"""Checks of tables: seals, dates, keys, and references from a column of one table to a column of another.

A table's head may name its ``key`` (a list of columns; unless said, a first column called ``code`` or ``id``) and what
its columns refer to: ``refers: {unit: organisations.units.code}``. An empty cell refers to nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date

from openpbc.kernel.findings import Finding
from openpbc.kernel.periods import FinancialYear
from openpbc.kernel.problems import UserError
from openpbc.rulebook.faults import fault, told
from openpbc.rulebook.files import PackFile
from openpbc.rulebook.subjects import ALWAYS, Entry, Subject, table_of
from openpbc.rulebook.values import PlaceInfo, Status, Table

CLOCKS = (("valid_from", "valid_to"), ("known_from", "known_to"))
DATES = ("date", *(column for clock in CLOCKS for column in clock))
KEYS = ("code", "id")
Row = Mapping[str, str]


def read_table(subject: Subject, entry: Entry, found: Mapping[str, PackFile]) -> tuple[Table | None, list[Finding]]:
    """Read an entry's table; none where it is not set or where it has a fault, which comes as a finding."""
    if entry.status is Status.NOT_SET:
        return None, []
    path = subject.file.path
    rows = entry.body.get("rows")
    if rows is None and "file" not in entry.body:
        return None, [fault("form", path, f"the table for {entry.year} has neither rows nor a file.")]
    if rows is not None and not (isinstance(rows, list) and all(isinstance(row, dict) for row in rows)):
        return None, [fault("form", path, f"the rows for {entry.year} must be a list of mappings.")]
    # The year only labels what is not set, which was ruled out above.
    year = FinancialYear(1) if entry.year == ALWAYS else FinancialYear.parse(entry.year)
    try:
        table = table_of(subject, entry, year, found)
    except (UserError, ValueError) as error:
        return None, [told("table", path, error)]
    return (table if isinstance(table, Table) else None), []


def check_table(subject: Subject, entry: Entry, found: Mapping[str, PackFile]) -> list[Finding]:
    """Check one table by itself: it can be read, its dates are dates in order, and its key tells its rows apart."""
    table, findings = read_table(subject, entry, found)
    if table is None:
        return findings
    # Keys are compared only where dates can be: a wrong date would make faults of its own.
    return list(_check_width(subject, entry)) or list(_check_dates(table)) or list(_check_key(subject, table))


def _check_width(subject: Subject, entry: Entry) -> Iterator[Finding]:
    """Rows written in the pack itself have every column of the table; an empty cell is written as one."""
    rows = entry.body.get("rows") or []
    columns = dict.fromkeys(str(name) for row in rows for name in row)
    for line, row in enumerate(rows, start=1):
        missing = [name for name in columns if name not in {str(key) for key in row}]
        if missing:
            what = f"the row has {len(row)} values and the table {len(columns)} columns: '{missing[0]}' is missing."
            yield fault("row", subject.file.path, what, line)


def check_references(place: PlaceInfo, own: Mapping[str, Subject], found: Mapping[str, PackFile]) -> Iterator[Finding]:
    """Check that what the tables of a place refer to is there, in the place's own year."""
    for subject in own.values():
        refers = subject.body.get("refers", {})
        if not isinstance(refers, dict):
            yield fault("form", subject.file.path, "refers must give a target for each column, as 'unit: ID.COLUMN'.")
            continue
        table = _of_year(subject, place, found) if refers else None
        if table is None:
            continue
        for column, target in refers.items():
            id, _, there = str(target).rpartition(".")
            other = _of_year(own[id], place, found) if id in own else None
            if other is None or column not in table.columns or there not in other.columns:
                yield fault("refers", table.path, f"{column} refers to {target}, which {place.id} does not have.")
            else:
                yield from _check_column(table, column, other, there)


def _of_year(subject: Subject, place: PlaceInfo, found: Mapping[str, PackFile]) -> Table | None:
    entry = subject.entry(place.year, None)
    return read_table(subject, entry, found)[0] if entry else None


def _check_column(table: Table, column: str, other: Table, there: str) -> Iterator[Finding]:
    known = {row[there] for row in other.rows}
    for line, row in enumerate(table.rows, start=1):
        if row[column] and row[column] not in known:
            what = f"there is no '{row[column]}' in column {there} of {other.id} ({other.path})."
            yield fault("refers", table.path, what, line, column)


def _check_dates(table: Table) -> Iterator[Finding]:
    for line, row in enumerate(table.rows, start=1):
        bad = [column for column in DATES if row.get(column) and not _is_date(row[column])]
        for column in bad:
            yield fault("date", table.path, f"'{row[column]}' in {column} is not a date.", line, column)
        for first, last in () if bad else CLOCKS:
            if row.get(first) and row.get(last) and row[last] < row[first]:
                yield fault("date", table.path, f"{last} {row[last]} lies before {first} {row[first]}.", line, last)


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _check_key(subject: Subject, table: Table) -> Iterator[Finding]:
    key = subject.body.get("key") or [column for column in table.columns[:1] if column in KEYS]
    missing = [column for column in key if column not in table.columns]
    if missing:
        yield fault("key", table.path, f"the key names the column '{missing[0]}', which is not there.")
    if missing or not key:
        return
    alike: dict[tuple[str, ...], list[tuple[int, Row]]] = defaultdict(list)
    for line, row in enumerate(table.rows, start=1):
        name = tuple(row[column] for column in key)
        clash = next((other for other, earlier in alike[name] if _overlap(earlier, row)), None)
        if not any(name):
            yield fault("key", table.path, f"{' and '.join(key)} is empty.", line, key[0])
        elif clash:
            what = f"'{', '.join(name)}' already stands in row {clash} for the same time."
            yield fault("key", table.path, what, line, key[0])
        alike[name].append((line, row))


def _overlap(one: Row, other: Row) -> bool:
    """Tell whether two rows are about the same days and were known at the same time; an empty date is open."""
    return _meet(one, other, "valid", last_day_counts=True) and _meet(one, other, "known", last_day_counts=False)


def _meet(one: Row, other: Row, clock: str, *, last_day_counts: bool) -> bool:
    # What was known ends on the day from which something else was known: that day belongs to the next row.
    for a, b in ((one, other), (other, one)):
        start, end = a.get(f"{clock}_from", ""), b.get(f"{clock}_to", "")
        if end and (start > end or (start == end and not last_day_counts)):
            return False
    return True

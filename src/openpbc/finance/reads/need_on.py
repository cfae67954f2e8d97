"""Need on two clocks: which practices counted in a unit on a day, as known on a day, and what they need together."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from urllib.parse import parse_qsl, urlencode

from openpbc.finance.reads.need import NeedReport, NeedRows, WeightRow, need_report, place_rows, placed
from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

UNIT = "unit on the day"


def need_on(book: Book, on: date, known_on: date | None = None) -> NeedReport | NotSet:
    """Give need shares by the units to which practices belong on a day.

    Every row of the weights counts once: with the practice that stands for it on the day, in that practice's unit.
    So a move, a merger or a closure changes the units and never the total.
    """
    found = rows_on(book, on, known_on)
    if isinstance(found, NotSet):
        return found
    report = placed(book, found, need_report(found.rows, found.columns, UNIT))
    query = urlencode({"on": on.isoformat()} | ({"known_on": known_on.isoformat()} if known_on else {}))
    return replace(report, query=query, findings=(*report.findings, *_followed(book, found, on, known_on)))


def rows_on(book: Book, on: date, known_on: date | None = None) -> NeedRows | NotSet:
    """Give the place's weights, each row with the unit in which it counts on the day."""
    found = place_rows(book)
    if isinstance(found, NotSet):
        return found
    heirs = organisations.successions(book, known_on)
    unit_of = {
        row.practice: row.unit
        for row in organisations.membership_rows(book.place.id, known_on)
        if row.valid_from <= on <= row.valid_to
    }
    practice = found.columns.practice
    rows = [
        WeightRow(row.line, {**row.cells, UNIT: unit_of.get(heirs.heir(row.cells[practice], on), "")})
        for row in found.rows
    ]
    if not any(row.cells[UNIT] for row in rows):
        raise UserError(
            f"no practice belonged to any {book.word('unit')} on {on.isoformat()} as far as was known",
            do="Choose another day, or load the place's organisations.",
        )
    return replace(found, rows=tuple(rows))


def _followed(book: Book, found: NeedRows, on: date, known_on: date | None) -> list[Finding]:
    """Say which rows count with a successor."""
    heirs = organisations.successions(book, known_on)
    column = found.columns.practice
    told = []
    for row in found.rows:
        code = row.cells[column]
        heir = heirs.heir(code, on)
        if heir != code:
            sentence = f"Practice {code} had ended; its people count with {heir}."
            told.append(Finding("NS-05", Level.WARNING, Place(line=row.line, field=column), sentence))
    return told


def parse_clocks(query: str) -> tuple[date | None, date | None]:
    """Read the two days of an address's query."""
    given = dict(parse_qsl(query))
    if set(given) - {"on", "known_on"}:
        raise UserError("the address asks for something else than a day", do="Open the figure from its page again.")
    try:
        days = [date.fromisoformat(given[name]) if given.get(name) else None for name in ("on", "known_on")]
    except ValueError as problem:
        raise UserError("a day cannot be read", do="Write days as YYYY-MM-DD.") from problem
    return days[0], days[1]

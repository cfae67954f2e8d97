"""A reader of the pages of measures who writes every count down and tries what arithmetic proves of the hidden ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from openpbc.kernel.problems import UserError
from openpbc.kernel.suppressed import Suppressed
from openpbc.measures import offers, reads
from openpbc.measures.pages.sheet_tables import Sight, cut_table, months_table, providers_table
from openpbc.measures.reads import Period
from openpbc.measures.reads.addresses import Address
from openpbc.measures.rules.declaring import Measure, Shown
from openpbc.organisations.reads import PUBLIC
from openpbc.rulebook.disclosure import profile_for
from openpbc.rulebook.reader import Book
from openpbc.ui.tables import Table
from tests.property.kernel.disclosure_attack import NO_BOUND, propagate

ALL = "all of them"
COUNTED, OUT_OF, REST = "Counted", "Out of", "the rest"
Cell = tuple[str, str, str]  # whose, which period, which column


def attack_pages(book: Book, measure: Measure, period: Period, cut: str, sight: Sight) -> int:
    """Read a measure's pages by a cut, attack them, and give how many small counts withstood."""
    spans = (*(Period((state,)) for state in period.months), period)
    shown, true = dict[Cell, int](), dict[Cell, int]()
    for span in spans:
        codes = list(reads.standing(book, measure, span).own if cut == "provider" else reads.values(measure, span, cut))
        shown |= _of_rows(_table(book, measure, span, cut, sight), codes, str(span))
        shown |= _of_whole(book, measure, span)
        true |= _true(measure, span, cut)
    shown |= _of_months(months_table(book, measure, period, sight), period)
    assert all(true.get(cell, value) == value for cell, value in shown.items()), "a page shows another count"
    bounds = dict.fromkeys(true, (0, NO_BOUND)) | {cell: (value, value) for cell, value in shown.items()}
    proven = propagate(bounds, list(_sums(measure, true, [str(span) for span in spans])))
    profile = profile_for(book, "no-records")
    small = [cell for cell, count in true.items() if profile.is_small(count)]
    for cell in small:
        least, most = proven[cell]
        assert least <= 1 and most >= profile.threshold, f"{measure.code} {cell} can be narrowed to {least} to {most}"
    return len(small)


def _table(book: Book, measure: Measure, span: Period, cut: str, sight: Sight) -> Table:
    if cut == "provider":
        return providers_table(book, measure, span, sight)
    return cut_table(book, measure, span, cut, {"unit": "group"}.get(cut, cut), sight)


def _of_rows(table: Table, codes: list[str], span: str) -> dict[Cell, int]:
    return {
        (code, span, column): value
        for code, row in zip(codes, table.rows, strict=True)
        for column, value in _counts(table, row)
    }


def _counts(table: Table, row: Any) -> Iterator[tuple[str, int]]:
    for column, cell in zip(table.columns, row.cells, strict=True):
        if column.title in (COUNTED, OUT_OF) and cell is not None and not isinstance(cell, Suppressed):
            yield column.title, getattr(cell, "value", cell)


def _of_months(table: Table, period: Period) -> dict[Cell, int]:
    return {
        (ALL, str(state.month), column): value
        for state, row in zip(period.months, table.rows, strict=True)
        for column, value in _counts(table, row)
    }


def _of_whole(book: Book, measure: Measure, span: Period) -> dict[Cell, int]:
    """What the explanation of the whole place's counts says, and of each provider's records."""
    found = {}
    for figure, column in (("numerator", COUNTED), ("denominator", OUT_OF)):
        try:
            told = offers.EXPLAIN["measure"](
                str(Address(book.place.id, str(span), measure.code, figure=figure)), PUBLIC
            )
        except UserError:
            continue
        if figure == "numerator" or measure.denominator_words:
            found[ALL, str(span), column] = told.value
    return found


def _true(measure: Measure, span: Period, cut: str) -> dict[Cell, int]:
    """The counts as they are, for the place and by the cut."""
    found = {}
    for code, value in {**reads.values(measure, span, cut), ALL: reads.whole(measure, span)}.items():
        found[code, str(span), COUNTED] = value.sums.numerator
        if measure.denominator_words and value.denominator:
            found[code, str(span), OUT_OF] = value.denominator
        if measure.shown is Shown.PERCENT:
            found[code, str(span), REST] = value.denominator - value.sums.numerator
    return found


def _sums(measure: Measure, true: dict[Cell, int], spans: list[str]) -> Iterator[tuple[list[Cell], list[Cell]]]:
    """All that adds up: codes to the place, months to the period, and those that count with the rest to all."""
    columns = sorted({column for _, _, column in true})
    for span in spans:
        for column in columns:
            parts = [cell for cell in true if cell[1:] == (span, column) and cell[0] != ALL]
            if parts and (ALL, span, column) in true and not (measure.per_list and column == OUT_OF):
                yield parts, [(ALL, span, column)]
    for code in {code for code, _, _ in true}:
        for column in columns:
            months = [(code, span, column) for span in spans[:-1] if (code, span, column) in true]
            if (code, spans[-1], column) in true:
                yield months, [(code, spans[-1], column)]
        if measure.shown is Shown.PERCENT:
            for span in spans:
                if (code, span, OUT_OF) in true:
                    yield [(code, span, COUNTED), (code, span, REST)], [(code, span, OUT_OF)]

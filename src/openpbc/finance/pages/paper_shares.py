"""Sections of papers on the groups' money: budgets under the scenario, the deposit, the distance, what is claimed."""

from __future__ import annotations

from dataclasses import replace

from openpbc.finance import reads
from openpbc.finance.pages import compare_tables, multi_year_tables, share_tables
from openpbc.finance.pages.paper_basis import Basis
from openpbc.finance.pages.paper_parts import carried_part, gap, published, said, thousand
from openpbc.finance.pages.printed import money, rate
from openpbc.finance.reads import Alternative, FairShares, GroupShare
from openpbc.finance.reads.changes import ALL
from openpbc.finance.reads.multi_year import Tried, multi_year
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.charts import Chart, Point
from openpbc.ui.documents import Grid, Heading, Paragraph, Part, Picture
from openpbc.ui.figures import Cell
from openpbc.ui.pages import capital
from openpbc.ui.tables import Column, Row, Table

THOUSAND_POUNDS = 100_000
# The figures of a group in the order of the published budget tables; rates are those in the second set.
_FIGURES = ("excluded_before", "excluded", "base", "amount", "growth", "total", "total_growth", "fair_share")
_DISTANCE = ("distance", "distance_rate")
_RATES = {"growth": "growth", "total_growth": "total_growth", "distance_rate": "distance_ppm"}
_GIVEN_UP = ("released", "released_excluded", "deposit")


def budgets_part(basis: Basis) -> tuple[Part, ...]:
    """Each group's budget under the scenario, how the rule gets there, and what was printed for it."""
    book, result = basis.book, basis.result
    title = Heading(f"{capital(book.word('group_budgets'))} under the scenario")
    if isinstance(result, NotSet):
        return (title, gap(result.meaning, result))
    told = said(
        f"The scenario is “{basis.title}”. Of ",
        thousand(result.pot, result.address(ALL, "pot")),
        f" in scope, {book.word('groups')} receive ",
        thousand(result.amount, result.address(ALL, "amount")),
        "; the cap releases ",
        thousand(result.released, result.address(ALL, "released")),
        ", and ",
        thousand(result.unallocated, result.address(ALL, "unallocated")),
        " are not allocated.",
    )
    return (
        title,
        Paragraph(told),
        Grid(budgets_table(book, result, basis.title)),
        *carried_part(book),
        Grid(share_tables.steps_table(book, result)),
        *_printed_of(basis, result),
    )


def budgets_table(book: Book, result: FairShares, title: str) -> Table:
    """The budgets in the shape of the published tables: columns by number and by name."""
    year, before = book.place.year.label, book.place.year.previous.label
    distance = f"Distance from {book.word('fair_share')}"
    columns = [
        tables.text(capital(book.word("group"))),
        tables.number(before, "£000", group="Out of scope"),
        tables.number(year, "£000", group="Out of scope"),
        tables.number(before, "£000", group="In scope"),
        tables.number(year, "£000", group="In scope"),
        tables.number("Growth", "%", additive=False, group="In scope"),
        tables.number(f"Total {year}", "£000"),
        tables.number("Growth", "%", additive=False),
        tables.number(capital(book.word("fair_share")), "£000"),
        tables.number("Amount", "£000", group=distance),
        tables.number("Rate", "%", additive=False, group=distance),
    ]
    rows = [Row((one.name, *(_cell(result, one, name) for name in (*_FIGURES, *_DISTANCE)))) for one in result.groups]
    caption = f"{capital(book.word('group_budgets'))} {year}: {title}"
    return tables.table("budgets", caption, numbered(columns), [*rows, _total(result)])


def _cell(result: FairShares, one: GroupShare, name: str) -> Cell:
    value = getattr(one, _RATES.get(name, name))
    address = result.address(one.code, name)
    if value is None:
        return None
    return rate(value, address, 3 if name in _DISTANCE else 2) if name in _RATES else money(value, address)


def _total(result: FairShares) -> Row:
    cells: list[Cell] = ["Total"]
    for name in (*_FIGURES, *_DISTANCE):
        cells.append(_sum(result, name))
    return Row(tuple(cells), total=True)


def _sum(result: FairShares, name: str) -> Cell:
    if name in _RATES:
        ppm = getattr(result, name, None)
        return None if ppm is None else rate(ppm, result.address(ALL, name))
    values = [getattr(one, name) for one in result.groups]
    return None if None in values else money(sum(values), result.address(ALL, name))


def numbered(columns: list[Column]) -> list[Column]:
    """The same columns with those of figures numbered, so that a text or a speaker can point at them."""
    found, number = [], 0
    for column in columns:
        number += column.numeric
        found.append(replace(column, title=f"({number}) {column.title}") if column.numeric else column)
    return found


def _printed_of(basis: Basis, result: FairShares) -> tuple[Part, ...]:
    """The table in which the papers print the scenario, if they do; a what-if was never printed."""
    printed = () if result.settings.changed else published(basis.book, result.scenario.printed)
    if printed:
        return (Heading("What was printed for this scenario", 2), *printed)
    return (Paragraph("No table of budgets was printed for this scenario."),)


def deposit_part(basis: Basis) -> tuple[Part, ...]:
    """What each group gives up under the scenario; a deposit goes back to the groups that it came from."""
    book, result = basis.book, basis.result
    title = Heading(f"The deposit by {book.word('group')}")
    if isinstance(result, NotSet) or basis.comparison is None:
        return (title, gap(result.meaning, result)) if isinstance(result, NotSet) else ()
    told = f"What a {book.word('group')} gives up is lodged for it and comes back to it alone."
    return (title, Paragraph(told), Grid(deposit_table(book, basis.comparison.first)))


def deposit_table(book: Book, chosen: Alternative) -> Table:
    """What each group gives up, in scope and out of scope, and which part that is of what all give up."""
    result = chosen.result
    columns = [
        tables.text(capital(book.word("group"))),
        *(tables.number(each, "£000") for each in ("Cut by the cap, in scope", "Less out of scope", "In all")),
        tables.number("Part of all", "%", additive=False),
    ]
    shares = bool(result.deposit)
    rows = []
    for one in result.groups:
        given = [money(getattr(one, name), result.address(one.code, name)) for name in _GIVEN_UP]
        part = rate(chosen.part_given_up(one.code), result.address(one.code, "deposit_part")) if shares else None
        rows.append(Row((one.name, *given, part)))
    sums = [_sum(result, name) for name in _GIVEN_UP]
    caption = f"What each {book.word('group')} gives up under the scenario"
    return tables.table("deposit", caption, numbered(columns), [*rows, Row(("Total", *sums, None), total=True)])


def distance_part(basis: Basis) -> tuple[Part, ...]:
    """How far the groups lie from their fair shares, before and after."""
    book = basis.book
    title = Heading(f"Distance from {book.word('fair_share')}, before and after")
    report = reads.distance_report(book)
    if isinstance(report, NotSet):
        return (title, gap(report.meaning, report))
    told = f"The same shares apply at every point. {report.note}"
    shown = replace(share_tables.distance_table(book, report), notes=())
    return (title, Paragraph(told), Grid(shown), Picture(_distance_chart(book, report)))


def _distance_chart(book: Book, report: reads.DistanceReport) -> Chart:
    points = tuple(
        Point(name, point.title, point.group(code).distance / THOUSAND_POUNDS)
        for point in report.points
        for code, name in report.names.items()
    )
    told = f"Each {book.word('group')}'s budget less its {book.word('fair_share')}, at each point of the table above."
    return Chart("distance", f"Distance from {book.word('fair_share')}, £000", told, "distance", points, "£000")


def claims_part(basis: Basis) -> tuple[Part, ...]:
    """What the papers say, beside what the figures show; the verdict is worked out each time."""
    title = Heading("What is claimed, and what the figures show")
    if basis.comparison is None:
        return ()
    judged = reads.claims(basis.book, basis.comparison)
    if isinstance(judged, NotSet):
        return (title, gap(judged.meaning, judged))
    shown = replace(
        compare_tables.claims_table(judged), caption="Each claim, of which scenario it is said, and whether it holds"
    )
    return (title, Grid(shown))


def years_part(basis: Basis) -> tuple[Part, ...]:
    """The years ahead with and without the deposit, whose deposit it is, and what may be lost."""
    book, chosen = basis.book, basis.choice
    title = Heading("The years ahead")
    if chosen is None:
        return ()
    if "=" in chosen.code:
        return (title, Paragraph("The years ahead are worked out for scenarios that have a name, not for a what-if."))
    found = multi_year(book, Tried(chosen.code))
    if isinstance(found, NotSet):
        return (title, gap(found.meaning, found))
    shown = (
        replace(multi_year_tables.years_table(book, found), notes=()),
        multi_year_tables.donors_table(book, found),
        multi_year_tables.safety_table(book, found),
    )
    warned = tuple(Paragraph(each.sentence) for each in found.findings)
    return (title, *warned, *(Grid(each) for each in shown))

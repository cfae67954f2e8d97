"""The tables of a custom group: what it needs against each whole, component by component, practice by practice."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.http import HttpRequest
from django.urls import reverse

from openpbc.finance import reads
from openpbc.finance.pages.printed import rate
from openpbc.finance.pages.share_tables import need_index
from openpbc.finance.reads.explained_groups import INDEX, SHARE
from openpbc.finance.reads.group_need import Against, GroupNeed
from openpbc.finance.reads.need import NeedReport
from openpbc.finance.reads.practice_groups import Group
from openpbc.finance.rules.need_shares import PlaceNeed
from openpbc.kernel.findings import Finding
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing
from openpbc.ui.pages import capital
from openpbc.ui.tables import Table


def group_tables(need: GroupNeed) -> tuple[Table, ...]:
    """What the group needs in all, and component by component."""
    number, weighted = need.overall, need.rows.columns.weighted
    columns = [
        tables.text("Against"), tables.number("Population", "people", additive=False),
        tables.number(weighted[number].title, "weighted people", additive=False),
        tables.number("Share", "%", additive=False), tables.number("Need index", additive=False),
    ]  # fmt: skip
    rows: list[list[Cell]] = []
    for each in need.against:
        part = each.need.components[number]
        rows.append(
            [
                each.title,
                Figure(each.need.population, address=need.address("population")),
                Figure(part.weighted, address=need.address("weighted", number)),
                rate(part.share, need.address(SHARE + each.key, number)),
                _against(need, each, number),
            ]
        )
    overall = tables.table("group-need", "What the group needs", columns, rows, cards=True)
    return overall, _components(need)


def _components(need: GroupNeed) -> Table:
    columns = [tables.text("Component of need"), tables.number("Weighted", "people", additive=False)]
    columns += [tables.number(f"Index against {each.title}", additive=False) for each in need.against]
    rows: list[list[Cell]] = []
    for number, column in enumerate(need.rows.columns.weighted):
        weighted = Figure(need.need.components[number].weighted, address=need.address("weighted", number))
        rows.append([column.title, weighted, *(_against(need, each, number) for each in need.against)])
    return tables.table("group-components", "Need index by component", columns, rows)


def _against(need: GroupNeed, against: Against, number: int) -> Cell:
    return _index(against.need.components[number].index, need.address(INDEX + against.key, number))


def _index(index: int | None, address: str) -> Cell:
    return Missing(why="There are no people.") if index is None else need_index(index, address)


def practices_table(request: HttpRequest, book: Book, group: Group, on: date, need: GroupNeed | None) -> Table:
    """The practices of the day.

    Published needs are shown to everybody who may see the group; what the place's own register holds of a practice,
    and the way to its page, only to those who may open that page.
    """
    place = book.place.id
    register = {practice.code: practice for practice in organisations.practices(place)}
    published = reads.england_need(book, "Practice_Code") if need else None
    needs = {each.place: each for each in published.shares.places} if isinstance(published, NeedReport) else {}
    hidden = 0
    rows: list[list[Cell]] = []
    for code in group.practices(on):
        known = register.get(code)
        may = known is not None and request.may("monitoring:practice", place=place, practice=code)
        hidden += known is not None and not may
        name, size = _from_register(place, known) if known and may else (code, None)
        rows.append([name, code, known.unit if known else "elsewhere", size, *_published(book, needs.get(code))])
    columns = [
        tables.text(capital(book.word("practice"))), tables.code("Code"), tables.text(capital(book.word("unit"))),
        tables.number(capital(book.word("list")), "people"), tables.number("Population", "people"),
        tables.number("Need index", "against the whole file", additive=False),
    ]  # fmt: skip
    notes = (f"Of {hidden} practices the register's figures and pages are not shown to you.",) if hidden else ()
    return tables.table(
        "group-practices", f"Practices on {on.isoformat()}", columns, rows, cards=True, notes=notes,
        empty="No practice is a member on this day.",
    )  # fmt: skip


def _from_register(place: str, practice: organisations.Practice) -> tuple[Cell, Cell]:
    size = practice.list_size
    return (
        Link(practice.name, reverse("monitoring:practice", args=[place, practice.code])),
        Missing(why="Its register has no list size.") if size is None else Figure(size),
    )


def _published(book: Book, need: PlaceNeed | None) -> tuple[Cell, Cell]:
    report = reads.england_need(book, "Practice_Code")
    if need is None or isinstance(report, NotSet):
        return None, None
    index = need.components[report.overall].index
    population = Figure(need.population, address=report.figure_address(need.place, "population"))
    return population, _index(index, report.figure_address(need.place, "index", report.overall))


def findings_table(findings: Iterable[Finding]) -> Table:
    """Rows of a list that were left out, each with the reason."""
    columns = [tables.number("Row", additive=False), tables.text("What is wrong")]
    rows: list[list[Cell]] = [[Figure(each.place.line), each.sentence] for each in findings]
    return tables.table("left-out", "Rows that are left out", columns, rows)

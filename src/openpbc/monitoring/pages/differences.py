"""Two runs of a month side by side: flex against freeze, and a month before and after it was reopened."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.governance import reads as governance
from openpbc.governance.reads import Decision
from openpbc.kernel.periods import Month
from openpbc.monitoring import reads
from openpbc.monitoring.pages.columns import BY_WORDS
from openpbc.monitoring.pages.months import behind, moment, month_href
from openpbc.monitoring.pages.sight import sees_practices
from openpbc.monitoring.reads import Difference, DifferenceRow
from openpbc.monitoring.reads.difference_explaining import difference_address
from openpbc.monitoring.rules.differences import CAUSE_WORDS, CAUSES
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Style
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Row, Table

SIDES = (("before", "Before"), ("after", "After"), ("difference", "Difference"))


def difference(request: HttpRequest, place: str, month: str) -> HttpResponse:
    """A close against the one before it; ``?number=`` chooses it from the month's history, ``?by=`` the rows."""
    book, asked = open_book(place), Month.parse(month)
    number = request.GET.get("number", "")
    found = reads.difference(place, asked, _cut(request, place), int(number) if number.isdecimal() else None)
    return _answer(request, book, found, f"{asked.name}, before and after")


def flex_and_freeze(request: HttpRequest, place: str, month: str) -> HttpResponse:
    """The last close at flex against the last one at freeze; ``?by=`` chooses the rows."""
    book, asked = open_book(place), Month.parse(month)
    found = reads.flex_and_freeze(place, asked, _cut(request, place))
    return _answer(request, book, found, f"{asked.name}, flex and freeze")


def _cuts(request: HttpRequest, place: str) -> list[str]:
    return [key for key in reads.CUTS if key != "practice" or sees_practices(request, place)]


def _cut(request: HttpRequest, place: str) -> str:
    asked, cuts = request.GET.get("by", ""), _cuts(request, place)
    return asked if asked in cuts else cuts[0]


def _answer(request: HttpRequest, book: Book, found: Difference, title: str) -> HttpResponse:
    place = book.place.id
    page = Page(
        template="monitoring/difference.jinja",
        title=title,
        book=book,
        trail=(
            Crumb("Months", reverse("monitoring:months", kwargs={"place": place})),
            Crumb(found.month.name, month_href(book, found.month)),
        ),
        tables=(difference_table(book, found), causes_table(book, found)),
        facts=difference_facts(found),
        rests_on=behind(book),
        context={
            "found": found,
            "total": Figure(found.total.difference.charge, Style.PENCE, signed=True),
            "units": Figure(found.total.difference.activity, signed=True),
            "cuts": [(key, book.word(BY_WORDS[key])) for key in _cuts(request, place)],
            "pairs": reads.pairs(place, found.month),
            "moment": moment,
            "decision": _decision(found),
        },
    )
    return respond(request, page)


def _decision(found: Difference) -> Decision | None:
    number = found.opened.decision if found.opened else None
    return governance.decision(number, found.place) if number is not None else None


def difference_facts(found: Difference) -> tuple[tuple[str, str], ...]:
    """Who made which run when, with the checksum of its figures."""
    told = []
    for words, side in (("Before", found.before), ("After", found.after)):
        closing = side.closing
        at = f" at {closing.point}" if closing.point else ""
        told.append((words, f"run {side.run_id}, closed{at} by {closing.by} on {moment(closing.at)}"))
        told.append((f"{words}, checksum", side.sha256))
    if found.opened is not None:
        told.append(("Reopened", f"by {found.opened.by} on {moment(found.opened.at)}: {found.opened.reason}"))
    return tuple(told)


def difference_table(book: Book, found: Difference) -> Table:
    """Each line before, after, and after less before."""
    word = book.word(BY_WORDS[found.by])
    columns = [tables.text(capital(word))]
    columns += [tables.number(title, group="Activity") for _, title in SIDES]
    columns += [tables.number(title, "£", group="Charge") for _, title in SIDES]
    rows = [Row(_sides(found, row), total=row is found.total) for row in (*found.rows, found.total)]
    return tables.table("difference", f"Before and after by {word}", columns, rows)


def _sides(found: Difference, row: DifferenceRow) -> tuple[Cell, ...]:
    cells: list[Cell] = [row.name]
    for kind, style in (("activity", Style.COUNT), ("charge", Style.PENCE)):
        for side, _ in SIDES:
            address = difference_address(found, row.code, f"{side}-{kind}")
            value = getattr(getattr(row, side), kind)
            cells.append(Figure(value, style, address, signed=side == "difference"))
    return tuple(cells)


def causes_table(book: Book, found: Difference) -> Table:
    """Why each line differs: what each cause did to its charge; the causes add up to the difference."""
    word = book.word(BY_WORDS[found.by])
    columns = [tables.text(capital(word)), *(tables.number(CAUSE_WORDS[cause], "£") for cause in CAUSES)]
    columns.append(tables.number("Difference", "£"))
    rows = [Row(_causes(found, row), total=row is found.total) for row in (*found.rows, found.total)]
    return tables.table("causes", f"Why the charge differs, by {word}", columns, rows)


def _causes(found: Difference, row: DifferenceRow) -> tuple[Cell, ...]:
    cells: list[Cell] = [row.name]
    for cause in CAUSES:
        address = difference_address(found, row.code, f"{cause}-charge")
        cells.append(Figure(row.causes[cause].charge, Style.PENCE, address, signed=True))
    whole = difference_address(found, row.code, "difference-charge")
    return (*cells, Figure(row.difference.charge, Style.PENCE, whole, signed=True))

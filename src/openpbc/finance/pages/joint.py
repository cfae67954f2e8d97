"""Joint work with partners: investments by what they serve, transfers with their milestones, and what runs on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.finance.pages.commissioning import SHEET
from openpbc.finance.reads import joint as reads
from openpbc.finance.reads.joint import JointItem, Milestone
from openpbc.finance.rules.joint import (
    DONE,
    EXISTING,
    KINDS,
    LOCAL,
    NEW,
    PROPOSED,
    STOPPED,
    TARGETS,
    TRANSFER,
    UNDER_WAY,
    is_missed,
)
from openpbc.kernel.periods import day_text
from openpbc.organisations.reads import book as open_book
from openpbc.organisations.reads import standing_day
from openpbc.organisations.reads.partners import own_commissioners, partners
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.as_at import as_at
from openpbc.ui.figures import Cell, Figure, Link, Missing, Style, Tag
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Row, Table

TITLE = "Joint work with partners"
COLOURS = {PROPOSED: "grey", UNDER_WAY: "blue", DONE: "green", STOPPED: "grey"}
NOT_COSTED = Missing(why="Nobody has costed it.")


def crumb(book: Book) -> Crumb:
    """The way back to joint work."""
    return Crumb(TITLE, reverse("finance:joint", args=[book.place.id]))


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """Show the year's investments and transfers as at ``?on=``, what lacks a target, and what runs on."""
    book = open_book(place)
    on, asking = as_at(request, standing_day(book))
    found = reads.joint_items(book)
    page = Page(
        template=SHEET,
        title=TITLE,
        book=book,
        tables=(
            transfers_table(book, found, on),
            *(investment_table(book, found, kind, on) for kind in (NEW, EXISTING)),
            targets_table(book, found),
            later_table(book, found),
        ),
        rests_on=(book.table(reads.TRANSFERS),),
        context={
            "lead": f"As at {day_text(on)}. More money for services that exist evens out who can reach them; new money "
            "serves a national or a local target, and what serves none is named here.",
            "asking": asking,
            "links": _links(request, book),
            "findings": [finding for each in found if each.was_in(str(book.place.year)) for finding in each.findings],
        },
    )
    return respond(request, page)


def _links(request: HttpRequest, book: Book) -> list[tuple[str, str]]:
    steps = [
        ("Add joint work", "finance:joint-add"),
        ("Let unfinished work run on into the next year", "finance:joint-run-on"),
        ("Pooled funds", "finance:funds"),
        ("Agreements with partners", "contracts:agreements"),
    ]
    place = book.place.id
    return [(text, reverse(route, args=[place])) for text, route in steps if request.may(route, place=place)]


def transfers_table(book: Book, found: Sequence[JointItem], on: date) -> Table:
    """What passes to another body: by when, by which law, its next milestone, and what is said of pooled funds."""
    rows: list[list[Cell]] = [
        [
            _named(book, each),
            each.partner,
            each.legal_basis or Missing(why="Nobody has named the law that allows it."),
            day_text(each.due) if each.due else Missing(why="No day is set."),
            state_tag(each, on),
            _next(each, on),
            each.pooled_funds or Missing(why="Nobody has said what becomes of pooled funds."),
        ]
        for each in found
        if each.kind == TRANSFER and each.was_in(str(book.place.year))
    ]
    titles = ("Transfer", "To", "Legal basis", "By", "How it stands", "Next milestone", "Pooled funds")
    empty = "Nothing passes to another body this year."
    return tables.table("transfers", "Transfers", [tables.text(each) for each in titles], rows, cards=True, empty=empty)


def _next(found: JointItem, on: date) -> Cell:
    waiting = next((each for each in found.milestones if each.done_on is None), None)
    if waiting is None:
        return "all are reached" if found.milestones else Missing(why="No milestone has a date yet.")
    said = f"{waiting.what}, {day_text(waiting.due)}"
    return f"missed: {said}" if is_missed(waiting.due, None, on) else said


def state_tag(found: JointItem, on: date) -> Tag:
    """How an item stands: red once its day has come and it is not done."""
    return Tag(f"late: {found.state}", "red") if found.late(on) else Tag(found.state, COLOURS[found.state])


def investment_table(book: Book, found: Sequence[JointItem], kind: str, on: date) -> Table:
    """The year's investments of a kind, with what they serve."""
    year = str(book.place.year)
    rows = [Row(tuple(_row(book, each, year, on))) for each in found if each.kind == kind and each.was_in(year)]
    money = reads.costed(found, kind, year)
    if money:
        address = reads.total_address(book.place.id, kind, year)
        figure = Figure(sum(pence for _, pence in money), Style.PENCE, address)
        rows.append(Row(("Together", None, None, None, None, figure), total=True))
    titles = ("Investment", "With", "Serves", "May run on", "How it stands")
    columns = [*(tables.text(each) for each in titles), tables.number("In the year", "£", additive=False)]
    return tables.table(
        f"joint-{kind}", KINDS[kind], columns, rows, cards=True, empty="Nothing of this kind is planned."
    )


def _row(book: Book, found: JointItem, year: str, on: date) -> Iterator[Cell]:
    was = found.was_in(year)
    yield _named(book, found)
    yield found.partner
    yield _serves(found)
    yield "yes" if found.may_run_on else "no"
    yield Tag(f"runs on into {book.place.year.next.label}", "blue") if found.year != year else state_tag(found, on)
    pence = was.pence if was else None
    yield NOT_COSTED if pence is None else Figure(pence, Style.PENCE, reads.sum_address(found, year))


def _serves(found: JointItem) -> Cell:
    if found.target:
        return f"{TARGETS[found.target].partition(',')[0]}: {found.target_name}"
    return "access to a service that exists" if found.kind != NEW else Tag("no target", "orange")


def _partner(book: Book, found: JointItem) -> Cell:
    """The partner, with the way to its page of the register where that holds it."""
    if not found.partner_code:
        return found.partner
    return Link(found.partner, reverse("organisations:follow", args=[book.place.id, found.partner_code]))


def _assigned(book: Book, found: JointItem) -> list[list[Cell]]:
    """Who has a local target: a council and a commissioner of the area."""
    if found.target != LOCAL:
        return []
    called = {each.code: each.text for each in partners(book)}
    nobody = Missing(why="Nobody has assigned it yet.")
    return [
        ["Council that has the target", called.get(found.council, found.council) or nobody],
        [
            "Commissioner that has the target",
            own_commissioners(book).get(found.commissioner, found.commissioner) or nobody,
        ],
    ]


def _named(book: Book, found: JointItem) -> Cell:
    return Link(f"{found.code} {found.title}", reverse("finance:joint-item", args=[book.place.id, found.code]))


def later_table(book: Book, found: Sequence[JointItem]) -> Table:
    """What stands in a later year now."""
    year = str(book.place.year)
    rows: list[list[Cell]] = [
        [_named(book, each), each.year.replace("-", "/"), Tag(each.state, COLOURS[each.state]), _sum(each)]
        for each in found
        if each.year > year
    ]
    columns = [
        *(tables.text(each) for each in ("Joint work", "Year", "How it stands")),
        tables.number("In the year", "£"),
    ]
    empty = "Nothing has run on into a later year."
    return tables.table("joint-later", "Run on into a later year", columns, rows, cards=True, empty=empty)


def targets_table(book: Book, found: Sequence[JointItem]) -> Table:
    """Local targets that joint work serves, with the council and the commissioner that has each."""
    listed = partners(book)
    called = {each.code: each.text for each in listed}
    commissioners = own_commissioners(book)
    nobody = Missing(why="Nobody has assigned it yet.")
    rows: list[list[Cell]] = [
        [
            each.target_name,
            called.get(each.council, each.council) or nobody,
            commissioners.get(each.commissioner, each.commissioner) or nobody,
            _named(book, each),
        ]
        for each in found
        if each.target == LOCAL and each.was_in(str(book.place.year))
    ]
    councils = sum(each.is_council for each in listed)
    columns = [tables.text(each) for each in ("Local target", "Council", "Commissioner", "Served by")]
    note = f"The register holds {councils} councils of the area to which a target can be assigned."
    empty = "No joint work serves a local target."
    return tables.table("targets", "Who has which local target", columns, rows, cards=True, empty=empty, notes=(note,))


def _sum(found: JointItem) -> Cell:
    return NOT_COSTED if found.pence is None else Figure(found.pence, Style.PENCE, reads.sum_address(found, found.year))


def item(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """One item: what it is, its milestones, and its years."""
    book, found = open_book(place), reads.joint_item(open_book(place), code)
    on = standing_day(book)
    steps = (("Change it", "finance:joint-change"), ("Add a milestone", "finance:joint-milestone-add"))
    links = [(text, reverse(route, args=[place, code])) for text, route in steps if request.may(route, place=place)]
    may = request.may("finance:joint-milestone", place=place)
    page = Page(
        template=SHEET,
        title=f"{found.code} {found.title}",
        book=book,
        trail=(crumb(book),),
        tables=(facts_table(book, found, on), milestones_table(book, found, on, may=may), years_table(found)),
        rests_on=(book.table(reads.TRANSFERS),),
        context={"findings": found.findings, "links": links},
    )
    return respond(request, page)


def facts_table(book: Book, found: JointItem, on: date) -> Table:
    """What is said of an item."""
    rows: list[list[Cell]] = [
        ["Kind", KINDS[found.kind]],
        ["With", _partner(book, found)],
        ["How it stands", state_tag(found, on)],
        ["By", day_text(found.due) if found.due else Missing(why="No day is set.")],
        ["May run on into the next year", "yes" if found.may_run_on else "no"],
        ["Last changed", f"{found.changed_by}, {day_text(localtime(found.changed_at))}"],
    ]
    if found.kind == TRANSFER:
        rows[4:4] = [
            ["Legal basis", found.legal_basis or Missing(why="Nobody has named the law that allows it.")],
            ["Pooled funds", found.pooled_funds or Missing(why="Nobody has said what becomes of pooled funds.")],
        ]
    else:
        rows[3:3] = [
            ["Serves", _serves(found)],
            *_assigned(book, found),
            [f"Money in {found.year.replace('-', '/')}", _sum(found)],
        ]
    columns = [tables.text("What"), tables.text("How it stands")]
    return tables.table("joint-item", "The item", columns, rows)


def milestones_table(book: Book, found: JointItem, on: date, *, may: bool) -> Table:
    """The dated steps, in their order."""
    rows: list[list[Cell]] = [_milestone(book, found, each, on, may=may) for each in found.milestones]
    columns = [tables.text(each) for each in ("Milestone", "By", "How it stands")]
    return tables.table("milestones", "Milestones", columns, rows, cards=True, empty="No milestone has a date yet.")


def _milestone(book: Book, found: JointItem, each: Milestone, on: date, *, may: bool) -> list[Cell]:
    named: Cell = each.what
    if may:
        named = Link(each.what, reverse("finance:joint-milestone", args=[book.place.id, found.code, each.number]))
    if each.done_on is not None:
        stands = Tag(f"reached {day_text(each.done_on)}", "green")
    elif is_missed(each.due, None, on):
        stands = Tag("missed", "red")
    else:
        stands = Tag("to come", "grey")
    return [named, day_text(each.due), stands]


def years_table(found: JointItem) -> Table:
    """What the item was in each year."""
    rows: list[list[Cell]] = [
        [
            each.year.replace("-", "/"),
            Tag(each.state, COLOURS[each.state]),
            f"ran on, by {each.left_by}" if each.left_by else "stands here now",
            NOT_COSTED if each.pence is None else Figure(each.pence, Style.PENCE, reads.sum_address(found, each.year)),
        ]
        for each in found.years
    ]
    columns = [*(tables.text(each) for each in ("Year", "State", "What became of it")), tables.number("Money", "£")]
    return tables.table("years", "Year by year", columns, rows, cards=True)

"""The register of agreements with partners and the voluntary sector: holders, reviews, and what has lapsed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.contracts.reads import agreement_register as reads
from openpbc.contracts.reads.agreement_register import Agreement, Record
from openpbc.contracts.rules.agreements import (
    COMPACT,
    DRAFT,
    EXPIRED,
    FOLLOWED,
    IN_FORCE,
    JOINT,
    MEETING,
    NOT_BEGUN,
    RECORDS,
    REVIEW,
    SECTORS,
    VOLUNTARY,
)
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import day_text
from openpbc.organisations.reads import Viewer, standing_day
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.as_at import as_at
from openpbc.ui.figures import Cell, Figure, Link, Missing, Style, Tag
from openpbc.ui.offers import Work
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Row, Table

SHEET = "openpbc/sheet.jinja"
TITLE = "Agreements with partners and the voluntary sector"
COLOURS = {DRAFT: "grey", NOT_BEGUN: "blue", IN_FORCE: "green", EXPIRED: "red", FOLLOWED: "grey"}
NOT_SAID = Missing(why="Nobody has said it.")
KEEPERS = frozenset({"contract_manager"})


def crumb(book: Book) -> Crumb:
    """The way back to the register."""
    return Crumb("Agreements", reverse("contracts:agreements", args=[book.place.id]))


def day(value: date | None) -> Cell:
    """A day, or that nobody has said it."""
    return NOT_SAID if value is None else day_text(value)


def held_by(book: Book, found: Agreement) -> str:
    """Who holds an agreement: the commissioner, or both."""
    own = book.word("commissioner_short")
    return f"joint: {own} and {found.held_with}" if found.holder == JOINT else own


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """Show what has lapsed, then every agreement in the order in which they end, as at ``?on=``."""
    book = open_book(place)
    on, asking = as_at(request, standing_day(book))
    found = reads.agreements(book)
    steps = (("Add an agreement", "contracts:agreement-add"), ("Contracts with providers", "contracts:register"))
    links = [(text, reverse(route, args=[place])) for text, route in steps if request.may(route, place=place)]
    page = Page(
        template=SHEET,
        title=TITLE,
        book=book,
        tables=(lapsed_table(book, found, on), register_table(book, found, on)),
        rests_on=(book.value(reads.LEAST_MONTHS),),
        context={"lead": _lead(book, found, on), "links": links, "asking": asking, "notes": (_term(book),)},
    )
    return respond(request, page)


def _lead(book: Book, found: Sequence[Agreement], on: date) -> str:
    stands = [each.standing(on) for each in found]
    gone = stands.count(EXPIRED)
    have = "has" if gone == 1 else "have"
    lapsed = f"{gone} {have} run out with nothing in their place" if gone else "none has lapsed"
    own = book.word("commissioner_short")
    return (
        f"As at {day_text(on)}: {stands.count(IN_FORCE)} of {len(found)} agreements are in force, and {lapsed}. "
        f"The {own} holds them alone or jointly; none is made active before it was checked against the Compact."
    )


def _term(book: Book) -> str:
    least = reads.least_months(book)
    if least is None:
        return "No shortest term is set for this place, so none needs a reason."
    return f"A term of less than {least} months needs a reason."


def lapsed_table(book: Book, found: Sequence[Agreement], on: date) -> Table:
    """What has run out while no other agreement is in its place."""
    rows: list[list[Cell]] = [
        [
            _named(book, each),
            each.partner,
            held_by(book, each),
            day(each.ends),
            each.replaced_by or NOT_SAID,
            _sum(each),
        ]
        for each in reads.lapsed(found, on)
    ]
    titles = ("Agreement", "Partner", "Held by", "Ended", "Is to be replaced by")
    columns = [*(tables.text(title) for title in titles), tables.number("A year", "£")]
    empty = "No agreement has run out without another in its place."
    return tables.table("lapsed", "Run out, with nothing in its place", columns, rows, cards=True, empty=empty)


def register_table(book: Book, found: Sequence[Agreement], on: date) -> Table:
    """Every agreement, those that end first on top."""
    rows = [Row(tuple(_row(book, each, on))) for each in found]
    running = reads.in_force(found, on)
    if running:
        together = sum(each.pence_a_year or 0 for each in running)
        figure = Figure(together, Style.PENCE, reads.total_address(book.place.id, on))
        rows.append(Row(("In force, together", *[None] * 7, figure), total=True))
    titles = ("Agreement", "Partner", "Held by", "Runs", "Last review", "Last meeting", "Compact", "How it stands")
    columns = [*(tables.text(title) for title in titles), tables.number("A year", "£", additive=False)]
    empty = "No agreement is on the register."
    return tables.table("agreements", "The register", columns, rows, cards=True, empty=empty)


def _row(book: Book, found: Agreement, on: date) -> Iterator[Cell]:
    yield _named(book, found)
    yield found.partner
    yield held_by(book, found)
    yield _runs(found)
    yield _looked_at(found, REVIEW)
    yield _looked_at(found, MEETING)
    yield _compact(found)
    yield standing_tag(found, on)
    yield _sum(found)


def _named(book: Book, found: Agreement) -> Cell:
    return Link(f"{found.code} {found.title}", reverse("contracts:agreement", args=[book.place.id, found.code]))


def _runs(found: Agreement) -> Cell:
    if found.starts is None or found.ends is None:
        return Missing(why="Nobody has said from when until when it runs.")
    return f"{found.starts:%-d %b %Y} to {found.ends:%-d %b %Y} ({found.months} months)"


def _looked_at(found: Agreement, kind: str) -> Cell:
    last = found.last(kind)
    return f"{last.on:%-d %b %Y}" if last else Missing(why=f"No {RECORDS[kind].lower()} is recorded.")


def _compact(found: Agreement) -> Cell:
    if found.sector != VOLUNTARY:
        return "not asked of a statutory partner"
    last = found.last(COMPACT)
    if last is None:
        return Tag("not checked", "orange")
    return Tag("follows it", "green") if last.in_order else Tag("breaks it", "red")


def standing_tag(found: Agreement, on: date) -> Tag:
    """Where an agreement stands on a day."""
    stands = found.standing(on)
    return Tag(stands, COLOURS[stands])


def _sum(found: Agreement) -> Cell:
    return NOT_SAID if found.pence_a_year is None else Figure(found.pence_a_year, Style.PENCE, found.address)


def agreement(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """One agreement: what it says, what it lacks, every time it was looked at, and the next step."""
    book = open_book(place)
    on, found = standing_day(book), reads.agreement(book, code)
    page = Page(
        template=SHEET,
        title=f"{found.code} {found.title}",
        book=book,
        trail=(crumb(book),),
        tables=(facts_table(book, found, on), records_table(found)),
        rests_on=(book.value(reads.LEAST_MONTHS),),
        context={"findings": found.lacks(on), "links": _links(request, book, found), "notes": (_term(book),)},
    )
    return respond(request, page)


def _links(request: HttpRequest, book: Book, found: Agreement) -> list[tuple[str, str]]:
    steps = [
        ("Record a review, a meeting or a Compact check", "contracts:agreement-record"),
        ("Change it", "contracts:agreement-change"),
    ]
    if found.state == DRAFT:
        steps.insert(0, ("Make it active", "contracts:agreement-activate"))
    args = [book.place.id, found.code]
    return [(text, reverse(route, args=args)) for text, route in steps if request.may(route, place=book.place.id)]


def facts_table(book: Book, found: Agreement, on: date) -> Table:
    """What the agreement says."""
    rows: list[list[Cell]] = [
        ["Standing", standing_tag(found, on)],
        ["With", f"{found.partner} ({SECTORS[found.sector].lower()})"],
        ["Held by", held_by(book, found)],
        ["Runs", _runs(found)],
        ["Reason for a short term", found.term_reason or "none given"],
        ["Compact", _compact(found)],
        ["Sum a year", _sum(found)],
        ["Replaced by", _following(book, found)],
        ["Last changed", f"{found.changed_by}, {day_text(localtime(found.changed_at))}"],
    ]
    columns = [tables.text("What"), tables.text("How it stands")]
    return tables.table("agreement", "The agreement", columns, rows)


def _following(book: Book, found: Agreement) -> Cell:
    if not found.replaced_by:
        return "nothing yet"
    said = found.replaced_by if found.replacement_active else f"{found.replaced_by}, which is a draft"
    return Link(said, reverse("contracts:agreement", args=[book.place.id, found.replaced_by]))


def records_table(found: Agreement) -> Table:
    """Every review, meeting and check, the newest first."""
    rows: list[list[Cell]] = [_record(each) for each in reversed(found.records)]
    columns = [tables.text(title) for title in ("When", "What", "Found", "Note", "Recorded by")]
    empty = "It was never reviewed, checked or met about."
    return tables.table("records", "Looked at", columns, rows, cards=True, empty=empty)


def _record(each: Record) -> list[Cell]:
    verdict = Tag("in order", "green") if each.in_order else Tag("not in order", "red")
    return [day_text(each.on), RECORDS[each.kind], verdict, each.note, each.recorded_by]


def work(book: Book, viewer: Viewer) -> Iterator[Work]:
    """What has lapsed waits for whoever keeps the contracts."""
    gone = reads.lapsed(reads.agreements(book), standing_day(book))
    if gone:
        known = [each.pence_a_year for each in gone if each.pence_a_year is not None]
        yield Work(
            text=f"Replace or end {len(gone)} agreements that have run out",
            reason=f"Nothing is in their place; together they were {pounds(sum(known))} a year.",
            href=reverse("contracts:agreements", args=[book.place.id]),
            roles=KEEPERS,
        )

"""Bodies: who sits in them, by which terms of reference, which seats lack, and when they meet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse

from openpbc.governance import actions
from openpbc.governance.pages.meeting_parts import (
    YES_NO,
    at,
    bodies_crumb,
    body_crumb,
    body_name,
    may,
    on_day,
    people_choices,
    public_feed,
    state_tag,
    units_choices,
    when,
)
from openpbc.governance.reads import meetings as meetings_read
from openpbc.governance.reads import papers, seats
from openpbc.governance.reads.seats import Body
from openpbc.governance.rules.constraints import COMPANY
from openpbc.governance.rules.quorum import CAPACITIES, KINDS
from openpbc.governance.rules.voting import RECOMMENDS
from openpbc.kernel.money import percent_text
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import arrangements
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Missing, Tag
from openpbc.ui.forms import AREA, FILE, HIDDEN, Field, Form, choice, day, line, lines, whole_number, words
from openpbc.ui.pages import Page, attachment, capital, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

SHEET = "openpbc/sheet.jinja"


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """Every body of the place."""
    book = open_book(place)
    found = seats.all_bodies(book).values()
    page = Page(
        template=SHEET,
        title="Bodies",
        book=book,
        tables=(_bodies_table(book, found), _orders_table(request, book)),
        rests_on=(book.table(seats.BODIES),),
        context={
            "lead": "Who decides what here: each body with its members, its terms of reference and its meetings.",
            "links": (
                ("Meetings", at("meetings", place)),
                ("Decisions", at("decisions", place)),
                ("Minimum operating standard", at("standard", place)),
                ("Route map for innovation", at("route-map", place)),
            ),
        },
    )
    return respond(request, page)


def _bodies_table(book: Book, found: Any) -> Table:
    today = organisations.today()
    rows: list[list[Cell]] = []
    for each in found:
        held = seats.seats(book.place.id, each.code, today)
        next_one = _next(book, each.code)
        rows.append([
            Link(capital(each.name), at("body", book.place.id, each.code)),
            "; ".join(each.also),
            Tag("recommends", "blue") if each.power == RECOMMENDS else Tag("decides", "green"),
            body_name(book, each.under) if each.under else "",
            len([seat for seat in held if seat.votes]),
            len(seats.membership_gaps(book, each.code, today)),
            when(next_one) if next_one else "none is called",
        ])  # fmt: skip
    columns = (
        *(tables.text(title) for title in ("Body", "Also printed as", "Power", "Overseen by")),
        tables.number("Voting members", additive=False),
        tables.number("Seats that lack", additive=False),
        tables.text("Next meeting"),
    )
    return tables.table("bodies", "Bodies", columns, rows, cards=True, empty="The rulebook names no body.")


def _orders_table(request: HttpRequest, book: Book) -> Table:
    """Each group with its form, and its own standing orders: advised to a group that is a company, and no duty."""
    place, today = book.place.id, organisations.today()
    forms = arrangements.forms(place, today)
    rows: list[list[Cell]] = []
    for each in organisations.units(place):
        orders = seats.terms_in_force(place, each.code, today)
        company = forms[each.code] == COMPANY
        told: Cell = (
            Link(f"Version {orders.number}", at("terms-file", place, each.code, orders.number)) if orders else ""
        )
        rows.append([
            each.name,
            "company" if company else "no company",
            told or (Tag("advised", "yellow") if company else "none"),
            Link("Record a version", at("terms-add", place, each.code)) if may(request, "terms-add", place) else "",
        ])  # fmt: skip
    titles = (capital(book.word("unit")), "Form", "Standing orders on interests", "If there are new ones")
    columns = [tables.text(title) for title in titles]
    caption = f"Standing orders of {book.word('units')}"
    return tables.table("orders", caption, columns, rows, cards=True, empty="No group is loaded.")


def _next(book: Book, code: str) -> meetings_read.Meeting | None:
    """The meeting that is open, or the next one that is planned."""
    coming = [
        each
        for each in meetings_read.meetings(book.place.id, code)
        if each.state in (meetings_read.OPEN, meetings_read.PLANNED)
    ]
    return min(coming, key=lambda each: (each.held_on, each.id), default=None)


def body(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """One body: members, seats that lack, quorum, terms of reference, meetings."""
    book = open_book(place)
    found, today = seats.find_body(book, code), organisations.today()
    members = seats.seats(place, found.code)
    page = Page(
        template="governance/body.jinja",
        title=capital(found.name),
        book=book,
        trail=(bodies_crumb(book),),
        tables=(
            _members_table(book, members, keeps=may(request, "seat-end", place)),
            _terms_table(book, found),
            _meetings_table(book, found),
        ),
        synthetic=any(each.synthetic for each in members),
        rests_on=(book.table(seats.BODIES), book.table(seats.RULES), book.table(seats.MEMBERSHIP)),
        feeds=(public_feed(book, found.code),),
        context={
            "body": found,
            "also": "; ".join(found.also),
            "power": "It recommends and agrees; no money and no contract follows from it."
            if found.power == RECOMMENDS
            else "It decides.",
            "under": body_name(book, found.under) if found.under else "",
            "quorum": _quorum_words(book, found),
            "gaps": seats.membership_gaps(book, found.code, today),
        },
    )
    return respond(request, page)


def _quorum_words(book: Book, found: Body) -> str | Missing:
    rule = seats.meeting_rule(book, found.code)
    if isinstance(rule, NotSet):
        return Missing(rule.path)
    kinds = "".join(f", {least} {KINDS[kind]}" for kind, least in rule.kinds)
    other = "; one clinician must be of another group than the one that proposes" if rule.other_group else ""
    casting = "The chair has a casting vote." if rule.casting else "Nobody has a casting vote."
    share = percent_text(rule.share_ppm, 0)
    return f"At least {share} of the voting members{kinds}{other}; counted at each item, after recusals. {casting}"


def _members_table(book: Book, members: tuple[seats.Seat, ...], *, keeps: bool) -> Table:
    today = organisations.today()
    units = {unit.code: unit.name for unit in organisations.units(book.place.id)}
    rows: list[list[Cell]] = [
        [
            each.name,
            CAPACITIES[each.capacity],
            KINDS[each.kind],
            units.get(each.of, each.of),
            "votes" if each.votes else "no vote",
            on_day(each.valid_from),
            on_day(each.valid_to),
            Link("End", at("seat-end", book.place.id, each.body, each.id))
            if keeps and each.valid_to is None
            else Tag("holds it", "green")
            if each.holds_on(today)
            else "",
        ]
        for each in members
    ]
    titles = ("Member", "Capacity", "Kind", "Of", "Vote", "From", "To", "Seat")
    columns = [tables.text(title) for title in titles]
    return tables.table("members", "Members", columns, rows, cards=True, empty="Nobody has a seat yet.")


def _terms_table(book: Book, found: Body) -> Table:
    rows: list[list[Cell]] = [
        [
            Link(f"Version {each.number}", at("terms-file", book.place.id, found.code, each.number)),
            on_day(each.in_force_from),
            "allowed" if each.deputies else "not allowed",
            each.sha256[:12],
            each.note,
            each.recorded_by,
        ]
        for each in seats.terms(book.place.id, found.code)
    ]
    titles = ("Document", "In force from", "Deputies", "SHA-256", "Note", "Recorded by")
    columns = [tables.text(title) for title in titles]
    return tables.table(
        "terms", "Terms of reference", columns, rows, cards=True,
        empty="None are recorded, so the body holds no meetings here; what it decides is written into the register.",
    )  # fmt: skip


def _meetings_table(book: Book, found: Body) -> Table:
    rows: list[list[Cell]] = [
        [Link(f"Meeting {each.number}", at("meeting", book.place.id, each.id)), when(each), state_tag(each)]
        for each in meetings_read.meetings(book.place.id, found.code)[:12]
    ]
    columns = [tables.text(title) for title in ("Meeting", "When and where", "State")]
    return tables.table("meetings", "Meetings", columns, rows, cards=True, empty="None is called yet.")


def seat_add(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Give somebody a seat in a body."""
    book = open_book(place)
    found = seats.find_body(book, code)

    def act(values: Mapping[str, Any]) -> str:
        facts = {"of": "", "valid_to": None} | dict(values)
        unit, votes = facts.pop("unit", ""), facts.pop("votes") == "yes"
        actions.record_seat(
            by=request.viewer.actor, place=place, body=found.code, votes=votes, **facts | {"of": unit or facts["of"]}
        )
        return at("body", place, found.code)

    form = Form((
        choice("person", "Person", people_choices(), "Choose the person."),
        choice("capacity", "Capacity", CAPACITIES.items(), "Choose the capacity."),
        choice("kind", "Kind of member", KINDS.items(), "Choose the kind."),
        choice("unit", f"For which {book.word('unit')}", units_choices(place), blank="None"),
        line("of", "Or for which other organisation", hint="Such as the name of a trust"),
        choice("votes", "Votes", YES_NO, "Say whether the seat has a vote."),
        Field("valid_from", "From", day, "Such as 1 April 2008", required="Say from which day.", width="10"),
        Field("valid_to", "To", day, "The last day; empty until further notice", width="10"),
    ))  # fmt: skip
    writing = Writing(
        f"Add a member: {capital(found.name)}", form, "Add the member", act, book=book,
        trail=(bodies_crumb(book), body_crumb(book, found.code)), first={"votes": "yes"},
        lead="A person without an account of use is asked for by an administrator; they are then in this list.",
    )  # fmt: skip
    return write(request, writing)


def seat_end(request: HttpRequest, place: str, code: str, number: int) -> HttpResponse:
    """End a seat; it stays in the list."""
    book = open_book(place)
    held = seats.seat(place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.end_seat(by=request.viewer.actor, place=place, seat=number, **values)
        return at("body", place, held.body)

    form = Form((
        Field("last_day", "Last day", day, "Such as 31 March 2009", required="Give the last day.", width="10"),
        line("reason", "Reason", "Say why.", longest=500),
        Field("seen", "Version", whole_number, kind=HIDDEN),
    ))  # fmt: skip
    writing = Writing(
        f"End the seat of {held.name}", form, "End the seat", act, book=book,
        trail=(bodies_crumb(book), body_crumb(book, held.body)), first={"seen": str(held.revision)},
        lead="The seat stays in the list of who held one, and decisions that were taken stay as they are.",
    )  # fmt: skip
    return write(request, writing)


def terms_add(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Record a version of a body's terms of reference."""
    book = open_book(place)
    owner, name = seats.whose_terms(book, code)
    is_body = owner in seats.all_bodies(book)

    def act(values: Mapping[str, Any]) -> str:
        sent = values["file"]
        actions.record_terms(
            by=request.viewer.actor, place=place, body=owner, in_force_from=values["in_force_from"],
            name=sent.name, content=sent.read(), deputies=values["deputies"] == "yes", note=values.get("note", ""),
        )  # fmt: skip
        return at("body", place, owner) if is_body else at("bodies", place)

    form = Form((
        Field("file", "The document", words, f"One of {', '.join(papers.ENDINGS)}", kind=FILE,
              required="Choose the document."),
        Field("in_force_from", "In force from", day, "Such as 1 April 2008", required="Give the day.", width="10"),
        choice("deputies", "May members send deputies", YES_NO, "Say whether deputies are allowed."),
        line("note", "Note", longest=500),
    ))  # fmt: skip
    first_one = is_body and not seats.terms(place, owner)
    title = "Terms of reference" if is_body else "Standing orders"
    writing = Writing(
        f"{title}: {capital(name)}", form, "Record the version", act, book=book,
        trail=(bodies_crumb(book), *((body_crumb(book, owner),) if is_body else ())), first={"deputies": "no"},
        lead="From that day on the body decides in its meetings here, and nothing that it decides is written into the"
        " register by hand." if first_one else "Earlier versions stay as they are.",
    )  # fmt: skip
    return write(request, writing)


def terms_file(request: HttpRequest, place: str, code: str, number: int) -> HttpResponse:
    """One version of terms of reference, as it was recorded."""
    for each in seats.terms(place, seats.whose_terms(open_book(place), code)[0]):
        if each.number == number:
            return attachment(papers.content(each.sha256), "application/octet-stream", each.file_name)
    raise UserError(
        f"there is no version {number} of these terms of reference", do="Choose one from the page of the body."
    )


def urgent(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Act as a chair between meetings; the body ratifies it at its next one."""
    book = open_book(place)
    found = seats.find_body(book, code)
    voting = [
        each
        for each in seats.seats(place, found.code, organisations.today())
        if each.votes and each.person != request.viewer.actor.id
    ]

    def act(values: Mapping[str, Any]) -> str:
        asked = [values[name] for name in ("first", "second") if values.get(name)]
        item = actions.act_urgently(
            by=request.viewer.actor, place=place, body=found.code, title=values["title"], reasons=values["reasons"],
            consulted=asked, on=values["on"], matter=values.get("matter", ""),
        )  # fmt: skip
        return at("item", place, item)

    people = tuple((each.person, each.name) for each in voting)
    form = Form((
        line("title", "What it is about", "Say what it is about."),
        Field("reasons", "What you did, and why it could not wait", lines, kind=AREA, longest=3000,
              required="Say what you did and why."),
        choice("first", "Consulted", people, "Name a voting member whom you consulted."),
        choice("second", "Also consulted", people, blank="Nobody else"),
        Field("on", "On", day, "Such as 5 November 2008", required="Give the day.", width="10"),
        Field("matter", "Matter's address", words, kind=HIDDEN, longest=200),
    ))  # fmt: skip
    writing = Writing(
        "Act as urgent", form, "Record the action", act, book=book,
        check=lambda values: Checked(
            (("About", values["title"]), ("What and why", values["reasons"]), ("Consulted", values["first"])),
            ("It counts as approved by nobody until the body has ratified it.",
             "It comes on the agenda of the next meeting by itself, and that meeting cannot end without an outcome."),
        ),
        trail=(bodies_crumb(book), body_crumb(book, found.code)),
        lead="Only for what cannot wait for a meeting, and only where you have no interest in it.",
    )  # fmt: skip
    return write(request, writing)

"""The innovation fund: what it holds, bids, awards, payments and what came of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.finance import actions
from openpbc.finance.pages.ledger import waiting_page
from openpbc.finance.reads import innovation as reads
from openpbc.finance.reads.innovation import Bid, Fund
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import day_text
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing, Style, Tag
from openpbc.ui.forms import (
    AREA,
    REVISION,
    Field,
    Form,
    choice,
    day,
    lines,
    pounds_and_pence,
    words,
)
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

COLOURS = {"asked": "blue", "awarded": "green", "refused": "grey", "withdrawn": "grey"}
_DAY = Field("on", "Day", day, required="Give the day.", width="20")
_WHY = Field("reason", "Reason", words, required="Give the reason.", width="30", longest=500)
DECISIONS = (("award", "Award"), ("refuse", "Refuse"))
DECIDE = Form(
    (
        choice("decision", "Decision", DECISIONS, "Choose one."),
        Field("awarded", "Sum awarded", pounds_and_pence, "Only for an award", prefix="£", width="10"),
        _WHY,
        REVISION,
    )
)
PAY = Form((Field("pence", "Sum to pay", pounds_and_pence, required="Give a sum.", prefix="£", width="10"), _DAY))
RETURN = Form((Field("pence", "Sum that comes back", pounds_and_pence, required="Give a sum.", prefix="£", width="10"),
               _DAY, _WHY))  # fmt: skip
EVALUATE = Form((Field("evaluation", "What came of it", lines, kind=AREA, required="Say what came of it.",
                       longest=4_000), REVISION))  # fmt: skip


def fund(request: HttpRequest, place: str) -> HttpResponse:
    """The fund with its bids."""
    book = open_book(place)
    found = reads.fund(book)
    lead = "Money kept apart for new ideas: it pays only what was awarded here, and what is not used comes back to it."
    lead += "" if found.balance else " Nothing was set aside yet, and the sources give no size."
    page = Page(
        template="openpbc/sheet.jinja",
        title="Innovation fund",
        book=book,
        tables=(fund_table(place, found), bids_table(request, book, found)),
        context={"lead": lead, "links": _links(request, book)},
    )
    return respond(request, page)


def _links(request: HttpRequest, book: Book) -> list[tuple[str, str]]:
    steps = (("Set money aside", "finance:innovation-feed"), ("Make a bid", "finance:innovation-bid-add"))
    place = book.place.id
    return [(text, reverse(route, args=[place])) for text, route in steps if request.may(route, place=place)]


def fund_table(place: str, found: Fund) -> Table:
    """What the fund holds, what of it is promised, and what is free."""
    address = found.balance.address if found.balance else ""
    none = Missing(why="Nothing was set aside yet.")
    rows: list[list[Cell]] = [
        ["In the fund", Figure(found.held, Style.PENCE, address) if found.balance else none],
        ["Of it awarded and not paid", Figure(found.promised, Style.PENCE, reads.address(place, "fund", "promised"))],
        ["Free to award", Figure(found.free, Style.PENCE, reads.address(place, "fund", "free"))],
    ]
    columns = [tables.text("What"), tables.number("Sum", "£", additive=False)]
    return tables.table("fund", "The fund", columns, rows)


def bids_table(request: HttpRequest, book: Book, found: Fund) -> Table:
    """Every bid with what was asked, awarded and paid."""
    names = {unit.code: unit.name for unit in organisations.units(book.place.id)}
    rows: list[list[Cell]] = [
        [
            Link(f"{bid.number}. {bid.title}", reverse("finance:innovation-bid", args=[book.place.id, bid.number])),
            names.get(bid.unit, bid.unit),
            Tag(bid.state, COLOURS[bid.state]),
            Figure(bid.asked, Style.PENCE, reads.address(bid.place, str(bid.number), "asked")),
            _awarded(bid),
            Figure(bid.paid, Style.PENCE, bid.paid_address),
        ]
        for bid in found.bids
    ]
    columns = [
        tables.text("Bid"),
        tables.text("Of"),
        tables.text("State"),
        tables.number("Asked for", "£"),
        tables.number("Awarded", "£"),
        tables.number("Paid", "£"),
    ]
    return tables.table("bids", "Bids", columns, rows, cards=True, empty="There is no bid yet.")


def _awarded(bid: Bid) -> Cell:
    if bid.awarded is None:
        return None
    return Figure(bid.awarded, Style.PENCE, reads.address(bid.place, str(bid.number), "awarded"))


def _trail(book: Book, bid: Bid | None = None) -> tuple[Crumb, ...]:
    first = Crumb("Innovation fund", reverse("finance:innovation", args=[book.place.id]))
    return (first,) if bid is None else (first, Crumb(f"Bid {bid.number}", _address(book, bid.number)))


def _address(book: Book, number: int) -> str:
    return reverse("finance:innovation-bid", args=[book.place.id, number])


def bid(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """One bid: what became of it, and the next step."""
    book = open_book(place)
    found = reads.bid(book, number)
    rows: list[list[Cell]] = [
        ["State", Tag(found.state, COLOURS[found.state])],
        ["Asked for", Figure(found.asked, Style.PENCE, reads.address(place, str(number), "asked"))],
        ["Awarded", _awarded(found)],
        ["Paid", Figure(found.paid, Style.PENCE, found.paid_address)],
        ["Reason of the decision", found.reason],
        ["What came of it", found.evaluation or "not evaluated yet"],
        ["Last changed", f"{found.changed_by}, {day_text(localtime(found.changed_at))}"],
    ]
    shown = tables.table("bid", "The bid", [tables.text("What"), tables.text("How it stands")], rows)
    page = Page("openpbc/sheet.jinja", found.title, book, _trail(book), tables=(shown,),
                context={"links": _steps(request, book, found)})  # fmt: skip
    return respond(request, page)


def _steps(request: HttpRequest, book: Book, found: Bid) -> list[tuple[str, str]]:
    steps = (
        ("Decide", "finance:innovation-decide", found.state == "asked"),
        ("Pay", "finance:innovation-pay", found.state == "awarded" and found.unpaid > 0),
        ("Take unspent money back", "finance:innovation-return", found.paid > 0),
        ("Write down what came of it", "finance:innovation-evaluate", found.state == "awarded"),
    )
    place = book.place.id
    return [
        (text, reverse(route, args=[place, found.number]))
        for text, route, fits in steps
        if fits and request.may(route, place=place)
    ]


def source_field(book: Book) -> Field:
    """From which held account money is taken: those that hold something, with how much."""
    choices = tuple(
        (each.account.code, f"{each.account.title}: {pounds(each.pence)}") for each in reads.held_money(book)
    )
    return choice("source", "Out of", choices, "Choose where the money is taken.")


def feed(request: HttpRequest, place: str) -> HttpResponse:
    """Set money aside."""
    book = open_book(place)
    sum_field = Field("pence", "Sum to set aside", pounds_and_pence, required="Give a sum.", prefix="£", width="10")
    form = Form((sum_field, source_field(book), _DAY, _WHY))

    def act(values: Mapping[str, Any]) -> str:
        posted = actions.feed_innovation_fund(by=request.viewer.actor, place=place, **values)
        return waiting_page(book) if posted.waits else reverse("finance:innovation", args=[place])

    def check(values: Mapping[str, Any]) -> Checked:
        rows: tuple[tuple[str, Cell], ...] = (
            ("Set aside", pounds(values["pence"])),
            ("Out of", values["source"]),
            ("Reason", values["reason"]),
        )
        return Checked(rows, ("The money leaves the account named, and from then on can only pay what is awarded.",))

    return write(request, Writing("Set money aside", form, "Set it aside", act, check, book, _trail(book)))


def bid_add(request: HttpRequest, place: str) -> HttpResponse:
    """Make a bid for a group of one's own, or, as the commissioner, for any."""
    book = open_book(place)
    units = tuple(
        (each.code, each.name)
        for each in organisations.units(place)
        if request.may("finance:plan-context", place=place, unit=each.code)
    )
    form = Form(
        (
            choice("unit", "Group", units, "Choose a group."),
            Field("title", "What is new about it", words, required="Say what it is.", width="30", longest=200),
            Field("asked", "Sum asked for", pounds_and_pence, required="Give a sum.", prefix="£", width="10"),
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        return _address(book, actions.bid_for_innovation(by=request.viewer.actor, place=place, **values))

    return write(request, Writing("Make a bid", form, "Make the bid", act, book=book, trail=_trail(book)))


def decide(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Award or refuse a bid."""
    book = open_book(place)
    found = reads.bid(book, number)

    def act(values: Mapping[str, Any]) -> str:
        awarded = values.get("awarded", 0) if values["decision"] == "award" else None
        actions.decide_innovation_bid(by=request.viewer.actor, place=place, number=number, awarded=awarded,
                                      revision=values["revision"], reason=values["reason"])  # fmt: skip
        return _address(book, number)

    def check(values: Mapping[str, Any]) -> Checked:
        award = values["decision"] == "award"
        rows: tuple[tuple[str, Cell], ...] = (
            ("Bid", found.title),
            ("Decision", f"Award {pounds(values.get('awarded', 0))}" if award else "Refuse"),
            ("Free in the fund", pounds(reads.fund(book).free)),
            ("Reason", values["reason"]),
        )
        return Checked(rows, ("A decision stands; a new bid can be made.",))

    first = {"awarded": pounds(found.asked).replace("£", ""), "revision": str(found.revision)}
    return write(request, Writing("Decide on the bid", DECIDE, "Decide", act, check, book, _trail(book, found),
                                  first=first))  # fmt: skip


def pay(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Pay a part or all of an award."""
    book = open_book(place)
    found = reads.bid(book, number)

    def act(values: Mapping[str, Any]) -> str:
        posted = actions.pay_innovation_bid(by=request.viewer.actor, place=place, number=number, **values)
        return waiting_page(book) if posted.waits else _address(book, number)

    def check(values: Mapping[str, Any]) -> Checked:
        rows: tuple[tuple[str, Cell], ...] = (("Bid", found.title), ("Pay", pounds(values["pence"])))
        return Checked(rows, ("The ledger takes the money from the fund. No bank payment is made here.",))

    first = {"pence": pounds(found.unpaid).replace("£", "")}
    return write(request, Writing("Pay", PAY, "Pay", act, check, book, _trail(book, found), first=first))


def take_back(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Take unspent money back into the fund."""
    book = open_book(place)
    found = reads.bid(book, number)

    def act(values: Mapping[str, Any]) -> str:
        posted = actions.return_innovation_money(by=request.viewer.actor, place=place, number=number, **values)
        return waiting_page(book) if posted.waits else _address(book, number)

    return write(request, Writing("Take unspent money back", RETURN, "Take it back", act, book=book,
                                  trail=_trail(book, found)))  # fmt: skip


def evaluate(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Write down what came of an award."""
    book = open_book(place)
    found = reads.bid(book, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.evaluate_innovation_bid(by=request.viewer.actor, place=place, number=number, **values)
        return _address(book, number)

    first = {"evaluation": found.evaluation, "revision": str(found.revision)}
    return write(request, Writing("What came of it", EVALUATE, "Save", act, book=book, trail=_trail(book, found),
                                  first=first))  # fmt: skip

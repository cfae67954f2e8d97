"""The years ahead: growth with and without the deposit, and the deposit on its way back to whom it came from."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import actions, reads
from openpbc.finance.pages import multi_year_tables
from openpbc.finance.reads.lodged import AS_MADE, Lodged, deposit_year, lodged, schedule, to_return
from openpbc.finance.reads.multi_year import (
    COMMITMENTS,
    EVENED,
    GROWTH,
    HORIZON,
    PURPOSES,
    MultiYear,
    Tried,
    multi_year,
    plan_years,
)
from openpbc.finance.rules.reserve import KINDS, Call
from openpbc.kernel.money import thousands
from openpbc.kernel.periods import FinancialYear
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Table
from openpbc.ui.forms import (
    HIDDEN,
    Answer,
    Field,
    Form,
    choice,
    day,
    percentage,
    thousand_pounds,
    whole_number,
    words,
)
from openpbc.ui.pages import Crumb, Held, Page, respond
from openpbc.ui.writing import Checked, Writing, write

REVISION = Field("revision", "Revision", whole_number, kind=HIDDEN, required="Open the schedule again")
ON = Field("on", "On which day", day, "Such as 30 April 2009", required="Give the day", width="10")
IN_WORDS = "Say in a few words what it pays for"
REASON = Field("reason", "Reason", words, required="Say why", width="20", longest=400)


def shown(request: HttpRequest, place: str) -> HttpResponse:
    """Show the years ahead for the deposit of ``?with=``; ``?growth=`` and ``?lower=`` try what nobody has set."""
    book = open_book(place)
    asked = _form(book).read(request.GET)
    tried = Tried(request.GET.get("with", ""), asked.values.get("growth"), asked.values.get("lower"))
    found = multi_year(book, tried)
    page = Page(
        template="finance/multi_year.jinja",
        title="Years ahead",
        book=book,
        trail=(_plan_crumb(book),),
        draft=isinstance(found, MultiYear) and not found.lodged.in_ledger,
        rests_on=_behind(book),
        **(_set(request, book, found, asked) if isinstance(found, MultiYear) else _not_set(book, found, asked)),
    )
    return respond(request, page)


def _form(book: Book) -> Form:
    return Form(
        (
            Field("growth", "Growth of years not set", percentage, hint="Yours to try", suffix="%"),
            Field("lower", "Lower each year by", percentage, hint="Percentage points", suffix="%"),
        )
    )


def _set(request: HttpRequest, book: Book, found: MultiYear, asked: Answer) -> dict[str, Any]:
    place = book.place.id
    may_write = request.may("finance:reserve-add", "POST", place=place)
    may_record = may_write and found.lodged.in_ledger

    def where(what: str, number: int) -> str:
        return reverse(f"finance:reserve-{what}", args=[place, number])

    drawn = multi_year_tables.chart(found)
    return {
        "tables": (
            multi_year_tables.safety_table(book, found),
            multi_year_tables.years_table(book, found),
            multi_year_tables.evened_table(found),
            multi_year_tables.donors_table(book, found),
            multi_year_tables.purposes_table(found),
            multi_year_tables.calls_table(book, found, where, may_write=may_write, may_record=may_record),
            multi_year_tables.terms_table(book),
        ),
        "charts": (drawn,) if drawn else (),
        "context": {
            "found": found,
            "form": asked,
            "scenarios": (*((("", AS_MADE),) if deposit_year(book) else ()), *multi_year_tables.solved_links(book)),
            "chosen": found.lodged.choice.code,
            "add": f"{reverse('finance:reserve-add', args=[place])}?with={found.lodged.choice.code}",
        },
    }


def _not_set(book: Book, found: NotSet, asked: Answer) -> dict[str, Any]:
    return {"tables": (multi_year_tables.terms_table(book),), "context": {"missing": found.path, "form": asked}}


def _behind(book: Book) -> tuple[Held, ...]:
    found = plan_years(book)
    years = () if isinstance(found, NotSet) else found
    return (
        book.value(HORIZON),
        book.value(EVENED),
        book.table(PURPOSES),
        book.table(reads.SCENARIOS),
        *(book.value(id, year) for id in (GROWTH, COMMITMENTS) for year in years),
        *(book.value(id) for id in multi_year_tables.TERMS),
    )


def _plan_crumb(book: Book) -> Crumb:
    return Crumb("Plan", reverse("finance:plan", kwargs={"place": book.place.id}))


def _trail(book: Book) -> tuple[Crumb, ...]:
    here = reverse("finance:multi-year", kwargs={"place": book.place.id})
    return (_plan_crumb(book), Crumb("Years ahead", here))


def add(request: HttpRequest, place: str) -> HttpResponse:
    """Write down a return: to whom, in which year, for what, how much."""
    book = open_book(place)
    code = request.GET.get("with", "") or request.POST.get("code", "")
    held, years, purposes = to_return(book, code), plan_years(book), book.table(PURPOSES)
    for found in (held, years, purposes):
        if isinstance(found, NotSet):
            raise found.problem
    assert isinstance(held, Lodged) and not isinstance(years, NotSet) and isinstance(purposes, Table)
    stands = schedule(book)

    def act(values: Mapping[str, Any]) -> str:
        given = {name: value for name, value in values.items() if name != "amount"}
        actions.add_reserve_call(by=request.viewer.actor, place=place, pence=values["amount"], **given)
        return f"{reverse('finance:multi-year', args=[place])}#table-donors"

    writing = Writing(
        title="Write down a return",
        form=_return_form(book, held, years, purposes),
        submit="Write it down",
        act=act,
        book=book,
        trail=_trail(book),
        lead="The deposit goes back to whom it came from: a return never passes what the group has lodged.",
        first={"revision": str(stands.revision), "code": code},
        notes=tuple(_spare(held, stands.calls)),
    )
    return write(request, writing)


def _return_form(book: Book, held: Lodged, years: tuple[FinancialYear, ...], purposes: Table) -> Form:
    units = tuple((unit, held.names[unit]) for unit in held.by_unit)
    later = tuple((str(year), year.label) for year in years if year != book.place.year)
    wanted = tuple((row["code"], row["purpose"]) for row in purposes)
    kinds = tuple((kind, f"is {kind}") for kind in KINDS)
    return Form(
        (
            choice("unit", f"To which {book.word('group')}", units, "Choose who gets its own money back"),
            choice("year", "In which year", later, "Choose the year in which it comes back"),
            Field("amount", "Amount", thousand_pounds, prefix="£000", required="Give the amount", width="10"),
            choice("purpose", "For what", wanted, "Choose a purpose"),
            choice("kind", "The spending", kinds, "Say whether the spending goes on"),
            Field("title", "In words", words, "What it pays for", required=IN_WORDS, width="20", longest=200),
            REVISION,
            Field("code", "Scenario", words, kind=HIDDEN, longest=60),
        )
    )


def _spare(held: Lodged, calls: tuple[Call, ...]) -> list[str]:
    told = []
    for unit, pence in held.by_unit.items():
        back = sum(call.pence for call in calls if call.unit == unit)
        told.append(f"{held.names[unit]}: £{thousands(pence - back)} thousand of £{thousands(pence)} thousand is left.")
    return told


def _one(book: Book, number: int) -> tuple[Call, int]:
    stands = schedule(book)
    for call in stands.calls:
        if call.number == number:
            return call, stands.revision
    raise UserError(f"there is no return {number} in the schedule", do="Open the schedule again.")


def remove(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Take back a return that was written down."""
    book = open_book(place)
    call, revision = _one(book, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.remove_reserve_call(by=request.viewer.actor, place=place, number=number, **values)
        return reverse("finance:multi-year", args=[place])

    writing = Writing(
        title=f"Take back return {number}",
        form=Form((REASON, REVISION)),
        submit="Take it back",
        act=act,
        book=book,
        trail=_trail(book),
        lead=f"{call.title}: £{thousands(call.pence)} thousand in {multi_year_tables.label(call.year)}.",
        first={"revision": str(revision)},
    )
    return write(request, writing)


def record(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Record in the ledger that a return came, to the same group and to no other."""
    book = open_book(place)
    call, revision = _one(book, number)
    held = lodged(book)
    name = call.unit if isinstance(held, NotSet) else held.names.get(call.unit, call.unit)

    def act(values: Mapping[str, Any]) -> str:
        actions.record_deposit_return(by=request.viewer.actor, place=place, number=number, **values)
        return f"{reverse('finance:multi-year', args=[place])}#table-donors"

    def check(values: Mapping[str, Any]) -> Checked:
        return Checked(
            rows=(
                (book.word("group").capitalize(), name),
                ("Amount", f"£{thousands(call.pence)} thousand"),
                ("For", call.title),
                ("On", f"{values['on']:%d %B %Y}"),
                ("Reason", values["reason"]),
            ),
            consequences=(
                f"The ledger takes it from the deposit of {name} and gives it to the budget in scope of {name}.",
                "A journal stays for good; a mistake is corrected by reversing it.",
            ),
        )

    writing = Writing(
        title=f"Record that return {number} came",
        form=Form((ON, REASON, REVISION)),
        submit="Post it to the ledger",
        act=act,
        check=check,
        book=book,
        trail=_trail(book),
        first={"revision": str(revision)},
    )
    return write(request, writing)

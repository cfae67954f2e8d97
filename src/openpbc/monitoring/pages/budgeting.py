"""How budgets are spread: over the months by a profile, over the service lines by a division."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.kernel.money import percent_text, pounds, scaled_from_text
from openpbc.kernel.periods import day_text
from openpbc.monitoring import actions, reads
from openpbc.monitoring.pages.in_year import unit_of
from openpbc.monitoring.reads.lines import UNDIVIDED
from openpbc.monitoring.rules.profiles import ENTERED, METHODS
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Style
from openpbc.ui.forms import (
    HIDDEN,
    INCOMPLETE,
    Field,
    Form,
    choice,
    day,
    pounds_and_pence,
    whole_number,
    words,
)
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.writing import Checked, Writing, write

POINT = 100  # parts per million in a basis point, to print it
PROFILE_CHOICES = tuple((method, capital(told)) for method, told in METHODS.items())


def _trail(book: Book) -> tuple[Crumb, ...]:
    return (Crumb("Months", reverse("monitoring:months", kwargs={"place": book.place.id})),)


def basis_points(text: str) -> int:
    """Read a share such as 8.33 (per cent) as basis points; finer shares are refused, never rounded."""
    return scaled_from_text(text.removesuffix("%"), 2)


def profiles(request: HttpRequest, place: str) -> HttpResponse:
    """How each service line's budget is spread over the months, and who set it so."""
    book = organisations.book(place)
    found = reads.profiles(book)
    may = request.may("monitoring:profile", place=place)
    titles = {line.code: line.title for line in reads.service_lines(book)}
    rows: list[list[Cell]] = [
        [
            Link(titles[code], reverse("monitoring:profile", kwargs={"place": place, "line": code}))
            if may
            else titles[code],
            capital(METHODS[each.method]),
            ", ".join(percent_text(point * POINT, 2) for point in each.points) or "",
            f"{each.by}, {day_text(localtime(each.at))}" if each.at else "the rulebook",
        ]
        for code, each in found.items()
    ]
    columns = [
        tables.text("Service line"),
        tables.text("Spread"),
        tables.text("Shares, April first"),
        tables.text("Set by"),
    ]
    page = Page(
        template="monitoring/profiles.jinja",
        title="Profiles of the months",
        book=book,
        trail=_trail(book),
        tables=(tables.table("profiles", "How budgets are spread over the months", columns, rows, cards=True),),
        rests_on=(book.table("monitoring.service_lines"),),
    )
    return respond(request, page)


def profile_form(book: Book) -> Form:
    """The fields of a profile: the method, and a share for each month."""
    months = book.place.year.months
    shares = tuple(
        Field(
            f"month_{month.number}",
            month.name,
            basis_points,
            suffix="%",
            hint="Only for entered shares" if month.number == 1 else "",
        )
        for month in months
    )
    fields = (
        choice("method", "Spread the budget", PROFILE_CHOICES, "Choose one."),
        *shares,
        Field("seen", "", whole_number, kind=HIDDEN, required=INCOMPLETE),
    )
    return Form(fields)


def _profile_now(found: reads.ProfileSet) -> dict[str, str]:
    shown = {"method": found.method, "seen": str(found.number)}
    shares = {f"month_{at}": percent_text(point * POINT).removesuffix("%") for at, point in enumerate(found.points, 1)}
    return shown | shares


def profile(request: HttpRequest, place: str, line: str) -> HttpResponse:
    """Set the profile of one service line."""
    book = organisations.book(place)
    found, title = reads.profiles(book).get(line), reads.service_line(book, line).title
    months = book.place.year.months

    def act(values: Mapping[str, Any]) -> str:
        points = [values.get(f"month_{month.number}", 0) for month in months]
        given = points if values["method"] == ENTERED else ()
        actions.set_profile(
            by=request.viewer.actor,
            place=place,
            service_line=line,
            method=values["method"],
            points=given,
            seen=values["seen"],
        )
        return reverse("monitoring:profiles", kwargs={"place": place})

    writing = Writing(
        title=f"Profile of {title.lower()}",
        form=profile_form(book),
        submit="Set the profile",
        act=act,
        book=book,
        trail=(*_trail(book), Crumb("Profiles", reverse("monitoring:profiles", kwargs={"place": place}))),
        lead="It counts for every month that is not locked. The twelve shares must add up to 100%.",
        first=_profile_now(found) if found else {},
    )
    return write(request, writing)


def division_form(listed: Sequence[reads.ServiceLine]) -> Form:
    """The fields of a division: an amount a service line, and what the journal says."""
    fields = (
        *(Field(line.code, line.title, pounds_and_pence, prefix="£", width="10") for line in listed),
        Field("on", "Day of the journal", day, hint="Such as 1 April 2008", required="Give the day.", width="10"),
        Field("reason", "Reason", words, required="Say why it is divided so.", width="20", longest=300),
        Field("stamp", "", whole_number, kind=HIDDEN, required=INCOMPLETE),
    )
    return Form(fields)


def division(request: HttpRequest, place: str, unit: str) -> HttpResponse:
    """Divide a group's budget over service lines; practices' budgets follow in the same proportion."""
    book, own = organisations.book(place), unit_of(place, unit)
    found = reads.division(book, own.budget_line)
    listed = reads.service_lines(book)

    def amounts(values: Mapping[str, Any]) -> dict[str, int]:
        return {line.code: values[line.code] for line in listed if values.get(line.code)}

    def act(values: Mapping[str, Any]) -> str:
        actions.divide_budget(
            by=request.viewer.actor,
            place=place,
            unit=own.budget_line,
            amounts=amounts(values),
            on=values["on"],
            reason=values["reason"],
            stamp=values["stamp"],
        )
        return reverse("monitoring:unit-division", kwargs={"place": place, "unit": unit})

    def check(values: Mapping[str, Any]) -> Checked:
        wanted = amounts(values)
        reads.check_division(found, wanted)
        rest = found.total - sum(wanted.values())
        rows = tuple((line.title, pounds(wanted.get(line.code, 0))) for line in listed)
        return Checked(
            rows=(("Budget of the year", pounds(found.total)), *rows, ("Not divided", pounds(rest))),
            consequences=("One journal of kind division moves every account of the group and of its practices.",),
            warnings=(f"{pounds(rest)} would stay undivided and be compared with nothing.",) if rest else (),
        )

    undivided = found.by_line.get(UNDIVIDED, 0)
    first = {line.code: _plain(found.by_line.get(line.code, 0)) for line in listed}
    writing = Writing(
        title=f"Divide the budget of {own.name}",
        form=division_form(listed),
        submit="Post the division",
        act=act,
        check=check,
        book=book,
        trail=_trail(book),
        lead=f"The budget of the year is {pounds(found.total)}; {pounds(undivided)} of it is not divided yet.",
        first=first | {"stamp": str(found.stamp)},
        tables=(_division_table(book, found),),
    )
    return write(request, writing)


def _plain(pence: int) -> str:
    return pounds(pence).removeprefix("£") if pence else ""


def _division_table(book: Book, found: reads.Division) -> tables.Table:
    listed = reads.service_lines(book)
    columns = [
        tables.text("Account"),
        *(tables.number(line.title, "£") for line in listed),
        tables.number("Not divided", "£"),
    ]
    lines = (*(line.code for line in listed), UNDIVIDED)
    rows: list[list[Cell]] = [
        [base, *(_account(found, base, line) for line in lines)] for base in sorted(found.by_base)
    ]
    return tables.table("division", "How it is divided now", columns, rows)


def _account(found: reads.Division, base: str, line: str) -> Cell:
    """What stands on one account; nothing where it was never opened."""
    address = found.addresses.get((base, line))
    return Figure(found.held(base, line), Style.PENCE, address) if address else None

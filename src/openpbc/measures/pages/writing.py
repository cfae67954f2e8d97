"""The forms of measures: values, targets, actions."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.kernel.money import ppm_from_text
from openpbc.kernel.periods import FinancialYear, Month, day_text
from openpbc.measures import actions, reads
from openpbc.measures.pages.listing import measure_href
from openpbc.measures.reads.entered import entered_value, local_target
from openpbc.measures.rules.declaring import Measure
from openpbc.measures.rules.targets import KINDS
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui.forms import HIDDEN, INCOMPLETE, Field, Form, choice, day, whole_number, words
from openpbc.ui.pages import Crumb, capital
from openpbc.ui.writing import Checked, Writing, write

WHOLE = "-"
PPM = 1_000_000
SOURCE = Field("source", "Source", words, "Such as a return and its date", required="Say where it comes from.",
               width="20", longest=300)  # fmt: skip


def _declared(book: Book, code: str) -> Measure:
    found = reads.measure_of(book, code)
    if found is None:
        raise Http404("There is no such measure.")
    return found


def _trail(book: Book, measure: Measure) -> tuple[Crumb, ...]:
    return (
        Crumb("Measures", reverse("measures:listing", kwargs={"place": book.place.id})),
        Crumb(measure.title, measure_href(book, measure.code)),
    )


def _period(text: str) -> str:
    return FinancialYear.parse(text).label if "/" in text else str(Month.parse(text))


def enter(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Enter a value of a measure; ``?period=&provider=`` says what for, and what stands there is corrected."""
    book = organisations.book(place)
    measure = _declared(book, code)

    def act(values: Mapping[str, Any]) -> str:
        actions.enter_value(by=request.viewer.actor, place=place, measure=code, **_value_facts(values))
        return measure_href(book, code)

    writing = Writing(
        title=f"Enter a value: {measure.title}",
        form=_value_form(book, measure),
        submit="Enter",
        act=act,
        check=lambda values: _value_check(book, measure, values),
        book=book,
        trail=_trail(book, measure),
        lead=f"{capital(_asked(measure))}.",
        first={"provider": WHOLE, "seen": _seen(place, code, request)},
    )
    return write(request, writing)


def _asked(measure: Measure) -> str:
    return ", out of ".join(filter(None, (measure.numerator_words, measure.denominator_words)))


def _seen(place: str, code: str, request: HttpRequest) -> str:
    """The number of the value that stands for what the address asks for."""
    period, provider = request.GET.get("period", ""), request.GET.get("provider", WHOLE)
    found = entered_value(place, code, "" if provider == WHOLE else provider, period)
    return str(found.number if found else 0)


def _value_form(book: Book, measure: Measure) -> Form:
    whose = (
        (WHOLE, book.place.title),
        *((each.code, each.short_name) for each in organisations.providers(book.place.id)),
    )
    counted = Field(
        "numerator", "Counted", whole_number, measure.numerator_words, required="Give a number.", width="10"
    )
    whole = Field(
        "denominator", "Out of", whole_number, measure.denominator_words, required="Give a number.", width="10"
    )
    return Form(
        (
            Field("period", "Month or year", _period, "Such as 2008-04, or 2007/08 for the base year", width="10",
                  required="Say for which month or year."),
            choice("provider", "For", whose, "Choose for whom."),
            counted,
            *((whole,) if measure.denominator_words else ()),
            SOURCE,
            Field("seen", "", whole_number, kind=HIDDEN, required=INCOMPLETE),
        )
    )  # fmt: skip


def _value_facts(values: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "period": values["period"],
        "provider": "" if values["provider"] == WHOLE else values["provider"],
        "numerator": values["numerator"],
        "denominator": values.get("denominator", 0),
        "source": values["source"],
        "seen": values["seen"],
    }


def _value_check(book: Book, measure: Measure, values: Mapping[str, Any]) -> Checked:
    titles = reads.names(book, "provider")
    rows = [("Month or year", values["period"]), ("For", titles.get(values["provider"], book.place.title))]
    rows += [("Counted", f"{values['numerator']:,}")]
    rows += [("Out of", f"{values['denominator']:,}")] if measure.denominator_words else []
    rows += [("Source", values["source"])]
    return Checked(tuple(rows), ("It is kept for good; a mistake is corrected by a further value.",))


def target(request: HttpRequest, place: str, code: str, provider: str) -> HttpResponse:
    """Agree a target with a provider, or waive it."""
    book = organisations.book(place)
    measure, name = _declared(book, code), _provider(place, provider)
    last = local_target(place, code, provider)
    kinds = tuple(KINDS.items())

    def act(values: Mapping[str, Any]) -> str:
        rate = values.get("rate")
        actions.agree_target(
            by=request.viewer.actor, place=place, measure=code, provider=provider, kind=values["kind"],
            rate=None if rate is None else Fraction(rate, PPM), reason=values["reason"], seen=values["seen"],
        )  # fmt: skip
        return measure_href(book, code)

    fields = (
        choice("kind", "Target", kinds, "Choose the kind."),
        Field("rate", "Number", ppm_from_text, "A plain number: 0.86 for 86%, 0.00006 for 0.06 in 1,000", width="10"),
        Field("reason", "Reason or source", words, required="Say where it was agreed, or why it is waived.", width="20",
              longest=300),
        Field("seen", "", whole_number, kind=HIDDEN, required=INCOMPLETE),
    )  # fmt: skip
    writing = Writing(
        title=f"Target of {name}: {measure.title}",
        form=Form(fields),
        submit="Agree",
        act=act,
        book=book,
        trail=_trail(book, measure),
        lead="It holds for this provider instead of the place's own target. What was agreed before is kept.",
        first={"seen": str(last.number if last else 0)},
    )
    return write(request, writing)


def _provider(place: str, code: str) -> str:
    found = next((each for each in organisations.providers(place) if each.code == code), None)
    if found is None:
        raise Http404("There is no such provider.")
    return found.short_name


def task(request: HttpRequest, place: str, code: str, provider: str) -> HttpResponse:
    """Open an action about a provider that misses a target."""
    book = organisations.book(place)
    measure, name = _declared(book, code), _provider(place, provider)
    period = reads.period(place)

    def act(values: Mapping[str, Any]) -> str:
        month = str(period.last) if period else ""
        actions.set_task(by=request.viewer.actor, place=place, measure=code, provider=provider, month=month, **values)
        return measure_href(book, code)

    fields = (
        Field("what", "What is to be done", words, required="Say what is to be done.", width="20", longest=300),
        Field("owner", "Who does it", words, "A role or a body, not a person's name", required="Say who does it.",
              width="20", longest=100),
        Field("due", "By when", day, "Such as 31 January 2009", required="Give a day.", width="10"),
    )  # fmt: skip
    writing = Writing(
        title=f"Action: {measure.title} at {name}",
        form=Form(fields),
        submit="Open the action",
        act=act,
        book=book,
        trail=_trail(book, measure),
        lead="It stands beside the figure until it is ended with what came of it.",
    )
    return write(request, writing)


def end_task(request: HttpRequest, place: str, code: str, provider: str, number: int) -> HttpResponse:
    """End an action with what came of it."""
    book = organisations.book(place)
    measure, name = _declared(book, code), _provider(place, provider)
    found = next((e for e in reads.tasks(place, code) if (e.provider, e.number) == (provider, number)), None)
    if found is None:
        raise Http404("There is no such action.")

    def act(values: Mapping[str, Any]) -> str:
        actions.end_task(
            by=request.viewer.actor, place=place, measure=code, provider=provider, number=number,
            outcome=values["outcome"],
        )  # fmt: skip
        return measure_href(book, code)

    outcome = Field("outcome", "What came of it", words, required="Say what came of it.", width="20", longest=300)
    writing = Writing(
        title=f"End the action: {measure.title} at {name}",
        form=Form((outcome,)),
        submit="End it",
        act=act,
        check=lambda values: Checked(
            (("Action", found.what), ("What came of it", values["outcome"])),
            ("An ended action cannot be opened again.",),
        ),
        book=book,
        trail=_trail(book, measure),
        lead=f"{found.what} ({found.owner}, by {day_text(found.due)}).",
    )
    return write(request, writing)

"""The forms that add, change and remove a line of a plan's draft."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import actions
from openpbc.finance.pages.plan_tables import METHODS, SECTION_TITLES, rates_table
from openpbc.finance.pages.plan_versions import SEEN, plan_crumb, version_crumb, version_path, versions_crumb
from openpbc.finance.pages.printed import money
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.reads.plan_rates import RateSource, rate_sources
from openpbc.finance.reads.plan_versions import Version
from openpbc.finance.rules.plan_line import COMPUTED, PlanLine, amount_of, code_from
from openpbc.kernel.money import percent_text, ppm_from_percent
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui.figures import Cell
from openpbc.ui.forms import (
    AREA,
    Field,
    Form,
    choice,
    lines,
    plain_percentage,
    plain_thousand_pounds,
    signed_thousand_pounds,
    words,
)
from openpbc.ui.pages import Crumb
from openpbc.ui.writing import Checked, Writing, write

_YES_NO = (("no", "No"), ("yes", "Yes"))
_RECURRENCES = (
    ("recurrent", "Recurrent: it comes back each year"),
    ("non-recurrent", "Non-recurrent: this year only; takes no uplift unless its rate is entered"),
    ("mixed", "Mixed"),
    ("one-off release", "One-off release into recurrent spending power"),
)
_ORIGINS = (("business case", "In the business case"), ("new", "New"))
_SCOPES = (("in", "In scope"), ("out", "Out of scope"))
_FLAGS = ("provisional", "runs_on")
_BLANK = {"method": "entered", "provisional": "no", "runs_on": "no"}
_TEXTS = ("label", "section", "method", "rate_source", "recurrence", "origin", "link", "priority", "scope", "heading",
          "note")  # fmt: skip


def line_form(book: Book) -> Form:
    """Every particular of a line; only its name, its section and how its amount is made must be given."""
    sections = tuple(SECTION_TITLES.items())
    methods = tuple((code, text[:1].upper() + text[1:]) for code, text in METHODS.items())
    sources = tuple(
        (found.code, f"{found.title}, {percent_text(found.ppm)}")
        for found in rate_sources(book)
        if isinstance(found, RateSource)
    )
    return Form(
        (
            Field("label", "What the money is for", words, required="Say what the money is for.", width="30",
                  longest=200),
            choice("section", "Part of the plan", sections, required="Choose the part of the plan."),
            choice("method", "How the amount is made", methods, required="Choose how the amount is made.",
                    hint="Uplift, growth and share of a base are worked out from base and rate; else enter the amount"),
            Field("amount", "Amount", signed_thousand_pounds, prefix="£000", width="10",
                  hint="In thousands of pounds; a saving with a minus. Leave empty where base and rate make it"),
            Field("base", "Base", signed_thousand_pounds, prefix="£000", width="10",
                  hint="In thousands of pounds: what the rate is applied to"),
            choice("rate_source", "Rate from the rulebook", sources, hint="Or enter the rate below"),
            Field("rate", "Rate entered by hand", ppm_from_percent, suffix="%", hint="In per cent, such as 2.5"),
            choice("provisional", "Is it provisional?", _YES_NO, hint="Yes while nobody has notified the figure"),
            choice("recurrence", "Does it come back each year?", _RECURRENCES),
            Field("heading", "Budget that it changes", words, width="20", longest=60,
                  hint="Such as Prescribing: lines of one budget are traced together"),
            choice("origin", "Where it comes from", _ORIGINS, hint="For cost pressures and investments"),
            choice("link", "Plan that asks for it", tuple(reads.links(book).items()), hint="For investments"),
            Field("priority", "National or local target that it serves", words, width="30", longest=200,
                  hint="For new investments"),
            choice("scope", "Scope of the groups' budgets", _SCOPES),
            choice("runs_on", "May it run on into next year?", _YES_NO,
                    hint="Yes for a development that may start and not finish in the year"),
            Field("note", "Note", lines, kind=AREA, longest=1_000),
            SEEN,
        )
    )  # fmt: skip


def new(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Add a line to a draft."""
    book, version = _opened(place, number)

    def act(values: Mapping[str, Any]) -> str:
        code = code_from(values["label"], [line.code for line in version.lines])
        line = _read(PlanLine(code, "", ""), values)
        actions.add_line(
            by=request.viewer.actor, place=place, version=number, revision=values["revision"], line=line
        )  # fmt: skip
        return version_path(book, number) + "#table-lines"

    assert version.facts is not None
    writing = Writing(
        title="Add a line", form=line_form(book), submit="Add the line", act=act, book=book,
        trail=_trail(book, version), first=_BLANK | {"revision": str(version.facts.revision)},
        tables=(rates_table(book),),
    )  # fmt: skip
    return write(request, writing)


def line(request: HttpRequest, place: str, number: int, code: str) -> HttpResponse:
    """Change a line of a draft; a provisional figure is replaced here when the notified one is known."""
    book, version = _opened(place, number)
    before = version.line(code)

    def act(values: Mapping[str, Any]) -> str:
        actions.change_line(
            by=request.viewer.actor, place=place, version=number, revision=values["revision"],
            line=_read(before, values),
        )  # fmt: skip
        return version_path(book, number) + "#table-lines"

    removal = reverse("finance:plan-version-line-remove", kwargs={"place": place, "number": number, "code": code})
    lead = "The figure is provisional: when it is notified, enter it and answer No below." if before.provisional else ""
    assert version.facts is not None
    writing = Writing(
        title=f"Change {before.label}", form=line_form(book), submit="Change the line", act=act, book=book, lead=lead,
        trail=_trail(book, version), first=_written(before) | {"revision": str(version.facts.revision)},
        tables=(rates_table(book),), ways=(("Remove this line", removal),),
    )  # fmt: skip
    return write(request, writing)


def remove(request: HttpRequest, place: str, number: int, code: str) -> HttpResponse:
    """Take a line out of a draft, after a check of what that does."""
    book, version = _opened(place, number)
    gone = version.line(code)

    def act(values: Mapping[str, Any]) -> str:
        actions.remove_line(
            by=request.viewer.actor, place=place, version=number, revision=values["revision"], code=code
        )  # fmt: skip
        return version_path(book, number)

    def check(values: Mapping[str, Any]) -> Checked:
        rows: tuple[tuple[str, Cell], ...] = (
            ("Line", gone.label),
            ("Amount, £000", money(gone.amount, version.address(code))),
        )
        return Checked(rows, ("The line leaves the draft; its removal stays in the history of the version.",))

    assert version.facts is not None
    writing = Writing(
        title=f"Remove {gone.label}", form=Form((SEEN,)), submit="Remove the line", act=act, check=check, book=book,
        trail=(*_trail(book, version),), first={"revision": str(version.facts.revision)},
        lead=f"This takes {gone.label} out of version {number}.",
    )  # fmt: skip
    return write(request, writing)


def _opened(place: str, number: int) -> tuple[Book, Version]:
    book = open_book(place)
    version = reads.plan_version(place, str(book.place.year), number)
    if not version.is_draft:
        assert version.facts is not None
        raise UserError(
            f"version {number} is {version.facts.state}, so its lines are fixed", do="Draft a new version from it."
        )
    return book, version


def _trail(book: Book, version: Version) -> tuple[Crumb, ...]:
    return (plan_crumb(book), versions_crumb(book), version_crumb(book, version))


def _read(before: PlanLine, values: Mapping[str, Any]) -> PlanLine:
    """Put what was written on a line; an amount that base and rate make is not taken from the form."""
    said: dict[str, Any] = {name: values.get(name, "") for name in _TEXTS}
    said |= {name: values.get(name) == "yes" for name in _FLAGS}
    computed = said["method"] in COMPUTED
    if not computed and "amount" not in values:
        raise UserError("enter the amount", "amount", "In thousands of pounds, nought if it is held as it was.")
    made = replace(
        before, **said, base=values.get("base"), rate=values.get("rate"), amount=values.get("amount", 0)
    )  # fmt: skip
    return replace(made, amount=amount_of(made)) if computed else made


def _written(line: PlanLine) -> dict[str, str]:
    """What stands in the form of a line when it is opened."""
    found = {name: str(getattr(line, name)) for name in _TEXTS}
    found |= {name: "yes" if getattr(line, name) else "no" for name in _FLAGS}
    if line.method not in COMPUTED:
        found["amount"] = plain_thousand_pounds(line.amount)
    if line.base is not None:
        found["base"] = plain_thousand_pounds(line.base)
    if line.rate is not None and not line.rate_source:
        found["rate"] = plain_percentage(line.rate)
    return found

"""Forms of a case as a priority: proposing it, changing what it says, naming groups, and ranking it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.redesign import actions
from openpbc.redesign.pages.fields import Pairs, pairs, prose
from openpbc.redesign.pages.listing import case_crumb, crumb
from openpbc.redesign.reads.cases import Case, cases, is_open
from openpbc.redesign.reads.registers import shared_pathways
from openpbc.redesign.reads.running import variant_in
from openpbc.redesign.reads.seeing import opened_case
from openpbc.redesign.rules.transitions import CONCLAVE, VARIANTS
from openpbc.rulebook.reader import Book
from openpbc.ui.forms import REVISION, YES_NO, Field, Form, choice, line, whole_number
from openpbc.ui.pages import capital
from openpbc.ui.writing import Checked, Writing, write

_NEED = "Say what patients need that they do not get now."
_OWN = (
    line("title", "What is to be redesigned", required="Name the case in a few words."),
    line("area", "Area of care", hint="Such as respiratory; groups at work in one area are told of each other",
         required="Name the area of care.", longest=100),
    prose("need", "What do patients need that they do not get now?", required=_NEED),
    prose("evidence", "Evidence", hint="Where the need is seen: figures, reports, what patients say"),
    line("acute_review", "Review of acute services", hint="What it has to do with that review, in words"),
    prose("earlier_work", "Earlier work reused", hint="Proposals, pathways and services that are partly in place"),
    choice("long_term_condition", "Is it about a long-term condition?", YES_NO, "Say yes or no."),
)  # fmt: skip


def _units(place: str) -> Pairs:
    return tuple((unit.code, unit.name) for unit in organisations.units(place))


def _own_units(request: HttpRequest, place: str) -> Pairs:
    """The groups for which the viewer may speak."""
    return tuple(
        (code, name) for code, name in _units(place) if request.may("redesign:rank", "POST", place=place, unit=code)
    )


def propose(request: HttpRequest, place: str) -> HttpResponse:
    """Propose a priority for redesign."""
    book = open_book(place)
    variant, shared = variant_in(place), {each.code: each.title for each in shared_pathways(book)}
    units = _own_units(request, place) or _units(place)
    more = (choice("pathway", "Shared pathway", pairs(shared), hint="If it is one of those"),) if shared else ()
    form = Form(
        (
            choice("unit", capital(book.word("group")), units, "Choose the group that proposes it."),
            *_OWN,
            *more,
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        number = actions.propose(by=request.viewer.actor, place=place, **_read(values))
        return reverse("redesign:case", args=[place, number])

    def check(values: Mapping[str, Any]) -> Checked:
        rows = tuple((field.label, _shown(field, values.get(field.name, ""))) for field in form.fields)
        told = [
            "The case starts as a proposed priority; it goes on when a group agrees it and gives it a rank.",
            f"It follows the process that is in force here: {VARIANTS[variant].lower()}.",
        ]
        if values["long_term_condition"] == "yes":
            told.append(
                "Long-term conditions are a known weak area: how many of their cases are overdue is shown apart."
            )
        if variant == CONCLAVE:
            told.append("It concerns every group of the place, since the pathway is shared.")
        return Checked(rows, tuple(told), _alike(place, values["area"]))

    first = {"unit": units[0][0] if len(units) == 1 else "", "long_term_condition": "no"}
    return write(
        request, Writing("Propose a priority", form, "Propose it", act, check, book, (crumb(book),), first=first)
    )


def _shown(field: Field, value: str) -> str:
    return dict(field.choices).get(value, value)


def _alike(place: str, area: str) -> tuple[str, ...]:
    """Cases of the same area that are under way: what exists is used first."""
    return tuple(
        f"Case {each.number}, '{each.title}', is about the same area and is at '{each.at.title.lower()}'."
        for each in cases(place)
        if is_open(each) and each.area.casefold() == area.casefold()
    )


def _read(values: Mapping[str, Any]) -> dict[str, Any]:
    return dict(values) | {"long_term_condition": values["long_term_condition"] == "yes"}


def change(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Change what a case says of itself."""
    book = open_book(place)
    known = opened_case(request.viewer, place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.change_case(by=request.viewer.actor, place=place, number=number, **_read(values))
        return reverse("redesign:case", args=[place, number])

    first = {field.name: str(getattr(known, field.name)) for field in _OWN}
    first |= {"long_term_condition": "yes" if known.long_term_condition else "no", "revision": str(known.revision)}
    return write(request, Writing("Change the case", Form((*_OWN, REVISION)), "Save", act, book=book,
                                  trail=_trail(book, known), first=first))  # fmt: skip


def _trail(book: Book, known: Case) -> tuple[Any, ...]:
    return crumb(book), case_crumb(known)


def concern(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Name a further group that a case concerns, or the group that leads it for all."""
    book = open_book(place)
    known = opened_case(request.viewer, place, number)
    form = Form(
        (
            choice("unit", capital(book.word("group")), _units(place), "Choose a group."),
            choice("leads", "Does it lead the case for all groups?", YES_NO, "Say yes or no."),
            REVISION,
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        facts = {"unit": values["unit"], "leads": values["leads"] == "yes", "revision": values["revision"]}
        actions.concern_group(by=request.viewer.actor, place=place, number=number, **facts)
        return reverse("redesign:case", args=[place, number])

    first = {"leads": "no", "revision": str(known.revision)}
    return write(request, Writing("Name a group that it concerns", form, "Save", act, book=book,
                                  trail=_trail(book, known), first=first))  # fmt: skip


def rank(request: HttpRequest, place: str, number: int, unit: str) -> HttpResponse:
    """Agree a case as a priority of one group, with its rank among the group's priorities."""
    book = open_book(place)
    known = opened_case(request.viewer, place, number)
    name = organisations.unit_by_alias(place, unit).name
    form = Form(
        (
            Field("rank", "Rank", whole_number, f"1 is what {name} wants first", required="Give its rank.", width="2"),
            REVISION,
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        actions.rank_priority(by=request.viewer.actor, place=place, number=number, unit=unit, **values)
        return reverse("redesign:case", args=[place, number])

    def check(values: Mapping[str, Any]) -> Checked:
        rows = (("Case", known.title), ("Group", name), ("Rank", str(values["rank"])))
        return Checked(rows, ("The group agrees the case as a priority. With the first agreement its clock starts.",))

    lead = f"{name} agrees that '{known.title}' is one of its priorities."
    return write(request, Writing("Agree the priority", form, "Agree it", act, check, book, _trail(book, known), lead,
                                  {"revision": str(known.revision)}))  # fmt: skip

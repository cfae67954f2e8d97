"""Forms of the registers: a barrier, the review of a service, a group's answer to a shared pathway, an intention."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.kernel.periods import day_text
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.redesign import actions
from openpbc.redesign.pages.fields import pairs, prose
from openpbc.redesign.pages.listing import case_crumb, crumb
from openpbc.redesign.reads import registers as reads
from openpbc.redesign.reads.cases import cases
from openpbc.redesign.reads.seeing import opened_case, seen
from openpbc.ui.forms import REVISION, Field, Form, choice, day, line, whole_number
from openpbc.ui.pages import Crumb
from openpbc.ui.writing import Writing, write

_BARRIER = (
    line("title", "What is in the way", required="Say what is in the way."),
    line("owner", "Who is to remove it", required="Name who is to remove it."),
    prose("proposal", "What is proposed"),
)


def barrier_add(request: HttpRequest, place: str) -> HttpResponse:
    """Note a barrier."""
    book = open_book(place)
    known = seen(request.viewer, place, cases(place))
    offered = tuple((str(each.number), f"{each.number} {each.title}") for each in known)
    which = choice("case", "Case that it holds up", offered, read=whole_number)

    def act(values: Mapping[str, Any]) -> str:
        actions.raise_barrier(by=request.viewer.actor, place=place, **values)
        return reverse("redesign:barriers", args=[place])

    return write(request, Writing("Note a barrier", Form((*_BARRIER, which)), "Note it", act, book=book,
                                  trail=(_barriers(place),)))  # fmt: skip


def _barriers(place: str) -> Crumb:
    return Crumb("Barriers", reverse("redesign:barriers", args=[place]))


def barrier(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Say where a barrier stands."""
    book, known = open_book(place), reads.barrier(place, number)
    if known.case:
        opened_case(request.viewer, place, known.case)
    states = tuple((each, each) for each in reads.BARRIER_STATES)
    form = Form((*_BARRIER, choice("state", "State", states, "Choose a state."), REVISION))

    def act(values: Mapping[str, Any]) -> str:
        actions.change_barrier(by=request.viewer.actor, place=place, number=number, **values)
        return reverse("redesign:barriers", args=[place])

    first = {name: str(getattr(known, name)) for name in ("title", "owner", "proposal", "state", "revision")}
    return write(
        request, Writing("Change a barrier", form, "Save", act, book=book, trail=(_barriers(place),), first=first)
    )


def service(request: HttpRequest, place: str, unit: str, service: str) -> HttpResponse:
    """Say whether a service of a group exists, and what its last review found."""
    book = open_book(place)
    known = reads.service(book, service)
    if known.unit != unit:
        raise Http404("The group has no such service.")
    states = tuple((each, each) for each in reads.SCHEME_STATES)
    form = Form(
        (
            choice("state", "State", states, "Choose a state."),
            Field("reviewed_on", "Last review", day, "Empty while there was none", width="20"),
            prose("result", "What it found"),
            REVISION,
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        actions.review_service(by=request.viewer.actor, place=place, service=service, **values)
        return reverse("redesign:services", args=[place])

    on = day_text(known.reviewed_on) if known.reviewed_on else ""
    first = {"state": known.state, "reviewed_on": on, "result": known.result, "revision": str(known.revision)}
    name = organisations.unit_by_alias(place, unit).name
    trail = (Crumb("Assessment and treatment services", reverse("redesign:services", args=[place])),)
    return write(request, Writing(f"{known.specialty}, {name}", form, "Save", act, book=book, trail=trail, first=first))


def adopt(request: HttpRequest, place: str, pathway: str, unit: str) -> HttpResponse:
    """Say for a group what it makes of a shared pathway."""
    book = open_book(place)
    known = next((each for each in reads.shared_pathways(book) if each.code == pathway), None)
    if known is None:
        raise Http404("There is no such pathway.")
    form = Form(
        (
            choice("answer", "Does the group take the pathway?", pairs(reads.ANSWERS), "Choose one."),
            line("reason", "Why not as it is", hint="Needed for a variant or a no; everybody can read it", longest=500),
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        actions.adopt_pathway(by=request.viewer.actor, place=place, pathway=pathway, unit=unit, **values)
        return reverse("redesign:pathways", args=[place])

    said = next((each for each in known.adopted if each.unit == unit), None)
    first = {"answer": said.answer, "reason": said.reason} if said else {}
    name = organisations.unit_by_alias(place, unit).name
    trail = (Crumb("Shared pathways", reverse("redesign:pathways", args=[place])),)
    return write(request, Writing(f"{known.title}: {name}", form, "Answer", act, book=book, trail=trail, first=first))


def intention_link(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Say which intention a case serves, or which priority of its group's own plan."""
    book = open_book(place)
    known = opened_case(request.viewer, place, number)
    listed = tuple((each.key, f"{each.key} {each.area}") for each in reads.intentions(book))
    names = {unit.code: unit.name for unit in organisations.units(place)}
    own = tuple(
        (f"{unit}/{code}", f"Plan of {names.get(unit, unit)}: {title}")
        for unit, code, title in reads.own_priorities(book, known)
    )
    form = Form((choice("key", "Intention or priority", (*own, *listed), "Choose an intention or a priority."),))

    def act(values: Mapping[str, Any]) -> str:
        link = actions.link_priority if "/" in values["key"] else actions.link_intention
        link(by=request.viewer.actor, place=place, number=number, key=values["key"])
        return reverse("redesign:case", args=[place, number])

    trail = (crumb(book), case_crumb(known))
    title = "Link the case to an intention or a priority"
    lead = (
        "" if own else f"No plan of {names.get(known.unit, known.unit)} with a priority is in force, so none is listed."
    )
    return write(request, Writing(title, form, "Link it", act, book=book, trail=trail, lead=lead))

"""Giving a person a further role, and ending one: dated, over a scope, with a reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions, reads
from openpbc.organisations.reads import ROLES, Assignment, Person
from openpbc.organisations.reads.inviting import ADMINISTRATOR, awaited
from openpbc.ui.figures import Cell
from openpbc.ui.forms import AREA, LONGEST_TEXT, Field, Form, choice, day, lines
from openpbc.ui.pages import Crumb
from openpbc.ui.writing import Checked, Writing, write

_DAY = "Such as 1 April 2008"
_WHY = Field("reason", "Why", lines, required="Say why.", kind=AREA, longest=LONGEST_TEXT)
_CUT = "|"


def give(request: HttpRequest, user_id: int) -> HttpResponse:
    """Give a role from a day on, beside those that are held."""
    person = reads.person(user_id)
    form = Form(
        (
            choice("role", "Role", ROLES.items(), "Choose the role."),
            choice("over", "Over", tuple(_reaches()), "Choose what the role is over."),
            Field("valid_from", "From", day, _DAY, required="Give the first day.", width="10"),
            Field("valid_to", "To", day, "Empty: until further notice", width="10"),
            _WHY,
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        place, scope, code = values["over"].split(_CUT)
        last = values.get("valid_to")
        if last is not None and last < values["valid_from"]:
            raise UserError("the last day lies before the first", "valid_to")
        given = {"role": values["role"], "place": place, "scope": scope, "code": code}
        dates = {"valid_from": values["valid_from"], "valid_to": last}
        actions.assign_role(by=request.viewer.actor, user_id=user_id, **given, **dates, reason=values["reason"])
        return _page(person)

    writing = Writing(
        title=f"Give {person.name} another role",
        form=form,
        submit="Give the role",
        act=act,
        trail=_trail(person),
        lead="One person may hold several roles, in several places and over several groups, each from a day to a day.",
        first=_awaited(person),
    )
    return write(request, writing)


def _awaited(person: Person) -> dict[str, str]:
    """What the form begins with where somebody was invited as an administrator and waits for the role."""
    waits = awaited().get(person.sign_in)
    if waits is None:
        return {}
    over = _CUT.join((waits.place, waits.scope, waits.code))
    why = f"Invited as an administrator by {waits.by}"
    return {"role": ADMINISTRATOR, "over": over, "valid_from": day_text(reads.today()), "reason": why}


def _reaches() -> Iterator[tuple[str, str]]:
    """Everything that a role may be over: every place, a place, or a unit, practice or provider of one."""
    yield _CUT.join((reads.ANY_PLACE, "place", "")), "Every place"
    for place in reads.places():
        yield _CUT.join((place.id, "place", "")), f"All of {place.title}"
        units = ((each.code, "unit", each.name) for each in reads.units(place.id))
        practices = ((each.code, "practice", each.name) for each in reads.practices(place.id))
        providers = ((each.code, "provider", each.name) for each in reads.providers(place.id))
        for code, scope, name in (*units, *practices, *providers):
            yield _CUT.join((place.id, scope, code)), f"{place.title}: {scope} {name} ({code})"


def end(request: HttpRequest, user_id: int) -> HttpResponse:
    """End a role after a last day; it is shown once more before it ends."""
    person = reads.person(user_id)
    today = reads.today()
    held = {_key(each): each for each in person.assignments if (each.valid_to or reads.LAST_DAY) >= today}
    form = Form(
        (
            choice("held", "Role", ((key, told(each)) for key, each in held.items()), "Choose the role."),
            Field("last_day", "Last day", day, _DAY, required="Give the last day.", width="10"),
            _WHY,
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        each = held[values["held"]]
        actions.end_role(
            by=request.viewer.actor,
            user_id=user_id,
            role=each.role,
            place=each.place,
            scope=each.scope,
            code=each.code,
            last_day=values["last_day"],
            reason=values["reason"],
        )
        return _page(person)

    def check(values: Mapping[str, Any]) -> Checked:
        rows: tuple[tuple[str, Cell], ...] = (
            ("Person", person.name),
            ("Role", told(held[values["held"]])),
            ("Last day", day_text(values["last_day"])),
            ("Why", values["reason"]),
        )
        return Checked(rows, ("What only this role may see or do ends with that day. Other roles stay.",))

    title, lead = f"End a role of {person.name}", "Nothing that was done in the role changes."
    return write(request, Writing(title, form, "End the role", act, check, trail=_trail(person), lead=lead))


def _key(each: Assignment) -> str:
    return _CUT.join((each.role, each.place, each.scope, each.code))


def told(each: Assignment) -> str:
    """A role in words: what, where, over what, and from when to when."""
    where = "every place" if each.place == reads.ANY_PLACE else each.place
    over = f", {each.scope} {each.code}" if each.code else ""
    since = "the start" if each.valid_from == reads.FIRST_DAY else day_text(each.valid_from)
    until = "" if each.valid_to in (None, reads.LAST_DAY) else f" to {day_text(each.valid_to)}"
    return f"{ROLES[each.role]}: {where}{over}, from {since}{until}"


def _page(person: Person) -> str:
    return reverse("people:person", args=[person.id])


def _trail(person: Person) -> tuple[Crumb, ...]:
    return (Crumb("People", reverse("people:listing")), Crumb(person.name, _page(person)))

"""Who owns whom, and who lives with whom: the links through which an interest reaches a matter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.governance import actions, reads
from openpbc.governance.pages.interest_tables import SHEET, crumb, names_of, say_day
from openpbc.governance.pages.interests import ON
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.ui import tables
from openpbc.ui.figures import Cell
from openpbc.ui.forms import Field, Form, choice, day, words
from openpbc.ui.pages import Page, respond
from openpbc.ui.writing import Checked, Writing, write

_SINCE = Field("held_from", "Since", day, ON, required="Say since when.", width="10")
_UNTIL = Field("held_to", "Until", day, "Leave it empty if it goes on", width="10")
_FROM = "Such as a register of companies"
_SOURCE = Field("source", "Known from", words, _FROM, required="Say where it is known from.", longest=200, width="20")


def owners(request: HttpRequest, place: str) -> HttpResponse:
    """Which organisation owns which, as far as it was recorded."""
    book, called = open_book(place), names_of(place)
    rows: list[list[Cell]] = [
        [
            called.get(each.one, each.one), called.get(each.other, each.other), say_day(each.held_from),
            say_day(each.held_to), each.source, each.by,
        ]
        for each in reads.links(place, "owner")
    ]  # fmt: skip
    columns = [tables.text(title) for title in ("Owner", "Owns", "Since", "Until", "Known from", "Recorded by")]
    empty = "No ownership is recorded."
    links = [("Record an owner", reverse("governance:owner-new", args=[place]))]
    page = Page(
        template=SHEET,
        title="Who owns whom",
        book=book,
        trail=(crumb(book),),
        tables=(tables.table("owners", "Owners", columns, rows, cards=True, empty=empty),),
        context={
            "lead": "An interest in an owner is an indirect interest in all that it owns.",
            "links": links if request.may("governance:owner-new", place=place) else [],
        },
    )
    return respond(request, page)


def owner_new(request: HttpRequest, place: str) -> HttpResponse:
    """Record that one organisation owns another, or until when it did."""
    book = open_book(place)

    def act(values: Mapping[str, Any]) -> str:
        pair = tuple(reads.organisation_code(place, values[each]) for each in ("owner", "owned"))
        known = next((each.number for each in reads.links(place, "owner") if (each.one, each.other) == pair), 0)
        actions.record_owner(by=request.viewer.actor, place=place, seen=known, **values)
        return reverse("governance:owners", args=[place])

    def check(values: Mapping[str, Any]) -> Checked:
        rows = (("Owner", values["owner"]), ("Owns", values["owned"]), ("Since", say_day(values["held_from"])))
        return Checked((*rows, ("Until", say_day(values.get("held_to"), "it goes on")), ("From", values["source"])))

    form = Form(
        (
            Field("owner", "Owner", words, "Name or code", required="Name the owner.", longest=200, width="20"),
            Field("owned", "What it owns", words, "Name or code", required="Name what it owns.", longest=200,
                  width="20"),
            _SINCE, _UNTIL, _SOURCE,
        )
    )  # fmt: skip
    return write(request, Writing("Record an owner", form, "Record", act, check, book, (crumb(book),)))


def household(request: HttpRequest, place: str) -> HttpResponse:
    """Record that one lives with somebody who takes part here too."""
    book, me = open_book(place), request.viewer.actor.id
    people = tuple((each.sign_in, each.name) for each in organisations.people() if each.sign_in != me)

    def act(values: Mapping[str, Any]) -> str:
        pair = tuple(sorted((me, values["other"])))
        known = next((each.number for each in reads.links(place, "household") if (each.one, each.other) == pair), 0)
        actions.record_household(by=request.viewer.actor, place=place, one=me, seen=known,
                                 source="told by one of them", **values)  # fmt: skip
        return reverse("governance:interests", args=[place])

    def check(values: Mapping[str, Any]) -> Checked:
        rows = (("Somebody close", dict(people)[values["other"]]), ("Since", say_day(values["held_from"])))
        return Checked(rows, ("Each of you is kept out where the other has a material interest. Nobody is told why.",))

    form = Form(
        (
            choice("other", "Who lives with you", people, "Choose the person."),
            _SINCE, _UNTIL,
        )
    )  # fmt: skip
    return write(request, Writing("Somebody close to me", form, "Record", act, check, book, (crumb(book),)))

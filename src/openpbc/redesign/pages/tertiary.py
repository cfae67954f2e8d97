"""The form that says whether a case changes a tertiary flow, and who requires it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.organisations.reads import book as open_book
from openpbc.redesign import actions
from openpbc.redesign.pages.fields import pairs
from openpbc.redesign.pages.listing import case_crumb, crumb
from openpbc.redesign.pages.opening import opened
from openpbc.redesign.reads.tertiary import ASKED_BY, changes_tertiary, fault, tertiary_keys
from openpbc.ui.forms import REVISION, YES_NO, Form, choice, line
from openpbc.ui.writing import Writing, write


def say(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Say whether a case changes a tertiary flow, and who requires it."""
    book = open_book(place)
    known = opened(request, place, number)
    keys = tertiary_keys(book)
    form = Form(
        (
            choice("changes", "Does it change a tertiary flow?", YES_NO, "Say yes or no."),
            choice("asked_by", "Who requires it", pairs(ASKED_BY), blank="Neither of them"),
            line("reason", "Which flow, and why", required="Say which flow, and why.", longest=500),
            REVISION,
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        facts = dict(values) | {"changes": values["changes"] == "yes"}
        actions.say_tertiary(by=request.viewer.actor, place=place, number=number, **facts)
        return reverse("redesign:case", args=[place, number])

    first = {"revision": str(known.revision), "changes": "yes" if changes_tertiary(known, keys) else "no"}
    first |= {"asked_by": known.tertiary[-1].asked_by} if known.tertiary else {}
    writing = Writing(
        "Tertiary flows", form, "Say so", act, book=book, trail=(crumb(book), case_crumb(known)), first=first,
        lead=f"Tertiary work changes in the year only as these two require. {fault(known, keys)}".strip(),
    )  # fmt: skip
    return write(request, writing)

"""The form that puts a case to the body that decides it now, where its level changed while it waited for approval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.organisations.reads import book as open_book
from openpbc.redesign import actions
from openpbc.redesign.pages.acting import papers
from openpbc.redesign.pages.approval import body_name
from openpbc.redesign.pages.listing import case_crumb, crumb
from openpbc.redesign.reads.seeing import opened_case
from openpbc.redesign.reads.value import decided_elsewhere
from openpbc.ui.forms import REVISION, Form
from openpbc.ui.writing import Checked, Writing, write

TITLE = "Put it to the body that decides now"


def put(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Put the case to that body, after showing which it is and why."""
    book = open_book(place)
    known = opened_case(request.viewer, place, number)
    now = decided_elsewhere(known)

    def act(values: Mapping[str, Any]) -> str:
        given = {"number": number, "papers": papers(book, known), **values}
        actions.put_to_body(by=request.viewer.actor, place=place, **given)
        return reverse("redesign:case", args=[place, number])

    def check(values: Mapping[str, Any]) -> Checked:
        rows = (("Case", known.title), ("Decided by", body_name(book, now.body) if now else ""))
        return Checked(rows, ("It leaves the agenda on which it stands. What the groups agreed stays.",))

    lead = f"It is decided by the {body_name(book, now.body)} now. {now.because}" if now else "It waits there already."
    writing = Writing(
        title=TITLE, form=Form((REVISION,)), submit="Put it there", act=act, check=check, book=book,
        trail=(crumb(book), case_crumb(known)), lead=lead, first={"revision": str(known.revision)},
    )  # fmt: skip
    return write(request, writing)

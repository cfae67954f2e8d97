"""What the supporters of a business plan said of an element that does not apply, and the form by which one says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.kernel.periods import day_text
from openpbc.organisations.reads import book as open_book
from openpbc.redesign import actions
from openpbc.redesign.pages.listing import case_crumb, crumb
from openpbc.redesign.pages.opening import opened
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.parts import marks, part, supported
from openpbc.redesign.rules.completeness import ELEMENTS, SUPPORTERS, part_title
from openpbc.redesign.rules.membership import supports
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Tag
from openpbc.ui.forms import REVISION, Form
from openpbc.ui.pages import Crumb, capital
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write


def both_say(known: Case, code: str) -> bool:
    """Whether the supporters of both sides say of a part that it does not apply."""
    return supported(known) and code in ELEMENTS


def asked(known: Case, person: str, code: str) -> bool:
    """Whether somebody has yet to say for their side that an element which is marked does not apply."""
    if not both_say(known, code) or part(known, code).body.get("applies", True):
        return False
    side = next((supports(each.kind, each.side) for each in known.present if each.person == person), "")
    return bool(side) and side not in {each.side for each in marks(known, code)}


def said_table(known: Case, code: str) -> tuple[Table, ...]:
    """Who said for each side that an element does not apply, and when; none where it applies."""
    if not both_say(known, code) or part(known, code).body.get("applies", True):
        return ()
    said = {each.side: each for each in marks(known, code)}
    rows: list[list[Cell]] = [
        [
            capital(title),
            Tag("said so", "green") if side in said else Tag("not said yet", "orange"),
            f"{said[side].by}, {day_text(localtime(said[side].at))}" if side in said else _who(known, side),
        ]
        for side, title in SUPPORTERS.items()
    ]
    columns = [tables.text(title) for title in ("Support of", "Does not apply", "Who and when, or who may")]
    return (tables.table("said", "Who says that it does not apply", columns, rows, cards=True),)


def _who(known: Case, side: str) -> str:
    """Those who may say so for a side."""
    found = [each.name for each in known.present if supports(each.kind, each.side) == side]
    return ", ".join(found) or "nobody sits for management or finance on this side"


def support_links(request: HttpRequest, known: Case, code: str) -> list[tuple[str, str]]:
    """The way by which the reader says for their side that an element does not apply, while they have not."""
    if not asked(known, request.viewer.actor.id, code):
        return []
    here = reverse("redesign:part-not-applying", args=[known.place, known.number, code])
    return [("Say that it does not apply", here)]


def say(request: HttpRequest, place: str, number: int, part_code: str) -> HttpResponse:
    """Say for the support of one's side that an element does not apply."""
    book = open_book(place)
    known = opened(request, place, number)
    here = reverse("redesign:part", args=[place, number, part_code])
    held = part(known, part_code)
    title = part_title(part_code) if part_code in ELEMENTS else "Part"

    def act(values: Mapping[str, Any]) -> str:
        actions.say_not_applying(by=request.viewer.actor, place=place, number=number, part=part_code, **values)
        return here

    writing = Writing(
        f"{title}: does not apply", Form((REVISION,)), "Say so", act, book=book,
        trail=(crumb(book), case_crumb(known), Crumb(title, here)), first={"revision": str(held.revision)},
        lead=f"The reason given: {held.body.get('text', '') or 'none'}",
        notes=("It counts once both sides have said so. If it is written anew, both are asked again.",),
    )  # fmt: skip
    return write(request, writing)

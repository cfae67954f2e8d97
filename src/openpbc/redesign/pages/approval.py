"""A case before the body that decides it: on which agenda it stands, what was decided, and how that is carried out."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from openpbc.governance import reads as governance
from openpbc.governance.reads import Decision
from openpbc.redesign.reads.cases import Case, place_in_process
from openpbc.redesign.reads.deciding import CARRIED_OUT, BeforeBody
from openpbc.redesign.rules.transitions import DECIDED_AT, TRANSITIONS, YES
from openpbc.rulebook.reader import Book
from openpbc.ui.pages import capital

# A word for each outcome as it stands in "approved on ...".
SAID = {
    "approved": "approved it",
    "agreed": "agreed it",
    "returned": "returned it for more work",
    "refused": "refused it",
}


def body_name(book: Book, code: str) -> str:
    """What the place calls a body; a level that is no body by the name of its code."""
    return capital(governance.deciders(book).get(code, code))


def href_of(request: HttpRequest, known: Case, found: BeforeBody) -> str:
    """The page on which a case that waits for a decision is taken on; empty for whom there is none."""
    if found.item is None:
        return _record(request, known, found.body)
    may = request.may("governance:item", place=known.place)
    return reverse("governance:item", args=[known.place, found.item]) if may else ""


def _record(request: HttpRequest, known: Case, body: str) -> str:
    if not request.may("governance:record", "POST", place=known.place):
        return ""
    asked = urlencode({"matter": known.matter, "title": known.title, "body": body})
    return f"{reverse('governance:record', args=[known.place])}?{asked}"


def told(book: Book, taken: Decision | None) -> str:
    """What the body decided, in one sentence; nothing until it has."""
    if taken is None:
        return ""
    where = f" (minute {taken.minute})" if taken.minute else ""
    return f"The {body_name(book, taken.body)} {SAID[taken.outcome]} on {taken.when.name}{where}."


def reasons(taken: Decision | None, way: str) -> str:
    """The reasons of the decision that a way carries out, as the register has them."""
    return taken.text if taken and way in CARRIED_OUT else ""


def carried_out_by(known: Case, taken: Decision) -> tuple[str, str]:
    """The way that carries out what was decided, with its name; of two, the one that changes nothing else."""
    way = DECIDED_AT[place_in_process(known)][taken.outcome][0]
    return way, "Approve" if taken.outcome == YES else TRANSITIONS[way].name

"""A case before the body that decides it: on which agenda it stands, what was decided, and how that is carried out."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from openpbc.governance import reads as governance
from openpbc.governance.reads import Decision, items, meetings
from openpbc.redesign.reads.cases import Case, place_in_process
from openpbc.redesign.reads.facts import NextStep
from openpbc.redesign.rules.transitions import DECIDED_AT, RECOMMENDED, TRANSITIONS, YES
from openpbc.rulebook.reader import Book
from openpbc.ui.pages import capital

# The ways that carry out a decision: they are told apart from those for which somebody waits.
CARRIED_OUT = frozenset(way for stage in DECIDED_AT.values() for ways in stage.values() for way in ways)
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


def steps_to_show(known: Case, steps: tuple[NextStep, ...], taken: Decision | None) -> tuple[NextStep, ...]:
    """Leave out the ways that carry out another decision than the one that was taken, and all until one was."""
    if known.stage not in DECIDED_AT:
        return steps
    kept = DECIDED_AT[known.stage][taken.outcome] if taken else ()
    return tuple(each for each in steps if each.way.id in kept or each.way.id not in CARRIED_OUT)


def lacks(known: Case, steps: tuple[NextStep, ...]) -> tuple[str, ...]:
    """What else keeps a case from going on once the body has said yes."""
    yes = {way for said in (YES, RECOMMENDED) for way in DECIDED_AT[known.stage].get(said, ())[:1]}
    return tuple(sentence for each in steps if each.way.id in yes for sentence in each.besides)


def to_decide(request: HttpRequest, book: Book, known: Case, body: str) -> tuple[str, str, str]:
    """While nothing was decided: whose decision it is, where the case stands before them, and the page of that.

    ``body`` decides such a case, if it stands on no agenda yet.
    """
    item = items.open_item(known.place, known.matter)
    if item is None:
        told = "It stands on no agenda. Whoever keeps the meetings can record what the body decided."
        return body_name(book, body), told, _record(request, known, body)
    may = request.may("governance:item", place=known.place)
    href = reverse("governance:item", args=[known.place, item.id]) if may else ""
    if item.meeting is None:
        return body_name(book, item.body), "It waits to be put on the agenda of a meeting.", href
    meeting = meetings.meeting(known.place, item.meeting)
    told = f"It is item {item.number} of meeting {meeting.number} on {meeting.held_on:%-d %B %Y}."
    return body_name(book, item.body), told, href


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
    return f"The {body_name(book, taken.body)} {SAID[taken.outcome]} on {taken.taken_on:%-d %B %Y}{where}."


def reasons(taken: Decision | None, way: str) -> str:
    """The reasons of the decision that a way carries out, as the register has them."""
    return taken.text if taken and way in CARRIED_OUT else ""


def carried_out_by(known: Case, taken: Decision) -> tuple[str, str]:
    """The way that carries out what was decided, with its name; of two, the one that changes nothing else."""
    way = DECIDED_AT[place_in_process(known)][taken.outcome][0]
    return way, "Approve" if taken.outcome == YES else TRANSITIONS[way].name

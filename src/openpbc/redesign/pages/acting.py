"""Forms of what is done with a case: a step of the process, a review, a comment, a reply, what a group says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads import book as open_book
from openpbc.redesign import actions
from openpbc.redesign.pages import approval
from openpbc.redesign.pages.case_paper import case_paper
from openpbc.redesign.pages.fields import pairs, prose
from openpbc.redesign.pages.listing import case_crumb, crumb
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.facts import decision, facts_of
from openpbc.redesign.reads.interests import answers_kept
from openpbc.redesign.reads.seeing import opened_case
from openpbc.redesign.reads.value import agreed_route, decides
from openpbc.redesign.reads.versions import OUTCOMES, comments, functions, latest
from openpbc.redesign.rules.completeness import PARTS, part_title
from openpbc.redesign.rules.guards import refusal_told, waits_for
from openpbc.redesign.rules.roles import turn_fault
from openpbc.redesign.rules.transitions import (
    APPROVAL,
    APPROVED,
    HELD,
    LANES,
    NAMES_ROUTE,
    ROUTES,
    STARTING,
    TRANSITIONS,
    Transition,
    stage_in,
)
from openpbc.rulebook.reader import Book
from openpbc.ui.documents import pdf_bytes
from openpbc.ui.figures import Cell
from openpbc.ui.forms import HIDDEN, INCOMPLETE, REVISION, YES_NO, Field, Form, choice, line, whole_number
from openpbc.ui.pages import Crumb
from openpbc.ui.writing import Checked, Writing, write

_VERSION = Field("version", "Version", whole_number, kind=HIDDEN, required=INCOMPLETE)
_ANSWER = Field("agreed", "Answer", str, kind=HIDDEN, required=INCOMPLETE)
_EVIDENCE = {
    "T16": ("Contract that was signed", "With the version of the specification that it names"),
    "T17": ("Contract that was signed", "Of the first provider that passed every test"),
    "T18": ("Contract that was signed", "With whom"),
    "T21": ("Operational policies that are agreed", "At least one"),
    "T22": ("What was measured", "Against the outcomes of the specification"),
}


def step(request: HttpRequest, place: str, number: int, way: str) -> HttpResponse:
    """Take one step of the process, after showing what it does and what would keep it."""
    if way not in TRANSITIONS:
        raise Http404("The process has no such step.")
    book = open_book(place)
    known, taken = opened_case(request.viewer, place, number), TRANSITIONS[way]

    def act(values: Mapping[str, Any]) -> str:
        sent = papers(book, known) if way in _TO_APPROVAL else ()
        actions.take_step(by=request.viewer.actor, place=place, number=number, way=way, papers=sent, **values)
        return _address(known)

    def check(values: Mapping[str, Any]) -> Checked:
        told: list[tuple[str, Cell]] = [("Case", known.title), ("Step", taken.name), ("Now at", known.at.title)]
        told += [(name, str(values[key])) for key, name in _NAMES.items() if values.get(key)]
        keeps = waits_for(way, facts_of(book, known, route=values.get("route", ""), viewer=request.viewer))
        return Checked(tuple(told), _effects(known, taken), keeps)

    made = decision(known)
    lead = f"'{known.title}' is at '{known.at.title.lower()}'. {approval.told(book, made)}"
    first = {"revision": str(known.revision), "reason": approval.reasons(made, way)}
    return write(request, Writing(taken.name, _step_form(taken), taken.name, act, check, book, _trail(book, known),
                                  lead, first, kept=_kept(book, known, taken, request.viewer)))  # fmt: skip


def _kept(book: Book, known: Case, taken: Transition, viewer: Viewer) -> str:
    """Why a step is not for this person or cannot be taken yet; what its form itself asks for is left out."""
    keeps = () if taken.id in NAMES_ROUTE else waits_for(taken.id, facts_of(book, known, viewer=viewer))
    if keeps:
        return f"It cannot be done yet: {refusal_told(taken.id, keeps)}"
    own = known.has_member(viewer.actor.id)
    wrong = turn_fault(taken.lane, viewer.roles_in(known.place), is_member=own, also=taken.also)
    return f"{wrong} It is for: {LANES[taken.lane].lower()}." if wrong else ""


_TO_APPROVAL = frozenset({"T06", "T08"})


def papers(book: Book, known: Case) -> tuple[tuple[str, bytes], ...]:
    """The version that the groups agreed, as the paper that goes to the body."""
    newest = latest(known)
    if newest is None:
        return ()
    paper = case_paper(book, known, newest, decides(known, agreed_route(known)))
    return ((f"case-{known.number}-version-{newest.number}.pdf", pdf_bytes(paper)),)


_NAMES = {"reason": "Reason", "owner": "Who clears it", "evidence": "Shown by", "route": "Route"}


def _step_form(taken: Transition) -> Form:
    fields: list[Field] = []
    if taken.id in _EVIDENCE:
        label, hint = _EVIDENCE[taken.id]
        fields.append(line("evidence", label, "Name it.", hint))
    if "owner" in taken.guards:
        fields.append(line("owner", "Who clears the block", required="Name who clears the block."))
    if taken.id in NAMES_ROUTE:
        fields.append(choice("route", "Route", pairs(ROUTES), "Choose a route."))
    needs = "Write why." if taken.reason else ""
    if taken.reason or "alone" in taken.guards:
        fields.append(prose("reason", "Why", needs, _reason_hint(taken)))
    return Form((*fields, REVISION))


def _reason_hint(taken: Transition) -> str:
    if taken.start == (APPROVAL,):
        return "For each: is it fair, is it swift, is it suited to the plan"
    if taken.to == HELD:
        return "What holds the case up"
    return "Needed if another group is at work in this area" if "alone" in taken.guards else ""


def _effects(known: Case, taken: Transition) -> tuple[str, ...]:
    to = stage_in(taken.to or known.held_from or known.stage, known.variant)
    told = [f"The case goes to '{to.title.lower()}'. There it waits until {to.to_leave}."]
    if taken.id in ("T04", "W06"):
        told.append("The case is kept as it now is, with its figures and a hash; later changes make a new version.")
    if taken.to == APPROVED or taken.id in STARTING:
        told.append("People who work for providers no longer see the case.")
    if not to.open:
        told.append("This cannot be undone.")
    return tuple(told)


def review(request: HttpRequest, place: str, number: int, function: str) -> HttpResponse:
    """Return the review sheet of one function."""
    book = open_book(place)
    known = opened_case(request.viewer, place, number)
    title = functions(book).get(function)
    newest = latest(known)
    if title is None:
        raise Http404("There is no such function.")
    form = Form(
        (
            choice("outcome", "What do you say?", pairs(OUTCOMES), "Choose one."),
            prose("text", "What you found", "Write what you found.", "If more work is needed, say on which part"),
            _VERSION,
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        actions.return_review(by=request.viewer.actor, place=place, number=number, function=function, **values)
        return _address(known)

    lead = f"You review version {newest.number}." if newest else "The case was not handed in yet."
    first = {"version": str(newest.number if newest else 0)}
    return write(request, Writing(f"Review for {title.lower()}", form, "Return the review", act, None, book,
                                  _trail(book, known), lead, first))  # fmt: skip


def comment(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Comment on a part of a case."""
    book = open_book(place)
    known = opened_case(request.viewer, place, number)
    form = Form(
        (
            choice("part", "On which part?", tuple((code, part_title(code)) for code in PARTS), "Choose a part."),
            choice("function", "For a function?", pairs(functions(book)), hint="Empty if you speak for yourself"),
            prose("text", "Comment", required="Write your comment."),
        )
    )

    def act(values: Mapping[str, Any]) -> str:
        actions.comment(by=request.viewer.actor, place=place, number=number, **values)
        return _address(known) + "#table-comments"

    lead = "The joint group sees every comment and replies here."
    return write(request, Writing("Comment on the case", form, "Comment", act, None, book, _trail(book, known), lead))


def reply(request: HttpRequest, place: str, number: int, comment: int) -> HttpResponse:
    """Reply to a comment for the joint group."""
    book = open_book(place)
    known = opened_case(request.viewer, place, number)
    asked = next((each for each in comments(known) if each.id == comment), None)
    if asked is None:
        raise Http404("There is no such comment.")

    def act(values: Mapping[str, Any]) -> str:
        actions.reply(by=request.viewer.actor, place=place, number=number, comment=comment, text=values["text"])
        return _address(known) + "#table-comments"

    form = Form((prose("text", "Reply", required="Write the reply."),))
    lead = f"{asked.by} on {part_title(asked.part).lower()}: {asked.text}"
    return write(request, Writing("Reply to a comment", form, "Reply", act, None, book, _trail(book, known), lead))


def agree(request: HttpRequest, place: str, number: int, unit: str) -> HttpResponse:
    """Say for one group whether it agrees the newest version, and by which route; ``?agreed=`` asks for one answer."""
    book = open_book(place)
    known = opened_case(request.viewer, place, number)
    name, newest = organisations.unit_by_alias(place, unit).name, latest(known)
    asked = request.GET.get("agreed", "")

    def act(values: Mapping[str, Any]) -> str:
        facts = dict(values) | {"agreed": values["agreed"] == "yes"}
        actions.agree(by=request.viewer.actor, place=place, number=number, unit=unit, **facts)
        return _address(known)

    def check(values: Mapping[str, Any]) -> Checked:
        yes = values["agreed"] == "yes"
        rows: list[tuple[str, Cell]] = [("Case", known.title), ("Group", name), ("Version", str(values["version"]))]
        rows += [("Answer", "agrees" if yes else "says no"), ("Route", ROUTES.get(values.get("route", ""), ""))]
        rows.append(("Why", values.get("reason", "")))
        what = "counts towards sending the case for approval" if yes else "takes the case back to be written"
        hashed = f" Its hash begins with {newest.sha256[:16]}." if newest else ""
        return Checked(tuple(rows), (f"The answer is on this version and {what}.{hashed}",))

    title, submit, other = _ASKED.get(asked, ("Answer for", "Answer", ()))
    lead = f"'{known.title}': {name} answers for itself. A no by any group takes the case back, with the reason."
    first = {"version": str(newest.number if newest else 0)}
    kept = answers_kept(known, request.viewer.actor.id)
    return write(
        request,
        Writing(
            f"{title} {name}", _answer_form(name, asked), submit, act, check, book, _trail(book, known), lead, first,
            ways=() if kept else other, kept=kept,
        ),
    )  # fmt: skip


# What the form is called, its button, and the way to the other answer, by the answer for which it was opened.
_ASKED: Mapping[str, tuple[str, str, tuple[tuple[str, str], ...]]] = {
    "yes": ("Agree for", "Agree", (("Say no instead", "?agreed=no"),)),
    "no": ("Say no for", "Say no", (("Agree instead", "?agreed=yes"),)),
}


def _answer_form(name: str, asked: str) -> Form:
    """The form of an answer: what the answer needs, where one was asked for, else the choice of both."""
    route = choice("route", "Route to a provider", pairs(ROUTES), "Choose the route to a provider.")
    if asked == "yes":
        return Form((_ANSWER, route, prose("reason", "Remarks"), _VERSION))
    if asked == "no":
        reason = prose("reason", "Why not", "Write what has to change.", "What has to change")
        return Form((_ANSWER, reason, _VERSION))
    return Form(
        (
            choice("agreed", f"Does {name} agree the case?", YES_NO, "Say yes or no."),
            choice("route", "Route to a provider", pairs(ROUTES), hint="Needed for a yes"),
            prose("reason", "Why", hint="Needed for a no: what has to change"),
            _VERSION,
        )
    )


def _address(known: Case) -> str:
    return reverse("redesign:case", args=[known.place, known.number])


def _trail(book: Book, known: Case) -> tuple[Crumb, ...]:
    return crumb(book), case_crumb(known)

"""The recommendations of the paper that proposes the conclave: what each asks, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.governance import reads as governance
from openpbc.governance.reads import Decision, gate
from openpbc.governance.reads.sitting import barred_items
from openpbc.kernel.problems import Withheld
from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads import book as open_book
from openpbc.redesign import actions
from openpbc.redesign.pages.listing import SHEET
from openpbc.redesign.reads import recommendations as reads
from openpbc.redesign.reads.recommendations import Recommendation
from openpbc.redesign.rules.recommendations import IN_PART, PROPOSED, TAKEN
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Tag
from openpbc.ui.forms import Form, choice
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write

WITHHELD = "Withheld from you"
COLOURS = {"approved": "green", "agreed": "green", "returned": "orange", "refused": "red"}
STATES = {PROPOSED: "yellow", TAKEN: "green", IN_PART: "orange"}


def crumb(book: Book) -> Crumb:
    """The way back to the conclave."""
    return Crumb(capital(book.word("conclave")), reverse("redesign:conclave", args=[book.place.id]))


def lead(found: tuple[Recommendation, ...]) -> str:
    """How the paper stands as a whole, in one sentence; empty where no paper is listed."""
    if not found:
        return ""
    settled = sum(each.settled for each in found)
    return f"This way of working is {reads.state(found)}: {settled} of {len(found)} recommendations are decided."


def recommendations_table(book: Book, viewer: Viewer, found: tuple[Recommendation, ...]) -> Table:
    """Each recommendation with its outcome, and below them how the whole stands; what is withheld says nothing more."""
    place = book.place.id
    closed = gate.closed_decisions(viewer, place, [each.decision for each in found if each.decision])
    hidden = barred_items(viewer, place, [each.waits for each in found if each.waits])
    rows: list[Any] = [
        [
            Link(each.title, reverse("redesign:recommendation", args=[place, each.code])),
            each.asks,
            *_outcome(book, each, closed, hidden),
        ]
        for each in found
    ]
    if found:
        now = reads.state(found)
        rows.append(tables.Row(("The paper as a whole", "", Tag(now, STATES[now]), ""), total=True))
    columns = [tables.text(title) for title in ("Recommendation", "What it asks", "Outcome", "By whom and when")]
    return tables.table(
        "recommendations", "Recommendations of the discussion paper", columns, rows, cards=True, empty="None is listed."
    )


def reported_tables(place: str, viewer: Viewer, body: Mapping[str, Any]) -> tuple[Table, ...]:
    """How the paper stood when a report was issued; none in a report that does not tell it.

    A decision that is withheld from the reader says nothing but that.
    """
    if "paper" not in body:
        return ()
    paper = body["paper"]
    taken = {each["matter"] for each in paper["recommendations"] if each["decision"]}
    known = [each for own in governance.decisions_on(place, taken).values() for each in own]
    closed = gate.closed_decisions(viewer, place, known)
    rows: list[Any] = [
        [each["title"], *_reported(each, withheld=each["decision"] in closed)] for each in paper["recommendations"]
    ]
    rows.append(tables.Row(("The paper as a whole", Tag(paper["state"], STATES[paper["state"]]), ""), total=True))
    columns = [tables.text(title) for title in ("Recommendation", "Outcome", "By whom and when")]
    return (tables.table("recommendations", "Recommendations of the discussion paper", columns, rows, cards=True),)


def _reported(each: Mapping[str, Any], *, withheld: bool) -> tuple[Cell, Cell]:
    if not each["decision"]:
        return Tag("not decided", "grey"), ""
    if withheld:
        return Tag("decided", "grey"), WITHHELD
    return Tag(each["outcome"], COLOURS[each["outcome"]]), f"{capital(each['body'])}, {each['when']}"


def _outcome(
    book: Book, each: Recommendation, closed: Mapping[int, str], hidden: Mapping[int, str]
) -> tuple[Cell, Cell]:
    """What was decided on a recommendation, and by whom; or where it waits."""
    taken, names = each.decision, governance.deciders(book)
    if taken is not None:
        if taken.id in closed:
            return Tag("decided", "grey"), WITHHELD
        told = f"{capital(names.get(taken.body, taken.body))}, {taken.when.name}"
        return Tag(taken.outcome, COLOURS[taken.outcome]), Link(told, _decision(taken))
    if each.waits is None:
        return Tag("not decided", "grey"), "It stands on no agenda."
    if each.waits.id in hidden:
        return Tag("not decided", "grey"), WITHHELD
    body = capital(names.get(each.waits.body, each.waits.body))
    return Tag("not decided", "grey"), Link(f"It waits for the {body}", _item(each))


def _decision(taken: Decision) -> str:
    return reverse("governance:decision", args=[taken.place, taken.id])


def _item(each: Recommendation) -> str:
    return reverse("governance:item", args=[each.place, each.waits.id]) if each.waits else ""


def _opened(request: HttpRequest, book: Book, code: str) -> Recommendation:
    found = reads.recommendation(book, code)
    if why := governance.withheld(request.viewer, book.place.id, found.matter):
        raise Withheld(why)
    return found


def shown(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """One recommendation with every decision on it, those that were corrected included."""
    book = open_book(place)
    found = _opened(request, book, code)
    page = Page(
        template=SHEET,
        title=found.title,
        book=book,
        trail=(crumb(book),),
        tables=(_history(book, request.viewer, found),),
        synthetic=any(each.synthetic for each in found.decisions),
        rests_on=(book.table(reads.RECOMMENDATIONS),),
        context={
            "lead": f"{found.asks}.",
            "links": _links(request, found),
            "notes": ["Its outcome is the latest decision that stands, of any body but the conclave itself."],
        },
    )
    return respond(request, page)


def _links(request: HttpRequest, found: Recommendation) -> list[tuple[str, str]]:
    """Where it waits; else, until it is settled, the ways to a decision that the reader may take."""
    place = found.place
    if found.waits is not None:
        may = request.may("governance:item", place=place) and not barred_items(request.viewer, place, [found.waits])
        return [("The item on which it waits", _item(found))] if may else []
    links = []
    if not found.settled and request.may("redesign:recommendation-put", "POST", place=place):
        links.append(("Put it to a body", reverse("redesign:recommendation-put", args=[place, found.code])))
    if not found.settled and request.may("governance:record", "POST", place=place):
        asked = urlencode({"matter": found.matter, "title": found.title})
        links.append(("Record what a body decided", f"{reverse('governance:record', args=[place])}?{asked}"))
    return links


def _history(book: Book, viewer: Viewer, found: Recommendation) -> Table:
    closed, names = gate.closed_decisions(viewer, found.place, found.decisions), governance.deciders(book)
    rows: list[list[Cell]] = []
    for each in found.decisions:
        if each.id in closed:
            rows.append([f"{each.id}", each.when.name, WITHHELD, "", ""])
            continue
        tag = Tag(each.outcome, COLOURS.get(each.outcome, "grey"))
        rows.append([
            Link(f"Record {each.id}", _decision(each)),
            each.when.name,
            capital(names.get(each.body, each.body)),
            tag if each.replaced_by is None else Tag("corrected", "grey"),
            each.text,
        ])  # fmt: skip
    columns = [tables.text(title) for title in ("Record", "Taken on", "Body", "Outcome", "Reasons")]
    empty = "Nothing was decided on it yet."
    return tables.table("decisions", "Decisions on it", columns, rows, cards=True, empty=empty)


def put(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Put a recommendation to a body, on whose next agenda it waits."""
    book = open_book(place)
    found = _opened(request, book, code)
    bodies = tuple((each, capital(name)) for each, name in reads.deciders(book).items())
    form = Form((choice("body", "Body", bodies, "Choose the body that is to decide it."),))
    here = reverse("redesign:recommendation", args=[place, code])

    def act(values: Mapping[str, Any]) -> str:
        actions.put_recommendation(by=request.viewer.actor, place=place, code=code, body=values["body"])
        return here

    writing = Writing(
        f"Put to a body: {found.title}", form, "Put it there", act, book=book,
        trail=(crumb(book), Crumb(found.title, here)),
        lead=f"{found.asks}. It waits for the next agenda of the body; what is decided there is its outcome.",
    )  # fmt: skip
    return write(request, writing)

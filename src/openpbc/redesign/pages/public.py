"""What the public reads: changes of services that were approved, in plain words, and the acts that put them there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads import book as open_book
from openpbc.redesign import actions
from openpbc.redesign.pages.listing import SHEET, case_crumb, crumb
from openpbc.redesign.reads import public as reads
from openpbc.redesign.reads.cases import Case, cases
from openpbc.redesign.reads.seeing import opened_case, seen
from openpbc.redesign.rules.roles import LANE_ROLES
from openpbc.redesign.rules.transitions import COMMITTEE
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link
from openpbc.ui.forms import HIDDEN, Field, Form, line, whole_number
from openpbc.ui.offers import Findable, Way, Work
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.writing import Checked, Writing, write

PUBLISHERS = LANE_ROLES[COMMITTEE]


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """Every approved change that was published, for everybody."""
    book = open_book(place)
    found = reads.published(place)
    rows: list[list[Cell]] = [
        [
            Link(each.title, reverse("redesign:public-case", args=[place, each.case])),
            each.area,
            ", ".join(each.groups),
            each.state,
        ]
        for each in found
    ]
    columns = [tables.text(name) for name in ("Change", "Area", "Where", "How far it is")]
    page = Page(
        template=SHEET,
        title="Changes to local services",
        book=book,
        tables=(tables.table("changes", "Changes", columns, rows, cards=True, empty="No change is published yet."),),
        synthetic=any(each.synthetic for each in found),
        context={"lead": "What was decided to change in local services, and how far each change is."},
    )
    return respond(request, page)


def change(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """One change in plain words; what is not published is not there."""
    book = open_book(place)
    try:
        found = reads.published_case(place, number)
    except UserError:
        raise Http404("No such change is published.") from None
    page = Page(
        template=SHEET,
        title=found.title,
        book=book,
        trail=(Crumb("Changes to local services", reverse("redesign:public", args=[place])),),
        synthetic=found.synthetic,
        context={
            "lead": f"{found.state}.",
            "paragraphs": [each for each in found.text.splitlines() if each.strip()],
            "notes": [f"{found.area}. For patients of {', '.join(found.groups)}. Published on "
                      f"{timezone.localtime(found.published_at):%-d %B %Y}."],
        },
    )  # fmt: skip
    return respond(request, page)


def publish(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Put the plain summary of an approved case on the public page, after reading it once more."""
    book = open_book(place)
    known = opened_case(request.viewer, place, number)
    _, text = reads.plain_summary(known)

    def act(values: Mapping[str, Any]) -> str:
        actions.publish_summary(by=request.viewer.actor, place=place, number=number, revision=values["revision"])
        return reverse("redesign:public-case", args=[place, number])

    def check(values: Mapping[str, Any]) -> Checked:
        rows = (("Change", known.title), ("Area", known.area), ("Everybody will read", text))
        sure = "Nothing in it names a patient or a bidder, or tells what is withheld from anybody."
        return Checked(rows, ("Everybody can read it from then on. It can be taken off again.",), (sure,))

    why = reads.refusal(known)
    writing = Writing(
        title=f"Tell the public of case {number}",
        form=Form((Field("revision", "Version", whole_number, kind=HIDDEN),)), submit="Go on", act=act, check=check,
        book=book, trail=(crumb(book), case_crumb(known)), first={"revision": str(known.revision)},
        lead=f"It cannot be published yet: {why}." if why else "Everybody would read the words below, as approved.",
        notes=() if why else (text,),
    )  # fmt: skip
    return write(request, writing)


def take_off(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Take a summary off the public page."""
    book = open_book(place)
    known = opened_case(request.viewer, place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.take_off_summary(by=request.viewer.actor, place=place, number=number, reason=values["reason"])
        return reverse("redesign:case", args=[place, number])

    def check(values: Mapping[str, Any]) -> Checked:
        return Checked((("Change", known.title), ("Why", values["reason"])), ("Nobody outside reads it any more.",))

    writing = Writing(
        title=f"Take case {number} off the public page", form=Form((line("reason", "Why", "Say why.", longest=500),)),
        submit="Take it off", act=act, check=check, book=book, trail=(crumb(book), case_crumb(known)),
    )  # fmt: skip
    return write(request, writing)


def public_links(request: HttpRequest, known: Case) -> list[tuple[str, str]]:
    """From a case: to what the public reads of it, and to the acts that tell it and take it off."""
    at, links = [known.place, known.number], []
    if reads.is_public(known):
        links.append(("What the public reads of it", reverse("redesign:public-case", args=at)))
        if request.may("redesign:public-take-off", "POST", place=known.place):
            links.append(("Take it off the public page", reverse("redesign:public-take-off", args=at)))
    if request.may("redesign:public-publish", "POST", place=known.place) and not reads.refusal(known):
        links.append(("Tell the public of it", reverse("redesign:public-publish", args=at)))
    return links


def work(book: Book, viewer: Viewer) -> Iterator[Work]:
    """Approved cases of which the public was not told, for those who may tell."""
    place = book.place.id
    if not viewer.roles_in(place) & PUBLISHERS:
        return
    known = seen(viewer, place, cases(place))
    refused = reads.refusals(known)
    for each in known:
        if not refused[each.id]:
            href = reverse("redesign:public-publish", args=[place, each.number])
            yield Work(f"Tell the public of '{each.title}'", f"{each.at.title}, and not told yet", href, PUBLISHERS)


def finds(book: Book, viewer: Viewer) -> Iterator[Findable]:
    """What is published can be found by everybody who searches."""
    for each in reads.published(book.place.id):
        at = Way("redesign:public-case", {"place": book.place.id, "number": each.case})
        yield Findable("Changes to local services", each.title, each.state, (at,), each.text, "", each.synthetic)

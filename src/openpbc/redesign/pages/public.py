"""What the public reads: changes of services that were approved, in plain words, and the acts that put them there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import Viewer, arrangements
from openpbc.organisations.reads import book as open_book
from openpbc.redesign import actions
from openpbc.redesign.pages.fields import prose
from openpbc.redesign.pages.listing import SHEET, case_crumb, crumb
from openpbc.redesign.reads import public as reads
from openpbc.redesign.reads.cases import Case, cases
from openpbc.redesign.reads.public import Published
from openpbc.redesign.reads.seeing import opened_case, seen
from openpbc.redesign.rules.roles import LANE_ROLES
from openpbc.redesign.rules.transitions import COMMITTEE
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link
from openpbc.ui.forms import HIDDEN, REVISION, Field, Form, choice, line, whole_number
from openpbc.ui.offers import Findable, Way, Work
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.writing import Checked, Writing, write

PUBLISHERS = LANE_ROLES[COMMITTEE]


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """The log of business cases that everybody may read, what failed among it, by area of care, region and state."""
    book = open_book(place)
    every, regions = reads.published(place), reads.regions(book)
    asking = _filters(book, every, regions).read(request.GET)
    found = [each for each in every if _fits(each, asking.values, regions)]
    rows: list[list[Cell]] = [
        [
            Link(each.title, reverse("redesign:public-case", args=[place, each.case])),
            each.area,
            ", ".join(each.groups),
            each.lead,
            each.state,
            each.reason,
            day_text(timezone.localtime(each.published_at)),
        ]
        for each in found
    ]
    names = ("Change", "Area of care", "Where", "Led by", "How far it is", "Why it did not go on", "Published")
    empty = "No change is published yet." if not every else "No change is like that; choose something else."
    columns = [tables.text(name) for name in names]
    page = Page(
        template=SHEET,
        title="Changes to local services",
        book=book,
        tables=(tables.table("changes", "Log of business cases", columns, rows, cards=True, empty=empty),),
        synthetic=any(each.synthetic for each in found),
        context={
            "lead": "What was decided to change in local services, how far each change is, and what did not go on.",
            "asking": asking if every else None,
            "folded": {"text": "Choose by area, region, place or state", "open": bool(request.GET)},
            "notes": [f"{len(found)} of {len(every)} published changes are shown."] if every else [],
        },
        status=422 if asking.errors else 200,
    )
    return respond(request, page)


def _filters(book: Book, every: Sequence[Published], regions: Mapping[str, frozenset[str]]) -> Form:
    """What the log may be narrowed to: only what stands in it is offered, and every region of the place."""
    own = {region for each in regions.values() for region in each}
    listed = (
        ("area", "Area of care", sorted({each.area for each in every})),
        ("region", "Region", sorted(own | set(arrangements.subjects(book, arrangements.PRIORITIES).values()))),
        ("group", capital(book.word("unit")), sorted({name for each in every for name in each.groups})),
        ("state", "How far it is", sorted({each.state for each in every})),
    )
    return Form(tuple(choice(name, label, ((one, one) for one in known), blank="Any") for name, label, known in listed))


def _fits(each: Published, asked: Mapping[str, Any], regions: Mapping[str, frozenset[str]]) -> bool:
    own = {region for name in each.groups for region in regions.get(name, ())}
    held = {"area": {each.area}, "region": own, "group": set(each.groups), "state": {each.state}}
    return all(wanted in held[name] for name, wanted in asked.items())


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
            "notes": [*([f"Why it did not go on: {found.reason}"] if found.reason else []), f"Led by {found.lead}.",
                      f"{found.area}. For patients of {', '.join(found.groups)}. Published on "
                      f"{day_text(timezone.localtime(found.published_at))}."],
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


def tell_ending(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """Tell the public what was proposed in a case that failed, and why it did not go on, in words of one's own."""
    book = open_book(place)
    known = opened_case(request.viewer, place, number)
    _, text = reads.plain_summary(known)

    def act(values: Mapping[str, Any]) -> str:
        actions.publish_ending(by=request.viewer.actor, place=place, number=number, **values)
        return reverse("redesign:public-case", args=[place, number])

    def check(values: Mapping[str, Any]) -> Checked:
        rows = (("Change", known.title), ("Area", known.area), ("Everybody will read", values["text"]),
                ("Why it did not go on", values["reason"]))  # fmt: skip
        sure = "Nothing in it names a patient, a bidder or a price, or tells what is withheld from anybody."
        return Checked(rows, ("Everybody can read it from then on. It can be taken off again.",), (sure,))

    why = reads.ending_refusal(known)
    form = Form(
        (
            prose("text", "What was proposed, in plain words", "Say in plain words what was proposed."),
            line("reason", "Why it did not go on", "Say why it did not go on, in words for everybody.", longest=500),
            REVISION,
        )
    )
    writing = Writing(
        title=f"Tell the public how case {number} ended", form=form, submit="Go on", act=act, check=check, book=book,
        trail=(crumb(book), case_crumb(known)), first={"text": text, "revision": str(known.revision)},
        lead=f"It cannot be told: {why}." if why else "What failed is told as well, so that others can learn from it.",
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
    if request.may("redesign:public-ending", "POST", place=known.place) and not reads.ending_refusal(known):
        links.append(("Tell the public how it ended", reverse("redesign:public-ending", args=at)))
    return links


def work(book: Book, viewer: Viewer) -> Iterator[Work]:
    """Approved cases, and failures, of which the public was not told, for those who may tell."""
    place = book.place.id
    if not viewer.roles_in(place) & PUBLISHERS:
        return
    known = seen(viewer, place, cases(place))
    refused, untold = reads.refusals(known), reads.ending_refusals(known)
    for each in known:
        if not untold[each.id]:
            href = reverse("redesign:public-ending", args=[place, each.number])
            yield Work(f"Tell the public how '{each.title}' ended", f"{each.at.title}, not told yet", href, PUBLISHERS)
        if not refused[each.id]:
            href = reverse("redesign:public-publish", args=[place, each.number])
            yield Work(f"Tell the public of '{each.title}'", f"{each.at.title}, and not told yet", href, PUBLISHERS)


def finds(book: Book, viewer: Viewer) -> Iterator[Findable]:
    """What is published can be found by everybody who searches."""
    for each in reads.published(book.place.id):
        at = Way("redesign:public-case", {"place": book.place.id, "number": each.case})
        yield Findable("Changes to local services", each.title, each.state, (at,), each.text, "", each.synthetic)

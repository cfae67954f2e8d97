"""One organisation through the years: what it was called, where its people went, and where no source goes on."""

from __future__ import annotations

from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.organisations import reads
from openpbc.organisations.pages.listing import day
from openpbc.organisations.pages.register import (
    CLOCKS,
    asked,
    clocks,
    crumb,
    followed,
    rests_on,
    since,
    ties_table,
    until,
)
from openpbc.organisations.pages.reviews import accreditation_words, reviewed_table, reviews_table, withdrawn_table
from openpbc.organisations.reads import arrangements, bodies
from openpbc.organisations.reads.bodies import Body, Followed, Step
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Table


def follow(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """Follow an organisation to a day (today unless another is asked for), forward and back."""
    book = reads.book(place)
    answer = CLOCKS.read(request.GET)
    asked_on, known_on = asked(answer)
    on = asked_on or reads.today()
    found = bodies.follow(place, code, on, known_on)
    reviewed = arrangements.reviews(place, code, known_on)
    provides, regulates = arrangements.is_provider(book, code), code in arrangements.regulators(place)
    gave = arrangements.reviews_by(place, code, known_on) if regulates else []
    stands = arrangements.accreditations(place, on, known_on, code) if provides else []
    record = provides and request.may("organisations:review-add", "POST", place=place)
    oversees = request.may("organisations:review-outcome", "POST", place=place) and arrangements.overseers(place, code)
    page = Page(
        template="organisations/follow.jinja",
        title=f"{found.called.get(code, code)} through the years",
        book=book,
        trail=(crumb(book), Crumb("Register of organisations", reverse("organisations:register", args=[place]))),
        tables=(
            _steps_table(place, found, forward=True),
            _moved_table(place, found, on),
            _steps_table(place, found, forward=False),
            ties_table(place, list(found.ties), found.called, "ties", "All that it belonged to"),
            _names_table("names", "What it was called", found.names),
            _names_table("believed", "What it was believed to be called before", found.believed_before),
            _once_table(place, found),
            reviews_table(request, place, reviewed),
            withdrawn_table(place, arrangements.withdrawn(place, code)),
            reviewed_table(place, code, gave),
        ),
        facts=clocks(on, known_on),
        rests_on=rests_on(book),
        synthetic=any(each.synthetic for each in (*reviewed, *gave)),
        context={
            "form": answer,
            "found": found,
            "sentences": sentences(found, on),
            "provides": provides,
            "regulates": regulates,
            "stands": accreditation_words(place, stands, on) if provides else [],
            "record": reverse("organisations:review-add", args=[place, code]) if record else "",
            "outcome": reverse("organisations:review-outcome", args=[place, code]) if oversees else "",
        },
        status=422 if answer.errors else 200,
    )
    return respond(request, page)


def sentences(found: Followed, on: date) -> list[str]:
    """What became of it, in words: where its people are on the day, and what no source says."""
    called = found.called
    name = _name(found, found.code)
    within = [_name(found, code) for code in found.within]
    told = [f"On {day(on)} the people of {name} are found within {', within '.join(within)}."] if within else []
    told += [
        f"What became of {_name(found, gap.code)} after {day(gap.after or on)} is not known: no source says."
        for gap in found.way.gaps
    ]
    successors = [step for step in found.way.steps if step.before == found.code and step.tie.kind == bodies.SUCCEEDED]
    ended = any(gap.code == found.code for gap in found.way.gaps)
    if not successors and not ended:
        told.append(f"No end and no successor of {name} itself is known.")
    unnamed = [code for code in found.way.ends if code not in called]
    told += [f"No source at hand names {code}." for code in unnamed]
    return told


def _name(found: Followed, code: str) -> str:
    return f"{found.called[code]} ({code})" if code in found.called else code


def _steps_table(place: str, found: Followed, *, forward: bool) -> Table:
    """The way to where its people are on the day, or the way back to who came before it."""
    if forward:
        id, caption, ends, steps = "way", "The way, step by step", ("From", "To"), found.way.steps
        empty = "No source says who came after it or what it belonged to."
    else:
        id, caption, ends, steps = "before", "The way back", ("Who", "Whom"), found.before
        empty = "Who came before it is not known."
    rows: list[list[Cell]] = [_step(place, found, step, forward=forward) for step in steps]
    columns = [tables.text(title) for title in (ends[0], "How", ends[1], "On", "Source")]
    return tables.table(id, caption, columns, rows, cards=True, empty=empty)


def _step(place: str, found: Followed, step: Step, *, forward: bool) -> list[Cell]:
    words = bodies.links.reads(step.tie.kind)
    told = words.forward if forward else words.backward
    then = dict(found.called)
    if step.tie.kind == bodies.SUCCEEDED:  # named as they were on the day, and not as they came to be called
        last = step.tie.valid_from - timedelta(days=1)
        for code, when in ((step.tie.member, last), (step.tie.holder, step.tie.valid_from)):
            then |= {code: name} if (name := found.called_on(code, when)) else {}
    return [
        followed(place, step.before, then),
        f"{told} ({step.tie.about})" if step.tie.about else told,
        followed(place, step.after, then),
        since(step.tie.valid_from, seen=step.tie.seen),
        step.tie.source,
    ]


def _moved_table(place: str, found: Followed, on: date) -> Table:
    rows: list[list[Cell]] = [
        [
            followed(place, each.holder, found.called) if each.holder else "Not known",
            Figure(len(each.members)),
            ", ".join(each.members[:12]) + (f" and {len(each.members) - 12} more" if len(each.members) > 12 else ""),
        ]
        for each in found.moved
    ]
    columns = [tables.text("With whom"), tables.number("Practices"), tables.text("Which")]
    caption = f"Where the practices that were ever its own are on {day(on)}"
    empty = "No practice is known to have been its own."
    notes = (
        "As far as is known: a tie of which no end is known is taken to go on.",
        "A practice of which two sources tell differently is counted with each.",
    )
    return tables.table("moved", caption, columns, rows, cards=True, empty=empty, notes=notes)


def _known_since(value: date) -> str:
    return "from the start" if value == reads.FIRST_DAY else day(value)


def _once_table(place: str, found: Followed) -> Table:
    rows: list[list[Cell]] = [
        [
            bodies.links.reads(each.tie.kind).forward,
            followed(place, each.tie.holder, found.called),
            each.tie.about,
            since(each.tie.valid_from, seen=each.tie.seen),
            until(each.tie),
            _known_since(each.known_from),
            day(each.known_to),
            each.tie.source,
        ]
        for each in found.tied_before
    ]
    titles = ("How", "To whom", "About", "From", "To", "Known from", "Known until", "Source")
    columns = [tables.text(title) for title in titles]
    caption = "What it was believed to belong to before"
    return tables.table("tied-before", caption, columns, rows, cards=True, empty="Nothing.")


def _names_table(id: str, caption: str, found: tuple[Body, ...]) -> Table:
    rows: list[list[Cell]] = [
        [
            each.name,
            capital(each.kind),
            since(each.valid_from, seen=each.seen),
            day(each.valid_to),
            _known_since(each.known_from),
            day(each.known_to) if each.known_to else "",
            each.source,
        ]
        for each in found
    ]
    titles = ("Name", "Kind", "From", "To", "Known from", "Known until", "Source")
    columns = [tables.text(title) for title in titles]
    return tables.table(id, caption, columns, rows, cards=True, empty="Nothing.")

"""Milestones of the review of acute services: when each is due, what hangs on it, and what is late against it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.redesign.pages.listing import SHEET, case_link, crumb, stage_tag
from openpbc.redesign.reads import milestones as reads
from openpbc.redesign.reads.cases import Case, cases
from openpbc.redesign.reads.milestones import Hanging, Milestone, Said, Setter
from openpbc.redesign.reads.seeing import seen
from openpbc.redesign.rules.milestones import LATE, NOT_DUE, ON_TIME, Lateness
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing, Tag
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table

TITLE = "Milestones of the review of acute services"
NO_DATE = Missing(why="No source gives a date, and nobody has set one.")
NOBODY = Missing(why="An administrator has not recorded which body sets the priorities of the area.")
_COLOURS = {LATE: "red", ON_TIME: "green", NOT_DUE: "blue"}
_MEANS = (
    "A case is on time when its service began by the milestone. One that has not begun is late from the day after, and"
    " a month is over with its last day. A case need not hang on a milestone; those that hang on none are counted."
)


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """Every milestone, the cases that hang on each with how they stand, and the cases that hang on none."""
    book = open_book(place)
    every, known = reads.milestones(book), cases(place)
    visible = seen(request.viewer, place, known)
    held, free = reads.hanging(book, visible, every), reads.unlinked(book, visible)
    setters = reads.setters(book)
    page = Page(
        template=SHEET,
        title=TITLE,
        book=book,
        trail=(crumb(book),),
        tables=(
            milestones_table(book, every, held, setters),
            hanging_table(held, setters),
            unlinked_table(free),
        ),
        facts=(("As at", day_text(organisations.today())),),
        synthetic=any(each.now.synthetic for each in every) or any(each.synthetic for each in visible),
        rests_on=(book.table(reads.REVIEW),),
        context={
            "lead": _lead(every, held, free),
            "links": _links(request, place),
            "notes": [_MEANS, *_kept_back(len(known) - len(visible))],
        },
    )
    return respond(request, page)


def _lead(every: Sequence[Milestone], held: Sequence[Hanging], free: Sequence[Case]) -> str:
    if not every:
        return "No milestone is known yet, so no case can be late against one."
    late = sum(each.lateness.state == LATE for each in held)
    many = f"{len(every)} milestone{' is' if len(every) == 1 else 's are'} known."
    hang = f"{len(held)} case{' hangs' if len(held) == 1 else 's hang'} on one, {late} of them late."
    return f"{many} {hang} {len(free)} under way {'hangs' if len(free) == 1 else 'hang'} on none."


def _links(request: HttpRequest, place: str) -> list[tuple[str, str]]:
    ways = (("Add a milestone", "redesign:milestone-add", "POST"),
            ("Who sets priorities", "organisations:arrangements", "GET"))  # fmt: skip
    return [(text, reverse(way, args=[place])) for text, way, how in ways if request.may(way, how, place=place)]


def _kept_back(count: int) -> list[str]:
    if not count:
        return []
    return [f"{count} more {'case is' if count == 1 else 'cases are'} withheld from you, and counted nowhere here."]


def milestones_table(
    book: Book, every: Sequence[Milestone], held: Sequence[Hanging], setters: Mapping[str, Setter]
) -> Table:
    """Milestones one a row, with who sets the priorities of their area and what hangs on them."""
    rows: list[list[Cell]] = []
    for each in every:
        own = [hanging for hanging in held if hanging.milestone.code == each.code]
        late = sum(hanging.lateness.state == LATE for hanging in own)
        rows.append(
            [
                Link(each.now.name, reverse("redesign:milestone", args=[book.place.id, each.code])),
                reads.area_name(each.now, setters),
                who_sets(each.now, setters) or NOBODY,
                _due(each.now),
                _moved(each),
                Figure(len(own)),
                Figure(late),
                each.now.source,
            ]
        )
    columns = [
        tables.text("Milestone"), tables.text("Area"), tables.text("Its priorities are set by"), tables.text("Planned"),
        tables.text("Moved"), tables.number("Cases"), tables.number("Late"), tables.text("Source"),
    ]  # fmt: skip
    return tables.table("milestones", "Milestones", columns, rows, cards=True, empty="None is known.")


def who_sets(known: Said, setters: Mapping[str, Setter]) -> str:
    """Which bodies set the priorities of a milestone's area, in words; empty where nobody recorded one."""
    own = reads.setters_of(known, setters)
    return "; ".join(
        f"{f'{each.area}: ' if len(own) > 1 else ''}{each.body}{f', with {each.trust}' if each.trust else ''}"
        for each in own
        if each.body
    )


def _due(known: Said) -> Cell:
    if known.dropped:
        return Tag("dropped", "grey")
    return known.due.name if known.due else NO_DATE


def _moved(known: Milestone) -> str:
    if not known.moves:
        return ""
    first, times = known.said[0], len(known.moves)
    return f"{'once' if times == 1 else f'{times} times'}; first planned {first.planned}"


def hanging_table(held: Sequence[Hanging], setters: Mapping[str, Setter]) -> Table:
    """Cases that hang on a milestone, with their present stage and how they stand against it."""
    rows: list[list[Cell]] = [
        [
            case_link(each.case),
            each.milestone.now.name,
            reads.area_name(each.milestone.now, setters),
            each.milestone.now.due.name if each.milestone.now.due else NO_DATE,
            stage_tag(each.case),
            lateness_tag(each.lateness),
        ]
        for each in held
    ]
    names = ("Case", "Hangs on", "Area", "Planned", "Stage", "Against the milestone")
    columns = [tables.text(name) for name in names]
    return tables.table("hanging", "Cases that hang on one", columns, rows, cards=True, empty="No case hangs on one.")


def lateness_tag(found: Lateness) -> Tag:
    """How a case stands, in a box."""
    return Tag(found.text, _COLOURS.get(found.state, "grey"))


def unlinked_table(found: Sequence[Case]) -> Table:
    """Cases under way that hang on no milestone, with what they say of the review in words."""
    rows: list[list[Cell]] = [[case_link(each), each.area, stage_tag(each), each.acute_review] for each in found]
    columns = [tables.text(name) for name in ("Case", "Area of care", "Stage", "What it says of the review")]
    title = "Cases under way that hang on none"
    return tables.table("unlinked", title, columns, rows, cards=True, empty="Every case under way hangs on one.")


def milestone(request: HttpRequest, place: str, code: str) -> HttpResponse:
    """One milestone: what hangs on it, and everything that was ever said of it."""
    book = open_book(place)
    known, known_cases = opened_milestone(book, code), cases(place)
    visible = seen(request.viewer, place, known_cases)
    held, setters = reads.hanging(book, visible, (known,)), reads.setters(book)
    may = request.may("redesign:milestone-move", "POST", place=place)
    page = Page(
        template=SHEET,
        title=known.now.name,
        book=book,
        trail=(crumb(book), milestones_crumb(book)),
        tables=(hanging_table(held, setters), history_table(known, setters)),
        facts=(
            ("Planned", known.now.planned),
            ("Area", reads.area_name(known.now, setters)),
            ("Its priorities are set by", who_sets(known.now, setters) or "not set"),
            ("Source", known.now.source),
        ),
        synthetic=known.now.synthetic or any(each.case.synthetic for each in held),
        rests_on=(book.table(reads.REVIEW),),
        context={
            "lead": "It was dropped."
            if known.now.dropped
            else f"It is planned for {known.now.planned}."
            if known.now.due
            else "Nobody has set a date for it.",
            "links": [("Move or change it", reverse("redesign:milestone-move", args=[place, code]))] if may else [],
            "notes": [_MEANS, *_kept_back(len(known_cases) - len(visible))],
        },
    )
    return respond(request, page)


def opened_milestone(book: Book, code: str) -> Milestone:
    """Give a milestone; an address of none is an address of nothing."""
    try:
        return reads.milestone(book, code)
    except UserError:
        raise Http404("There is no such milestone.") from None


def milestones_crumb(book: Book) -> Crumb:
    """The way back to all milestones."""
    return Crumb("Milestones", reverse("redesign:milestones", args=[book.place.id]))


def history_table(known: Milestone, setters: Mapping[str, Setter]) -> Table:
    """Everything that was said of a milestone, the latest first."""
    rows: list[list[Cell]] = [
        [
            each.name,
            reads.area_name(each, setters),
            _due(each),
            each.source,
            each.reason,
            f"{each.by}, {day_text(localtime(each.at))}" if each.at else "The rulebook",
        ]
        for each in reversed(known.said)
    ]
    columns = [tables.text(name) for name in ("Milestone", "Area", "Planned", "Source", "Why it was changed", "By")]
    return tables.table("history", "What was said of it", columns, rows, cards=True)


def case_facts(book: Book, known: Case) -> list[tuple[str, str]]:
    """What the page of a case tells of its milestone: which it is, how the case stands, and who sets its priorities."""
    hangs = reads.hangs(book, known)
    if hangs is None:
        return [("Milestone of that review", "It hangs on none.")]
    now, setters = hangs.milestone.now, reads.setters(book)
    planned = f"planned for {now.due.name}" if now.due else "no date is set"
    area = reads.area_name(now, setters)
    return [
        ("Milestone of that review", f"{now.name} ({area}; {planned}): {hangs.lateness.text}"),
        ("Priorities of the milestone's area are set by", who_sets(now, setters) or "not set: nobody has recorded it"),
    ]

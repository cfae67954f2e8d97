"""All cases of a place: what is wanted most, where each stands, since when, and for whom it waits."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.kernel.periods import day_text
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.redesign.reads import clocks
from openpbc.redesign.reads.belonging import Belonging
from openpbc.redesign.reads.cases import Case, cases, is_open
from openpbc.redesign.reads.seeing import seen
from openpbc.redesign.reads.tertiary import fault, tertiary_keys
from openpbc.redesign.rules.transitions import LANES, PLANNING, STAGES
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Value
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing, Tag
from openpbc.ui.forms import Form, choice
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Table

SHEET = "openpbc/sheet.jinja"
COLOURS = {"held": "red", "rejected": "grey", "withdrawn": "grey", "procurement-failed": "red", "approved": "green",
           "live": "green", "measured": "green", "review": "yellow", "groups": "yellow",
           "approval": "orange"}  # fmt: skip
NOT_BEGUN = Missing(why="The clock starts when a group agrees the priority.")


def listing(request: HttpRequest, place: str) -> HttpResponse:
    """Every case of the place, those under way first by rank."""
    book = open_book(place)
    found = cases(place)
    shown = seen(request.viewer, place, found)
    kept_back = len(found) - len(shown)
    belonging = Belonging(book)
    asking = whose_form(belonging).read(request.GET)
    wanted = str(asking.values.get("whose", ""))
    shown = [each for each in shown if belonging.keeps(belonging.of_case(each), wanted)]
    going = sorted((each for each in shown if is_open(each)), key=lambda each: (each.best_rank or 999, each.number))
    ended = [each for each in shown if not is_open(each)]
    page = Page(
        template=SHEET,
        title="Cases of redesign",
        book=book,
        tables=(cases_table(book, going, belonging), stages_table(going), ended_table(book, ended)),
        synthetic=any(each.synthetic for each in shown),
        rests_on=(clocks.heard(book), book.value(clocks.WEEKS)),
        context={"lead": _lead(book, going), "links": _links(request, book), "notes": _notes(book, kept_back),
                 "asking": asking if len(belonging.names) > 1 else None},
        status=422 if asking.errors else 200,
    )  # fmt: skip
    return respond(request, page)


def _lead(book: Book, going: list[Case]) -> str:
    if not going:
        return "No case is under way. A case starts as a priority that a group proposes."
    waits = sum(each.stage == "approval" for each in going)
    agreed = sum(each.stage == PLANNING for each in going)
    words = f"{len(going)} {'case is' if len(going) == 1 else 'cases are'} under way"
    words += f", {waits} of them waiting for approval." if waits else "."
    return f"{words} {agreed} clinically agreed and not funded." if agreed else words


def _links(request: HttpRequest, book: Book) -> list[tuple[str, str]]:
    ways = (
        ("Propose a priority", "redesign:propose"),
        ("Speed and fairness", "redesign:speed"),
        ("Milestones of the review of acute services", "redesign:milestones"),
        ("What the public reads", "redesign:public"),
        ("Blank papers", "redesign:templates"),
        ("Innovation fund", "finance:innovation"),
    )
    place = book.place.id
    return [(text, reverse(route, args=[place])) for text, route in ways if request.may(route, place=place)]


def _notes(book: Book, kept_back: int) -> list[str]:
    months = clocks.heard(book)
    notes = []
    if isinstance(months, Value):
        notes.append(f"People complained that a redesign takes {months.int} months. That is no target; none is set.")
    if kept_back:
        notes.append(f"{kept_back} more {'case is' if kept_back == 1 else 'cases are'} withheld from you.")
    return notes


def case_link(case: Case) -> Link:
    """The way to the page of a case."""
    return Link(case.title, reverse("redesign:case", args=[case.place, case.number]))


def stage_tag(case: Case) -> Tag:
    """The stage of a case in a box."""
    return Tag(case.at.title, COLOURS.get(case.stage, "blue"))


def whose_form(belonging: Belonging) -> Form:
    """The form that asks for what belongs to one commissioner and what is shared; the county is shown where none is."""
    return Form((choice("whose", "Belongs to", belonging.names.items(), blank="Any commissioner of the area"),))


def cases_table(book: Book, found: list[Case], belonging: Belonging) -> Table:
    """Cases under way, one a row."""
    today, keys = organisations.today(), tertiary_keys(book)
    nobody = Missing(why="The register does not say within which commissioner its groups lie.")
    names = {unit.code: unit.name for unit in organisations.units(book.place.id)}
    rows: list[list[Cell]] = []
    for each in found:
        whole = clocks.clocks(each, today).whole
        rows.append(
            [
                case_link(each),
                f"{each.area}; long-term condition" if each.long_term_condition else each.area,
                Figure(each.best_rank) if each.best_rank else Missing(why="No group has ranked it."),
                ", ".join(names.get(group.unit, group.unit) for group in each.groups),
                belonging.told(belonging.of_case(each)) or nobody,
                Tag("tertiary flow without reason", "red") if fault(each, keys) else "",
                stage_tag(each),
                LANES[each.at.lane],
                day_text(each.since),
                NOT_BEGUN if whole is None else Figure(whole, address=clocks.figure_address(each, clocks.DAYS)),
            ]
        )
    columns = [
        tables.text("Case"),
        tables.text("Area"),
        tables.number("Rank", additive=False),
        tables.text(capital(book.word("units"))),
        tables.text("Belongs to"),
        tables.text("Flag"),
        tables.text("Stage"),
        tables.text("Waits for"),
        tables.text("Since"),
        tables.number("Days in all", additive=False),
    ]
    return tables.table("cases", "Under way", columns, rows, cards=True, empty="No case is under way.")


def stages_table(found: list[Case]) -> Table:
    """How many cases stand at each stage, in the order of the process."""
    rows: list[list[Cell]] = [
        [f"{stage.number} {stage.title}", LANES[stage.lane], Figure(count)]
        for stage in STAGES.values()
        if (count := sum(each.stage == stage.code for each in found))
    ]
    columns = [tables.text("Stage"), tables.text("Whose turn"), tables.number("Cases")]
    return tables.table("stages", "Where cases stand", columns, rows, cards=True)


def ended_table(book: Book, found: list[Case]) -> Table:
    """Cases that came to an end, with why."""
    rows: list[list[Cell]] = [
        [case_link(each), stage_tag(each), day_text(each.since), each.passages[-1].reason] for each in found
    ]
    columns = [tables.text(name) for name in ("Case", "How it ended", "On", "Why")]
    return tables.table("ended", "Ended", columns, rows, cards=True, empty="No case has ended yet.")


def crumb(book: Book) -> Crumb:
    """The way back to all cases."""
    return Crumb("Cases of redesign", reverse("redesign:cases", args=[book.place.id]))


def case_crumb(case: Case) -> Crumb:
    """The way back to a case."""
    return Crumb(f"Case {case.number}", reverse("redesign:case", args=[case.place, case.number]))

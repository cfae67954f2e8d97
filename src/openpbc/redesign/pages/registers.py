"""Registers: commissioning intentions, shared pathways, assessment services, barriers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.kernel.periods import day_text
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.organisations.reads.arrangements import EVERY, provider_kinds
from openpbc.redesign.pages.listing import SHEET, case_link, stage_tag, whose_form
from openpbc.redesign.reads import registers as reads
from openpbc.redesign.reads.belonging import Belonging
from openpbc.redesign.reads.consulting import OPEN, states
from openpbc.redesign.reads.registers import Barrier, Intention, Service, SharedPathway
from openpbc.redesign.reads.seeing import seen
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing, Tag
from openpbc.ui.forms import Form, choice
from openpbc.ui.pages import Page, capital, respond
from openpbc.ui.tables import Table

STATUS_COLOURS = {"measurable": "green", "qualitative": "blue", "incomplete": "orange"}
BARRIER_COLOURS = {"open": "red", "in hand": "yellow", "solved": "green"}
SCHEME_COLOURS = {"unknown": "grey", "existing": "green", "priority": "blue"}


def intentions(request: HttpRequest, place: str) -> HttpResponse:
    """Every intention of the year; ``?section=`` keeps those of one section, ``?kind=`` splits those of a kind."""
    book = open_book(place)
    found = reads.intentions(book)
    kinds = {each.code: each.name for each in provider_kinds(book)}
    belonging = Belonging(book)
    fields = (choice("kind", "Kind of provider", kinds.items(), blank="Any kind"), *whose_form(belonging).fields)
    asking = Form(fields).read(request.GET)
    whose = str(asking.values.get("whose", ""))
    kind = str(asking.values.get("kind", ""))
    sections = tuple(dict.fromkeys(each.section for each in found))
    wanted = request.GET.get("section", "")
    shown = tuple(each for each in found if each.section == wanted) if wanted in sections else found
    shown = tuple(each for each in shown if belonging.keeps(belonging.of_intention(each), whose))
    beside = tuple(each for each in shown if kind in each.kinds - each.falls_to)
    shown = tuple(each for each in shown if kind in each.falls_to) if kind else shown
    here = reverse("redesign:intentions", args=[place])
    gaps = sum(bool(each.gaps) for each in found)
    page = Page(
        template="redesign/intentions.jinja",
        title="Commissioning intentions",
        book=book,
        tables=(
            sections_table(found, here),
            intentions_table(request, belonging, shown, wanted or _falling_to(kinds.get(kind, ""))),
            beside_table(beside, kinds.get(kind, "")),
        ),
        rests_on=(book.table(reads.INTENTIONS),),
        context={
            "lead": f"{len(found)} intentions, {gaps} of them with something that the source leaves open."
            if found
            else "No intention is listed for this place.",
            "links": [("All intentions", here)] if wanted or kind or whose else [],
            "asking": asking if kinds else None,
            "told": _told_of_kind(found, shown, beside, kinds[kind]) if kind else "",
        },
        status=422 if asking.errors else 200,
    )
    return respond(request, page)


def _falling_to(name: str) -> str:
    return f"Fall to: {name}" if name else ""


def _told_of_kind(
    found: tuple[Intention, ...], shown: tuple[Intention, ...], beside: tuple[Intention, ...], name: str
) -> str:
    """Say how many intentions fall to a kind of provider, how many only name it, and how many are for every one."""
    every = sum(EVERY in each.falls_to for each in found)
    told = f"By the plan's table {len(shown)} fall to {name}; {len(beside)} more name it."
    return told if shown and EVERY in shown[0].falls_to else f"{told} {every} are written for every provider."


def beside_table(found: tuple[Intention, ...], name: str) -> Table:
    """Intentions that name a kind of provider and do not fall to it by the source, each with the reason."""
    rows: list[list[Cell]] = [
        [
            each.key,
            each.area,
            each.action,
            each.providers,
            "Its title names another kind of those that its list of providers names."
            if each.told == reads.TABLE
            else "It stands in the narrative, which has no column of providers: the sentence tells whom it means.",
        ]
        for each in found
    ]
    names = ("Area", "What is to be done", "By whom", "Why it stands here")
    columns = [tables.code("Key"), *(tables.text(title) for title in names)]
    return tables.table("beside", f"More that name: {name}", columns, rows, cards=True, empty="None.")


def sections_table(found: tuple[Intention, ...], here: str) -> Table:
    """How many intentions each section has, how many can be measured, and how many a case serves."""
    rows: list[list[Cell]] = []
    for section in dict.fromkeys(each.section for each in found):
        own = [each for each in found if each.section == section]
        rows.append(
            [
                Link(section, f"{here}?section={section.replace(' ', '+').replace('&', '%26')}#table-intentions"),
                Figure(len(own)),
                Figure(sum(each.status == "measurable" for each in own)),
                Figure(sum(bool(each.cases) for each in own)),
            ]
        )
    columns = [
        tables.text("Section"),
        tables.number("Intentions"),
        tables.number("Measurable"),
        tables.number("With a case"),
    ]
    return tables.table("sections", "Sections", columns, rows, cards=True)


def intentions_table(request: HttpRequest, belonging: Belonging, found: tuple[Intention, ...], section: str) -> Table:
    """Intentions one a row; what the source leaves open is shown as open."""
    place = belonging.book.place.id
    shown = {each.number for each in seen(request.viewer, place, (case for each in found for case in each.cases))}
    open_, stood = Missing(why="The source does not say."), states(place)
    rows: list[list[Cell]] = [
        [
            Link(each.key, reverse("redesign:intention", args=[place, each.key])),
            each.area,
            each.action,
            each.providers,
            belonging.told(belonging.of_intention(each)),
            each.indicator or open_,
            each.baseline or open_,
            each.target or open_,
            each.deadline or open_,
            Tag(each.status, STATUS_COLOURS.get(each.status, "grey")),
            stood[each.key][-1].state if each.key in stood else OPEN,
            each.note,
            ", ".join(f"case {case.number}" for case in each.cases if case.number in shown),
        ]
        for each in found
    ]
    names = (
        "Key",
        "Area",
        "What is to be done",
        "By whom",
        "Belongs to",
        "How it would be seen",
        "Now",
        "Wanted",
        "By when",
        "State",
        "How it stands",
        "Note",
        "Served by",
    )
    columns = [tables.code(names[0]), *(tables.text(name) for name in names[1:])]
    return tables.table("intentions", section or "Every intention", columns, rows, cards=True, empty="None is listed.")


def pathways(request: HttpRequest, place: str) -> HttpResponse:
    """The pathways that all groups share: who leads each, where its case stands, who adopted it."""
    book = open_book(place)
    found = reads.shared_pathways(book)
    units = organisations.units(place)
    variants = [(each, said) for each in found for said in each.adopted if said.answer != reads.ADOPTED]
    page = Page(
        template=SHEET,
        title="Shared pathways",
        book=book,
        tables=(
            pathways_table(request, book, found),
            adoption_table(request, book, found),
            variants_table(book, variants),
        ),
        rests_on=(book.table(reads.PATHWAYS),),
        context={
            "lead": f"{len(found)} pathways are meant to be the same for all {len(units)} {book.word('units')}."
            if found
            else "No pathway is shared in this place.",
            "links": [
                ("Cases of redesign", reverse("redesign:cases", args=[place])),
                (f"The {book.word('conclave')}", reverse("redesign:conclave", args=[place])),
            ],
            "notes": ["'Clinically agreed' is no approval: no money follows from it."],
        },
    )
    return respond(request, page)


def pathways_table(request: HttpRequest, book: Book, found: tuple[SharedPathway, ...]) -> Table:
    """Shared pathways one a row."""
    names = {unit.code: unit.name for unit in organisations.units(book.place.id)}
    rows: list[list[Cell]] = []
    shown = {each.number for each in seen(request.viewer, book.place.id, (each.case for each in found if each.case))}
    for each in found:
        case = each.case if each.case and each.case.number in shown else None
        rows.append(
            [
                each.title,
                ", ".join(each.also),
                names.get(each.lead, each.lead) or Missing(why="No source names who leads it."),
                case_link(case) if case else "",
                stage_tag(case) if case else Tag("no case yet", "grey"),
                case.at.to_leave if case else "somebody proposes a case for it",
            ]
        )
    columns = [tables.text(name) for name in ("Pathway", "Also called", "Led by", "Case", "Stage", "Goes on when")]
    return tables.table("pathways", "Pathways", columns, rows, cards=True, empty="None is listed.")


def adoption_table(request: HttpRequest, book: Book, found: tuple[SharedPathway, ...]) -> Table:
    """What each group made of each pathway; a group that may answer gets the way to do so."""
    units = organisations.units(book.place.id)
    rows: list[list[Cell]] = []
    for each in found:
        said = {answer.unit: answer for answer in each.adopted}
        row: list[Cell] = [each.title]
        for unit in units:
            text = reads.ANSWERS[said[unit.code].answer] if unit.code in said else "Not answered"
            may = request.may("redesign:adopt", "POST", place=book.place.id, unit=unit.code)
            href = reverse("redesign:adopt", args=[book.place.id, each.code, unit.code])
            row.append(Link(text, href) if may else text)
        rows.append(row)
    columns = [tables.text("Pathway"), *(tables.text(unit.name) for unit in units)]
    return tables.table("adoption", "Adopted by", columns, rows, cards=True, empty="None is listed.")


def variants_table(book: Book, found: list[tuple[SharedPathway, reads.Answered]]) -> Table:
    """Local variants and refusals with their reasons."""
    names = {unit.code: unit.name for unit in organisations.units(book.place.id)}
    rows: list[list[Cell]] = [
        [
            each.title,
            names.get(said.unit, said.unit),
            reads.ANSWERS[said.answer],
            said.reason,
            f"{said.by}, {day_text(localtime(said.at))}",
        ]
        for each, said in found
    ]
    columns = [tables.text(name) for name in ("Pathway", capital(book.word("unit")), "Answer", "Why", "By")]
    return tables.table("variants", "Local variants", columns, rows, cards=True, empty="There is no local variant.")


def services(request: HttpRequest, place: str) -> HttpResponse:
    """Assessment and treatment services by group and specialty."""
    book = open_book(place)
    found = reads.services(book)
    unknown = sum(each.state == "unknown" for each in found)
    page = Page(
        template=SHEET,
        title="Assessment and treatment services",
        book=book,
        tables=(grid_table(book, found), services_table(request, book, found)),
        rests_on=(book.table(reads.SERVICES), book.value(reads.INTERVAL)),
        context={
            "lead": f"{len(found)} services by group and specialty; of {unknown} nobody has said whether they exist."
            if found
            else "No such service is listed for this place."
        },
    )
    return respond(request, page)


def grid_table(book: Book, found: tuple[Service, ...]) -> Table:
    """Specialties by group."""
    units = [unit for unit in organisations.units(book.place.id) if any(each.unit == unit.code for each in found)]
    held = {(each.specialty, each.unit): each for each in found}
    rows: list[list[Cell]] = []
    for specialty in sorted({each.specialty for each in found}):
        own = [held.get((specialty, unit.code)) for unit in units]
        rows.append(
            [specialty, *(each.state if each else "" for each in own), Figure(sum(each is not None for each in own))]
        )
    groups = (tables.text(unit.name) for unit in units)
    columns = [tables.text("Specialty"), *groups, tables.number("Groups")]
    return tables.table("grid", "By specialty and group", columns, rows, cards=True, empty="None is listed.")


def services_table(request: HttpRequest, book: Book, found: tuple[Service, ...]) -> Table:
    """Services one a row with their last review; overdue ones say so."""
    names = {unit.code: unit.name for unit in organisations.units(book.place.id)}
    rows: list[list[Cell]] = []
    for each in found:
        name = f"{names.get(each.unit, each.unit)}: {each.specialty}"
        may = request.may("redesign:service", "POST", place=book.place.id, unit=each.unit)
        href = reverse("redesign:service", args=[book.place.id, each.unit, each.code])
        rows.append(
            [
                Link(name, href) if may else name,
                Tag(each.state, SCHEME_COLOURS.get(each.state, "grey")),
                day_text(each.reviewed_on) if each.reviewed_on else "never",
                each.result,
                Tag("overdue", "red") if each.overdue else "",
            ]
        )
    columns = [tables.text(name) for name in ("Service", "State", "Last review", "Result", "Due")]
    return tables.table("services", "Reviews", columns, rows, cards=True, empty="None is listed.")


def barriers(request: HttpRequest, place: str) -> HttpResponse:
    """What stands in the way, with owner, proposal and age."""
    book = open_book(place)
    noted = reads.barriers(place)
    found = reads.barriers_seen(request.viewer, noted, place)
    kept_back = len(noted) - len(found)
    still = [each for each in found if each.state in ("open", "in hand")]
    may = request.may("redesign:barrier-add", "POST", place=place)
    page = Page(
        template=SHEET,
        title="Barriers",
        book=book,
        tables=(barriers_table(request, book, found),),
        synthetic=any(each.synthetic for each in found),
        context={
            "lead": f"{len(still)} of {len(found)} barriers to commissioning by groups are not removed yet."
            if found
            else "Nobody has noted a barrier yet.",
            "links": [("Note a barrier", reverse("redesign:barrier-add", args=[place]))] if may else [],
            "notes": [f"{kept_back} more of cases that are withheld from you."] if kept_back else [],
        },
    )
    return respond(request, page)


def barriers_table(request: HttpRequest, book: Book, found: tuple[Barrier, ...]) -> Table:
    """Barriers one a row, the oldest first."""
    today = organisations.today()
    may = request.may("redesign:barrier", "POST", place=book.place.id)

    def consult(number: int) -> Cell:
        href = reverse("redesign:consultation-add", args=[book.place.id, "barrier", str(number)])
        return Link("Note a consultation", href) if may else ""

    rows: list[list[Cell]] = [
        [
            Link(each.title, reverse("redesign:barrier", args=[book.place.id, each.number])) if may else each.title,
            each.owner,
            each.proposal or Missing(why="Nobody has proposed anything yet."),
            Tag(each.state, BARRIER_COLOURS.get(each.state, "grey")),
            Figure(each.days(today)),
            Link(f"Case {each.case}", reverse("redesign:case", args=[book.place.id, each.case])) if each.case else "",
            consult(each.number),
        ]
        for each in found
    ]
    columns = [
        tables.text("Barrier"), tables.text("Owner"), tables.text("Proposal"), tables.text("State"),
        tables.number("Age", "days", additive=False), tables.text("Case"),
        tables.text("Consultation"),
    ]  # fmt: skip
    return tables.table("barriers", "Barriers", columns, rows, cards=True, empty="None is noted.")

"""The conclave's own page: its pathways, the blocks before it, its seats, and its reports to whom it is accountable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.kernel.periods import day_text
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.redesign import actions
from openpbc.redesign.pages.fields import prose
from openpbc.redesign.pages.listing import SHEET, case_link, stage_tag
from openpbc.redesign.pages.recommendations import crumb, recommendations_table, reported_tables
from openpbc.redesign.pages.recommendations import lead as paper_lead
from openpbc.redesign.reads import conclave as reads
from openpbc.redesign.reads import recommendations as paper_reads
from openpbc.redesign.reads.cases import Case, cases
from openpbc.redesign.reads.conclave import Audience, Block, Report
from openpbc.redesign.reads.registers import SharedPathway, shared_pathways
from openpbc.redesign.reads.seeing import seen
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.documents import Document, Grid, Heading, Note, Paragraph, Part
from openpbc.ui.figures import Cell, Figure, Link, Missing, Tag
from openpbc.ui.forms import HIDDEN, INCOMPLETE, Field, Form, whole_number
from openpbc.ui.pages import Crumb, Page, capital, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Checked, Writing, write

WITHHELD = "Withheld from you"
NO_POWER = "It agrees pathways and clears blocks. It approves no money and signs no contract."


def conclave(request: HttpRequest, place: str) -> HttpResponse:
    """What the conclave has before it and to whom it answers; in a place without one, that there is none."""
    book, on = open_book(place), organisations.today()
    known, every = reads.audiences(book), cases(place)
    shown = tuple(seen(request.viewer, place, reads.shared(place, every)))
    blocks, asked = reads.blocks(book, shown, on), paper_reads.recommendations(book)
    page = Page(
        template=SHEET,
        title=_title(book),
        book=book,
        tables=(
            *((recommendations_table(book, request.viewer, asked),) if asked else ()),
            pathways_table(book, shared_pathways(book, every), shown),
            blocks_table(blocks),
            members_table(book),
            gaps_table(reads.gaps(book, on)),
            reports_table(book, known),
        )
        if known
        else (),
        synthetic=any(each.synthetic for each in shown)
        or any(taken.synthetic for each in asked for taken in each.decisions),
        rests_on=(book.table(reads.AUDIENCES), book.table(paper_reads.RECOMMENDATIONS), book.value(reads.BLOCK_DAYS)),
        context={
            "lead": f"{paper_lead(asked)} {_lead(book, shown, blocks)}".strip()
            if known
            else "No source names a clinical conclave of this place.",
            "links": _links(request, book) if known else [],
            "notes": [NO_POWER] if known else [],
        },
    )
    return respond(request, page)


def _title(book: Book) -> str:
    return capital(book.word("conclave"))


def _lead(book: Book, shown: tuple[Case, ...], blocks: tuple[Block, ...]) -> str:
    holding = [each for each in blocks if each.is_open]
    agreed = sum(reads.agreed_not_funded(each) for each in shown)
    oldest = f", the oldest for {holding[0].days} days" if holding else ""
    return (
        f"{len(holding)} {'block holds' if len(holding) == 1 else 'blocks hold'} a shared pathway{oldest}."
        f" {agreed} {'case is' if agreed == 1 else 'cases are'} clinically agreed and not funded."
    )


def _links(request: HttpRequest, book: Book) -> list[tuple[str, str]]:
    place = book.place.id
    ways = (
        ("Issue a report", "redesign:conclave-report-new", "POST", ()),
        ("Put the blocks on its agenda", "redesign:conclave-blocks", "POST", ()),
        ("Its members, terms and meetings", "governance:body", "GET", (reads.BODY,)),
        ("Shared pathways", "redesign:pathways", "GET", ()),
    )
    return [
        (text, reverse(route, args=[place, *more]))
        for text, route, method, more in ways
        if request.may(route, method, place=place)
    ]


def pathways_table(book: Book, found: tuple[SharedPathway, ...], shown: tuple[Case, ...]) -> Table:
    """Shared pathways with stage and next step; what is agreed by clinicians alone says so."""
    names = {unit.code: unit.name for unit in organisations.units(book.place.id)}
    rows: list[list[Cell]] = []
    visible = {each.number for each in shown}
    for each in found:
        case = each.case if each.case and each.case.number in visible else None
        agreed = Tag("clinically agreed, not funded", "yellow") if case and reads.agreed_not_funded(case) else ""
        rows.append(
            [
                each.title,
                names.get(each.lead, each.lead) or Missing(why="Nobody is named to lead it."),
                case_link(case) if case else WITHHELD if each.case else "",
                stage_tag(case) if case else Tag("no case yet", "grey") if not each.case else "",
                agreed,
                case.at.to_leave if case else "" if each.case else "somebody proposes a case for it",
            ]
        )
    titles = ("Pathway", "Led by", "Case", "Stage", "Agreed", "Goes on when")
    columns = [tables.text(title) for title in titles]
    return tables.table("pathways", "Shared pathways", columns, rows, cards=True, empty="None is listed.")


def blocks_table(found: tuple[Block, ...]) -> Table:
    """Blocks with their owners and ages, those that hold first."""
    rows: list[list[Cell]] = [
        [
            Link(each.block.what, reverse("redesign:case", args=[each.case.place, each.case.number])),
            each.case.title,
            each.block.owner,
            Figure(each.days),
            Tag("holds" if each.is_open else "cleared", "red" if each.is_open else "green"),
            each.block.resolution,
        ]
        for each in found
    ]
    columns = [
        tables.text("Block"), tables.text("Case"), tables.text("Who clears it"),
        tables.number("Age", "days", additive=False), tables.text("State"), tables.text("How it was cleared"),
    ]  # fmt: skip
    return tables.table("blocks", "Blocks", columns, rows, cards=True, empty="Nothing holds a shared pathway.")


def members_table(book: Book) -> Table:
    """Who sits in it today."""
    names = {unit.code: unit.name for unit in organisations.units(book.place.id)}
    rows: list[list[Cell]] = [
        [each.name, each.capacity, each.kind, names.get(each.of, each.of)]
        for each in reads.members(book.place.id, organisations.today())
    ]
    columns = [tables.text(title) for title in ("Member", "Seat", "As", "Of")]
    return tables.table("members", "Members", columns, rows, cards=True, empty="No seat is recorded yet.")


def gaps_table(found: Sequence[str]) -> Table:
    """The seats that it should have and that nobody holds."""
    rows: list[list[Cell]] = [[each] for each in found]
    columns = [tables.text("What lacks")]
    return tables.table("gaps", "Seats that lack", columns, rows, cards=True, empty="Every seat is held.")


def reports_table(book: Book, known: tuple[Audience, ...]) -> Table:
    """Reports, and for each of those to whom it was sent when it was received."""
    rows: list[list[Cell]] = [
        [
            Link(f"Report {each.number}", reverse("redesign:conclave-report", args=[each.place, each.number])),
            f"{day_text(localtime(each.issued_at))}, {each.issued_by}",
            *(_receipt(each, audience) for audience in known),
        ]
        for each in reads.reports(book.place.id)
    ]
    columns = [tables.text(title) for title in ("Report", "Issued", *(each.title for each in known))]
    return tables.table("reports", "Reports", columns, rows, cards=True, empty="It has not reported yet.")


def _receipt(report: Report, audience: Audience) -> Cell:
    received = report.receipt(audience.code)
    return f"{day_text(localtime(received.at))}, {received.by}" if received else Tag("not received", "orange")


def report(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """One report as it was issued, who received it, and for whom the reader may confirm that."""
    book = open_book(place)
    found, known = reads.report(place, number), reads.audiences(book)
    rows: list[list[Cell]] = [[each.title, each.route, _receipt(found, each)] for each in known]
    columns = [tables.text(title) for title in ("Accountable to", "Through", "Received")]
    confirm, at = "redesign:conclave-received", [place, number]
    links = [
        (f"Confirm that it was received: {each.title}", reverse(confirm, args=[*at, each.code]))
        for each in reads.due(request.viewer, place, known, found)
        if request.may(confirm, "POST", place=place)
    ]
    shown = {each.number for each in seen(request.viewer, place, reads.shared(place))}
    on_paper = reported_tables(place, request.viewer, found.body)
    page = Page(
        template=SHEET,
        title=f"Report {number} of the {book.word('conclave')}",
        book=book,
        trail=(crumb(book),),
        tables=(
            tables.table("received", "To whom it went", columns, rows, cards=True),
            *on_paper,
            stood_table(found, shown),
            held_table(found, shown),
            gaps_table(found.body["gaps"]),
        ),
        document=paper(book, found, shown, on_paper),
        synthetic=found.synthetic,
        rests_on=(book.table(reads.AUDIENCES),),
        context={
            "lead": f"Issued by {found.issued_by} on {day_text(localtime(found.issued_at))}, the same for all. It is"
            f" {'as it was issued' if found.intact else 'ALTERED since'}: its hash begins with {found.sha256[:16]}.",
            "links": links,
            "paragraphs": found.body["note"].splitlines(),
            "notes": [NO_POWER],
        },
    )
    return respond(request, page)


def stood_table(found: Report, shown: set[int]) -> Table:
    """The pathways as they stood; a case that is withheld from the reader says nothing but that."""
    rows: list[list[Cell]] = [
        [each["title"], each["lead"], each["stage"], "yes" if each["agreed_not_funded"] else "", each["next"]]
        if each["case"] is None or each["case"] in shown
        else [each["title"], each["lead"], WITHHELD, "", ""]
        for each in found.body["pathways"]
    ]
    titles = ("Pathway", "Led by", "Stage", "Clinically agreed, not funded", "Goes on when")
    columns = [tables.text(title) for title in titles]
    return tables.table("pathways", "Shared pathways", columns, rows, cards=True, empty="None was listed.")


def held_table(found: Report, shown: set[int]) -> Table:
    """The blocks as they stood."""
    rows: list[list[Cell]] = [
        [each["what"], each["title"], each["owner"], Figure(each["days"]), each["resolution"] or "holds"]
        for each in found.body["blocks"]
        if each["case"] in shown
    ]
    columns = [
        tables.text("Block"), tables.text("Case"), tables.text("Who clears it"),
        tables.number("Age", "days", additive=False), tables.text("State"),
    ]  # fmt: skip
    return tables.table("blocks", "Blocks", columns, rows, cards=True, empty="Nothing held a shared pathway.")


def paper(book: Book, found: Report, shown: set[int], on_paper: tuple[Table, ...] = ()) -> Document:
    """A report as a paper for Word and as PDF."""
    parts: tuple[Part, ...] = (
        *(Paragraph(each) for each in found.body["note"].splitlines()),
        *(part for each in on_paper for part in (Heading("Recommendations"), Grid(each))),
        Heading("Shared pathways"),
        Grid(stood_table(found, shown)),
        Heading("Blocks"),
        Grid(held_table(found, shown)),
        Heading("Seats"),
        Grid(gaps_table(found.body["gaps"])),
        Note(NO_POWER),
    )
    return Document(
        title=f"Report {found.number} of the {book.word('conclave')}",
        subtitle=f"Issued by {found.issued_by} on {day_text(localtime(found.issued_at))}",
        facts=(("Place", book.place.title), ("SHA-256", found.sha256)),
        parts=parts,
        synthetic=found.synthetic,
        footer=f"Report {found.number}",
    )


def report_new(request: HttpRequest, place: str) -> HttpResponse:
    """Issue a report to everybody to whom the conclave is accountable, after a look at it."""
    book = open_book(place)
    known = reads.audiences(book)
    if not known:
        raise Http404("This place has no conclave.")
    last = next((each.number for each in reads.reports(place)), 0)
    seen_field = Field("seen", "Last report", whole_number, kind=HIDDEN, required=INCOMPLETE)
    form = Form(
        (prose("note", "What the conclave did since its last report", "Say it in a few sentences."), seen_field)
    )

    def act(values: Mapping[str, Any]) -> str:
        number = actions.issue_conclave_report(by=request.viewer.actor, place=place, **values)
        return reverse("redesign:conclave-report", args=[place, number])

    def check(values: Mapping[str, Any]) -> Checked:
        to = tuple((each.title, f"through {each.route}") for each in known)
        told = (
            "The same report goes to all of them at once, with pathways and blocks as they stand now.",
            "It cannot be changed or taken back; the next report corrects it.",
        )
        return Checked((("What it says", values["note"]), *to), told)

    writing = Writing("Issue a report", form, "Issue the report", act, check, book, (crumb(book),),
                      "Pathways, blocks, seats and the paper are added as they stand today.",
                      {"seen": f"{last}"})  # fmt: skip
    return write(request, writing)


def received(request: HttpRequest, place: str, number: int, audience: str) -> HttpResponse:
    """Confirm that a report was received."""
    book = open_book(place)
    reads.report(place, number)
    wanted = next((each for each in reads.audiences(book) if each.code == audience), None)
    if wanted is None:
        raise Http404("The conclave is not accountable to them.")
    here = reverse("redesign:conclave-report", args=[place, number])

    def act(values: Mapping[str, Any]) -> str:
        actions.receive_conclave_report(by=request.viewer.actor, place=place, number=number, audience=audience)
        return here

    writing = Writing(
        f"Report {number}: received", Form(()), "Confirm the receipt", act, book=book,
        trail=(crumb(book), Crumb(f"Report {number}", here)),
        lead=f"You confirm that {wanted.title} received report {number}. Your name and the moment are kept.",
    )  # fmt: skip
    return write(request, writing)


def blocks(request: HttpRequest, place: str) -> HttpResponse:
    """Put the blocks that hold shared pathways on what waits for the conclave's next agenda."""
    book = open_book(place)
    shown = tuple(seen(request.viewer, place, reads.shared(place)))
    wanted = [each for each in reads.blocks(book, shown, organisations.today()) if each.aged]

    def act(values: Mapping[str, Any]) -> str:
        actions.put_blocks_on_agenda(by=request.viewer.actor, place=place)
        return reverse("governance:body", args=[place, reads.BODY])

    def check(values: Mapping[str, Any]) -> Checked:
        rows = tuple((each.case.title, f"{each.block.what} ({each.block.owner}, {each.days} days)") for each in wanted)
        told = "They wait for the next agenda. The case itself is decided where it waits."
        return Checked(rows or (("Blocks", "none"),), (told,))

    lead = f"{len(wanted)} {'block waits' if len(wanted) == 1 else 'blocks wait'} for the conclave."
    return write(request, Writing("Put the blocks on the agenda", Form(()), "Put them on the agenda", act, check, book,
                                  (crumb(book),), lead))  # fmt: skip

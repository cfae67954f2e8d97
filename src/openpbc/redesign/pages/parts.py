"""One part of a case: what it says, and the forms that write it. Tables are written row by row, without any script."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.kernel.money import pounds
from openpbc.kernel.periods import moment_text
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import book as open_book
from openpbc.redesign import actions
from openpbc.redesign.pages import case_paper
from openpbc.redesign.pages.fields import pairs, prose
from openpbc.redesign.pages.listing import case_crumb, crumb
from openpbc.redesign.pages.opening import opened
from openpbc.redesign.pages.picture import pathway_sentence, pathway_svg
from openpbc.redesign.pages.supporting import both_say, said_table, support_links
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.cited import PREFIXES
from openpbc.redesign.reads.parts import (
    LIMIT_PART,
    ROWS,
    bodies,
    case_for_change,
    faults,
    limits_unmet,
    part,
    supported,
)
from openpbc.redesign.rules.completeness import (
    LIMITS,
    PATHWAY,
    PROSE,
    SHIFTS,
    SPECIFICATION,
    TABLES,
    may_not_apply,
    part_title,
)
from openpbc.redesign.rules.pathway import SETTINGS
from openpbc.redesign.rules.transitions import CLINICAL, DRAFTING, PLANNING
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.charts import SVG_TYPE
from openpbc.ui.figures import Link
from openpbc.ui.forms import REVISION, YES_NO, Field, Form, choice, line, pounds_and_pence, whole_number
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.tables import Table
from openpbc.ui.writing import Writing, write

_POSITION = Field("position", "Place in the list", whole_number, "1 is the first; empty puts it last", width="2")
_SUM = {"prefix": "£", "width": "10"}
_YEARS = "The value over these years decides who approves the case; while it is empty, the committee does"


def shown_part(request: HttpRequest, place: str, number: int, part_code: str) -> HttpResponse:
    """A part as it stands, with the way to change it."""
    book = open_book(place)
    title = _title(part_code)
    known = opened(request, place, number, f"part {part_code}")
    may = _may_write(request, known, part_code)
    lacking = [each.sentence for each in faults(known) if each.part == part_code]
    held = part(known, part_code)
    changed = (
        f"Last changed by {held.changed_by} on {moment_text(localtime(held.changed_at))}." if held.changed_at else ""
    )
    page = Page(
        template="redesign/part.jinja",
        title=f"{title}: {known.title}",
        book=book,
        trail=(crumb(book), case_crumb(known)),
        tables=_tables(known, part_code, may=may),
        synthetic=known.synthetic,
        context={
            "case": known,
            "code": part_code,
            "lead": _why_not(known) if not may else changed or "Nobody has begun this part yet.",
            "lacking": list(limits_unmet(known)) if part_code == LIMIT_PART else lacking,
            "text": str(held.body.get("text") or held.body.get("purpose") or ""),
            "picture": pathway_sentence(case_for_change(bodies(known)).stages) if part_code == PATHWAY else "",
            "links": [*support_links(request, known, part_code), *_links(known, part_code)] if may else [],
        },
    )
    return respond(request, page)


def _title(code: str) -> str:
    if code == LIMIT_PART:
        return "Limits of shared pathways"
    if code not in PROSE and code not in TABLES:
        raise Http404("A case has no such part.")
    return part_title(code)


def _may_write(request: HttpRequest, known: Case, code: str) -> bool:
    stages = {DRAFTING, PLANNING} | ({CLINICAL} if code == LIMIT_PART else set())
    return known.stage in stages and known.has_member(request.viewer.actor.id)


def _why_not(known: Case) -> str:
    if known.stage in (DRAFTING, PLANNING):
        return "Members of the joint group write this part."
    return f"The case is at '{known.at.title.lower()}', so this part stands as it is."


def _links(known: Case, code: str) -> list[tuple[str, str]]:
    at = [known.place, known.number, code]
    if code in ROWS:
        links = [(f"Add {_ROW_NAMES[code]}", reverse("redesign:row-add", args=at))]
        beside = {SPECIFICATION: "Write its purpose", SHIFTS: "Write what is saved, what is new and for how long"}
        return [*links, *([(beside[code], reverse("redesign:part-write", args=at))] if code in beside else [])]
    return [("Write this part", reverse("redesign:part-write", args=at))]


_ROW_NAMES = {PATHWAY: "a stage", SPECIFICATION: "an outcome", SHIFTS: "a move of money"}


def _tables(known: Case, code: str, *, may: bool) -> tuple[Table, ...]:
    written = case_for_change(bodies(known))
    if code == PATHWAY:
        return (_with_changes(known, code, case_paper.stages_table(written), len(written.stages), may=may),)
    if code == SPECIFICATION:
        return (_with_changes(known, code, case_paper.outcomes_table(written), len(written.outcomes), may=may),)
    if code == SHIFTS:
        shown = case_paper.shifts_table(known, written, explained=True)
        return (_with_changes(known, code, shown, len(written.shifts.shifts), may=may),)
    said = said_table(known, code)
    if code in written.prose and written.prose[code].figures:
        return (*said, case_paper.figures_table(known, code, written.prose[code], None))
    return said


def _with_changes(known: Case, code: str, shown: Table, rows: int, *, may: bool) -> Table:
    """The table with the ways by which each row is changed or removed."""
    if not may:
        return shown
    found = []
    for at, row in enumerate(shown.rows, 1):
        here = [known.place, known.number, code, at]
        ways = (
            (
                Link("Change", reverse("redesign:row", args=here)),
                Link("Remove", reverse("redesign:row-remove", args=here)),
            )
            if at <= rows
            else ("", "")
        )
        found.append(tables.Row((*row.cells, *ways), row.total))
    columns = (*shown.columns, tables.text("Change"), tables.text("Remove"))
    return tables.table(shown.id, shown.caption, columns, found, cards=shown.cards, empty=shown.empty)


def picture(request: HttpRequest, place: str, number: int) -> HttpResponse:
    """The pathway as a picture."""
    known = opened(request, place, number, "picture of the pathway")
    drawn = pathway_svg(case_for_change(bodies(known)).stages, f"Pathway: {known.title}")
    return HttpResponse(drawn, content_type=SVG_TYPE)


def write_part(request: HttpRequest, place: str, number: int, part_code: str) -> HttpResponse:
    """Write a part in words, what stands beside a table, or the answers to the limits."""
    _title(part_code)
    known = opened(request, place, number, f"part {part_code}")
    book = open_book(place)
    if part_code == LIMIT_PART:
        return _write_limits(request, book, known)
    if part_code in (SPECIFICATION, SHIFTS):
        return _write_beside(request, book, known, part_code)
    if part_code not in PROSE:
        raise Http404("This part is written row by row.")
    return _write_prose(request, book, known, part_code)


def _write_prose(request: HttpRequest, book: Book, known: Case, code: str) -> HttpResponse:
    title, hint = PROSE[code]
    cites = f"One a line, copied from the page that explains the figure; each starts with {', '.join(PREFIXES)}"
    told = "Of what does not apply, the supporters of both sides say so" if both_say(known, code) else ""
    may = code in may_not_apply(supported=supported(known))
    applies = (choice("applies", "Does this part apply?", YES_NO, "Say yes or no.", told),) if may else ()
    form = Form(
        (*applies, prose("text", title, hint=hint), prose("figures", "Addresses of figures", hint=cites), REVISION)
    )

    def act(values: Mapping[str, Any]) -> str:
        actions.write_prose(
            by=request.viewer.actor, place=known.place, number=known.number, part=code, revision=values["revision"],
            text=values.get("text", ""), applies=values.get("applies", "yes") == "yes",
            figures=tuple(values.get("figures", "").split()),
        )  # fmt: skip
        return _address(known, code)

    held = part(known, code)
    first = {
        "text": str(held.body.get("text", "")),
        "applies": "yes" if held.body.get("applies", True) else "no",
        "figures": "\n".join(held.body.get("figures", ())),
        "revision": str(held.revision),
    }
    return write(request, Writing(title, form, "Save", act, book=book, trail=_trail(book, known, code), first=first))


def _write_beside(request: HttpRequest, book: Book, known: Case, code: str) -> HttpResponse:
    fields: tuple[Field, ...] = (
        Field("saving", "Saved in a year", pounds_and_pence, "What reaches nobody", **_SUM),  # type: ignore[arg-type]
        Field("new_money", "New money in a year", pounds_and_pence, "What leaves nobody", **_SUM),  # type: ignore[arg-type]
        Field("one_off", "Paid once to begin", pounds_and_pence, **_SUM),  # type: ignore[arg-type]
        Field("years", "For how many years", whole_number, _YEARS, width="2"),
    )
    if code == SPECIFICATION:
        fields = (prose("purpose", "Purpose of the service"),)
    held = part(known, code)

    def act(values: Mapping[str, Any]) -> str:
        actions.write_table(by=request.viewer.actor, place=known.place, number=known.number, part=code, **values)
        return _address(known, code)

    first = {"purpose": str(held.body.get("purpose", "")), "revision": str(held.revision)}
    first |= {name: plain_pounds(int(held.body.get(name, 0))) for name in ("saving", "new_money", "one_off")}
    first["years"] = str(held.body.get("years") or "")
    return write(request, Writing(part_title(code), Form((*fields, REVISION)), "Save", act, book=book,
                                  trail=_trail(book, known, code), first=first))  # fmt: skip


def plain_pounds(pence: int) -> str:
    """Pence as pounds to be edited."""
    return pounds(pence).replace("£", "").replace(",", "")


def _write_limits(request: HttpRequest, book: Book, known: Case) -> HttpResponse:
    form = Form((*(choice(code, f"{title}?", YES_NO) for code, title in LIMITS.items()), REVISION))
    held = part(known, LIMIT_PART)

    def act(values: Mapping[str, Any]) -> str:
        answers = {code: values.get(code, "") for code in LIMITS}
        actions.write_limits(
            by=request.viewer.actor,
            place=known.place,
            number=known.number,
            revision=values["revision"],
            answers=answers,
        )
        return _address(known, LIMIT_PART)

    first = {code: str(held.body.get(code, "")) for code in LIMITS} | {"revision": str(held.revision)}
    return write(request, Writing("Limits of shared pathways", form, "Save", act, book=book,
                                  trail=_trail(book, known, LIMIT_PART), first=first))  # fmt: skip


def _row_form(place: str, code: str) -> Form:
    settings = pairs(SETTINGS)
    if code == PATHWAY:
        own: tuple[Field, ...] = (
            choice("setting", "Setting", settings, "Choose a setting."),
            line("what", "What happens", required="Say what happens in this stage.", longest=300),
            line("who", "Who does it"),
            choice("before", "Where does it happen now?", settings, hint="Only if it moves"),
        )
    elif code == SPECIFICATION:
        own = (
            line("text", "What is wanted", hint="A result for patients, no way of working",
                 required="Say what is to come of the service.", longest=300),
            line("indicator", "Indicator", hint="By which number it is seen"),
            line("baseline", "Where it stands now"),
            line("target", "Where it is to come"),
        )  # fmt: skip
    else:
        who = tuple((each.short_name, each.short_name) for each in organisations.providers(place))
        known = f"Such as {', '.join(name for name, _ in who[:3])}" if who else ""
        own = (
            line("giver", "From", hint=known, required="Say whose money it is now."),
            line("receiver", "To", required="Say whom it reaches."),
            Field("out", "Leaves in a year", pounds_and_pence, required="Give a sum; 0 for none.", **_SUM),  # type: ignore[arg-type]
            Field("into", "Arrives in a year", pounds_and_pence, required="Give a sum; 0 for none.", **_SUM),  # type: ignore[arg-type]
            line("contract", "Contract that changes"),
        )
    return Form((*own, _POSITION, REVISION))


def row_add(request: HttpRequest, place: str, number: int, part_code: str) -> HttpResponse:
    """Add a row to a table of the case."""
    return _row(request, place, number, part_code, None)


def row(request: HttpRequest, place: str, number: int, part_code: str, at: int) -> HttpResponse:
    """Change a row of a table of the case."""
    return _row(request, place, number, part_code, at)


def _row(request: HttpRequest, place: str, number: int, code: str, at: int | None) -> HttpResponse:
    if code not in ROWS:
        raise Http404("A case has no such table.")
    book = open_book(place)
    known = opened(request, place, number, f"part {code}")
    held = part(known, code)
    rows = list(held.body.get(ROWS[code], ()))
    if at is not None and not 1 <= at <= len(rows):
        raise Http404("The table has no such row.")

    def act(values: Mapping[str, Any]) -> str:
        own = {name: value for name, value in values.items() if name not in ("revision", "position")}
        actions.write_row(
            by=request.viewer.actor, place=place, number=number, part=code, revision=values["revision"], values=own,
            row=at, position=values.get("position"),
        )  # fmt: skip
        return _address(known, code)

    first = {"revision": str(held.revision)}
    if at is not None:
        kept = rows[at - 1]
        first |= {name: plain_pounds(value) if isinstance(value, int) else str(value) for name, value in kept.items()}
        first["position"] = str(at)
    title = f"Add {_ROW_NAMES[code]}" if at is None else f"Change {_ROW_NAMES[code]}"
    return write(request, Writing(title, _row_form(place, code), "Save", act, book=book,
                                  trail=_trail(book, known, code), first=first))  # fmt: skip


def row_remove(request: HttpRequest, place: str, number: int, part_code: str, at: int) -> HttpResponse:
    """Take a row out of a table of the case."""
    if part_code not in ROWS:
        raise Http404("A case has no such table.")
    book = open_book(place)
    known = opened(request, place, number)

    def act(values: Mapping[str, Any]) -> str:
        actions.remove_row(
            by=request.viewer.actor, place=place, number=number, part=part_code, revision=values["revision"], row=at
        )
        return _address(known, part_code)

    lead = f"Row {at} leaves the table. The log keeps what it said."
    first = {"revision": str(part(known, part_code).revision)}
    return write(request, Writing(f"Remove {_ROW_NAMES[part_code]}", Form((REVISION,)), "Remove it", act, None, book,
                                  _trail(book, known, part_code), lead, first))  # fmt: skip


def _address(known: Case, code: str) -> str:
    return reverse("redesign:part", args=[known.place, known.number, code])


def _trail(book: Book, known: Case, code: str) -> tuple[Crumb, ...]:
    return crumb(book), case_crumb(known), Crumb(_title(code), _address(known, code))

"""The tables of a case: its parts, groups, reviews, comments, versions, and the way that it came."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse
from django.utils.timezone import localtime

from openpbc.governance.reads import Level
from openpbc.kernel.periods import day_text, moment_text
from openpbc.organisations import reads as organisations
from openpbc.redesign.pages import separation
from openpbc.redesign.pages.consulting import about_table
from openpbc.redesign.reads import clocks, parts
from openpbc.redesign.reads.beside import Beside
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.versions import (
    MORE_WORK,
    RETURNED,
    WAIVED,
    Agreement,
    agreements_in_force,
    comments,
    function_roles,
    functions,
    newest_number,
    reviews,
    versions_of,
    void_agreements,
)
from openpbc.redesign.rules.completeness import NEVER_DUE, PARTS, SAFETY, part_title
from openpbc.redesign.rules.transitions import CONCLAVE, REVIEW, ROUTES, STAGES
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing, Tag
from openpbc.ui.pages import capital
from openpbc.ui.tables import Table

_SHEETS = {RETURNED: "returned", MORE_WORK: "needs work", WAIVED: "waived"}


def all_tables(request: HttpRequest, known: Case, level: Level, beside: Beside) -> tuple[Table, ...]:
    """Every table of a case's page in its order."""
    book = beside.book
    return (
        parts_table(known),
        groups_table(request, book, known),
        reviews_table(request, book, known),
        comments_table(request, book, known),
        versions_table(known),
        *consulted_tables(known, beside),
        timeline_table(book, known),
        stays_table(known),
        separation.decides_table(book, known, request.viewer, level),
        separation.constraint_table(known, beside),
        separation.handover_table(known),
    )


def consulted_tables(known: Case, beside: Beside) -> tuple[Table, ...]:
    """Who was consulted on a case, where it falls on primary care or anybody was."""
    noted = beside.consulting.noted.get(known.matter, ())
    return (about_table(beside.book, noted),) if noted or beside.consulting.falls(known) else ()


def parts_table(known: Case) -> Table:
    """The parts of the case for change, each with what it still lacks."""
    lacking: dict[str, list[str]] = {}
    for fault in parts.faults(known):
        lacking.setdefault(fault.part, []).append(fault.sentence)
    if known.variant == CONCLAVE:
        lacking[parts.LIMIT_PART] = list(parts.limits_unmet(known))
    codes = (*PARTS, parts.LIMIT_PART) if known.variant == CONCLAVE else PARTS
    rows: list[list[Cell]] = []
    for code in codes:
        held = parts.part(known, code)
        title = "Limits of shared pathways" if code == parts.LIMIT_PART else part_title(code)
        changed = f"{held.changed_by}, {day_text(localtime(held.changed_at))}" if held.changed_at else ""
        href = reverse("redesign:part", args=[known.place, known.number, code])
        rows.append(
            [Link(title, href), _state(known, code, lacking.get(code, [])), " ".join(lacking.get(code, [])), changed]
        )
    columns = [tables.text(name) for name in ("Part", "State", "What it lacks", "Last changed")]
    return tables.table("parts", "Case for change", columns, rows, cards=True)


def _state(known: Case, code: str, lacking: list[str]) -> Tag:
    if lacking:
        return Tag("lacks something", "orange") if code in known.parts else Tag("not begun", "red")
    optional = code in NEVER_DUE or code == SAFETY
    if optional and code not in known.parts:
        return Tag("not due", "grey")
    return Tag("complete", "green")


def groups_table(request: HttpRequest, book: Book, known: Case) -> Table:
    """The groups that the case concerns: the rank that each gave it, and what it says of the newest version."""
    names = {unit.code: unit.name for unit in organisations.units(known.place)}
    said, void = agreements_in_force(known), void_agreements(known)
    rows: list[list[Cell]] = []
    for group in known.groups:
        answer, gone = said.get(group.unit), void.get(group.unit)
        rows.append(
            [
                names.get(group.unit, group.unit) + (", leads it for all" if group.unit == known.lead_group else ""),
                _rank(request, known, group.unit, group.rank),
                f"{group.agreed_by}, {day_text(localtime(group.agreed_at))}" if group.agreed_at else "",
                _answered(answer, gone),
                ROUTES.get(answer.route, "") if answer else "",
                f"{answer.by}, {day_text(localtime(answer.at))}. {answer.reason}".strip() if answer else _gone(gone),
            ]
        )
    columns = [
        tables.text(capital(book.word("unit"))),
        tables.number("Rank", additive=False),
        tables.text("Ranked by"),
        tables.text("Newest version"),
        tables.text("Route"),
        tables.text("Who said so"),
    ]
    return tables.table("groups", "Groups that it concerns", columns, rows, cards=True)


def _answered(answer: Agreement | None, void: Agreement | None) -> Cell:
    if answer is None:
        return Tag("void", "orange") if void else ""
    return Tag("agreed", "green") if answer.agreed else Tag("said no", "red")


def _gone(void: Agreement | None) -> str:
    return f"{void.by} answered, and has an interest or may bid: somebody else of the group answers." if void else ""


def _rank(request: HttpRequest, known: Case, unit: str, rank: int | None) -> Cell:
    if rank is not None:
        return Figure(rank)
    if request.may("redesign:rank", "POST", place=known.place, unit=unit):
        return Link("Rank it", reverse("redesign:rank", args=[known.place, known.number, unit]))
    return Missing(why="The group has not ranked it.")


def reviews_table(request: HttpRequest, book: Book, known: Case) -> Table:
    """What each function said of the newest version; those who review for it get the way to their sheet."""
    newest = newest_number(known)
    done = {each.function: each for each in reviews(known, newest)} if newest else {}
    may = known.stage == REVIEW and request.may("redesign:review", "POST", place=known.place)
    may, held = may and not known.has_member(request.viewer.actor.id), request.viewer.roles_in(known.place)
    reviewers = function_roles(book)
    rows: list[list[Cell]] = []
    for code, title in functions(book).items():
        sheet, href = done.get(code), reverse("redesign:review", args=[known.place, known.number, code])
        state: Cell = Tag("not returned", "orange") if newest else Tag("nothing to review", "grey")
        if sheet:
            state = Tag(_SHEETS[sheet.outcome], "orange" if sheet.outcome == MORE_WORK else "green")
        rows.append(
            [
                Link(title, href) if may and held & reviewers[code] else title,
                state,
                sheet.text if sheet else "",
                f"{sheet.reviewer}, {day_text(localtime(sheet.reviewed_at))}" if sheet else "",
            ]
        )
    columns = [tables.text(name) for name in ("Function", "Review", "What it found", "By")]
    caption = f"Reviews of version {newest}" if newest else "Reviews"
    return tables.table("reviews", caption, columns, rows, cards=True, empty="No function reviews cases here.")


def comments_table(request: HttpRequest, book: Book, known: Case) -> Table:
    """Comments on parts with their replies; members of the joint group may reply."""
    titles = functions(book)
    may = known.has_member(request.viewer.actor.id)
    rows: list[list[Cell]] = [
        [
            part_title(each.part),
            each.text,
            f"{each.by}, {day_text(localtime(each.at))}"
            + (f", for {titles.get(each.function, each.function).lower()}" if each.function else ""),
            each.reply
            or (
                Link("Reply", reverse("redesign:reply", args=[known.place, known.number, each.id]))
                if may
                else Tag("no reply yet", "orange")
            ),
            f"{each.replied_by}, {day_text(localtime(each.replied_at))}" if each.replied_at else "",
        ]
        for each in comments(known)
    ]
    columns = [tables.text(name) for name in ("On", "Comment", "By", "Reply", "Replied by")]
    return tables.table("comments", "Comments", columns, rows, cards=True, empty="Nobody has commented yet.")


def versions_table(known: Case) -> Table:
    """The case as it was handed in, each time; its hash shows that nothing has changed since."""
    rows: list[list[Cell]] = [
        [
            Link(f"Version {each.number}", reverse("redesign:version", args=[known.place, known.number, each.number])),
            moment_text(localtime(each.frozen_at)),
            each.frozen_by,
            each.sha256[:16],
            Tag("as handed in", "green") if each.intact else Tag("altered", "red"),
        ]
        for each in versions_of(known)
    ]
    columns = [tables.text(name) for name in ("Version", "Handed in", "By", "Begins with hash", "State")]
    return tables.table("versions", "Versions", columns, rows, cards=True, empty="The case was not handed in yet.")


def timeline_table(book: Book, known: Case) -> Table:
    """Every step that the case took, the last one first."""
    names = {unit.code: unit.name for unit in organisations.units(known.place)}
    rows: list[list[Cell]] = [
        [
            moment_text(localtime(each.at)),
            clocks.way_name(each.way) + (f": {names.get(each.unit, each.unit)}" if each.unit else ""),
            STAGES[each.to].title,
            each.by,
            each.reason,
        ]
        for each in reversed(known.passages)
    ]
    columns = [tables.text(name) for name in ("When", "What was done", "Then at", "By", "Why")]
    return tables.table("timeline", "The way it came", columns, rows, cards=True)


def stays_table(known: Case) -> Table:
    """Days in each stage, and in all since the priority was agreed."""
    found = clocks.clocks(known, organisations.today())
    rows: list[list[Cell]] = [[STAGES[code].title, Figure(days)] for code, days in found.by_stage.items()]
    begun = Missing(why="The clock starts when a group agrees the priority.")
    whole = begun if found.whole is None else Figure(found.whole, address=clocks.figure_address(known, clocks.DAYS))
    total: list[Cell] = ["Since the priority was agreed", whole]
    columns = [tables.text("Stage"), tables.number("Days", additive=False)]
    return tables.table(
        "stays", "How long it takes", columns, [*rows, tables.Row(tuple(total), total=True)], cards=True
    )

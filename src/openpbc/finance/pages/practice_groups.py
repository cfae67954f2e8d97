"""Custom groups of practices: the list, one group with what it needs, and making, changing and closing it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from openpbc.finance import actions, reads
from openpbc.finance.pages.group_tables import findings_table, group_tables, practices_table
from openpbc.finance.reads.practice_groups import Group, default_day, group_findings, may_change, read_list
from openpbc.finance.rules.practice_groups import Member, written
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Tag
from openpbc.ui.forms import AREA, HIDDEN, Field, Form, choice, day, whole_number, words
from openpbc.ui.pages import Crumb, Page, respond
from openpbc.ui.writing import Checked, Writing, write

SHARED = (("no", "Only me"), ("yes", "Everybody who may see budgets here"))
LONGEST_LIST = 200_000


def _list_text(text: str) -> str:
    if any(ord(letter) < 32 and letter not in "\t\r\n" for letter in text):
        raise UserError("there are characters that cannot be printed", do="Paste the list again as plain text.")
    return text


FORM = Form(
    (
        Field("name", "Name", words, required="Name: give the group a name.", width="20", longest=100),
        Field("purpose", "What it is for", words, hint="Others see it if you share the group", width="30", longest=300),
        Field("starts", "Members from", day, "Where a line gives no first day", required="Members from: give a day."),
        Field(
            "members",
            "Practices",
            _list_text,
            hint="One practice code a line; if wanted, its first and last day after commas: E81001, 2023-04-01, "
            "2024-03-31. A column of a spreadsheet can be pasted.",
            required="Practices: give one code a line.",
            kind=AREA,
            longest=LONGEST_LIST,
        ),
        choice("shared", "Who may see it", SHARED, "Say who may see it."),
        Field("revision", "Revision", whole_number, kind=HIDDEN),
    )
)
CLOSE = Form(
    (
        Field("on", "Closed from", day, required="Closed from: give a day.", width="10"),
        Field("reason", "Why", words, required="Why: give the reason.", width="30", longest=300),
        Field("revision", "Revision", whole_number, kind=HIDDEN),
    )
)


def groups(request: HttpRequest, place: str) -> HttpResponse:
    """The custom groups that the reader may see."""
    book = open_book(place)
    on = default_day(book)
    found = reads.practice_groups(place, request.viewer.actor.id)
    columns = [
        tables.text("Group"), tables.text("What it is for"), tables.text("Whose"),
        tables.number("Practices", f"on {on:%d %B %Y}".replace(" 0", " "), additive=False), tables.text("Seen by"),
    ]  # fmt: skip
    rows: list[list[Cell]] = [
        [
            Link(each.name, _address("finance:practice-group", each)),
            each.purpose,
            each.owner_name,
            Figure(len(each.practices(on))),
            Tag("closed") if each.closed_on else Tag("shared", "blue") if each.shared else Tag("only you", "grey"),
        ]
        for each in found
    ]
    shown = tables.table("groups", "Groups that you may see", columns, rows, cards=True, empty="There is no group yet.")
    page = Page(
        template="finance/practice_groups.jinja",
        title=groups_title(book),
        book=book,
        trail=(need_crumb(book),),
        tables=(shown,),
    )
    return respond(request, page)


def group(request: HttpRequest, place: str, group: int) -> HttpResponse:
    """One group on a day (``?on= &known_on=``): its practices, and what they need against place and country."""
    book = open_book(place)
    found = _found(request, book, group)
    on, known_on = (_day(request, name) for name in ("on", "known_on"))
    on = on or default_day(book)
    need = reads.group_need(book, found, on, known_on)
    known = None if isinstance(need, NotSet) else need
    shown = [*(() if known is None else group_tables(known)), practices_table(request, book, found, on, known)]
    page = Page(
        template="finance/practice_group.jinja",
        title=found.name,
        book=book,
        trail=(need_crumb(book), groups_crumb(book)),
        tables=tuple(shown),
        facts=(("On", on.isoformat()), ("Group", f"number {found.id}, revision {found.revision}")),
        rests_on=() if known is None else (book.table(reads.ENGLAND), book.table(reads.WEIGHTS)),
        context={
            "group": found,
            "need": known,
            "missing": need if known is None else None,
            "on": on,
            "known_on": known_on,
            "warnings": group_findings(book, request.viewer.actor.id, found.members, found.id),
            "may_change": may_change(found.owner, request.viewer.actor),
        },
    )
    return respond(request, page)


def new(request: HttpRequest, place: str) -> HttpResponse:
    """Put a group together: the form, the rows that were read and those that were not, then the group."""
    book = open_book(place)

    def act(values: Mapping[str, Any]) -> str:
        number = actions.make_group(by=request.viewer.actor, place=place, **_answers(book, values))
        return reverse("finance:practice-group", args=[place, number])

    first = {"starts": book.place.year.first.isoformat(), "shared": "no"}
    return write(request, _writing(request, book, "Put a group together", "Make the group", act, first))


def edit(request: HttpRequest, place: str, group: int) -> HttpResponse:
    """Change a group as it was when the form was opened."""
    book = open_book(place)
    found = _own(request, book, group)

    def act(values: Mapping[str, Any]) -> str:
        answers = _answers(book, values)
        actions.change_group(
            by=request.viewer.actor, place=place, group=group, revision=values.get("revision", 0), **answers
        )
        return _address("finance:practice-group", found)

    first = {
        "name": found.name,
        "purpose": found.purpose,
        "starts": book.place.year.first.isoformat(),
        "members": written(found.members),
        "shared": "yes" if found.shared else "no",
        "revision": str(found.revision),
    }
    return write(request, _writing(request, book, f"Change {found.name}", "Change the group", act, first, found))


def close(request: HttpRequest, place: str, group: int) -> HttpResponse:
    """Close a group: it stays to be read, and cannot be changed any more."""
    book = open_book(place)
    found = _own(request, book, group)

    def act(values: Mapping[str, Any]) -> str:
        given = {name: values[name] for name in ("on", "reason")}
        actions.close_group(
            by=request.viewer.actor, place=place, group=group, revision=values.get("revision", 0), **given
        )
        return _address("finance:practice-group", found)

    def check(values: Mapping[str, Any]) -> Checked:
        told = (f"{found.name} has no practices from {values['on'].isoformat()} on.", "This cannot be taken back.")
        return Checked((("Group", found.name), ("Why", values["reason"])), told)

    writing = Writing(
        title=f"Close {found.name}",
        form=CLOSE,
        submit="Close the group",
        act=act,
        check=check,
        book=book,
        trail=(*_trail(book), Crumb(found.name, _address("finance:practice-group", found))),
        first={"on": default_day(book).isoformat(), "revision": str(found.revision)},
    )
    return write(request, writing)


def _writing(
    request: HttpRequest, book: Book, title: str, submit: str, act: Any, first: Mapping[str, str],
    found: Group | None = None,
) -> Writing:  # fmt: skip
    def check(values: Mapping[str, Any]) -> Checked:
        given = read_list(book, values["members"], values["starts"])
        overlaps = group_findings(book, request.viewer.actor.id, given.members, found.id if found else None)
        rows = (
            ("Name", values["name"]),
            ("Who may see it", dict(SHARED)[values["shared"]]),
            ("Practices that count", Figure(len(given.members))),
            ("Rows left out", Figure(given.rejected)),
        )
        told = (
            f"{given.rejected} of {given.rows} rows are left out, as listed below. Change the list to keep them."
            if given.rejected
            else ""
        )
        beware = (*((told,) if told else ()), *(finding.sentence for finding in overlaps))
        shown = (findings_table(given.findings),) if given.findings else ()
        return Checked(rows, (), beware, shown)

    return Writing(
        title=title,
        form=FORM,
        submit=submit,
        act=act,
        check=check,
        book=book,
        trail=_trail(book),
        lead=f"Any practices of {book.place.title}, and any in the published weights, from a day to a day.",
        first=first,
    )


def _answers(book: Book, values: Mapping[str, Any]) -> dict[str, Any]:
    members: tuple[Member, ...] = read_list(book, values["members"], values["starts"]).members
    purpose, shared = values.get("purpose", ""), values["shared"] == "yes"
    return {"name": values["name"], "purpose": purpose, "shared": shared, "members": members}


def _found(request: HttpRequest, book: Book, group: int) -> Group:
    found = reads.practice_group(book.place.id, group, request.viewer.actor.id)
    if found is None:
        raise Http404("There is no such group, or it is not shared with you.")
    return found


def _own(request: HttpRequest, book: Book, group: int) -> Group:
    """Give a group that the reader may change; the action asks again."""
    found = _found(request, book, group)
    if not may_change(found.owner, request.viewer.actor):
        raise PermissionDenied(f"The group belongs to {found.owner_name}.")
    return found


def _day(request: HttpRequest, name: str) -> date | None:
    text = request.GET.get(name, "").strip()
    return day(text) if text else None


def _address(route: str, found: Group) -> str:
    return reverse(route, args=[found.place, found.id])


def _trail(book: Book) -> tuple[Crumb, ...]:
    return need_crumb(book), groups_crumb(book)


def need_crumb(book: Book) -> Crumb:
    """The step of the breadcrumb that leads to the place's need."""
    return Crumb("Need by weighted population", reverse("finance:need-shares", args=[book.place.id]))


def groups_crumb(book: Book) -> Crumb:
    """The step that leads to the list of groups."""
    return Crumb(groups_title(book), reverse("finance:practice-groups", args=[book.place.id]))


def groups_title(book: Book) -> str:
    """What the list of groups is called."""
    return f"Your own groups of {book.word('practices')}"

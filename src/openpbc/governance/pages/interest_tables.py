"""Tables of interests, with what each group of readers may see of one."""

from __future__ import annotations

from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from openpbc.governance import reads
from openpbc.governance.reads import Breach, Declared, Outstanding
from openpbc.kernel.periods import day_text
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import ROLES, Person
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Tag
from openpbc.ui.pages import Crumb
from openpbc.ui.tables import Table

SHEET = "openpbc/sheet.jinja"
NOT_SHOWN = "not shown"


def crumb(book: Book) -> Crumb:
    """The way back to one's own interests."""
    return Crumb("My interests", reverse("governance:interests", args=[book.place.id]))


def say_day(value: date | datetime | None, none: str = "") -> str:
    """A day as people write it; the day of a moment is the one where the site runs."""
    if value is None:
        return none
    day = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return day_text(day)


def state(each: Declared) -> Tag:
    """Whether an interest stands."""
    if not each.stands:
        return Tag("ended", "grey")
    return Tag("confirmed", "green") if each.reviewed_at else Tag("stands", "blue")


def names_of(place: str) -> dict[str, str]:
    """The organisations of a place by code; one that the place does not know is called by what was written."""
    return reads.organisation_names(place)


def own_table(book: Book, found: tuple[Declared, ...]) -> Table:
    """A person's own interests, each with the way to end it."""
    place, called, stated = book.place.id, names_of(book.place.id), reads.settings(book)
    rows: list[list[Cell]] = [
        [
            called.get(each.organisation, each.organisation),
            each.role,
            stated.words[each.nature],
            say_day(each.held_from),
            say_day(each.held_to),
            say_day(each.declared_at),
            state(each),
            Link(f"End interest {each.id}", reverse("governance:interest-end", args=[place, each.id]))
            if each.end is None
            else "",
        ]
        for each in found
    ]
    titles = ("Organisation", "What I am there", "Kind", "Since", "Until", "Declared", "Standing", "Change")
    columns = [tables.text(title) for title in titles]
    return tables.table("interests", "What I declared", columns, rows, cards=True, empty="You have declared none.")


def register_table(book: Book, found: tuple[Declared, ...], people: dict[str, Person], *, detail: bool) -> Table:
    """Every interest with its whole history; what only the secretary and the chair may read is a column of its own."""
    called, stated = names_of(book.place.id), reads.settings(book)
    rows: list[list[Cell]] = [
        [
            people[each.person].name if each.person in people else each.person,
            called.get(each.organisation, each.organisation),
            each.role,
            stated.words[each.nature],
            say_day(each.held_from),
            say_day(each.held_to),
            say_day(each.declared_at),
            say_day(each.reviewed_at),
            state(each),
            *([each.detail] if detail else []),
        ]
        for each in found
    ]
    titles = ("Person", "Organisation", "Is there", "Kind", "Since", "Until", "Declared", "Confirmed", "Standing")
    columns = [tables.text(title) for title in (*titles, *(["Detail"] if detail else []))]
    empty = "Nobody has declared an interest."
    return tables.table("register", "All that was declared", columns, rows, cards=True, empty=empty)


def outstanding_table(found: tuple[Outstanding, ...]) -> Table:
    """Who has to declare and never did, or too long ago."""
    rows: list[list[Cell]] = [
        [each.person.name, say_day(each.last, "never"), say_day(each.due), Tag("cannot vote", "red")] for each in found
    ]
    columns = [tables.text(title) for title in ("Person", "Last declared", "Ran out on", "Until then")]
    empty = "Everybody who has to has declared."
    return tables.table("outstanding", "Declarations that are missing", columns, rows, cards=True, empty=empty)


def public_table(book: Book, found: tuple[Declared, ...], people: dict[str, Person], on: date) -> Table:
    """What anybody may see: body, role and kind of the interests that stood on a day, and nothing of families."""
    called, stated = names_of(book.place.id), reads.settings(book)
    rows: list[list[Cell]] = [
        [
            roles_of(people.get(each.person), book.place.id, on),
            called.get(each.organisation, each.organisation),
            NOT_SHOWN if each.nature == "indirect" else each.role,
            stated.words[each.nature],
            say_day(each.held_from),
        ]
        for each in found
        if each.stood_on(on)
    ]
    columns = [tables.text(title) for title in ("Held by", "Body", "Role there", "Kind", "Since")]
    rows = sorted(rows, key=str)
    empty = "No interest was declared by then."
    return tables.table("public-interests", "Declared interests", columns, rows, cards=True, empty=empty)


def roles_of(person: Person | None, place: str, on: date | None = None) -> str:
    """What a person is in a place on a day (today unless said), in words."""
    held = person.assignments if person else ()
    day = on or organisations.today()
    found = {ROLES[each.role] for each in held if each.applies_in(place) and each.holds_on(day)}
    return ", ".join(sorted(found)) or "Member"


def breach_table(book: Book, found: tuple[Breach, ...], people: dict[str, Person]) -> Table:
    """Late declarations, with what was opened and decided before and whether the chair knows."""
    place, called = book.place.id, names_of(book.place.id)
    rows: list[list[Cell]] = [
        [
            Link(
                people[each.declared.person].name if each.declared.person in people else each.declared.person,
                reverse("governance:interest-breach", args=[place, each.declared.id]),
            ),
            called.get(each.declared.organisation, each.declared.organisation),
            say_day(each.declared.held_from),
            say_day(each.declared_on),
            "no period is set" if each.days_late is None else f"{each.days_late} days",
            f"{len(each.opened)}",
            f"{sum(bool(one.vote) for one in each.decided)}",
            Tag("told", "green") if each.told else Tag("not told", "red"),
        ]
        for each in found
    ]
    titles = ("Person", "Organisation", "Since", "Declared", "Late by", "Papers opened", "Votes void", "Chair")
    columns = [tables.text(title) for title in titles]
    empty = "No interest was declared late."
    return tables.table("breaches", "Late declarations", columns, rows, cards=True, empty=empty)

"""The extract of the register for a meeting, as a table: who attends, whether their declaration counts, and of what."""

from __future__ import annotations

from openpbc.governance.pages.interest_tables import names_of, say_day
from openpbc.governance.reads import interests as held
from openpbc.governance.reads.attending import Attending, attending, extract_day
from openpbc.governance.reads.meetings import Meeting
from openpbc.governance.rules.quorum import CAPACITIES
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Tag
from openpbc.ui.tables import Table


def extract_table(book: Book, meeting: Meeting) -> Table:
    """Everybody who attends with their declaration and their interests; nobody is left out."""
    found = attending(meeting)
    called, stated = names_of(book.place.id), held.settings(book)
    rows: list[list[Cell]] = [
        [
            each.name,
            f"deputy for {each.deputy_for}" if each.deputy_for else CAPACITIES[each.capacity],
            "votes" if each.votes else "no vote",
            say_day(each.last, "never"),
            say_day(each.due),
            _standing(each),
            "; ".join(
                f"{called.get(one.organisation, one.organisation)}: {one.role} ({stated.words[one.nature]})"
                for one in each.interests
            )
            or ("" if each.last is None else "none declared"),
        ]
        for each in found
    ]
    in_date = sum(not each.why for each in found)
    titles = ("Who attends", "As", "Vote", "Last declared", "Counts until", "Declaration", "Interests that stand")
    columns = [tables.text(title) for title in titles]
    note = f"{in_date} of {len(found)} have a declaration that counts, as at {say_day(extract_day(meeting))}."
    return tables.table(
        "attending", "Register of interests of who attends", columns, rows, cards=True,
        empty="Nobody has a seat in this body on that day.", notes=(note,),
    )  # fmt: skip


def _standing(each: Attending) -> Tag:
    if not each.why:
        return Tag("counts", "green")
    what = "missing" if each.last is None else "too old"
    return Tag(f"{what}: cannot vote", "red") if each.votes else Tag(what, "orange")

"""What waits in measures: actions that are open, and their day."""

from __future__ import annotations

from collections.abc import Iterator

from openpbc.kernel.periods import day_text
from openpbc.measures import reads
from openpbc.measures.pages.listing import measure_href
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.ui.offers import Work

KEEPERS = frozenset({"contract_manager", "analyst"})


def work(book: Book, viewer: Viewer) -> Iterator[Work]:
    """Open actions about providers that miss a target, for those who keep contracts and measures."""
    if not viewer.roles_in(book.place.id) & KEEPERS:
        return
    titles = {row["code"]: row["title"] for row in book.need_table("measures.measures")}
    for each in reads.tasks(book.place.id):
        if each.open:
            text = f"{titles.get(each.measure, each.measure)} at {each.provider}: {each.what}"
            yield Work(text, f"{each.owner}, by {day_text(each.due)}", measure_href(book, each.measure), KEEPERS)

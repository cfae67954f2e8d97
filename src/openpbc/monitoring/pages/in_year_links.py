"""What a reader may do next with a position: shown only where the access file lets them."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest
from django.urls import reverse

from openpbc.kernel.periods import Month
from openpbc.monitoring import reads
from openpbc.monitoring.reads import InYear, InYearRow
from openpbc.monitoring.reads.holders import GROUP, PRACTICE
from openpbc.rulebook.reader import Book
from openpbc.ui.figures import Cell, Link

OF_GROUP = (
    ("unit-statement", "Budget statement on one page"),
    ("unit-pack", "Information pack"),
    ("unit-note", "Write a note"),
    ("unit-action", "Agree an action"),
    ("unit-division", "Divide the budget"),
)
OF_PRACTICE = (("practice-statement", "Budget statement on one page"),)
OF_WHOLE = (
    ("note", "Write a note"),
    ("action", "Agree an action"),
    ("enter", "Enter an amount"),
    ("entries", "Entered actuals"),
    ("due", "What is due for payment"),
)
LOCK, UNLOCK = ("lock", "Lock this position"), ("unlock", "Reopen this position")
# Pages that take the month as a question, and those that are about the place alone.
ASKING = frozenset({"unit-statement", "practice-statement", "unit-division", "unit-pack", "enter", "entries"})
OF_PLACE = frozenset({"enter", "entries"})


def position_href(book: Book, month: Month) -> str:
    """The page of the whole place's position after a month."""
    return reverse("monitoring:position", kwargs={"place": book.place.id, "month": str(month)})


def group_link(request: HttpRequest, book: Book, month: Month) -> Callable[[InYearRow], Cell]:
    """Link a group's row to its own position, for those who may see it."""

    def linked(row: InYearRow) -> Cell:
        if row.holder.kind != GROUP or row.line != "all":
            return row.name
        there = {"place": book.place.id, "unit": row.holder.code, "month": str(month)}
        may = request.may("monitoring:unit-position", **there)
        return Link(row.name, reverse("monitoring:unit-position", kwargs=there)) if may else row.name

    return linked


def links(request: HttpRequest, book: Book, found: InYear) -> list[tuple[str, str]]:
    """What the reader may do next, as words and address."""
    at = {"place": found.place, "month": str(found.month)}
    if found.holder.kind == GROUP:
        wanted: tuple[tuple[str, str], ...] = OF_GROUP
        at |= {"unit": found.holder.code}
    elif found.holder.kind == PRACTICE:
        wanted = OF_PRACTICE
        at |= {"practice": found.holder.code}
    else:
        period = reads.period(found.place, str(book.place.year))
        locking = (UNLOCK,) if period.locked_through == found.month else () if period.holds(found.month) else (LOCK,)
        wanted = (*OF_WHOLE, *locking)
    return [(words, _href(name, at)) for name, words in wanted if request.may(f"monitoring:{name}", **at)]


def _href(name: str, at: dict[str, str]) -> str:
    if name not in ASKING:
        return reverse(f"monitoring:{name}", kwargs=at)
    kept = {"place"} if name in OF_PLACE else {"place", "unit", "practice"}
    kwargs = {key: value for key, value in at.items() if key in kept}
    return f"{reverse(f'monitoring:{name}', kwargs=kwargs)}?month={at['month']}"

"""The recorded decisions by which a closed month may be reopened."""

from __future__ import annotations

from openpbc.governance import reads as governance
from openpbc.governance.reads import Decision
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.monitoring import models
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table

MATTER = "month"
BODIES = "monitoring.reopening_bodies"


def matter(place: str, month: Month) -> str:
    """Give the address by which a decision names a month."""
    return f"{MATTER}/{place}/{month}"


def reopening_bodies(book: Book) -> dict[str, str]:
    """Give the bodies that may reopen a month, by code; none where none is set."""
    listed, names = book.table(BODIES), governance.bodies(book)
    codes = {row["code"] for row in listed} if isinstance(listed, Table) else set()
    return {code: name for code, name in names.items() if code in codes}


def reopenings(place: str, month: Month) -> tuple[Decision, ...]:
    """List the decisions by which a month may be reopened now: approved, by a body that may, not yet used."""
    bodies = reopening_bodies(organisations.book(place))
    used = models.MonthEvent.objects.filter(decision__isnull=False).values_list("decision", flat=True)
    found = governance.decisions(place, matter(place, month))
    return tuple(each for each in found if each.approves and each.body in bodies and each.id not in set(used))


def reopening(place: str, month: Month, number: int) -> Decision:
    """Give the decision by which a month is reopened, or say in a sentence why it is none."""
    found, book = governance.decision(number, place), organisations.book(place)
    do = "Have the decision recorded, and name it."
    if found.matter != matter(place, month):
        raise UserError(f"decision {number} is not on reopening {month.name}", "decision", do)
    if not found.approves:
        raise UserError(f"decision {number} does not approve", "decision", do)
    bodies = reopening_bodies(book)
    if found.body not in bodies:
        may = ", ".join(bodies.values()) or f"none is set (see {BODIES})"
        raise UserError(f"decision {number} is of a body that may not reopen months", "decision", f"These may: {may}.")
    if found not in reopenings(place, month):
        raise UserError(f"decision {number} has reopened a month before", "decision", do)
    return found

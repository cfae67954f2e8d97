"""The entries of the commissioner's operational plan, and which of them are late, without an action or incomplete."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from openpbc.finance.models import OperationalEntry
from openpbc.finance.rules.operational_plan import is_late
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book


@dataclass(frozen=True)
class Entry:
    """One entry; ``missing`` names the inputs that it waits for."""

    code: str
    kind: str
    title: str
    action: str
    owner: str
    due: date | None
    missing: str
    state: str
    revision: int
    changed_by: str
    changed_at: datetime

    def late(self, today: date) -> bool:
        """Whether its day has passed and it is not done."""
        return is_late(self.state, self.due, today)


def operational_plan(book: Book) -> tuple[Entry, ...]:
    """Every entry of the year, in the order in which they were written down."""
    rows = OperationalEntry.objects.filter(place=book.place.id, year=str(book.place.year))
    names = tuple(Entry.__dataclass_fields__)
    return tuple(Entry(**each) for each in rows.values(*names))


def operational_entry(book: Book, code: str) -> Entry:
    """Give one entry; an unknown one is a person's mistake."""
    found = next((each for each in operational_plan(book) if each.code == code), None)
    if found is None:
        raise UserError(f"the operational plan has no entry '{code[:20]}'", do="Choose one from its list.")
    return found

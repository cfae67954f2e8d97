"""The service lines of a place, and which of them pays for a point of delivery: data of the rulebook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book

LINES, PODS = "monitoring.service_lines", "monitoring.service_line_pods"
ACTIVITY, EMERGENCY = "activity", "emergency"
EVERY_OTHER = "*"
UNDIVIDED, ALL_LINES = "undivided", "all"


@dataclass(frozen=True)
class ServiceLine:
    """A service line; ``feed`` says whether priced records or people tell its actual."""

    code: str
    title: str
    feed: str
    care: str
    profile: str

    @property
    def is_entered(self) -> bool:
        """Whether people enter the actual."""
        return self.feed != ACTIVITY


def service_lines(book: Book) -> tuple[ServiceLine, ...]:
    """List the service lines in the order of the rulebook."""
    rows = book.need_table(LINES)
    return tuple(ServiceLine(row["code"], row["title"], row["feed"], row["class"], row["profile"]) for row in rows)


def service_line(book: Book, code: str) -> ServiceLine:
    """Find one service line; an unknown one is a person's mistake."""
    listed = service_lines(book)
    for line in listed:
        if line.code == code:
            return line
    known = ", ".join(line.code for line in listed)
    raise UserError(f"there is no service line '{code[:40]}'", do=f"Choose one of {known}.")


def lines_of_pods(book: Book) -> Mapping[str, str]:
    """Give the service line of each point of delivery that the rulebook names, and of every other under a star."""
    fed = {line.code for line in service_lines(book) if not line.is_entered}
    found = {row["pod"]: row["service_line"] for row in book.need_table(PODS)}
    if EVERY_OTHER not in found or not fed.issuperset(found.values()):
        raise UserError(
            "every point of delivery needs a service line whose feed is activity",
            where=book.need_table(PODS).path,
            do="Add a row with a star, and give entered lines no point of delivery.",
        )
    return found

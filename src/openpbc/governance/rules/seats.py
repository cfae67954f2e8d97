"""Who holds which seat of a body on a day, and which seats the body should have and does not."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from openpbc.governance.rules.quorum import ATTENDING, CAPACITIES, KINDS, SECRETARY
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError

MUST, ASK = "must", "ask"
_WITHOUT_VOTE = (SECRETARY, ATTENDING)


@dataclass(frozen=True)
class Seat:
    """One person's seat in a body, from a day to a last day (both included; None: until further notice)."""

    person: str
    capacity: str
    kind: str
    of: str
    votes: bool
    valid_from: date
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the seat is held on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def meets(self, other: Seat) -> bool:
        """Tell whether two seats share a day."""
        ends = (self.valid_to or date.max, other.valid_to or date.max)
        return self.valid_from <= ends[1] and other.valid_from <= ends[0]


@dataclass(frozen=True)
class Wanted:
    """Seats that a body should have: ``each`` names the kind of unit of which every one should hold such a seat."""

    capacity: str
    kind: str
    each: str
    least: int
    ask: str
    what: str


def checked(seat: Seat, held: Iterable[Seat]) -> Seat:
    """Give a new seat when it can be held; ``held`` are the other seats of the same person in the body."""
    if seat.capacity not in CAPACITIES:
        raise UserError(f"'{seat.capacity[:30]}' is no capacity", "capacity", f"Choose one of {', '.join(CAPACITIES)}.")
    if seat.kind not in KINDS:
        raise UserError(f"'{seat.kind[:30]}' is no kind of member", "kind", f"Choose one of {', '.join(KINDS)}.")
    if seat.valid_to is not None and seat.valid_to < seat.valid_from:
        raise UserError("the last day lies before the first", "valid_to", "Give a later one, or none.")
    if seat.votes and seat.capacity in _WITHOUT_VOTE:
        raise UserError(f"who is {seat.capacity} has no vote", "votes", "Choose member for somebody who votes.")
    for other in held:
        if seat.meets(other):
            raise UserError(
                f"{seat.person} already holds a seat as {other.capacity} from {day_text(other.valid_from)}",
                "person",
                "End that one first: nobody holds two seats in one body.",
            )
    return seat


def gaps(wanted: Sequence[Wanted], seats: Sequence[Seat], units: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
    """Every seat that lacks, as a sentence; ``units`` gives the units of a kind, code to name."""
    found: list[str] = []
    for each in wanted:
        fits = [
            seat
            for seat in seats
            if (not each.capacity or seat.capacity == each.capacity) and (not each.kind or seat.kind == each.kind)
        ]
        if each.each:
            listed = units.get(each.each, {})
            found += [_gap(each, name) for code, name in listed.items() if not any(seat.of == code for seat in fits)]
        elif len(fits) < each.least:
            found.append(_gap(each, ""))
    return tuple(found)


def _gap(wanted: Wanted, name: str) -> str:
    what = f"{wanted.what} {name}".strip()
    return (
        f"No {what}" if wanted.ask == MUST else f"No {what}: the sources give it none; ask the body whether it should"
    )

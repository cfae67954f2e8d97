"""Appeals against decisions: what may be appealed, until when, who may hear it, and how long it takes."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from openpbc.kernel.periods import day_text

PREFIX = "appeal"
LODGED, WAITING, HEARD, TAKEN_BACK = "lodged", "waiting to be heard", "decided", "withdrawn"
ALLOWED, DISMISSED = "allowed", "dismissed"
# What a body's outcome on an appeal means for it; any other leaves the appeal open.
RESULTS = {"approved": ALLOWED, "refused": DISMISSED}
_APPEALED = frozenset({"approved", "refused", "returned", "agreed"})


def number_of(address: str) -> tuple[str, int] | None:
    """Read the place and the number out of the address of an appeal; none for an address that is no appeal's."""
    parts = address.split("/")
    if len(parts) != 3 or parts[0] != PREFIX or not parts[2].isdecimal():
        return None
    return parts[1], int(parts[2])


@dataclass(frozen=True)
class Appealed:
    """What a rule looks at of the decision that is to be appealed."""

    outcome: str
    stands: bool
    matter: str
    taken_on: date


def refusal(decision: Appealed, today: date, days: int | None, *, is_known: bool) -> str:
    """Say why a decision may not be appealed, or not any more; empty where it may."""
    if decision.matter.startswith(f"{PREFIX}/"):
        return "this decision settled an appeal, and is not appealed again. That holds for good"
    if not decision.stands:
        return "this record was corrected or withdrawn. Appeal against the one that stands"
    if decision.outcome not in _APPEALED:
        return "nothing was decided here that could be appealed. Appeal once something is"
    if is_known:
        return "this group or practice has appealed against this decision before. That holds for good"
    if days is not None and today > decision.taken_on + timedelta(days=days):
        last = decision.taken_on + timedelta(days=days)
        said = f"a decision may be appealed for {days} days, and the last of them was {day_text(last)}"
        return f"{said}. That holds for good; whoever decides the matter anew can be appealed against"
    return ""


def may_hear(body: str, decided_by: str, *, decides: bool) -> str:
    """Say why a body may not hear an appeal; empty where it may."""
    if body == decided_by:
        return "the body that decided does not hear the appeal against its decision"
    return "" if decides else "this body recommends and decides nothing, so it cannot settle an appeal"


def kept_out(
    took_part: Collection[str], lodged_by: str, accounts: Mapping[str, frozenset[str]], left: Collection[str] = ()
) -> dict[str, str]:
    """Give everybody who may not take part in hearing an appeal, under any of their accounts, with the reason."""
    found = dict.fromkeys(left, "declared an interest when it was decided")
    found |= dict.fromkeys(took_part, "took part in the decision that is appealed")
    found.setdefault(lodged_by, "lodged the appeal")
    return {other: why for person, why in found.items() for other in accounts.get(person, frozenset()) | {person}}


@dataclass(frozen=True)
class Clock:
    """How long an appeal has taken until it was settled, or until today, and when it is due if a time is set."""

    days: int
    due: date | None
    late: bool


def clock(lodged: date, settled: date | None, today: date, days: int | None) -> Clock:
    """The clock of an appeal."""
    until = settled or today
    due = None if days is None else lodged + timedelta(days=days)
    return Clock((until - lodged).days, due, due is not None and until > due)

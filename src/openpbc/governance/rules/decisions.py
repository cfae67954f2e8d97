"""What a record of a decision must hold before it is kept, since it can never be changed afterwards."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from openpbc.kernel import texts
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError

APPROVED, REFUSED, NOTED, DEFERRED, WITHDRAWN = "approved", "refused", "noted", "deferred", "withdrawn"
AGREED, URGENT, RETURNED = "agreed", "urgent", "returned"
OUTCOMES = {
    APPROVED: "Approved",
    AGREED: "Agreed and recommended; no money and no contract follows from it",
    REFUSED: "Refused",
    RETURNED: "Returned with reasons, to be worked on and put again",
    NOTED: "Noted",
    DEFERRED: "Deferred to a later meeting",
    URGENT: "Taken by the chair as urgent; it counts only once the body has ratified it",
    WITHDRAWN: "Recorded by mistake: nothing was decided",
}
_MATTER = re.compile(r"[a-z][a-z-]*/[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*)+", re.ASCII)
_CASE = re.compile(r"redesign/[^/]+/[0-9]+", re.ASCII)
_LONGEST_MATTER, _LONGEST_MINUTE = 200, 60


@dataclass(frozen=True)
class Stated:
    """What somebody states that a body decided; ``replaces`` is the number of the record that this one corrects."""

    place: str
    body: str
    taken_on: date
    minute: str
    matter: str
    title: str
    outcome: str
    text: str
    replaces: int | None = None
    to_month: bool = False


def checked(stated: Stated, bodies: Mapping[str, str], today: date) -> Stated:
    """Give the statement as it will be kept; what is missing or cannot be is a person's mistake.

    A decision is on a matter of the program, named by its address, or on something told by its title alone.
    """
    if stated.body not in bodies:
        raise UserError(f"there is no body '{stated.body[:40]}'", do=f"Choose one of {', '.join(bodies.values())}.")
    if stated.outcome not in OUTCOMES:
        raise UserError(f"'{stated.outcome[:30]}' is no outcome", do=f"Choose one of {', '.join(OUTCOMES)}.")
    if stated.outcome == WITHDRAWN and stated.replaces is None:
        raise UserError("only a record that exists can be withdrawn", do="Open the record that was a mistake.")
    if stated.to_month and stated.taken_on >= today:
        do = "Give the day: the month is not over, so its minutes can be looked up."
        raise UserError(f"{stated.taken_on:%B %Y} is not over", "taken_on", do)
    if stated.taken_on > today:
        raise UserError(f"{day_text(stated.taken_on)} has not come yet", "taken_on", "Record what has been decided.")
    return Stated(
        place=stated.place,
        body=stated.body,
        taken_on=stated.taken_on,
        minute=texts.line(stated.minute, "the minute's reference", _LONGEST_MINUTE, field="minute"),
        matter=matter_address(stated.matter, stated.place),
        title=texts.line(stated.title or stated.matter, "the matter", field="title"),
        outcome=stated.outcome,
        text=texts.passage(stated.text, "the decision's text", field="text"),
        replaces=stated.replaces,
        to_month=stated.to_month,
    )


def approves_case(stated: Stated) -> bool:
    """Tell whether a statement approves a case, and not what stands below one, such as what holds it up."""
    return stated.outcome == APPROVED and _CASE.fullmatch(stated.matter) is not None


def matter_address(address: str, place: str) -> str:
    """Give a matter's address without blanks at its ends, or none; one that names no matter of the place is refused."""
    address = address.strip()
    if not address:
        return ""
    if len(address) > _LONGEST_MATTER or not _MATTER.fullmatch(address):
        raise UserError(f"'{address[:60]}' is no address of a matter", do="Open the matter and record from there.")
    if address.split("/")[1] != place:
        raise UserError(f"'{address[:60]}' is no matter of {place}", do="Record the decision in the matter's place.")
    return address

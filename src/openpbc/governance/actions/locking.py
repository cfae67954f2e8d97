"""One after the other: an act in a meeting locks the meeting's row, then the item's, and sees what the last left."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from openpbc.governance.models import Item, Meeting
from openpbc.governance.reads.seats import all_bodies, officers
from openpbc.governance.rules.meetings import CLOSED, DONE, LISTED, OPEN, STATES
from openpbc.governance.rules.quorum import CHAIR, VICE
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.periods import moment_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations


def locked_meeting(place: str, number: int) -> Meeting:
    """Give a meeting, locked against other writers; an unknown one is a person's mistake."""
    row = Meeting.objects.select_for_update().filter(place=place, pk=number).first()
    if row is None:
        raise UserError(f"there is no meeting {number}", where=place, do="Choose one from the list of meetings.")
    return row


def locked_item(place: str, number: int) -> tuple[Item, Meeting | None]:
    """Give an item with its meeting, both locked, the meeting first as everybody does."""
    known = Item.objects.filter(place=place, pk=number).first()
    if known is None:
        raise UserError(f"there is no item {number}", where=place, do="Choose one from the agenda.")
    meeting = locked_meeting(place, known.meeting_id) if known.meeting_id else None
    row = Item.objects.select_for_update(of=("self",)).select_related("decision").get(pk=number)
    if row.meeting_id != known.meeting_id:
        raise Stale(f"{row.changed_by} put this item on another agenda just now", row.title, "Look at it again.")
    return row, meeting


def item_in_session(place: str, number: int) -> tuple[Item, Meeting]:
    """Give an undecided item of an open meeting, locked; say why if it is not one."""
    row, meeting = locked_item(place, number)
    refuse_decided(row)
    if meeting is None or row.state != LISTED:
        raise UserError("this item is on no agenda", row.title, "Put it on the agenda of a meeting first.")
    if meeting.state != OPEN:
        raise UserError(
            f"the meeting is {STATES[meeting.state].lower()}", row.title, "An item is taken while it is open."
        )
    return row, meeting


def refuse_decided(row: Item) -> None:
    """Say who decided an item when and how, if somebody did."""
    if row.state == DONE and row.decision:
        taken = row.decision
        at = timezone.localtime(taken.recorded_at)
        raise Stale(
            f"{taken.recorded_by} recorded the outcome of this item on {moment_text(at)}: {taken.outcome}",
            row.title,
            "What was decided stays for good; the secretary can put the matter on a later agenda to decide it again.",
        ).for_the_log()


def refuse_confirmed(meeting: Meeting) -> None:
    """Say that the minutes of a meeting are fixed, if a later one confirmed them."""
    if meeting.state == CLOSED and hasattr(meeting, "confirmed"):
        raise UserError(
            f"the minutes of meeting {meeting.number} were confirmed and are fixed",
            do="Have a later meeting record what should be said otherwise.",
        )


def refuse_stale(what: str, seen: int | None, version: int, changed_by: str, changed_at: datetime | None) -> None:
    """Tell the loser of two who changed one thing at once who changed it, and when if that is kept.

    ``seen`` is the version that they saw.
    """
    if seen is not None and seen != version:
        moment = f" on {moment_text(timezone.localtime(changed_at))}," if changed_at else ""
        raise Stale(
            f"{changed_by} changed {what}{moment} after you opened it", do="Look at it as it is now, then try again."
        )


def must_keep(by: Actor, meeting: Meeting) -> None:
    """Refuse who does not keep the meetings of the body on the meeting's day."""
    must_be_officer(by, meeting.place, meeting.body, officers(meeting.place, meeting.body, meeting.held_on))


def must_be_officer(by: Actor, place: str, body: str, held: dict[str, str]) -> None:
    """Refuse who is neither secretary nor chair of a body."""
    if by == SYSTEM or by.id in held:
        return
    name = all_bodies(organisations.book(place))[body].name
    who = ", ".join(sorted(held)) or "nobody yet"
    said = f"only the secretary and the chairs of the {name} keep its meetings"
    raise UserError(said, do=f"They are: {who}. It holds as long as you have no such seat.").for_the_log()


def must_chair(by: Actor, place: str, body: str, held: dict[str, str]) -> None:
    """Refuse who does not hold the chair or vice chair of a body."""
    if held.get(by.id) not in (CHAIR, VICE):
        name = all_bodies(organisations.book(place))[body].name
        chairs = ", ".join(sorted(each for each, seat in held.items() if seat in (CHAIR, VICE))) or "nobody yet"
        raise UserError(
            f"only a chair or vice chair of the {name} may do this",
            do=f"They are: {chairs}. It holds as long as you have no such seat.",
        )


def touch(row: Item, by: Actor) -> None:
    """Count the change of an item and say who made it."""
    row.version += 1
    row.changed_by, row.changed_at = by.name[:200], timezone.now()
    row.save()

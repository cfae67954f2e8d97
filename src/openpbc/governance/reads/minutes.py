"""Minutes of a meeting, written from the record; what a reader may not see is left out with the sentence why."""

from __future__ import annotations

from openpbc.governance.reads import items as items_read
from openpbc.governance.reads import meetings as meetings_read
from openpbc.governance.reads.decisions import OUTCOMES
from openpbc.governance.reads.items import Item
from openpbc.governance.reads.marks import marks
from openpbc.governance.reads.meetings import Line
from openpbc.governance.reads.seats import all_bodies, names
from openpbc.governance.reads.sitting import barred, barred_outside
from openpbc.governance.rules import minutes as rule
from openpbc.governance.rules.meetings import MEETING_KINDS
from openpbc.governance.rules.minutes import Held, Section, Taken
from openpbc.governance.rules.quorum import ABSENT, APOLOGIES, PRESENT
from openpbc.governance.rules.withholding import RULINGS
from openpbc.kernel.periods import day_text
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer


def held_of(place: str, meeting: int) -> Held:
    """Give the record of a meeting from which its minutes are written."""
    found = meetings_read.meeting(place, meeting)
    lines, listed = meetings_read.roll(meeting), items_read.items(place, meeting)
    marked = marks(place, listed)
    told = {each.id: _agreed(place, meeting, each.id) for each in listed}
    return Held(
        body=all_bodies(organisations.book(place))[found.body].name,
        number=found.number,
        kind=MEETING_KINDS[found.kind].lower(),
        on=found.held_on,
        where=", ".join(part for part in (found.venue, found.starts_at) if part),
        present=tuple(_who(each) for each in lines if each.member.presence == PRESENT and each.member.votes),
        attending=tuple(_who(each) for each in lines if each.member.presence == PRESENT and not each.member.votes),
        apologies=tuple(_who(each) for each in lines if each.member.presence == APOLOGIES),
        deputies=tuple(
            f"{each.deputy_name} for {each.name}"
            for each in lines
            if each.member.deputy and each.member.presence in (APOLOGIES, ABSENT)
        ),
        note=found.note,
        items=tuple(_taken(each, told[each.id], marked.get(each.id, "")) for each in listed),
    )


def _who(line: Line) -> str:
    return f"{line.name} ({line.member.capacity})"


def _agreed(place: str, meeting: int, item: int) -> tuple[str, ...]:
    return tuple(
        f"{each.text} ({each.owner_name}, by {day_text(each.due)})"
        for each in meetings_read.agreed(place, meeting)
        if each.item == item
    )


def _taken(item: Item, actions: tuple[str, ...], mark: str) -> Taken:
    called, record = names(), item.record
    return Taken(
        number=item.number or 0,
        title=item.title,
        kind=item.kind,
        private=item.private,
        mark=mark,
        asked=bool(item.asked_by),
        declared=tuple(f"{each.name}: {each.what} ({RULINGS[each.ruling]})" for each in item.declared),
        recused=tuple(called.get(person, person) for person in record.get("left", ())),
        chair=called.get(record.get("chair", ""), record.get("chair", "")),
        quorum=record.get("quorum", ""),
        vote=record.get("vote", ""),
        outcome=OUTCOMES.get(item.outcome, item.outcome),
        reasons=item.reasons,
        notes=tuple(f"{title}: {note}" for title, note in record.get("criteria", ())),
        decision=item.decision,
        papers=tuple((each.name, each.sha256) for each in item.current_papers),
        note=item.note,
        actions=actions,
    )


def hidden(viewer: Viewer, place: str, meeting: int, *, outside: bool = False) -> dict[int, str]:
    """Give the items of a meeting that a reader may not see, by number, with the sentence why."""
    why_not = barred_outside if outside else barred
    found = ((each.number or 0, why_not(viewer, each)) for each in items_read.items(place, meeting))
    return {number: why for number, why in found if why}


def minutes(viewer: Viewer, place: str, meeting: int, *, outside: bool = False) -> tuple[Section, ...]:
    """Write the minutes of a meeting for a reader, or as they go to people outside the body."""
    return rule.written(held_of(place, meeting), hidden(viewer, place, meeting, outside=outside))

"""A case before the body that decides it: whose decision it is, on which agenda the case stands, what it waits for."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.governance.reads import Decision, Level, items, meetings
from openpbc.governance.reads.delegation import delegates
from openpbc.kernel.periods import day_text
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.conclave import BODY as CONCLAVE_BODY
from openpbc.redesign.reads.facts import NextStep
from openpbc.redesign.reads.registers import plan_fault
from openpbc.redesign.rules.transitions import APPROVAL, DECIDED_AT, RECOMMENDED, YES
from openpbc.rulebook.reader import Book

DECIDE = "Decide the case"
# The ways that carry out a decision: they are told apart from those for which somebody waits.
CARRIED_OUT = frozenset(way for stage in DECIDED_AT.values() for ways in stage.values() for way in ways)
_AGENDA = "It waits to be put on the agenda of a meeting."


@dataclass(frozen=True)
class BeforeBody:
    """A case that waits for a decision: the code of the body, the item on which it stands before it, and where that is.

    ``waits`` says what has to come first, empty once the meeting that has it on its agenda is open, and for who decides
    without a meeting; ``item`` is none while it stands on no agenda and no list, where whoever keeps the meetings may
    record what was decided.
    """

    body: str
    item: int | None
    told: str
    waits: tuple[str, ...]


def steps_to_show(known: Case, steps: tuple[NextStep, ...], taken: Decision | None) -> tuple[NextStep, ...]:
    """Leave out the ways that carry out another decision than the one that was taken, and all until one was."""
    if known.stage not in DECIDED_AT:
        return steps
    kept = DECIDED_AT[known.stage][taken.outcome] if taken else ()
    return tuple(each for each in steps if each.way.id in kept or each.way.id not in CARRIED_OUT)


def lacks(known: Case, steps: tuple[NextStep, ...]) -> tuple[str, ...]:
    """What else keeps a case from going on once the body has said yes."""
    yes = {way for said in (YES, RECOMMENDED) for way in DECIDED_AT[known.stage].get(said, ())[:1]}
    return tuple(sentence for each in steps if each.way.id in yes for sentence in each.besides)


def plan_told(book: Book, known: Case) -> tuple[str, ...]:
    """What a body that approves a case is told of the plan, where the case is not in it."""
    fault = plan_fault(book, known) if known.stage == APPROVAL else ""
    return (f"{fault} The body says why it decides all the same.",) if fault else ()


def before_body(book: Book, known: Case, level: Level) -> BeforeBody:
    """Whose decision a case waits for; who decides at ``level`` is asked of a case that stands on no agenda yet."""
    body = level.body if known.stage == APPROVAL else CONCLAVE_BODY
    item = items.open_item(known.place, known.matter)
    if item is None and body in delegates(book):
        return BeforeBody(body, None, "It needs no meeting. Whoever keeps the register records what was decided.", ())
    if item is None:
        told = "It stands on no agenda. Whoever keeps the meetings can record what the body decided."
        return BeforeBody(body, None, told, (_AGENDA,))
    if item.meeting is None:
        return BeforeBody(item.body, item.id, "", (_AGENDA,))
    meeting = meetings.meeting(known.place, item.meeting)
    where = f"It is item {item.number} of meeting {meeting.number} on {day_text(meeting.held_on)}"
    if meeting.state == meetings.PLANNED:
        return BeforeBody(item.body, item.id, "", (f"{where}, which is not open yet.",))
    return BeforeBody(item.body, item.id, f"{where}.", ())

"""The second person's part in a journal: agreeing to it, which posts it, or turning it down."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from openpbc import audit
from openpbc.finance.actions.ledger import post_now, reverse_now
from openpbc.finance.actions.posting import Posted
from openpbc.finance.actions.waiting import FOLLOWING
from openpbc.finance.reads.waiting import ACT, interest_in, waiting_journal
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations.actions import second

_WHO_CAN = "Another finance manager agrees to it, or turns it down."


@audit.action("finance.agree_journal")
def agree_journal(*, by: Actor, place: str, number: int, sha256: str, seen: Mapping[str, int] | None = None) -> Posted:
    """Post a journal that waits, exactly as it was put up (``sha256``), as somebody else than who put it up.

    ``seen`` gives for an account the number of its last line when the second person looked. Where the sums follow from
    what stood when it was put up, that has to stand still.
    """
    waits = waiting_journal(place, number)
    what = "a journal of this size is agreed to"
    found = second.check_second(by, place, number, ACT, sha256, what=what, who_can=_WHO_CAN)
    if whose := interest_in(place, waits.draft, by):
        said = f"{what} by somebody without an interest in it: it moves money of {whose}, in which you have one"
        raise UserError(said, do=_WHO_CAN).for_the_log()
    draft = waits.draft if waits.draft.kind in FOLLOWING else replace(waits.draft, seen=seen)
    posted = (reverse_now if draft.reverses else post_now)(by, place, waits.year, draft)
    done = posted.subject(place, waits.year)
    second.answer(by, found, agreed=True, result=done)
    audit.note(subject=done, after={"put up by": found.by_person, "agreed to": number, "sha256": sha256})
    return posted


@audit.action("finance.turn_down_journal")
def turn_down_journal(*, by: Actor, place: str, number: int, reason: str) -> None:
    """Turn down a journal that waits, or take back what one put up oneself; it is put up anew if it is still wanted."""
    waits = waiting_journal(place, number)
    why = texts.passage(reason, "the reason", field="reason")
    second.answer(by, waits.asked, agreed=False, reason=why)
    audit.note(subject=Posted(number, waits=True).subject(place, waits.year), after={"agreed": False}, reason=why)

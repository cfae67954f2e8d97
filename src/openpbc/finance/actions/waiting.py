"""Which journals wait for a second person, and how one is put up."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from openpbc.finance.actions.posting import Posted
from openpbc.finance.models import LedgerAccount
from openpbc.finance.reads.waiting import ACT, facts_of, second_person_from, waiting_journals
from openpbc.finance.rules.ledger import FREED, INNOVATION, POOL, Draft, moved
from openpbc.kernel.actor import Actor
from openpbc.organisations import reads as organisations
from openpbc.organisations.actions import second
from openpbc.rulebook.values import NotSet

# The sums of these follow from what stood when they were put up, so that they are worked out anew if that moved.
FOLLOWING = frozenset({POOL, FREED, "freed-use", INNOVATION})


def must_wait(place: str, draft: Draft) -> bool:
    """Tell whether a journal moves as much as the rulebook says takes two people; never while it says no sum."""
    limit = second_person_from(organisations.book(place))
    return not isinstance(limit, NotSet) and moved(draft.entries) >= limit.pence


def put_up_journal(
    by: Actor, place: str, year: str, draft: Draft, attempt: Callable[[Actor, str, str, Draft], None]
) -> Posted:
    """Keep a journal for a second person; ``attempt`` refuses what could not be posted. Under one key one waits."""
    from_key = (each for each in waiting_journals(place) if draft.key and each.draft.key == draft.key)
    same = next((each for each in from_key if each.year == year), None)
    if same is not None:
        return Posted(same.asked.number, already=True, waits=True)
    attempt(by, place, year, draft)
    seen = draft.seen
    if draft.kind in FOLLOWING:
        seen = _standing(place, year, [each.account for each in draft.entries]) | dict(seen or {})
    return Posted(second.put_up(by, place, ACT, facts_of(year, replace(draft, seen=seen))), waits=True)


def _standing(place: str, year: str, codes: list[str]) -> dict[str, int]:
    rows = LedgerAccount.objects.with_heads().filter(place=place, year=year, code__in=codes)
    return dict.fromkeys(codes, 0) | {row.code: row.head_number or 0 for row in rows}

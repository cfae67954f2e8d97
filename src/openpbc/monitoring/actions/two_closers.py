"""The second person of a close: somebody else closes the month and comes to the same, or is the first of another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from openpbc.governance.reads.touching import touched
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.monitoring.reads.two_closers import ACT, takes_two, waiting_closes
from openpbc.organisations.actions import second
from openpbc.organisations.reads.second import digest
from openpbc.rulebook.reader import Book

_WHAT = "a month that takes two people is closed"
_WHO_CAN = "Another information analyst closes it as well."
_ELSE = "The month came out otherwise when it was closed again"


def second_needed(by: Actor, book: Book, month: Month, facts: Mapping[str, Any], providers: Iterable[str]) -> int:
    """Give the number under which a close waits for a second person; 0 where it may be published now.

    It may where the rulebook asks for no second person, and where somebody else has put up just this: the same run of
    the same files at the same point, for the month as it stands. What was put up otherwise counts no more.
    """
    if not takes_two(book):
        return 0
    place = book.place.id
    waits = waiting_closes(place).get(month)
    told = {"month": str(month), **facts}
    if waits is None or waits.sha256 != digest(told):
        if waits is not None:
            second.answer(by, waits, agreed=False, reason=_ELSE)
        return second.put_up(by, place, ACT, told)
    found = second.check_second(by, place, waits.number, ACT, digest(told), what=_WHAT, who_can=_WHO_CAN)
    if whose := touched(place, providers, by):
        said = f"{_WHAT} by somebody without an interest in it: it says what {whose} is paid, in which you have one"
        raise UserError(said, do=_WHO_CAN).for_the_log()
    second.answer(by, found, agreed=True, result=f"month/{place}/{month}")
    return 0

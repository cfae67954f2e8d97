"""Whether a person who states something had seen the latest statement on it: the first one wins, the other is told."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone

from openpbc.finance.reads.deposits import deposit_states
from openpbc.finance.reads.submissions import plan_submissions
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import moment_text
from openpbc.kernel.problems import Stale
from openpbc.rulebook.reader import Book


def check_deposit_seen(book: Book, seen: int) -> None:
    """Refuse a statement on the deposit by somebody who had not seen the latest one."""
    last = next(iter(deposit_states(book)), None)
    if last is None:
        check_first(seen, "deposit was stated")
    else:
        check_seen(seen, last.number, last.by, f"stated it as {last.status}, {pounds(last.pence)},", last.at)


def check_submission_seen(book: Book, seen: int) -> None:
    """Refuse the record of a draft by somebody who had not seen the latest one."""
    last = next(iter(plan_submissions(book)), None)
    if last is None:
        check_first(seen, "submission was recorded")
    else:
        check_seen(seen, last.number, last.by, f"recorded submission {last.number}", last.at)


def check_first(seen: int, what: str) -> None:
    """Refuse what claims to follow a statement where none was made yet."""
    if seen != 0:
        raise Stale(f"No {what} yet, and you had seen number {seen}", do="Open the page again, and state it anew.")


def check_seen(seen: int, number: int, who: str, what: str, at: datetime | None) -> None:
    """Refuse what was written by somebody who had not seen the latest statement."""
    if seen != number:
        when = f" on {moment_text(timezone.localtime(at))}, after you had opened it" if at else ""
        raise Stale(f"{who or 'Somebody'} {what}{when}", do="Look at it, and state it anew if it is wrong.")

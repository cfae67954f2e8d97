"""Issuing indicative budgets: what a group's accounts hold goes to its practices, all of it, to the penny."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from openpbc import audit
from openpbc.finance.actions.posting import Posted, append
from openpbc.finance.reads.indicative import indicative_issue
from openpbc.finance.rules.ledger import Draft
from openpbc.kernel.actor import Actor
from openpbc.organisations import reads as organisations


@audit.action("finance.issue_indicative")
def issue_indicative(
    *, by: Actor, place: str, unit: str, method: str, on: date, reason: str, scope: str = "", path: Path | None = None
) -> tuple[Posted, ...]:
    """Issue what the accounts of a budget line hold to its practices, one journal an account.

    ``method`` is registered-list, need-weighted or file; a file (practice, amount in pounds) is for one ``scope``. What
    was issued before stays; where nothing is left to issue, nothing changes.
    """
    book = organisations.book(place)
    found = indicative_issue(book, unit, method, on, scope, path)
    if not found.parts:
        audit.nothing_changed()
        return ()
    drafts = [
        Draft(
            kind="indicative",
            entries=part.entries,
            on=on,
            reason=reason,
            source=f"method/{method}",
            seen={part.held.account.code: part.held.number},
        )
        for part in found.parts
    ]
    posted = append(by, place, book.place.year, drafts)
    audit.note(
        subject=f"ledger/{place}/{book.place.year}/{posted[0].number}",
        after={
            "unit": unit,
            "method": method,
            "practices": len(found.practices),
            "journals": [each.number for each in posted],
        },
        reason=reason,
    )
    return posted

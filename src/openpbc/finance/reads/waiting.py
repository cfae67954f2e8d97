"""Journals that wait for a second person: from which sum they do, what waits, and who agreed to what was posted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from openpbc.finance.rules.ledger import Draft, Entry, account_name, moved
from openpbc.governance.reads.touching import touched
from openpbc.kernel.actor import Actor
from openpbc.organisations.reads import second
from openpbc.organisations.reads.second import Asked
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value

ACT, FROM = "post-journal", "finance.second_person_from"


@dataclass(frozen=True)
class Waiting:
    """A journal that was put up, as it would be posted, and what became of it; ``year`` is that of its ledger."""

    asked: Asked
    year: str
    draft: Draft

    @property
    def pence(self) -> int:
        """The sum that it moves."""
        return moved(self.draft.entries)

    @property
    def journal(self) -> int:
        """The number of the journal that it became; 0 while it waits or where it was turned down."""
        return int(self.asked.result.rpartition("/")[2]) if self.asked.agreed else 0


def second_person_from(book: Book) -> Value | NotSet:
    """Give the sum from which a journal waits, or say that none is set."""
    return book.value(FROM)


def facts_of(year: str, draft: Draft) -> dict[str, Any]:
    """Write a journal down as it is kept while it waits; ``key`` goes with it, so that it is still posted once."""
    return {
        "year": year,
        "kind": draft.kind,
        "entries": [[each.account, each.pence] for each in draft.entries],
        "on": draft.on.isoformat(),
        "reason": draft.reason.strip(),
        "source": draft.source,
        "key": draft.key,
        "seen": dict(draft.seen) if draft.seen is not None else None,
        "reverses": draft.reverses,
    }


def draft_of(facts: Mapping[str, Any]) -> Draft:
    """Read a journal that was written down."""
    entries = tuple(Entry(account, pence) for account, pence in facts["entries"])
    same = {name: facts[name] for name in ("kind", "reason", "source", "key", "seen", "reverses")}
    return Draft(entries=entries, on=date.fromisoformat(facts["on"]), **same)


def waiting_journal(place: str, number: int) -> Waiting:
    """Give one journal that was put up, waiting or answered."""
    return _waiting(second.asked(place, number, ACT))


def waiting_journals(place: str) -> tuple[Waiting, ...]:
    """List the journals that wait, the oldest first."""
    return tuple(_waiting(each) for each in second.waiting(place, ACT))


def put_up_journals(place: str) -> tuple[Waiting, ...]:
    """List all journals that were put up, the newest first."""
    return tuple(_waiting(each) for each in second.every_asked(place, ACT))


def agreed_journal(place: str, year: str, number: int) -> Asked | None:
    """Give who put a journal up and who agreed to it; none where one person posted it."""
    return second.result_of(place, ACT, f"ledger/{place}/{year}/{number}")


def interest_in(place: str, draft: Draft, actor: Actor) -> str:
    """Say in whose money somebody, or whoever they act for, has an interest that counts; empty where in nobody's."""
    names = [account_name(each.account) for each in draft.entries]
    return touched(place, (code for each in names for code in (each.unit, each.practice, each.partner) if code), actor)


def _waiting(asked: Asked) -> Waiting:
    return Waiting(asked, asked.facts["year"], draft_of(asked.facts))

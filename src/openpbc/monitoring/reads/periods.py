"""What a lock keeps of a position, and what differs between two locks of one month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from openpbc.kernel.periods import Month
from openpbc.monitoring.reads.bases import LOCKED, Basis, period_events
from openpbc.monitoring.reads.entered import last_entry, profiles
from openpbc.monitoring.reads.funds import funds, keep_funds, last_journal
from openpbc.monitoring.reads.holders import PCT, Holder, InYearAddress
from openpbc.monitoring.reads.ingredients import ingredients
from openpbc.monitoring.reads.lines import ALL_LINES
from openpbc.monitoring.reads.months import published
from openpbc.monitoring.reads.reckoning import MEASURES, Reckoning
from openpbc.organisations import reads as organisations


@dataclass(frozen=True)
class LockDifference:
    """One figure that two locks of a month tell differently; None where one of them has none."""

    holder: str
    line: str
    measure: str
    first: int | None
    second: int | None


def now_basis(place: str, month: Month) -> dict[str, Any]:
    """Say by reference on what the position of a month stands now."""
    book = organisations.book(place)
    runs = published(place, month).runs
    return {
        "runs": [[str(each), run] for each, run in runs],
        "last_entry": last_entry(place),
        "last_journal": last_journal(place, str(book.place.year)),
        "funds": keep_funds(funds(book)),
        "profiles": {code: found.number for code, found in profiles(book).items()},
        "book": book.hash,
    }


def snapshot(place: str, month: Month) -> dict[str, int | None]:
    """Give every figure of the groups, of what is held and of the whole, by address, as known now."""
    reckoning = Reckoning(ingredients(place, month, Basis(published(place, month))))
    found: dict[str, int | None] = {}
    for holder in (Holder(PCT), *reckoning.found.holders.top):
        for code in (*reckoning.codes(holder), ALL_LINES):
            for measure, value in reckoning.values(holder, code).items():
                if value is not None:
                    found[str(InYearAddress(place, month, holder, code, measure))] = value
    return found


def lock_differences(place: str, month: Month) -> tuple[LockDifference, ...]:
    """Lay the last two locks of a month beside each other; empty where it was locked once at most."""
    locks = [event for event in period_events(place, month) if event.state == LOCKED]
    if len(locks) < 2:
        return ()
    names = Reckoning(ingredients(place, month)).found
    return tuple(_differences(locks[-2].figures, locks[-1].figures, names.holders.name))


def _differences(first: Mapping[str, Any], second: Mapping[str, Any], name: Any) -> Iterator[LockDifference]:
    for address in sorted({*first, *second}):
        if first.get(address) != second.get(address):
            *_, kind, code, line, measure = address.split("/")
            told = MEASURES.get(measure, measure)
            yield LockDifference(name(Holder(kind, code)), line, told, first.get(address), second.get(address))

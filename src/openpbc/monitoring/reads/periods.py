"""What a lock keeps of a position, and what differs between two locks of one month."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from openpbc.kernel.periods import Month
from openpbc.monitoring.reads.bases import LOCKED, Basis, PeriodEvent, period_events
from openpbc.monitoring.reads.entered import last_entry, profiles
from openpbc.monitoring.reads.funds import funds, keep_funds, last_journal
from openpbc.monitoring.reads.holders import PCT, Holder, Holders, InYearAddress
from openpbc.monitoring.reads.ingredients import ingredients
from openpbc.monitoring.reads.kept_figures import lock_address
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
    first_address: str
    second_address: str


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
    names = ingredients(place, month).holders
    return tuple(_differences(locks[-2], locks[-1], names))


def _differences(first: PeriodEvent, second: PeriodEvent, names: Holders) -> Iterator[LockDifference]:
    for address in sorted({*first.figures, *second.figures}):
        before, now = first.figures.get(address), second.figures.get(address)
        if before == now:
            continue
        *_, kind, code, line, measure = address.split("/")
        yield LockDifference(
            holder=names.name(Holder(kind, code)),
            line=line,
            measure=MEASURES.get(measure, measure),
            first=before,
            second=now,
            first_address=lock_address(first, address),
            second_address=lock_address(second, address),
        )

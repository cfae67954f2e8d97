"""What stands after interchanges of the commissioning data sets: net change (005N) and bulk replacement (005B).

Net change names one record by its key: the latest applicable moment wins, whatever came first, and a deletion is a
record that says so. Bulk replacement names a scope (group, provider, recipient, report period): what it brings takes
the place of every record within the scope. A replacement that brings nothing cannot be told from none.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Scope:
    """What a bulk replacement replaces; both days of the period are included."""

    group: str
    provider: str
    recipient: str
    first: date
    last: date


@dataclass(frozen=True)
class Transaction:
    """One record as it was sent: its key within its provider, when it applies, and the scope that its header names.

    ``at`` is the applicable moment of a net change, the moment of extract of a bulk replacement (then ``bulk`` is set).
    """

    provider: str
    key: str
    group: str
    recipient: str
    activity: date
    at: datetime
    deletes: bool = False
    bulk: Scope | None = None
    content: str = ""


def covers(scope: Scope, one: Transaction) -> bool:
    """Tell whether a record lies within what a bulk replacement replaces."""
    same = (one.group, one.provider, one.recipient) == (scope.group, scope.provider, scope.recipient)
    return same and scope.first <= one.activity <= scope.last


def later(one: Transaction, other: Transaction) -> Transaction:
    """Give the one that wins of two of one key: the later moment, then a deletion, then the greater content."""
    return max(one, other, key=lambda each: (each.at, each.deletes, each.content))


def standing(transactions: Iterable[Transaction]) -> dict[tuple[str, str], Transaction]:
    """Give what stands of all that was sent, by provider and key; the order of arrival is irrelevant."""
    listed = list(transactions)
    replaced = {(one.bulk, one.at) for one in listed if one.bulk is not None}
    newest: dict[tuple[str, str], Transaction] = {}
    for one in listed:
        key = (one.provider, one.key)
        newest[key] = later(newest[key], one) if key in newest else one
    return {
        key: one
        for key, one in newest.items()
        if not one.deletes and not any(_replaces(scope, at, one) for scope, at in replaced)
    }


def _replaces(scope: Scope | None, at: datetime, one: Transaction) -> bool:
    """Tell whether a bulk replacement takes a record out: one that applied before it, within its scope."""
    return scope is not None and one.at < at and covers(scope, one)

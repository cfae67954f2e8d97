"""Hides money with the activity that it pays for: a sum of few people's care tells, by its price, how few they are."""

from __future__ import annotations

from collections.abc import Mapping

from openpbc.kernel.disclosure.protecting import Protected
from openpbc.kernel.disclosure.sums import Count, Key, Sums
from openpbc.kernel.suppressed import Suppressed


def hide_money(sums: Sums, protected: Protected, pence: Mapping[Key, int]) -> dict[Key, int | Suppressed]:
    """Give the money of each count of a table, hidden where its activity is.

    Money is not rounded, so a sum with exactly one part hidden would give that part away: the next smallest of such a
    sum is hidden too, until every sum hides none or at least two.
    """
    hidden = {key for key, shown in protected.shown.items() if isinstance(shown, Suppressed)}
    by_point: dict[Key, list[Count]] = {}
    for count in sums.counts:
        for point in (count.source, count.target):
            by_point.setdefault(point, []).append(count)
    while lonely := _lonely(by_point, hidden):
        hidden.add(min(lonely, key=lambda count: (count.is_total, count.value, str(count.key))).key)
    return {key: protected.profile.hidden if key in hidden else amount for key, amount in pence.items()}


def _lonely(by_point: Mapping[Key, list[Count]], hidden: set[Key]) -> list[Count]:
    """Give the counts of a sum that hides one alone and could hide another; nought pays for nothing."""
    for _, counts in sorted(by_point.items(), key=lambda pair: str(pair[0])):
        left = [count for count in counts if count.value and count.key not in hidden]
        if sum(count.key in hidden for count in counts) == 1 and left:
            return left
    return []

"""Which small counts are hidden from people who may not see single records, and what must be hidden with them."""

from __future__ import annotations

from collections.abc import Mapping


def hidden(counts: Mapping[str, int], threshold: int) -> frozenset[str]:
    """Name the codes whose count lies from 1 to the threshold, and what a shown total would give away.

    Where the hidden counts together could be told from the total to within the threshold, because one alone is hidden
    or their sum is small itself, the next smallest count that is not nought is hidden too.
    """
    small = {code for code, count in counts.items() if 1 <= count <= threshold}
    others = sorted((count, code) for code, count in counts.items() if count > threshold)
    while small and others and (len(small) == 1 or sum(counts[code] for code in small) <= threshold):
        small.add(others.pop(0)[1])
    return frozenset(small)

"""Which counts of a measure are hidden from people who may not see single records."""

from __future__ import annotations

from collections.abc import Hashable, Mapping

from openpbc.kernel.disclosure import line, protect
from openpbc.measures.reads.values import Value
from openpbc.rulebook.disclosure import profile_for
from openpbc.rulebook.reader import Book

AUDIENCE = "no-records"


def hidden(book: Book, own: Mapping[str, Value]) -> frozenset[str]:
    """Name the codes of a cut whose numerator is too small to be shown, or would give a small one away."""
    counts: dict[Hashable, int] = {code: value.sums.numerator for code, value in own.items()}
    if not counts:
        return frozenset()
    found = protect(line(counts), profile_for(book, AUDIENCE))
    return frozenset(str(key) for key in found.small | found.extra) & frozenset(own)

"""How a layout of the rulebook writes its texts, in the words of the law."""

from __future__ import annotations

from openpbc.activity.flow.canonical import DATES, TIMES
from openpbc.activity.flow.layouts import Layout
from openpbc.activity.rules.checks import Kind, Writing

_SETS = ("missing", "not_known", "missing_dates", "invalid_dates", "missing_times", "invalid_times")


def writing_of(layout: Layout) -> Writing:
    """Give the words of a layout about texts."""
    words = layout.words
    said = {name: str(words[name]) for name in ("dates", "times", "ages") if name in words}
    sets = {name: frozenset(map(str, words.get(name, ()))) for name in _SETS}
    return Writing(padded=bool(words.get("padded")), **said, **sets)


def kind_of(field: str) -> Kind:
    """Tell what a canonical field holds."""
    if field in DATES:
        return Kind.DATE
    if field in TIMES:
        return Kind.TIME
    return Kind.AGE if field == "age" else Kind.TEXT

"""How a layout of the rulebook writes its texts, in the words of the law."""

from __future__ import annotations

from openpbc.activity.flow.canonical import CHECKED_DATES, CHECKED_NUMBERS, CHECKED_TIMES, DATES, NUMBERS, TIMES
from openpbc.activity.flow.layouts import Layout
from openpbc.activity.rules.checks import Kind, Writing, misshapen

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
    if field == "age":
        return Kind.AGE
    return Kind.NUMBER if field in NUMBERS else Kind.TEXT


def shape_of(layout: Layout, stream: str, field: str, text: str | None) -> set[str]:
    """Give what the law finds in the shape of a canonical text."""
    typed = field not in CHECKED_DATES | CHECKED_NUMBERS | CHECKED_TIMES
    return misshapen(text, kind_of(field), layout.longest.get((stream, field)), typed=typed)

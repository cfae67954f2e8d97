"""How far the work at hand sees: the places that are said once, at the edge, and that the database's wall asks for.

A request says the places of whoever asks, a command of the shell says all of them. What says nothing sees nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

EVERY_PLACE = "*"
_BETWEEN = ","
_seen: ContextVar[str | None] = ContextVar("openpbc_seen_places", default=None)


def seen() -> str | None:
    """Give the places as the setting holds them: ids with commas between, ``*`` for all; None if none are said."""
    return _seen.get()


def see(places: Iterable[str]) -> None:
    """Say from here to the end of the enclosing ``within`` which places are seen; ``*`` among them stands for all."""
    _seen.set(_said(places))


@contextmanager
def within(places: Iterable[str]) -> Iterator[None]:
    """See these places only, for the time of the context."""
    before = _seen.set(_said(places))
    try:
        yield
    finally:
        _seen.reset(before)


@contextmanager
def everywhere(why: str) -> Iterator[None]:
    """See every place, for the time of the context; ``why`` says what makes that necessary."""
    if not why:
        raise ValueError("seeing every place needs a reason")
    with within((EVERY_PLACE,)):
        yield


def _said(places: Iterable[str]) -> str:
    named = sorted(set(places))
    if EVERY_PLACE in named:
        return EVERY_PLACE
    return _BETWEEN.join(each for each in named if _BETWEEN not in each)  # no place is named so

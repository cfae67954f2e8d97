"""How a layout's text becomes a canonical one: what stands for nothing, and how days, times and ages are written.

The copy for millions is ``flow.layouts.canonical_select``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from openpbc.activity.rules.checks.record import day_of

_YEARLESS_BABY = re.compile(r"700[1-7]([.]0)?")
_WHOLE_WITH_NOUGHT = re.compile(r"([0-9]+)[.]0")
_TO_THE_SECOND = re.compile(r"[0-9]{2}:[0-9]{2}:[0-9]{2}")
_CLOCK = re.compile(r"([0-9]{2})([0-9]{2})")
_FEW_DIGITS = re.compile(r"[0-9]{1,4}")
_TIME_OF_DAY = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
_DATES: Mapping[str, re.Pattern[str]] = {
    "YYYYMMDD": re.compile(r"(?P<year>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
    "DD/MM/YYYY": re.compile(r"(?P<day>[0-9]{2})/(?P<month>[0-9]{2})/(?P<year>[0-9]{4})"),
}


class Kind(StrEnum):
    """What a field holds, as far as its writing goes."""

    DATE = "date"
    TIME = "time"
    AGE = "age"
    NUMBER = "number"
    TEXT = "text"


@dataclass(frozen=True)
class Writing:
    """The words of a layout about texts; see ``flow.layouts`` for what each says."""

    padded: bool = False
    dates: str = "YYYY-MM-DD"
    times: str = "HH:MM"
    ages: str = "years"
    missing: frozenset[str] = frozenset()
    not_known: frozenset[str] = frozenset()
    missing_dates: frozenset[str] = frozenset()
    invalid_dates: frozenset[str] = frozenset()
    missing_times: frozenset[str] = frozenset()
    invalid_times: frozenset[str] = frozenset()


def canonical(written: str | None, kind: Kind, writing: Writing) -> tuple[str | None, set[str]]:
    """Give the canonical text (None: nothing was given) and the rules that the writing itself breaks.

    A text of another shape than the layout's stays as it is, so that the checks can say what is wrong with it.
    """
    text = _unpadded(written) if writing.padded else written
    if text is None:
        return None, set()
    rules = [rule for texts, rule in _specials(kind, writing) if text in texts]
    if rules:
        return None, {rule for rule in rules if rule}
    return _REWRITE[kind](text, writing), set()


def misshapen(text: str | None, kind: Kind, longest: int | None, *, typed: bool) -> set[str]:
    """Give the rules that a canonical text breaks by its shape: longer than its field may be (T-07), or no such thing.

    ``typed`` says that the field is held against its kind here, because no check of its own does so.
    """
    if text is None:
        return set()
    found = {"T-07"} if longest is not None and len(text) > longest else set()
    if typed and kind in _TYPES:
        rule, fits = _TYPES[kind]
        found |= set() if fits(text) else {rule}
    return found


def _unpadded(text: str | None) -> str | None:
    return (text or "").strip(" \t") or None


def _specials(kind: Kind, writing: Writing) -> Iterator[tuple[frozenset[str], str]]:
    """Give the texts that stand for no value, each with the rule that tells it, or none."""
    yield writing.missing, ""
    yield writing.not_known, "D-01"
    if kind is Kind.DATE:
        yield writing.missing_dates, "D-02"
        yield writing.invalid_dates, "D-03"
    if kind is Kind.TIME:
        yield writing.missing_times, ""
        yield writing.invalid_times, "D-04"


def _date(text: str, writing: Writing) -> str:
    shape = _DATES.get(writing.dates)
    parts = shape.fullmatch(text) if shape else None
    return f"{parts['year']}-{parts['month']}-{parts['day']}" if parts else text


def _time(text: str, writing: Writing) -> str:
    if writing.times == "HH:MM:SS":
        return text[:5] if _TO_THE_SECOND.fullmatch(text) else text
    parts = _CLOCK.fullmatch(text) if writing.times == "HHMM" else None
    return f"{parts[1]}:{parts[2]}" if parts else text


def _age(text: str, writing: Writing) -> str:
    """Hospital Episode Statistics write babies as 7001 to 7007 (parts of the first year), and years as decimals."""
    if writing.ages != "hes":
        return text
    if _YEARLESS_BABY.fullmatch(text):
        return "0"
    whole = _WHOLE_WITH_NOUGHT.fullmatch(text)
    return whole[1] if whole else text


_REWRITE: Mapping[Kind, Callable[[str, Writing], str]] = {
    Kind.DATE: _date,
    Kind.TIME: _time,
    Kind.AGE: _age,
    Kind.NUMBER: lambda text, _: text,
    Kind.TEXT: lambda text, _: text,
}
_TYPES: Mapping[Kind, tuple[str, Callable[[str], bool]]] = {
    Kind.DATE: ("T-01", lambda text: day_of(text) is not None),
    Kind.NUMBER: ("T-02", lambda text: _FEW_DIGITS.fullmatch(text) is not None),
    Kind.TIME: ("T-06", lambda text: _TIME_OF_DAY.fullmatch(text) is not None),
}

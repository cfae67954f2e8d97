"""One record as the checks see it: texts that may be missing, read as days, numbers and times where they are such."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from openpbc.kernel.codes import ISO_DATE, matches
from openpbc.kernel.periods import Month

Broken = tuple[str, str]

CONTRACT = ("acm", "plcm", "drplcm", "deplcm")

_FIRST_DAY, _LAST_DAY = "1800-01-01", "2199-12-31"
_NUMBER = re.compile(r"[0-9]{1,4}")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")


@dataclass(frozen=True)
class Span:
    """When a listed code is valid (both days included), and whether it stands for something not known."""

    first: date = date.min
    last: date = date.max
    stands_in: bool = False


@dataclass(frozen=True)
class Lists:
    """Everything that checks look up.

    ``codes`` maps a field to its codes; the lists ``practice`` (codes that name no practice), ``commissioner`` (codes
    that may not pay), ``X-PRIV`` and ``X-OSV`` (codes that exclude) are among them. ``practices`` maps a practice to
    the spans in which it is open; ``ungrouped`` is the shape of resource groups that say *ungrouped*, None where none
    do; ``group`` is the shape with which a tariff code starts, None where the place has no price list.
    """

    codes: Mapping[str, Mapping[str, Span]]
    providers: frozenset[str]
    practices: Mapping[str, tuple[Span, ...]]
    ungrouped: str | None = None
    group: str | None = None


@dataclass(frozen=True)
class FileFacts:
    """What is known of the file: who sent it, whether the place's registers judge it, its month, and the checks that
    its layout cannot be held to. A file of ``changes`` replaces and deletes single records of other files.
    """

    sender: str | None = None
    by_place: bool = True
    month: Month | None = None
    without: frozenset[str] = frozenset()
    file: str = ""
    changes: bool = False


def day_of(text: str | None) -> date | None:
    """Read a day of the calendar written YYYY-MM-DD, from 1800 to 2199; anything else is none."""
    if text is None or not matches(ISO_DATE, text) or not _FIRST_DAY <= text <= _LAST_DAY:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def years_between(born: date | None, reached: date | None) -> int | None:
    """Count whole years; none when a day is missing or the second comes first."""
    if born is None or reached is None or reached < born:
        return None
    return reached.year - born.year - ((reached.month, reached.day) < (born.month, born.day))


@dataclass(frozen=True)
class Record:
    """One record with the lists and the file by which it is judged."""

    stream: str
    fields: Mapping[str, str | None]
    lists: Lists
    file: FileFacts

    def text(self, name: str) -> str | None:
        """Give a field as written."""
        return self.fields.get(name)

    def day(self, name: str) -> date | None:
        """Give a field as a day, or None."""
        return day_of(self.fields.get(name))

    def number(self, name: str) -> int | None:
        """Give a field as a whole number of at most four digits, or None."""
        text = self.fields.get(name)
        return int(text) if text is not None and _NUMBER.fullmatch(text) else None

    def minute(self, name: str) -> int | None:
        """Give a field as minutes after midnight, or None."""
        match = _TIME.fullmatch(self.fields.get(name) or "")
        return int(match[1]) * 60 + int(match[2]) if match else None

    def plain(self, name: str) -> str | None:
        """Give a clinical code without its dot."""
        text = self.fields.get(name)
        return None if text is None else text.replace(".", "")

    def has(self, name: str) -> bool:
        """Tell whether a field is filled."""
        return self.fields.get(name) is not None

    def one_of(self, name: str, codes: Iterable[str]) -> bool:
        """Tell whether a field holds one of some codes."""
        return self.fields.get(name) in set(codes)

    def listed(self, name: str, on: date | None) -> Span | None:
        """Find a field's code in its national list on a day."""
        span = self.lists.codes.get(name, {}).get(self.fields.get(name) or "")
        return span if span is not None and on is not None and span.first <= on <= span.last else None

    @property
    def active(self) -> date | None:
        """The activity date: the end of an episode (else its discharge, start, admission), the day of a contact.

        A line of contract monitoring without a day of its own counts for the first day of its file's month.
        """
        names = {"op": ("appointment_date",), "ae": ("arrival_date",), **dict.fromkeys(CONTRACT, ("activity_date",))}
        order = names.get(self.stream, ("epi_end", "dis_date", "epi_start", "adm_date"))
        found = next((found for name in order if (found := self.day(name)) is not None), None)
        if found is None and self.stream in CONTRACT and self.file.month is not None:
            return self.file.month.first
        return found


@dataclass(frozen=True)
class Check:
    """One check of one field: ``test`` is true where the record breaks it."""

    rule: str
    field: str
    test: Callable[[Record], bool]


def after(first: date | None, second: date | None) -> bool:
    """Tell whether both days are known and the first comes after the second."""
    return first is not None and second is not None and first > second

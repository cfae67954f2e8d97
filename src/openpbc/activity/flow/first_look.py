"""The first look at a file that was sent: how it will be read, and whose it seems to be, before it is converted."""

from __future__ import annotations

import csv
import itertools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from openpbc.activity.flow.canonical import PERIOD_DATE
from openpbc.activity.flow.layouts import Layout, layouts
from openpbc.activity.flow.reading import FieldRead, ReadAs, UnknownColumn, read_as
from openpbc.activity.flow.receiving import Claim
from openpbc.kernel.codes import provider_match
from openpbc.kernel.periods import FinancialYear
from openpbc.rulebook.reader import Book
from openpbc.warehouse.survey import LONGEST_LINE, Survey

_YEAR, _NUMBER = re.compile(r"20[0-9]{4}"), re.compile(r"0?[1-9]|1[0-2]")
FIRST_LINES = 1_000
LONGEST_VALUE = 60
KEPT_APART = "kept apart"


@dataclass(frozen=True)
class FirstLook:
    """How a file will be read, and the provider and month that its name and first lines tell (empty: neither does).

    The values of columns that tell who somebody is are not among what is shown.
    """

    read: ReadAs
    provider: str
    month: str

    @property
    def stream(self) -> str:
        """Which data set it is."""
        return self.read.stream

    @property
    def lines(self) -> int:
        """How many lines of data it has."""
        return self.read.lines


def look(book: Book, surveyed: Survey, claim: Claim) -> FirstLook:
    """Tell layout, stream, provider and month, and how each column will be read; refuse what no layout fits."""
    read = read_as(book, surveyed, claim.layout)
    layout = layouts(book)[read.layout]
    shown = layout.shown(read.stream)
    read = replace(
        read,
        fields=tuple(replace(one, first_values=_seen(one.column, one.first_values, shown)) for one in read.fields),
        unknown=tuple(replace(one, first_values=_seen(one.column, one.first_values, shown)) for one in read.unknown),
    )
    if not read.monthly:
        return FirstLook(read, "", "")
    tells = layout.name_tells(surveyed.name)
    provider, month = _told(layout, read.stream, surveyed)
    return FirstLook(
        read, claim.provider or tells.get("provider") or provider, claim.month or tells.get("month") or month
    )


def _seen(column: str, values: tuple[str, ...], shown: frozenset[str]) -> tuple[str, ...]:
    if column in shown or not values:
        return tuple(text[:LONGEST_VALUE] for text in values)
    return (KEPT_APART,)


def _told(layout: Layout, stream: str, surveyed: Survey) -> tuple[str, str]:
    """Give the provider and the month that most of the first lines name."""
    names, fields = surveyed.header(layout.delimiter), layout.fields[stream]
    at = {name: place for place, name in enumerate(names)}
    lines = list(itertools.islice(_lines(surveyed, layout.delimiter), FIRST_LINES))
    providers = _column(lines, at.get(fields.get("provider", "")))
    provider = _most(provider_match(text.upper()) for text in providers)
    if stream in PERIOD_DATE:
        days = _column(lines, at.get(fields.get(PERIOD_DATE[stream], "")))
        return provider, _most(_month(text, layout) for text in days)
    year, month = (at.get(fields.get(name, "")) for name in ("fin_year", "fin_month"))
    whole = [line for line in lines if len(line) == len(names)]
    return provider, _most(map(_month_of_year, _column(whole, year), _column(whole, month)))


def _lines(surveyed: Survey, delimiter: str) -> Iterator[list[str]]:
    """Read the first lines, each by itself; one that cannot be read is passed over, since this is but a look."""
    with surveyed.path.open(encoding="utf-8-sig", newline="\n") as file:
        next(file)
        for _ in range(min(surveyed.lines, FIRST_LINES)):
            text = file.readline(LONGEST_LINE * 2).rstrip("\r\n")
            if "\r" not in text and text:
                yield next(csv.reader([text], delimiter=delimiter), [])


def _column(lines: list[list[str]], place: int | None) -> Iterator[str]:
    return (line[place].strip() for line in lines if place is not None and place < len(line))


def _month(text: str, layout: Layout) -> str:
    digits = text.replace("-", "").replace("/", "")
    if not digits.isdecimal() or len(digits) != 8:
        return ""
    if layout.words.get("dates") == "DD/MM/YYYY":
        return f"{digits[4:]}-{digits[2:4]}"
    return f"{digits[:4]}-{digits[4:6]}"


def _month_of_year(year: str, number: str) -> str:
    """Give the month that a financial year and the number of a month in it name; contract monitoring names it so."""
    if not (_YEAR.fullmatch(year) and _NUMBER.fullmatch(number)):
        return ""
    return str(FinancialYear(int(year[:4])).months[int(number) - 1])


def _most(texts: Iterator[str]) -> str:
    counted = Counter(text for text in texts if text)
    return max(sorted(counted), key=lambda text: counted[text]) if counted else ""


def plain(shown: FirstLook) -> dict[str, Any]:
    """Give a look as it is written down."""
    return asdict(shown)


def from_plain(body: dict[str, Any]) -> FirstLook:
    """Read a look that was written down."""
    read = body["read"]
    fields = tuple(FieldRead(**{**one, "first_values": tuple(one["first_values"])}) for one in read["fields"])
    unknown = tuple(UnknownColumn(one["column"], tuple(one["first_values"])) for one in read["unknown"])
    held = ReadAs(**{**read, "fields": fields, "unknown": unknown, "without": tuple(read["without"])})
    return FirstLook(held, body["provider"], body["month"])

"""A measure as it is declared: whom it looks at, whom it leaves out and why, what it counts over what.

A condition is written as tests with spaces between them, all of which must hold: ``kind=EM los=0..1 tfc!=501,560``. A
range may be open at either end (``los=181..``). A count is ``count`` or ``sum FIELD``, with a condition behind it if
not every record counts; a denominator may also be ``list``, the people registered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from openpbc.kernel.problems import UserError

Facts = Mapping[str, str | int | None]

STREAMS = ("apc", "op")
ENTERED = "entered"
LIST = "list"
# The facts of a record that are whole numbers; all others are words.
NUMBERS = frozenset({"los", "excess", "preop", "age", "charge", "long_stay"})
FIELDS: Mapping[str, frozenset[str]] = {
    "apc": frozenset(
        "provider tfc hrg practice unit owner status kind adm_method dis_method dis_dest procedure finished identified"
        " watched readmission index followed readmitted condition preop_known los excess preop age charge"
        " long_stay".split()
    ),
    "op": frozenset(
        "provider tfc hrg practice unit owner status attended first_attendance source priority procedure age charge"
        " long_stay".split()
    ),
}
_TEST = re.compile(r"([a-z_]+)(!?=)(\S+)")
_RANGE = re.compile(r"(\d*)\.\.(\d*)")


class Better(StrEnum):
    """Which way a measure should go; a measure for which nobody has agreed it is never ranked."""

    LOW = "low"
    HIGH = "high"
    UNSETTLED = ""


class Shown(StrEnum):
    """How a measure's value is printed."""

    PERCENT = "percent"
    RATIO = "ratio"
    MEAN = "mean"
    PER_THOUSAND = "per thousand"
    COUNT = "count"


@dataclass(frozen=True)
class Test:
    """One test of one field: one of the words, or between two whole numbers (both included); ``negated`` turns it."""

    field: str
    words: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    negated: bool = False

    def holds(self, facts: Facts) -> bool:
        """Tell whether the test holds; a number that is missing lies in no range."""
        value = facts[self.field]
        if self.words:
            return (value in self.words) != self.negated
        if not isinstance(value, int):
            return False
        inside = (self.low is None or value >= self.low) and (self.high is None or value <= self.high)
        return inside != self.negated


Condition = tuple[Test, ...]


@dataclass(frozen=True)
class Exclusion:
    """Why a record that would be looked at is left out: the reason's code, and when it applies."""

    reason: str
    when: Condition


@dataclass(frozen=True)
class Count:
    """What is counted: records, or the sum of a field over them, where the condition holds; or the people listed."""

    field: str = ""
    when: Condition = ()
    people: bool = False


@dataclass(frozen=True)
class Measure:
    """One declared measure. An entered one has no stream of records: people enter its numerator and denominator.

    ``value`` is the field that prices one unit of the numerator, for opportunities in pounds; ``overlaps`` names the
    measures whose opportunity would count the same activity again.
    """

    code: str
    family: str
    title: str
    stream: str
    looks_at: Condition
    exclusions: tuple[Exclusion, ...]
    numerator: Count
    denominator: Count
    shown: Shown
    better: Better
    interval: str
    minimum: int
    value: str
    overlaps: tuple[str, ...]
    numerator_words: str
    denominator_words: str
    note: str
    source: str
    mark: str

    @property
    def computed(self) -> bool:
        """Whether records of care tell it."""
        return self.stream != ENTERED

    @property
    def per_list(self) -> bool:
        """Whether it is a rate of the people registered."""
        return self.denominator.people

    @property
    def factor(self) -> int:
        """By how much the rate is multiplied before it is printed."""
        return 1_000 if self.shown is Shown.PER_THOUSAND else 1


def condition(text: str, stream: str, where: str = "") -> Condition:
    """Read a condition; an unknown field or a test that cannot be read is a fault of the declaration."""
    return tuple(_test(word, stream, where) for word in text.split())


def _test(word: str, stream: str, where: str) -> Test:
    match = _TEST.fullmatch(word)
    if match is None or match[1] not in FIELDS[stream]:
        known = ", ".join(sorted(FIELDS[stream]))
        raise UserError(f"'{word}' is not a test of a record of {stream}", where, f"Write FIELD=VALUE with {known}.")
    field, negated, told = match[1], match[2] == "!=", match[3]
    if field not in NUMBERS:
        return Test(field, tuple(told.split(",")), negated=negated)
    span = _RANGE.fullmatch(told if ".." in told else f"{told}..{told}")
    if span is None or span[0] == "..":
        raise UserError(f"'{told}' is no range of whole numbers", where, "Write 0..1, 181.. or one number.")
    return Test(field, (), int(span[1]) if span[1] else None, int(span[2]) if span[2] else None, negated)


def count(text: str, stream: str, where: str = "") -> Count:
    """Read what is counted."""
    head, _, rest = text.strip().partition(" ")
    if head == LIST:
        return Count(people=True)
    if head == "sum":
        field, _, rest = rest.partition(" ")
        if field not in NUMBERS & FIELDS[stream]:
            raise UserError(f"'{field}' is no number of a record of {stream}", where, "Sum a field that is a number.")
        return Count(field, condition(rest, stream, where))
    if head != "count":
        raise UserError(f"'{text}' does not say what is counted", where, "Write count, sum FIELD or list.")
    return Count("", condition(rest, stream, where))


def exclusions(text: str, stream: str, where: str = "") -> tuple[Exclusion, ...]:
    """Read exclusions, ``REASON: condition; REASON: condition``, in the order in which they are tried."""
    found = []
    for part in filter(None, (piece.strip() for piece in text.split(";"))):
        reason, colon, when = part.partition(":")
        if not colon or not when.strip():
            raise UserError(f"'{part}' is no exclusion", where, "Write REASON: condition; REASON: condition.")
        found.append(Exclusion(reason.strip(), condition(when, stream, where)))
    return tuple(found)


def measure(row: Mapping[str, str], general: Mapping[str, str], minimum: int, where: str = "") -> Measure:
    """Read one row of the declarations; ``general`` are the exclusions that hold for every measure of a stream."""
    stream, at = row["stream"], f"{where} {row['code']}".strip()
    if stream != ENTERED and stream not in STREAMS:
        raise UserError(f"'{stream}' is no stream of records", at, f"Use {', '.join((*STREAMS, ENTERED))}.")
    computed = stream != ENTERED
    left_out = f"{general.get(stream, '')};{row['exclusions']}" if computed else ""
    return Measure(
        code=row["code"],
        family=row["family"],
        title=row["title"],
        stream=stream,
        looks_at=condition(row["looks_at"], stream, at) if computed else (),
        exclusions=exclusions(left_out, stream, at) if computed else (),
        numerator=count(row["numerator"], stream, at) if computed else Count(),
        denominator=count(row["denominator"], stream, at) if computed and row["denominator"] else Count(),
        shown=Shown(row["shown"]),
        better=Better(row["better"]),
        interval=row["interval"],
        minimum=int(row["minimum"]) if row["minimum"] else minimum,
        value=row["value"],
        overlaps=tuple(row["overlaps"].split()),
        numerator_words=row["numerator_words"],
        denominator_words=row["denominator_words"],
        note=row["note"],
        source=row["source"],
        mark=row["mark"],
    )

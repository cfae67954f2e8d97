"""How good a field of a record is: valid, a stand-in, invalid or missing; and the index over the fields of a file."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from openpbc.kernel.codes import matches
from openpbc.kernel.money import PPM, ratio_ppm

STAND_IN_RULE = "D-01"
WITHHELD, EXCLUDED = "withheld", "excluded"
WITHHELD_STATUS = "07"


class State(StrEnum):
    """What is said of one field of one record; outside ones are not counted."""

    VALID = "valid"
    STAND_IN = "stand_in"
    INVALID = "invalid"
    MISSING = "missing"
    OUTSIDE = "outside"


@dataclass(frozen=True)
class Measure:
    """A field whose quality is measured; see ``data.quality.measures``. ``shape`` and ``never`` are the patterns."""

    stream: str
    field: str
    title: str
    rules: tuple[str, ...]
    outside: str
    only_where: str
    shape: str
    never: str = ""


@dataclass(frozen=True)
class Looked:
    """One record as a measure looks at it: the field, the field that must be there, and what was found in it."""

    value: str
    needed: str
    nhs_number_status: str
    excluded: bool
    broken: Collection[str]
    withheld_reason: str = ""

    @property
    def withheld(self) -> bool:
        """Whether no NHS number is to be given."""
        return self.nhs_number_status == WITHHELD_STATUS or bool(self.withheld_reason)


def state_of(measure: Measure, record: Looked) -> State:
    """Judge one field of one record; ``broken`` are the rules that its own field breaks."""
    if measure.outside == WITHHELD and record.withheld:
        return State.OUTSIDE
    if (measure.outside == EXCLUDED and record.excluded) or (measure.only_where and not record.needed):
        return State.OUTSIDE
    if not record.value:
        return State.MISSING
    if STAND_IN_RULE in record.broken:
        return State.STAND_IN
    wrong = _misshaped(measure, record.value) or any(rule in record.broken for rule in measure.rules)
    return State.INVALID if wrong else State.VALID


def _misshaped(measure: Measure, value: str) -> bool:
    """Tell whether a value is not written as it must be, or is one that says that nothing could be told."""
    if measure.never and matches(measure.never, value):
        return True
    return bool(measure.shape) and not matches(measure.shape, value)


@dataclass(frozen=True)
class Quality:
    """The records of a file by the state of one field; whole = valid + stand-in + invalid + missing."""

    field: str
    valid: int = 0
    stand_in: int = 0
    invalid: int = 0
    missing: int = 0

    @property
    def whole(self) -> int:
        """The records that are counted."""
        return self.valid + self.stand_in + self.invalid + self.missing

    @property
    def valid_ppm(self) -> int | None:
        """The share of valid ones; none where nothing is counted."""
        return ratio_ppm(self.valid, self.whole) if self.whole else None

    @property
    def not_valid(self) -> int:
        """The records whose field tells nothing that could be used."""
        return self.whole - self.valid

    def __add__(self, other: Quality) -> Quality:
        """Add the counts of two files."""
        return Quality(
            self.field,
            self.valid + other.valid,
            self.stand_in + other.stand_in,
            self.invalid + other.invalid,
            self.missing + other.missing,
        )


def index_ppm(measured: Sequence[Quality], covered: bool) -> int | None:
    """Give the mean of the shares of valid fields, nought where the data set did not come; none without fields."""
    if not covered:
        return 0
    shares = [each.valid_ppm for each in measured if each.valid_ppm is not None]
    return ratio_ppm(sum(shares), len(shares) * PPM) if shares else None

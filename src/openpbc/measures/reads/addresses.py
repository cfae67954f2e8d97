"""The addresses of figures: ``measure/<place>/<period>/<measure>/<cut>/<code or all>/<figure>``."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.kernel.problems import UserError
from openpbc.measures.reads.measured import CUTS, WHOLE

PREFIX = "measure"
ALL = "all"
FIGURES = (
    "value", "numerator", "denominator", "left-out", "threshold", "units", "opportunity", "opportunity-year",
    "case-mix",
)  # fmt: skip


@dataclass(frozen=True)
class Address:
    """Which figure of which measure, for whom, over which period."""

    place: str
    period: str
    measure: str
    cut: str = WHOLE
    code: str = ""
    figure: str = "value"

    def of(self, figure: str) -> Address:
        """Give another figure of the same holder."""
        return Address(self.place, self.period, self.measure, self.cut, self.code, figure)

    def __str__(self) -> str:
        """The address as text."""
        return "/".join((PREFIX, self.place, self.period, self.measure, self.cut, self.code or ALL, self.figure))


def parse(address: str) -> Address:
    """Read an address; a wrong one is a person's mistake."""
    parts = address.split("/")
    if len(parts) != 7 or parts[0] != PREFIX or parts[4] not in (WHOLE, *CUTS) or parts[6] not in FIGURES:
        raise nowhere(address)
    return Address(parts[1], parts[2], parts[3], parts[4], "" if parts[5] == ALL else parts[5], parts[6])


def nowhere(address: str) -> UserError:
    """The sentence for an address that leads to no figure."""
    return UserError(f"'{address[:120]}' names no figure", do="Open the figure from its page again.")

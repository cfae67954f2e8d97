"""The addresses of figures: which cut of which month, and which measure of it.

``position/<place>/<month>/<unit or all>/<provider or all>/<pod or all>/<measure>[?practice=CODE][&line=CODE]``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError

ALL = "all"
# The code under which stands what has none in a column; an empty code would mean all.
UNSTATED = "-"
POSITION = "position"
QUANTITIES: Mapping[str, str] = {"activity": "count", "charge": "pence", "price": "pence"}
FIGURES: Mapping[str, str] = {
    "actual": "in the month",
    "plan": "planned for the month",
    "variance": "against the plan of the month",
    "ytd-actual": "from April to the month",
    "ytd-plan": "planned from April to the month",
    "ytd-variance": "against the plan from April to the month",
    "year-plan": "planned for the year",
    "straight-line": "forecast for the year, straight line",
    "profile": "forecast for the year, by the plan's profile",
}
PRICED_FIGURES = ("actual", "ytd-actual")  # the price with market forces factor is not planned, only shown
MEASURES = tuple(f"{figure}-{quantity}" for figure in FIGURES for quantity in ("activity", "charge")) + tuple(
    f"{figure}-price" for figure in PRICED_FIGURES
)


@dataclass(frozen=True)
class Selection:
    """A cut through the activity of a place; an empty code means all. Columns are those of the run's tables."""

    unit: str = ""
    provider: str = ""
    pod: str = ""
    practice: str = ""
    budget_line: str = ""

    @property
    def where(self) -> tuple[tuple[str, str], ...]:
        """The columns that are fixed, with their codes."""
        return tuple((name, code) for name, code in vars(self).items() if code)

    def narrowed(self, column: str, code: str) -> Selection:
        """The same cut with one more column fixed."""
        return replace(self, **{column: code})

    @property
    def next_column(self) -> str:
        """The column by which a figure of this cut falls into its parts; empty when all are fixed."""
        for column in ("unit", "provider", "pod", "practice"):
            if not getattr(self, column):
                return column
        return ""


@dataclass(frozen=True)
class Address:
    """The address of one figure of a position."""

    place: str
    month: Month
    selection: Selection
    measure: str

    @property
    def figure(self) -> str:
        """Which figure: actual, plan, ytd-actual and so on."""
        return self.measure.rpartition("-")[0]

    @property
    def quantity(self) -> str:
        """What is measured: activity, charge or price."""
        return self.measure.rpartition("-")[2]

    @property
    def unit(self) -> str:
        """The unit of the figure: count or pence."""
        return QUANTITIES[self.quantity]

    def of(self, figure: str) -> Address:
        """The address of another figure of the same cut and quantity."""
        return replace(self, measure=f"{figure}-{self.quantity}")

    def __str__(self) -> str:
        """Write the address."""
        cut = self.selection
        parts = (
            POSITION,
            self.place,
            str(self.month),
            cut.unit or ALL,
            cut.provider or ALL,
            cut.pod or ALL,
            self.measure,
        )
        query = urlencode([(k, v) for k, v in (("practice", cut.practice), ("line", cut.budget_line)) if v])
        return "/".join(parts) + (f"?{query}" if query else "")


def parse(address: str) -> Address:
    """Read the address of a figure of a position; a wrong one is a person's mistake."""
    path, _, query = address.partition("?")
    parts = path.split("/")
    pairs = parse_qsl(query)
    asked = dict(pairs)
    if (
        len(pairs) != len(asked)
        or len(parts) != 7
        or parts[0] != POSITION
        or parts[6] not in MEASURES
        or set(asked) - {"practice", "line"}
    ):
        raise nowhere(address)
    unit, provider, pod = ("" if part == ALL else part for part in parts[3:6])
    cut = Selection(unit, provider, pod, asked.get("practice", ""), asked.get("line", ""))
    return Address(parts[1], Month.parse(parts[2]), cut, parts[6])


def nowhere(address: str) -> UserError:
    """The sentence for an address that leads to no figure."""
    return UserError(f"'{address[:120]}' names no figure", do="Open the figure from its page again.")

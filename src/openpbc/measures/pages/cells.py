"""Measures as cells: values, intervals, verdicts; small counts are hidden from those who may not see them."""

from __future__ import annotations

from fractions import Fraction

from openpbc.kernel.suppressed import Suppressed
from openpbc.measures.reads import Entered, Value
from openpbc.measures.reads.addresses import Address
from openpbc.measures.reads.values import printed
from openpbc.measures.rules.declaring import Measure, Shown
from openpbc.measures.rules.targets import MET, MISSED
from openpbc.ui.figures import Cell, Figure, Missing, Style, Tag

UNITS = {
    Shown.PERCENT: "%",
    Shown.RATIO: "1 to x",
    Shown.MEAN: "mean",
    Shown.PER_THOUSAND: "for each 1,000",
    Shown.COUNT: "number",
}
COLOURS = {MET: "green", MISSED: "red"}
HIDDEN = Suppressed("small number")


def figure(measure: Measure, value: int, address: str = "", *, signed: bool = False) -> Figure:
    """A value of a measure in the unit in which it is printed."""
    if measure.shown is Shown.COUNT:
        return Figure(value, Style.COUNT, address, signed=signed)
    if measure.shown is Shown.PERCENT:
        return Figure(value, Style.PERCENT, address, places=1, signed=signed)
    return Figure(value, Style.INDEX, address, signed=signed)


def value_cell(found: Value | None, address: Address) -> Cell:
    """A computed value, or why there is none."""
    if found is None:
        return Missing(why="No record counts for this measure.")
    if found.shown is None:
        return Missing(why=f"No rate: {found.why}.")
    return figure(found.measure, found.shown, str(address.of("value")))


def interval_text(found: Value | None) -> str:
    """The 95% interval in words, empty where the measure has none."""
    if found is None or found.interval is None:
        return ""
    ends = (found.interval.low, found.interval.high)
    return " to ".join(figure(found.measure, printed(found.measure, end)).text for end in ends)


def rate_text(measure: Measure, rate: Fraction) -> str:
    """A rate as printed, without a figure of its own."""
    return figure(measure, printed(measure, rate)).text


def entered_cell(measure: Measure, found: Entered | None, address: str = "") -> Cell:
    """An entered value, or that nobody has entered one."""
    rate = found.rate(measure) if found else None
    return (
        Missing(why="No data: nobody has entered it.")
        if rate is None
        else figure(measure, printed(measure, rate), address)
    )


def verdict_tag(verdict: str) -> Tag:
    """A verdict; only what is met or missed has a colour."""
    return Tag(verdict, COLOURS.get(verdict, "grey"))


def against(own: Value | None, whole: Value) -> str:
    """Say whether a value differs from the whole by more than chance, by its interval."""
    if own is None or own.interval is None or whole.rate is None:
        return ""
    if own.interval.low <= whole.rate <= own.interval.high:
        return "no difference beyond chance"
    return "lower" if own.interval.high < whole.rate else "higher"

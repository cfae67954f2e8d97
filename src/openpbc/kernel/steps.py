"""Every figure that people ask about is a list of steps, and the steps rebuild the figure."""

from __future__ import annotations

from dataclasses import dataclass, field

from openpbc.kernel.citations import Citation
from openpbc.kernel.money import ratio_ppm


@dataclass(frozen=True)
class Step:
    """One named move towards a figure.

    ``effect`` is signed, in the figure's unit; the effects of all steps add up to the figure. ``inputs`` are pairs of
    name and text as shown to people. ``address`` is where the step's own effect is explained further, if anywhere.
    """

    rule: str
    label: str
    effect: int
    inputs: tuple[tuple[str, str], ...] = ()
    citation: Citation | None = None
    address: str = ""


@dataclass(frozen=True)
class Ratio:
    """How a rate was made: part over whole, less a constant (growth is part over whole less one)."""

    part: int
    whole: int
    less_ppm: int = 0

    @property
    def ppm(self) -> int:
        """The rate in parts per million, rounded once."""
        return ratio_ppm(self.part, self.whole) - self.less_ppm


@dataclass(frozen=True)
class RecordsLink:
    """Which priced records a figure sums: a place and month's run, and the column values that select them."""

    place: str
    month: str
    run: str
    where: tuple[tuple[str, str], ...] = ()
    count: int = 0


@dataclass(frozen=True)
class Explanation:
    """All that stands behind one figure.

    ``unit`` is pence, count, ppm, or a scaled unit named in words. ``ratio`` is given instead of additive steps for a
    rate. ``grounds`` tell the same figure once more by what decided it elsewhere, where the steps do not lead there;
    they add up to it as well. ``evidence`` pairs name what was used: book hash, run, code version, source files.
    """

    address: str
    title: str
    value: int
    unit: str
    formula: str
    steps: tuple[Step, ...] = ()
    ratio: Ratio | None = None
    citations: tuple[Citation, ...] = ()
    evidence: tuple[tuple[str, str], ...] = ()
    records: tuple[RecordsLink, ...] = ()
    notes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = field(default=())
    grounds: tuple[Step, ...] = ()


def recompute(explanation: Explanation) -> int:
    """Rebuild the figure from its steps alone (or from its ratio); it must equal ``explanation.value``."""
    if explanation.ratio is not None:
        return explanation.ratio.ppm
    return sum(step.effect for step in explanation.steps)

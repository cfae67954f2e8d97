"""A specification says what is to come of a service, and how that is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Outcome:
    """A result that is wanted: the indicator that shows it, where it stands now and where it is to come."""

    text: str
    indicator: str = ""
    baseline: str = ""
    target: str = ""
    measure: str = ""


def specification_faults(outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """Say what a specification lacks: it has an outcome, and at least one that can be measured."""
    if not outcomes:
        return ("The specification states no outcome.",)
    faults = [
        f"Outcome {at} does not say what is wanted." for at, each in enumerate(outcomes, 1) if not each.text.strip()
    ]
    if not any(each.text.strip() and each.indicator.strip() for each in outcomes):
        faults.append("No outcome of the specification has an indicator by which it can be measured.")
    return tuple(faults)

"""How many cases of a long-term condition are overdue beside the others: these redesigns are a known weak area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation, Ratio, Step
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.rules import speed
from openpbc.redesign.rules.speed import Overdue, Round

LONG_TERM, OTHER, BOTH = "long-term", "other", "both"
CONDITIONS = {LONG_TERM: "Long-term conditions", OTHER: "All others", BOTH: "All cases"}
MEASURED, LATE, SHARE = "measured", "overdue", "overdue-share"
FIGURES = {MEASURED: "cases put to a decision", LATE: "overdue cases", SHARE: "overdue of those put to a decision"}


def by_condition(found: Sequence[Case], ends: Sequence[Round], weeks: int | None, on: date) -> Mapping[str, Overdue]:
    """Overdue cases by whether the case says that it is about a long-term condition; nothing without a target."""
    if weeks is None:
        return {}
    marked = {each.number for each in found if each.long_term_condition}
    told = {
        LONG_TERM: [each for each in ends if each.number in marked],
        OTHER: [each for each in ends if each.number not in marked],
        BOTH: list(ends),
    }
    many = {LONG_TERM: len(marked), OTHER: len(found) - len(marked), BOTH: len(found)}
    return {key: speed.overdue(many[key], rounds, weeks, on) for key, rounds in told.items()}


def explained(
    address: str, title: str, held: Overdue | None, figure: str, evidence: tuple[tuple[str, str], ...]
) -> Explanation:
    """Explain a figure by the cases behind it, one step each."""
    shown = () if held is None else held.late if figure == LATE else held.measured
    if held is None or not shown:
        raise UserError(f"no case stands behind '{title}'", do="Open the figure from its page again.")
    if figure == SHARE:
        ratio = Ratio(len(held.late), len(held.measured))
        formula = "overdue cases divided by cases put to a decision"
        return Explanation(address, title, ratio.ppm, "ppm", formula, _steps(held.measured, held, 0), ratio,
                           evidence=evidence)  # fmt: skip
    steps = _steps(shown, held, 1)
    return Explanation(address, title, len(steps), "count", "one for each case", steps, evidence=evidence)


def _steps(shown: Sequence[Round], held: Overdue, effect: int) -> tuple[Step, ...]:
    late = {each.number for each in held.late}
    return tuple(
        Step("case-put-to-a-decision", f"Case {each.number}, {each.title}"
             f"{': overdue' if each.number in late else ''}", effect)
        for each in shown
    )  # fmt: skip

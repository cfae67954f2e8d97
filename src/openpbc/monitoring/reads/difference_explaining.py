"""Explains a difference between two runs of a month: what each cause did to the line, to the penny."""

from __future__ import annotations

from openpbc.kernel.citations import Citation
from openpbc.kernel.periods import Month
from openpbc.kernel.steps import Explanation, Step
from openpbc.monitoring.reads.addresses import nowhere
from openpbc.monitoring.reads.differences import CLOSED, CUTS, Difference, DifferenceRow, between
from openpbc.monitoring.reads.months import history
from openpbc.monitoring.rules.differences import CAUSE_WORDS, CAUSES

PREFIX, RULE, ALL = "difference", "monitoring.difference", "all"
CITATION = Citation("openpbc-domain-notes", "Timetable of submissions", "P")
SIDES, KINDS = ("before", "after", "difference"), ("activity", "charge")
MEASURES = tuple(f"{what}-{kind}" for what in (*SIDES, *CAUSES) for kind in KINDS)

_FORMULAS = {
    "before": "summed over the run before",
    "after": "summed over the run after",
    "difference": "after - before = what each cause did",
}


def difference_address(found: Difference, code: str, measure: str) -> str:
    """Give the address of one figure of a difference; the whole month has no code."""
    numbers = f"{found.before.closing.number}-{found.after.closing.number}"
    return f"{PREFIX}/{found.place}/{found.month}/{numbers}/{found.by}/{code or ALL}/{measure}"


def explain_difference(address: str) -> Explanation:
    """Explain ``difference/<place>/<month>/<before>-<after>/<cut>/<code>/<measure>``."""
    parts = address.split("/")
    if len(parts) != 7 or parts[4] not in CUTS or parts[6] not in MEASURES:
        raise nowhere(address)
    place, month, by, code, measure = parts[1], Month.parse(parts[2]), parts[4], parts[5], parts[6]
    closes = {str(each.number): each for each in history(place, month) if each.state == CLOSED}
    first, _, second = parts[3].partition("-")
    if first not in closes or second not in closes:
        raise nowhere(address)
    found = between(place, month, by, closes[first], closes[second])
    row = found.total if code == ALL else next((each for each in found.rows if each.code == code), None)
    if row is None:
        raise nowhere(address)
    side, _, kind = measure.partition("-")
    value = getattr(row.causes[side] if side in CAUSES else getattr(row, side), kind)
    words = "Charge" if kind == "charge" else "Activity"
    return Explanation(
        address=address,
        title=f"{words} of {row.name}, {month.name}: {side}",
        value=value,
        unit="pence" if kind == "charge" else "count",
        formula=_FORMULAS.get(side, "units of activity held against each other, one by one, in the two runs"),
        steps=_steps(found, row, side, kind, value),
        citations=(CITATION,),
        evidence=(
            ("place", place),
            ("run before", found.before.run_id),
            ("checksum before", found.before.sha256),
            ("run after", found.after.run_id),
            ("checksum after", found.after.sha256),
        ),
    )


def _steps(found: Difference, row: DifferenceRow, side: str, kind: str, value: int) -> tuple[Step, ...]:
    if side in CAUSES:
        return (Step(RULE, CAUSE_WORDS[side], value, (), CITATION),)
    if side != "difference":
        run = found.before if side == "before" else found.after
        return (Step(RULE, f"Counted units of run {run.run_id}", value, (("closed by", run.closing.by),), CITATION),)
    return tuple(Step(RULE, CAUSE_WORDS[cause], getattr(row.causes[cause], kind), (), CITATION) for cause in CAUSES)

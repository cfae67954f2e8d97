"""Explains the counts that show that nothing was lost: each total is the sum of what became of it."""

from __future__ import annotations

from openpbc.kernel.citations import Citation
from openpbc.kernel.periods import Month
from openpbc.kernel.steps import Explanation, Step
from openpbc.monitoring.reads.addresses import nowhere
from openpbc.monitoring.reads.conservation import STREAMS, Stage, conservation
from openpbc.monitoring.reads.months import manifest

PREFIX = "kept"
RULE = "monitoring.conservation"
CITATION = Citation("openpbc-domain-notes", "In = accepted + rejected + excluded", "P")
PARTS = {
    "received": ("accepted", "rejected", "excluded"),
    "units": ("counted", "not_counted", "of_others"),
    "charge": ("counted_charge", "others_charge"),
}
WORDS = {
    "received": "Rows received",
    "accepted": "Rows accepted",
    "rejected": "Rows rejected by a fatal finding",
    "excluded": "Rows excluded by a rule",
    "units": "Units of activity made of the accepted rows",
    "counted": "Units counted for this commissioner",
    "not_counted": "Units that no price or plan counts",
    "of_others": "Units of other commissioners",
    "charge": "Charge of all units",
    "counted_charge": "Charge to this commissioner",
    "others_charge": "Charge to other commissioners",
}


def kept_address(place: str, month: Month, stream: str, measure: str) -> str:
    """Give the address of one count of a month's run."""
    return f"{PREFIX}/{place}/{month}/{stream}/{measure}"


def explain_kept(address: str) -> Explanation:
    """Explain ``kept/<place>/<month>/<stream>/<measure>``."""
    parts = address.split("/")
    if len(parts) != 5 or parts[3] not in STREAMS or parts[4] not in WORDS:
        raise nowhere(address)
    place, month, stream, measure = parts[1], Month.parse(parts[2]), parts[3], parts[4]
    found = conservation(place, month)
    stage = next(each for each in found.stages if each.stream == stream)
    made_of = PARTS.get(measure, ())
    formula = " + ".join(WORDS[part].lower() for part in made_of) or "counted in the tables of the month's run"
    inputs = manifest(place, month).get("inputs", ())
    return Explanation(
        address=address,
        title=f"{WORDS[measure]}, {stream}, {month.name}",
        value=getattr(stage, measure),
        unit="pence" if measure.endswith("charge") else "count",
        formula=formula,
        steps=_steps(place, month, stage, measure, made_of),
        citations=(CITATION,),
        evidence=(
            ("place", place),
            ("run", found.run_id),
            *((f"file {each['provider']}", each["sha256"]) for each in inputs if each["stream"] == stream),
        ),
    )


def _steps(place: str, month: Month, stage: Stage, measure: str, made_of: tuple[str, ...]) -> tuple[Step, ...]:
    if not made_of:
        return (Step(RULE, WORDS[measure], getattr(stage, measure), (("stream", stage.stream),), CITATION),)
    return tuple(
        Step(RULE, WORDS[part], getattr(stage, part), (), CITATION, kept_address(place, month, stage.stream, part))
        for part in made_of
    )

"""What was done on a patient's pathway by others: the elements that a contract may leave out of a spell's price."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from openpbc.activity.rules.scheme import Codes

Done = Mapping[str, frozenset[tuple[str, str]]]
"""By pathway, (provider, resource group) of each out-patient contact at which the patient was seen."""


def done_on_pathways(appointments: Iterable[Mapping[str, Any]], codes: Codes) -> Done:
    """Gather what was done on each pathway from accepted out-patient rows."""
    found: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in appointments:
        pathway, hrg = row.get("pathway_id"), row.get("hrg")
        if pathway and hrg and codes.attendance.get(row.get("attended_or_dna") or "") == "ATTENDED":
            found[pathway].add((row["provider"], hrg))
    return {pathway: frozenset(done) for pathway, done in found.items()}


def done_elsewhere(pathways: Iterable[str], provider: str, done: Done) -> frozenset[str]:
    """Give the groups of what providers other than this one did on any of the pathways."""
    return frozenset(hrg for each in pathways for other, hrg in done.get(each, ()) if other != provider)

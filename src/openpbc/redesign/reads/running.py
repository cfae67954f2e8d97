"""What the diagram of a case says: which process a place runs, and how a case stands in it."""

from __future__ import annotations

from openpbc.casework import reads as casework
from openpbc.casework.reads import Case as Running
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.rules.diagram import PROCESS, variant_of
from openpbc.rulebook.values import NotSet


def variant_in(place: str) -> str:
    """Which of the processes a new case of the place follows; a place that names none is told which file to fill."""
    found = casework.in_force(place, PROCESS)
    if isinstance(found, NotSet):
        raise found.problem
    return variant_of(frozenset(each.id for each in found.steps))


def picture(case: Case, *, only_near: bool = False) -> str:
    """The diagram of a case as SVG with its present place marked: the whole, or what lies around that place."""
    found = running(case)
    return casework.picture(found, only_near=only_near) if found else ""


def present_place(case: Case) -> str:
    """The steps of the diagram at which a case waits, and for whom, in words."""
    found = running(case)
    drawn = casework.definition(found.definition) if found and found.waiting else None
    told = (
        tuple(f"'{each.name}', for {drawn.lane_name(each.lane)}" for each in found.waiting) if found and drawn else ()
    )
    return (
        f"The diagram of the process. The case waits at {' and '.join(told)}." if told else "The case came to its end."
    )


def running(case: Case) -> Running | None:
    """How a case stands in its diagram."""
    return casework.case(case.process, case.place) if case.process is not None else None

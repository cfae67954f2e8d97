"""Cases of the two shipped diagrams, moved by people."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from openpbc.casework import actions, reads
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.organisations import actions as organisations

ANN, BEN = Actor("ann@x", "Ann"), Actor("ben@x", "Ben")
CONCLAVE, COMMON = "west-herts-2008", "blmk-2023"
Do = Callable[..., reads.Case]


def start(place: str = CONCLAVE, subject: str = "copd", by: Actor = ANN, **facts: str) -> reads.Case:
    """Start a case and look at it."""
    given = {"place": place, "process": "redesign", "subject": subject, "title": f"A pathway for {subject}"}
    return reads.case(actions.start(by=by, facts=facts, **given))


def do(case: reads.Case, step: str, outcome: str, by: Actor = ANN, **facts: str) -> reads.Case:
    """Complete a step as somebody who has just looked at the case, and look again."""
    actions.do(by=by, case=case.id, step=step, outcome=outcome, facts=facts, seen=reads.case(case.id).version)
    return reads.case(case.id)


def at(case: reads.Case) -> list[str]:
    """Give the steps that wait."""
    return [each.step for each in case.waiting]


@pytest.fixture
def places(db: None) -> None:
    """Load both places."""
    for place in (CONCLAVE, COMMON):
        organisations.load_place(by=SYSTEM, place=place)

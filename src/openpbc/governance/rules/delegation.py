"""Who decides a case: the whole of its money, what a scheme may not hand down, and cases that were split to stay small.

A scheme of delegation says by whom a case of which value is decided. Two things it cannot change: a case in which
somebody has an interest, and one that is disputed, go to the committee at least.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from openpbc.kernel.periods import months_after

GROUP, DIRECTOR, COMMITTEE, BOARD = "D1", "D2", "D3", "D4"
LEVELS = (GROUP, DIRECTOR, COMMITTEE, BOARD)
NO_SCHEME = "No scheme of delegation is in force, so every case goes to the committee."
SCOPES = {"PBC": "commissioning groups", "PCT": "the commissioner", "both": "groups and commissioner alike"}
QUESTIONS = {
    "who": "Who decides?",
    "what": "On what?",
    "how": "How is it decided?",
    "where": "Where does it hold?",
    "when": "From when, and for how long?",
    "why": "Why is it so?",
}


@dataclass(frozen=True)
class Facts:
    """What a level is worked out from; the value is for the whole life of what is asked for, None if not known."""

    value_pence: int | None
    route: str
    conflicted: bool = False
    disputed: bool = False
    new_provider: bool = False
    budget_held: bool = False


@dataclass(frozen=True)
class Case:
    """One case for the check on splitting."""

    matter: str
    unit: str
    specialty: str
    value_pence: int
    on: date


def raised(level: str, facts: Facts) -> tuple[str, str]:
    """Give the level after what no scheme can hand down, and why it was raised; the reason is empty if it was not."""
    if level in (GROUP, DIRECTOR):
        if facts.conflicted:
            return COMMITTEE, "Somebody at the level that the scheme names has an interest, so the committee decides."
        if facts.disputed:
            return COMMITTEE, "The route is disputed, so the committee decides."
    return level, ""


def near(case: Case, others: Iterable[Case], months: int) -> tuple[Case, ...]:
    """List the cases that may be one with this one: of the same group and specialty, so many months apart at most."""
    return tuple(
        sorted(
            (
                each
                for each in others
                if each.matter != case.matter
                and (each.unit, each.specialty) == (case.unit, case.specialty)
                and max(each.on, case.on) <= months_after(min(each.on, case.on), months)
            ),
            key=lambda each: (each.on, each.matter),
        )
    )


def effective(case: Case, others: Iterable[Case], months: int) -> int:
    """Give the value by which a case is judged: its own, with those of the cases that may be one with it."""
    return case.value_pence + sum(each.value_pence for each in near(case, others, months))

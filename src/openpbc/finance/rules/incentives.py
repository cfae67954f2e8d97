"""What a group earns under the incentive scheme: a sum for each competency that it has shown."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from openpbc.kernel.money import round_div
from openpbc.kernel.steps import Step

EARNED = "incentive-earned"
BASES = {"group": "for each group", "patient": "for each registered patient"}
LEVELS = {"met": "met", "part": "met in part", "not met": "not met"}
PART_SHARES_IN = 2
"""A competency that is met in part earns one of so many equal parts."""


@dataclass(frozen=True)
class Competency:
    """One competency: ``amount`` in pence for the group or for each registered patient; none while it is not set."""

    code: str
    title: str
    basis: str
    amount: int | None
    part_pays: bool


@dataclass(frozen=True)
class Earned:
    """What a group earns: the steps that add up to it, and the competencies that have no amount yet."""

    steps: tuple[Step, ...]
    without_amount: tuple[str, ...]

    @property
    def pence(self) -> int:
        """The sum."""
        return sum(step.effect for step in self.steps)


def earned(competencies: Sequence[Competency], shown: dict[str, str], patients: int | None) -> Earned:
    """Add up what a group has shown; ``shown`` maps a competency to its level, ``patients`` is the registered list.

    A competency paid for each patient counts as without amount where the list is not known.
    """
    steps, without = [], []
    for each in competencies:
        level = shown.get(each.code, "not met")
        if level == "not met" or (level == "part" and not each.part_pays):
            continue
        full = _full(each, patients)
        if full is None:
            without.append(each.title)
            continue
        effect = full if level == "met" else round_div(full, PART_SHARES_IN)
        inputs = (("level", LEVELS[level]), ("paid", BASES[each.basis]))
        steps.append(Step(EARNED, each.title, effect, inputs))
    return Earned(tuple(steps), tuple(without))


def _full(each: Competency, patients: int | None) -> int | None:
    if each.amount is None:
        return None
    if each.basis == "group":
        return each.amount
    return None if patients is None else each.amount * patients


def missing(competencies: Sequence[Competency], shown: Collection[str]) -> tuple[str, ...]:
    """The competencies on which nobody has looked at a group yet."""
    return tuple(each.title for each in competencies if each.code not in shown)

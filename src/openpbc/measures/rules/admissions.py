"""What a stay in hospital is besides its price: a readmission, or an admission that care outside could avoid."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Stay:
    """One finished or open stay of a person; ``person`` is empty where nobody knows who it was."""

    key: str
    person: str
    admitted: date | None
    discharged: date | None
    hrg: str = ""
    tfc: str = ""
    emergency: bool = False


@dataclass(frozen=True)
class ReadmissionRule:
    """Within how many days an emergency stay follows another one, and which earlier stays do not count."""

    days: int
    hrgs: frozenset[str] = frozenset()
    tfcs: frozenset[str] = frozenset()

    def counts(self, prior: Stay) -> bool:
        """Whether an earlier stay can be followed by a readmission."""
        return prior.discharged is not None and prior.hrg not in self.hrgs and prior.tfc not in self.tfcs


def is_readmission(stay: Stay, others: Sequence[Stay], rule: ReadmissionRule) -> bool:
    """Tell whether an emergency stay follows another stay of the same person within the days, at any provider.

    Of two stays that begin and end on the same days neither follows the other.
    """
    return any(_follows(stay, prior, rule) for prior in others)


def is_readmitted(stay: Stay, others: Sequence[Stay], rule: ReadmissionRule) -> bool:
    """Tell whether an emergency stay of the same person follows a stay within the days, at any provider."""
    return any(other.emergency and _follows(other, stay, rule) for other in others)


def _follows(stay: Stay, prior: Stay, rule: ReadmissionRule) -> bool:
    if not stay.person or stay.person != prior.person or stay.key == prior.key or not rule.counts(prior):
        return False
    if stay.admitted is None or prior.admitted is None or prior.discharged is None:
        return False
    if not 0 <= (stay.admitted - prior.discharged).days <= rule.days:
        return False
    return stay.admitted > prior.admitted or (stay.discharged is not None and stay.discharged > prior.discharged)


@dataclass(frozen=True)
class Clause:
    """One line of the list of avoidable admissions: in alternative ``way`` of a condition, patterns that a field has.

    ``field`` is P for the first diagnosis, S for the others, A for any; OP for the first procedure, OA for any.
    ``forbids`` turns the clause: then no code of the field may fit.
    """

    condition: str
    way: int
    field: str
    pattern: str
    forbids: bool = False


@dataclass(frozen=True)
class Coded:
    """The codes of an admission, plain and in order."""

    diagnoses: tuple[str, ...]
    procedures: tuple[str, ...]

    def of(self, field: str) -> tuple[str, ...]:
        """Give the codes of a field."""
        diagnoses, procedures = (tuple(filter(None, codes)) for codes in (self.diagnoses, self.procedures))
        own: Mapping[str, tuple[str, ...]] = {
            "P": tuple(filter(None, self.diagnoses[:1])),
            "S": tuple(filter(None, self.diagnoses[1:])),
            "A": diagnoses,
            "OP": tuple(filter(None, self.procedures[:1])),
            "OA": procedures,
        }
        return own[field]


def padded(code: str) -> str:
    """Give a category of three characters its filler, so that a pattern of four fits it."""
    return f"{code}X" if len(code) == 3 else code


def avoidable(coded: Coded, clauses: Sequence[Clause]) -> str:
    """Give the first condition of the list that fits, in the list's order, or nothing.

    Each clause that demands must be met by a code of its field, none that forbids may be.
    """
    ways: dict[tuple[str, int], list[Clause]] = {}
    for clause in clauses:
        ways.setdefault((clause.condition, clause.way), []).append(clause)
    for (condition, _), own in ways.items():
        if all(_met(coded, clause) != clause.forbids for clause in own):
            return condition
    return ""


def _met(coded: Coded, clause: Clause) -> bool:
    return any(re.match(clause.pattern, padded(code)) for code in coded.of(clause.field))

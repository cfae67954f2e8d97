"""What the lines of a plan add up to, how one version differs from another, and what is to be looked at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace

from openpbc.finance.rules.checks import Verdict, verdict
from openpbc.finance.rules.plan_line import (
    ALLOCATION,
    COMMITTED,
    COMPUTED,
    DEPOSIT,
    NEW,
    NON_RECURRENT,
    ORIGINS,
    RECURRENCES,
    SCOPES,
    SECTIONS,
    PlanLine,
    amount_of,
)
from openpbc.kernel.money import PPM, apply_ppm, ratio_ppm

DRAFT, SUBMITTED, APPROVED, SUPERSEDED, WITHDRAWN = "draft", "submitted", "approved", "superseded", "withdrawn"
STATES = (DRAFT, SUBMITTED, APPROVED, SUPERSEDED, WITHDRAWN)
TARIFF = "tariff"
LONGEST_REASON = 200  # for investment lines that name no plan: it stands in one line of the version's history
OUTTURN = "outturn"

ADDED, REMOVED, CHANGED, SAME = "added", "removed", "changed", "same"


@dataclass(frozen=True)
class Totals:
    """What a plan comes to, in pence; the deposit is what leaves the plan, as a positive sum."""

    allocation: int
    committed: int
    deposit: int

    @property
    def uncommitted(self) -> int:
        """Money of the year less everything that it is committed to."""
        return self.allocation - self.committed

    @property
    def balance(self) -> int:
        """What the deposit leaves of the money that is not committed."""
        return self.uncommitted - self.deposit


def totals(lines: Iterable[PlanLine]) -> Totals:
    """Add up the lines of a plan."""
    sums = by_section(lines)
    return Totals(sums[ALLOCATION], sum(sums[section] for section in COMMITTED), sums[DEPOSIT])


def by_section(lines: Iterable[PlanLine]) -> dict[str, int]:
    """Add up each section, in the order of the plan; sections without a line come to nought."""
    sums = dict.fromkeys(SECTIONS, 0)
    for line in lines:
        sums[line.section] += line.amount
    return sums


def by_recurrence(lines: Iterable[PlanLine]) -> dict[tuple[str, str], int]:
    """Add up what comes back each year and what does not: (money or use of money, recurrence) -> pence."""
    sums = {(side, recurrence): 0 for side in ("money", "use") for recurrence in RECURRENCES}
    for line in lines:
        sums["money" if line.section == ALLOCATION else "use", line.recurrence] += line.amount
    return sums


def by_origin(lines: Iterable[PlanLine]) -> dict[str, int]:
    """Add up the cost pressures and investments by where they come from; an empty origin is not stated."""
    sums = dict.fromkeys(ORIGINS, 0)
    for line in pressures(lines):
        sums[line.origin] += line.amount
    return sums


def by_scope(lines: Iterable[PlanLine]) -> dict[str, int]:
    """Add up the spending lines in scope of the groups' budgets, out of it, and those that do not say."""
    sums = dict.fromkeys(SCOPES, 0)
    for line in lines:
        if line.section in COMMITTED:
            sums[line.scope] += line.amount
    return sums


def pressures(lines: Iterable[PlanLine]) -> tuple[PlanLine, ...]:
    """The cost pressures and investments of a plan."""
    return tuple(line for line in lines if line.section in ("cost pressure", "investment"))


def adjustment_of(line: PlanLine) -> str:
    """Name the kind of change that a line makes to the budgets from which the draft starts; every line has one."""
    if line.section == ALLOCATION:
        return "notified allocation"
    if line.section == OUTTURN:
        return _outturn_kind(line)
    if line.section == "inflation":
        return "tariff" if line.rate_source == TARIFF else "inflation"
    return line.section


def _outturn_kind(line: PlanLine) -> str:
    if line.recurrence != NON_RECURRENT:
        return "projected outturn"
    return "non-recurrent spending taken out" if line.amount < 0 else "non-recurrent underspend or saving added back"


BASE = "projected outturn"
ADJUSTMENTS = (
    "non-recurrent underspend or saving added back",
    "non-recurrent spending taken out",
    "full-year effect",
    "tariff",
    "inflation",
    "cost pressure",
    "investment",
    "saving",
    "reserve",
)


@dataclass(frozen=True)
class Trace:
    """A budget, or the whole plan, from its base to its draft: base + adjustments = draft, to the penny."""

    base: int
    adjustments: Mapping[str, int]
    draft: int


def trace(lines: Iterable[PlanLine]) -> Trace:
    """Trace spending lines through their typed adjustments; money of the year and the deposit are no part of it."""
    kept = [line for line in lines if line.section in COMMITTED]
    sums = dict.fromkeys((BASE, *ADJUSTMENTS), 0)
    for line in kept:
        sums[adjustment_of(line)] += line.amount
    base = sums.pop(BASE)
    return Trace(base, sums, sum(line.amount for line in kept))


def opening(lines: Iterable[PlanLine]) -> int | None:
    """The allocation of the year before: the first line of the allocation, as in its bridge; none without one."""
    return next((line.amount for line in lines if line.section == ALLOCATION), None)


def growth_ppm(lines: Sequence[PlanLine]) -> int | None:
    """Growth of the money of the year over the allocation of the year before, in parts per million."""
    first = opening(lines)
    return ratio_ppm(by_section(lines)[ALLOCATION], first) - PPM if first else None


@dataclass(frozen=True)
class ReserveCheck:
    """The reserve of a plan beside the share of the allocation that it should be. Pence."""

    reserve: int
    expected: int
    tolerance: int

    @property
    def difference(self) -> int:
        """Reserve less what it should be."""
        return self.reserve - self.expected

    @property
    def verdict(self) -> Verdict:
        """Whether the difference is within the tolerance."""
        return verdict(self.difference, self.tolerance)


def check_reserve(lines: Sequence[PlanLine], rate: int, tolerance: int) -> ReserveCheck:
    """Hold the reserve of a plan against a share (parts per million) of its allocation, rounded once."""
    sums = by_section(lines)
    return ReserveCheck(sums["reserve"], apply_ppm(sums[ALLOCATION], rate), tolerance)


@dataclass(frozen=True)
class ClaimCheck:
    """The sum of the new pressures beside what the paper says that they come to, about. Pence."""

    found: int
    claimed: int

    @property
    def difference(self) -> int:
        """Found less claimed."""
        return self.found - self.claimed


def check_claim(lines: Iterable[PlanLine], claimed: int) -> ClaimCheck:
    """Hold the new cost pressures and investments against the sum that is claimed for them."""
    return ClaimCheck(by_origin(lines)[NEW], claimed)


@dataclass(frozen=True)
class Difference:
    """One line in two versions; ``before`` or ``after`` is none where the version lacks it. Pence."""

    code: str
    before: PlanLine | None
    after: PlanLine | None

    @property
    def kind(self) -> str:
        """Whether the line was added, removed, changed, or is the same."""
        if self.before is None:
            return ADDED
        if self.after is None:
            return REMOVED
        return CHANGED if self.before != self.after else SAME

    @property
    def line(self) -> PlanLine:
        """The line as the later version has it, or as it was."""
        found = self.after or self.before
        assert found is not None, "a difference has a line on one side"
        return found

    @property
    def amounts(self) -> tuple[int, int]:
        """What the line was and is; nought where it is not."""
        return self.before.amount if self.before else 0, self.after.amount if self.after else 0

    @property
    def effect(self) -> int:
        """What the difference does to the balance of the plan."""
        return (self.after.effect if self.after else 0) - (self.before.effect if self.before else 0)

    @property
    def fields(self) -> tuple[str, ...]:
        """Which particulars of a changed line differ."""
        if self.before is None or self.after is None:
            return ()
        names = (each.name for each in fields(PlanLine))
        return tuple(name for name in names if getattr(self.before, name) != getattr(self.after, name))


def differences(before: Sequence[PlanLine], after: Sequence[PlanLine]) -> tuple[Difference, ...]:
    """Compare two versions line by line: every line of either stands in the answer once.

    Lines are told by their code; those of the later version come in its order, those that it lacks at the end.
    """
    was, now = ({line.code: line for line in lines} for lines in (before, after))
    codes = (*now, *(code for code in was if code not in now))
    return tuple(Difference(code, was.get(code), now.get(code)) for code in codes)


def changed(found: Iterable[Difference]) -> tuple[Difference, ...]:
    """Leave out the lines that are the same on both sides."""
    return tuple(each for each in found if each.kind != SAME)


def priced(line: PlanLine, rates: Mapping[str, int]) -> PlanLine:
    """Price a line anew by the rates given (source -> parts per million); what is entered stays as it is.

    A non-recurrent line takes no uplift from a source: only a rate that somebody entered counts on it.
    """
    if line.method not in COMPUTED:
        return line
    if line.rate_source in rates and line.recurrence != NON_RECURRENT:
        line = replace(line, rate=rates[line.rate_source])
    return replace(line, amount=amount_of(line))


def repriced(lines: Iterable[PlanLine], rates: Mapping[str, int]) -> tuple[PlanLine, ...]:
    """Price every line anew."""
    return tuple(priced(line, rates) for line in lines)

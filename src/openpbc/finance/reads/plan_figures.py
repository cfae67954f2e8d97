"""Figures of a plan version beyond its lines: what is looked at before it is submitted, each with its address."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.finance.reads.assumptions import RealGrowth, assumptions
from openpbc.finance.reads.plan_versions import Version, slug
from openpbc.finance.rules import plan_versions as rule
from openpbc.finance.rules.plan_line import COMMITTED, PlanLine
from openpbc.finance.rules.plan_versions import ClaimCheck, ReserveCheck
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

CONTINGENCY, TOLERANCE = "finance.contingency_rate", "finance.check_tolerance"
CLAIM = "finance.extra_cost_pressures"
BASE, DRAFT = "base", "draft"
WHOLE = "budget-all"


@dataclass(frozen=True)
class Bridge:
    """One budget (or the whole plan) from its base to its draft: (address part, name, pence) in order."""

    code: str
    heading: str
    base: int
    adjustments: tuple[tuple[str, str, int], ...]
    draft: int


def bridge(version: Version, code: str = WHOLE) -> Bridge:
    """Trace one budget of a version, or the whole plan, through its typed adjustments."""
    lines = _lines_of(version, code)
    found = rule.trace(lines)
    adjustments = tuple((slug(kind), kind, amount) for kind, amount in found.adjustments.items())
    heading = lines[0].heading if lines and code != WHOLE else ""
    return Bridge(code, heading, found.base, adjustments, found.draft)


def bridges(version: Version) -> tuple[Bridge, ...]:
    """Trace every budget that the version's lines name; lines that name none make one together."""
    codes = dict.fromkeys(_budget(line) for line in version.lines if line.section in COMMITTED)
    return tuple(bridge(version, code) for code in codes)


def _budget(line: PlanLine) -> str:
    return f"budget-of-{slug(line.heading)}"


def _lines_of(version: Version, code: str) -> tuple[PlanLine, ...]:
    return tuple(line for line in version.lines if line.section in COMMITTED and code in (WHOLE, _budget(line)))


def bridged_lines(version: Version, code: str, figure: str) -> tuple[PlanLine, ...]:
    """The lines behind one figure of a bridge: its base, its draft, or one kind of adjustment."""
    wanted = slug(rule.BASE) if figure == BASE else figure
    lines = _lines_of(version, code)
    return lines if figure == DRAFT else tuple(line for line in lines if slug(rule.adjustment_of(line)) == wanted)


def reserve_check(book: Book, version: Version) -> ReserveCheck | NotSet:
    """Hold the reserve against the share of the allocation that the rulebook asks for, within its tolerance."""
    rate, tolerance = book.value(CONTINGENCY), book.value(TOLERANCE)
    if isinstance(rate, NotSet):
        return rate
    if isinstance(tolerance, NotSet):
        return tolerance
    return rule.check_reserve(version.lines, rate.ppm, tolerance.pence)


def claim_check(book: Book, version: Version) -> ClaimCheck | NotSet:
    """Hold the new cost pressures and investments against the sum that the paper claims for them."""
    claimed = book.value(CLAIM)
    return claimed if isinstance(claimed, NotSet) else rule.check_claim(version.lines, claimed.pence)


def real_growth(book: Book) -> RealGrowth | NotSet:
    """Growth, prices, and what the business case assumed."""
    return assumptions(book).real_growth

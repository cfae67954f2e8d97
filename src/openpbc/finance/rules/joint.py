"""Joint work with partners: which investment serves what, what a transfer must say, and what runs on into next year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from openpbc.kernel.findings import Finding, Level, Place

EXISTING, NEW, TRANSFER = "existing", "new", "transfer"
KINDS: Mapping[str, str] = {
    EXISTING: "More of a service that is commissioned already",
    NEW: "New investment",
    TRANSFER: "Transfer of a responsibility",
}
LOCAL = "local"
TARGETS: Mapping[str, str] = {"national": "National target", LOCAL: "Local target, such as the local area agreement"}
PROPOSED, UNDER_WAY, DONE, STOPPED = "proposed", "under way", "done", "stopped"
STATES = (PROPOSED, UNDER_WAY, DONE, STOPPED)


@dataclass(frozen=True)
class Joint:
    """What an item says of itself; what nobody has said is None or empty."""

    title: str
    kind: str
    target: str
    pence: int | None
    legal_basis: str
    pooled_funds: str
    milestones: int
    council: str = ""
    commissioner: str = ""


def is_late(state: str, due: date | None, on: date) -> bool:
    """Whether the day by which something must be done has come, and it is not: the day itself counts."""
    return state in (PROPOSED, UNDER_WAY) and due is not None and due <= on


def is_missed(due: date, done_on: date | None, on: date) -> bool:
    """Whether a milestone's day has come while nobody has said that it was reached."""
    return done_on is None and due <= on


def runs_on(state: str, may_run_on: bool) -> bool:
    """Whether an item goes into the next year: it was begun, is not finished, and may run on."""
    return state == UNDER_WAY and may_run_on


def joint_findings(item: Joint) -> tuple[Finding, ...]:
    """Say what an item lacks: a target for new money, who has a local target, a sum, and what a transfer needs."""
    wanted = {
        NEW: (("JT-01", item.target, "target", "is new investment and serves no national or local target."),),
        TRANSFER: (
            ("JT-03", item.legal_basis, "legal_basis", "names no legal basis."),
            ("JT-04", item.milestones, "milestones", "has no dated milestone."),
            ("JT-05", item.pooled_funds, "pooled_funds", "does not say what becomes of pooled funds."),
        ),
    }.get(item.kind, ())
    if item.target == LOCAL:
        wanted = (
            *wanted,
            ("JT-06", item.council, "council", "serves a local target that is assigned to no council."),
            ("JT-07", item.commissioner, "commissioner", "serves a local target that is assigned to no commissioner."),
        )
    found = [_lacks(rule, item, field, said) for rule, value, field, said in wanted if not value]
    if item.kind != TRANSFER and item.pence is None:
        found.append(_lacks("JT-02", item, "pence", "is not costed."))
    return tuple(found)


def _lacks(rule: str, item: Joint, field: str, said: str) -> Finding:
    return Finding(rule, Level.WARNING, Place(field=field), f"'{item.title}' {said}")

"""Who must sit in a joint redesign group: six kinds of member, one of them in three, and a commissioner to lead."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

COMMISSIONER, CLINICIAN, MANAGEMENT, FINANCE, PUBLIC_HEALTH, PATIENT = (
    "commissioner", "clinician", "management", "finance", "public-health", "patient",
)  # fmt: skip
KINDS = {
    COMMISSIONER: "Clinician who commissions for a group",
    CLINICIAN: "Acute or primary care clinician",
    MANAGEMENT: "Management support",
    FINANCE: "Finance",
    PUBLIC_HEALTH: "Public health",
    PATIENT: "Patient",
}
SUB_KINDS = {
    "consultant": "Consultant or other doctor",
    "nursing": "Nurse",
    "allied": "Allied health professional",
}


# What somebody is in a case, beside the seat for which they sit. Rows from before this was asked have none.
COMMISSIONS, PROVIDES, BOTH = "commissioner", "provider", "both"
SIDES = {COMMISSIONS: "Commissioner", PROVIDES: "Provider", BOTH: "Both, and may bid"}
NOT_LABELLED = "not labelled"
# Who supports a business plan: seats that the commissioner and the trust both may fill.
_SUPPORT = frozenset({MANAGEMENT, FINANCE})


@dataclass(frozen=True)
class GroupMember:
    """One member as the rule sees them: sign-in name, kind, sub-kind of a clinician, whether they lead, their side."""

    person: str
    name: str
    kind: str
    sub_kind: str = ""
    leads: bool = False
    side: str = ""


@dataclass(frozen=True)
class KindWaived:
    """A kind, or ``clinician/nursing``, that a group does without: who said so when, and why."""

    kind: str
    reason: str
    on: date | None


def kind_name(code: str) -> str:
    """What a kind is called; a sub-kind is called by its own name."""
    kind, _, sub = code.partition("/")
    return SUB_KINDS.get(sub, sub) if sub else KINDS.get(kind, kind)


def side_fault(kind: str, side: str) -> str:
    """Say why somebody who sits for a kind cannot be of a side; empty where they can.

    The label is always asked. A seat that groups fill commissions, and one that providers fill provides; whoever does
    the other thing too is both, so that seat and label never say different things.
    """
    if side not in SIDES:
        return "it is not said whether they are commissioner, provider or both"
    if kind == COMMISSIONER and side == PROVIDES:
        return "a clinician who commissions is commissioner, or both"
    if kind == CLINICIAN and side == COMMISSIONS:
        return "an acute or primary care clinician is provider, or both"
    return ""


def supports(kind: str, side: str) -> str:
    """The side whose support somebody gives; empty for whoever gives none: one who is both speaks for neither."""
    return side if kind in _SUPPORT and side in (COMMISSIONS, PROVIDES) else ""


def wanted_kinds() -> tuple[str, ...]:
    """Every seat that has to be filled or waived, in order; the clinicians' three are seats of their own."""
    subs = tuple(f"{CLINICIAN}/{sub}" for sub in SUB_KINDS)
    return tuple(seat for kind in KINDS for seat in (subs if kind == CLINICIAN else (kind,)))


def missing_kinds(members: Iterable[GroupMember], waived: Iterable[KindWaived]) -> tuple[str, ...]:
    """The seats that nobody fills and nobody waived; a waiver counts only with its day and its reason."""
    held = {f"{each.kind}/{each.sub_kind}" if each.kind == CLINICIAN else each.kind for each in members}
    without = {each.kind for each in waived if each.reason.strip() and each.on is not None}
    return tuple(seat for seat in wanted_kinds() if seat not in held | without)


def member_faults(members: Sequence[GroupMember], waived: Iterable[KindWaived]) -> tuple[str, ...]:
    """Say what keeps a group from starting its work: seats without a member or waiver, and its lead."""
    gaps = (
        f"Nobody sits for {kind_name(seat).lower()}, and nobody waived it." for seat in missing_kinds(members, waived)
    )
    return (*gaps, *lead_faults(members), *label_faults(members))


def label_faults(members: Iterable[GroupMember]) -> tuple[str, ...]:
    """Nobody is without a label: those who were taken in before it was asked are labelled now."""
    return tuple(
        f"It is not said whether {each.name} is commissioner, provider or both." for each in members if not each.side
    )


def lead_faults(members: Sequence[GroupMember]) -> tuple[str, ...]:
    """A group has one lead, and the lead is a commissioner."""
    leads = [each for each in members if each.leads]
    if not leads:
        return ("The group has no lead; the lead is a clinician who commissions.",)
    if len(leads) > 1:
        return (f"{len(leads)} members lead the group; one has to.",)
    if leads[0].kind != COMMISSIONER:
        said = KINDS.get(leads[0].kind, leads[0].kind).lower()
        return (f"{leads[0].name} leads the group as {said}; the lead has to be a clinician who commissions.",)
    return ()

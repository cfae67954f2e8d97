"""Commissioning and providing apart: nobody holds, at one time and in one place, a duty on both sides."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from openpbc.kernel.periods import day_text
from openpbc.organisations.rules.clocks import overlaps
from openpbc.organisations.rules.roles import ANY_PLACE, ROLES, Assignment

# Roles by which the commissioner acts itself. General practice is on both sides by its nature: there interests decide.
COMMISSIONING = frozenset({"finance_manager", "contract_manager", "analyst", "committee_secretary", "committee_chair"})
PROVIDER = "provider"


def both_sides(new: Assignment, held: Iterable[Assignment]) -> str:
    """Say which role keeps somebody from taking another, since it is on the other side; empty if none does."""
    for each in held:
        pair = (new, each) if new.scope == PROVIDER else (each, new)
        if pair[0].scope == PROVIDER and pair[1].role in COMMISSIONING and _together(new, each):
            until = f" until {day_text(each.valid_to)}" if each.valid_to not in (None, date.max) else ""
            return f"the same person is '{ROLES[each.role]}'{until}, and nobody both commissions and provides"
    return ""


def _together(one: Assignment, other: Assignment) -> bool:
    """Whether two roles are held in one place on any one day."""
    meet = one.place == other.place or ANY_PLACE in (one.place, other.place)
    return meet and overlaps(one, other.valid_from, other.valid_to)

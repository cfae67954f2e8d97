"""Organisations as the separation of roles sees them: which are the same, and which are run by GPs."""

from __future__ import annotations

from collections.abc import Callable

from openpbc.governance import reads as governance
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import bodies as register


def identities(place: str) -> Callable[[str], str]:
    """Give what tells organisations apart, whatever they are called: a code where one is meant, or the words."""
    codes: dict[str, set[str]] = {}
    for each in register.bodies(place):
        for name in (each.code, each.name, *each.aliases):
            codes.setdefault(governance.folded(name), set()).add(each.code)

    def known(text: str) -> str:
        found = codes.get(governance.folded(text), set())
        return next(iter(found)) if len(found) == 1 else governance.folded(text)

    return known


def gp_providers(place: str) -> dict[str, tuple[str, ...]]:
    """Providers run by GPs in the area of each group: organisations owned by the group or one of its practices.

    They are those that the register of owners tells today; nothing is guessed.
    """
    today = organisations.today()
    units = {each.code: each.code for each in organisations.units(place)}
    units |= {each.code: each.unit for each in organisations.practices(place)}
    found: dict[str, list[str]] = {}
    for each in governance.links(place, "owner"):
        if each.one in units and each.held_from <= today and (each.held_to is None or today <= each.held_to):
            found.setdefault(units[each.one], []).append(each.other)
    return {unit: tuple(sorted(owned)) for unit, owned in found.items()}

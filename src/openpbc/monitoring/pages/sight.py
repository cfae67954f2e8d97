"""Who sees practices one by one: the commissioner's managers, and a group's manager in that group."""

from __future__ import annotations

from django.http import HttpRequest

from openpbc.organisations.reads import Viewer

EVERYWHERE = frozenset({"finance_manager", "contract_manager", "analyst"})
IN_OWN_UNIT = "group_manager"


def sees_practices(request: HttpRequest, place: str, unit: str = "") -> bool:
    """Tell whether the reader may see the practices of a unit (or of all) beside each other."""
    viewer: Viewer = request.viewer
    if viewer.roles_in(place) & EVERYWHERE:
        return True
    return bool(unit) and viewer.owns(IN_OWN_UNIT, place, "unit", unit)

"""The roles that people hold, and what a dated, scoped role covers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from openpbc.kernel.actor import Actor

ADMINISTRATOR = "administrator"
ROLES: Mapping[str, str] = {
    "gp_lead": "GP practice lead",
    "practice_staff": "Practice staff",
    "group_manager": "Manager of a commissioning group",
    "finance_manager": "Finance manager of the commissioner",
    "contract_manager": "Contract manager of the commissioner",
    "analyst": "Information analyst of the commissioner",
    "committee_secretary": "Secretary of the governance committee",
    "committee_chair": "Chair of the governance committee",
    "conclave_chair": "Co-chair of the clinical conclave",
    "provider_lead": "Contract lead of a provider",
    "sha_manager": "Performance manager of the regional body",
    ADMINISTRATOR: "Administrator of this system",
}
"""Role -> what people call it. ``public`` is not listed: it is everybody who has not signed in."""

SCOPES = ("place", "unit", "practice", "provider")
ANY_PLACE = "*"


@dataclass(frozen=True, order=True)
class Assignment:
    """One role held by one person: in a place (or every place), over a scope, from a date to a last date.

    ``code`` names the unit, practice or provider; it is empty when the scope is the whole place.
    """

    role: str
    place: str
    scope: str = "place"
    code: str = ""
    valid_from: date = date.min
    valid_to: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the role is held on a day (first and last day included)."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)

    def applies_in(self, place: str) -> bool:
        """Tell whether the role counts in a place."""
        return self.place in (ANY_PLACE, place)


@dataclass(frozen=True)
class Viewer:
    """A person who looks or acts now: the actor, the roles held today, and which practices belong to which unit.

    ``members`` maps (place, practice) to the units to which the practice belongs or belonged.
    """

    actor: Actor
    assignments: tuple[Assignment, ...] = ()
    members: Mapping[tuple[str, str], frozenset[str]] = field(default_factory=dict)
    signed_in: bool = False

    @property
    def roles(self) -> frozenset[str]:
        """All roles held, in any place; ``public`` for somebody not signed in."""
        return frozenset(each.role for each in self.assignments) if self.signed_in else frozenset({"public"})

    def roles_in(self, place: str) -> frozenset[str]:
        """The roles that count in a place."""
        if not self.signed_in:
            return frozenset({"public"})
        return frozenset(each.role for each in self.assignments if each.applies_in(place))

    @property
    def places(self) -> frozenset[str]:
        """The places in which a role is held; ``*`` stands for all."""
        return frozenset(each.place for each in self.assignments)

    def owns(self, role: str, place: str, kind: str, code: str) -> bool:
        """Tell whether the viewer, in a role, stands in for the unit, practice or provider named.

        A scope over the whole place covers all of it. A unit's scope covers its practices, and a practice's scope
        covers the unit to which it belongs: a practice lead may see the group's page, but not the other practices'.
        """
        held = (each for each in self.assignments if each.role == role and each.applies_in(place))
        return any(self._covers(each, place, kind, code) for each in held)

    def _covers(self, held: Assignment, place: str, kind: str, code: str) -> bool:
        if held.scope == "place" or (held.scope, held.code) == (kind, code):
            return True
        if held.scope == "unit" and kind == "practice":
            return held.code in self.members.get((place, code), frozenset())
        if held.scope == "practice" and kind == "unit":
            return code in self.members.get((place, held.code), frozenset())
        return False

    def codes(self, place: str, scope: str, roles: Iterable[str] = ROLES) -> tuple[str, ...]:
        """The codes of one scope that the viewer's roles name in a place, sorted."""
        wanted = frozenset(roles)
        held = (each for each in self.assignments if each.applies_in(place) and each.role in wanted)
        return tuple(sorted({each.code for each in held if each.scope == scope}))


PUBLIC = Viewer(actor=Actor(id="public", name="Somebody not signed in"))

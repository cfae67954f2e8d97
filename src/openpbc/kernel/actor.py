"""Who acts, and for whom: what every write takes as ``by``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Actor:
    """A signed-in person, or the program itself, with the roles held at this moment."""

    id: str
    name: str
    roles: frozenset[str] = frozenset()
    acting_for: str = ""

    def has(self, role: str) -> bool:
        """Tell whether the actor holds the role."""
        return role in self.roles


SYSTEM = Actor(id="system", name="OpenPBC itself", roles=frozenset({"system"}))

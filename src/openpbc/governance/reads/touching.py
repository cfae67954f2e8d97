"""In which of some organisations somebody has an interest that counts: asked where an act touches their money."""

from __future__ import annotations

from collections.abc import Iterable

from openpbc.governance.reads.matters import ground
from openpbc.governance.rules.interests import PROVIDER, Party
from openpbc.kernel.actor import Actor
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.persons import accounts_of


def touched(place: str, codes: Iterable[str], actor: Actor) -> str:
    """Name the organisations in which somebody, or whoever they act for, has a material interest today; else empty."""
    parties = tuple(Party(code, PROVIDER) for code in sorted(set(codes)))
    if not parties:
        return ""
    own = {name for each in (actor.id, actor.acting_for) if each for name in accounts_of(each)}
    found = ground(organisations.book(place)).conflicts(parties, organisations.today())
    return ", ".join(sorted({each.organisation for each in found if each.material and each.person in own}))

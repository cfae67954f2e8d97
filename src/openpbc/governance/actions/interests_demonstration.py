"""SYNTHETIC interests for a demonstration: one declared late, one through an owner, and somebody who has none."""

from __future__ import annotations

from openpbc import audit
from openpbc.governance import reads
from openpbc.governance.actions.interests import declare_interest, declare_none, record_owner
from openpbc.governance.actions.matters import set_parties
from openpbc.governance.rules.interests import FINANCIAL_PERSONAL, OWNER, POSSIBLE_BIDDER, PROFESSIONAL, Party
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import months_after
from openpbc.organisations import reads as organisations

COMPANY, HOLDING = "SYNTHETIC Heart and Lung Company", "SYNTHETIC Practices Holding"
_MONTHS_LATE = 30
_SOURCE = "SYNTHETIC: invented for the demonstration"
_GP, _GROUP, _FINANCE = "gp@demo", "group@demo", "finance@demo"


@audit.action("governance.demonstrate_interests")
def demonstrate_interests(*, by: Actor, place: str) -> None:
    """Declare SYNTHETIC interests of demo users who hold a role in the place; a second run changes nothing."""
    here = {each.sign_in for each in organisations.people() if any(a.place == place for a in each.assignments)}
    if not {_GP, _GROUP, _FINANCE} <= here or reads.declarations(place, _GP):
        audit.nothing_changed()
        return
    long_ago = months_after(organisations.today(), -_MONTHS_LATE)
    declare_interest(
        by=by,
        place=place,
        person=_GP,
        organisation=HOLDING,
        nature=FINANCIAL_PERSONAL,
        role="Shareholder",
        held_from=long_ago,
        detail=_SOURCE,
        synthetic=True,
    )
    declare_interest(
        by=by,
        place=place,
        person=_GROUP,
        organisation=COMPANY,
        nature=PROFESSIONAL,
        role="Unpaid adviser",
        held_from=organisations.today(),
        detail=_SOURCE,
        synthetic=True,
    )
    declare_none(by=by, place=place, person=_FINANCE, synthetic=True)
    record_owner(by=by, place=place, owner=HOLDING, owned=COMPANY, held_from=long_ago, source=_SOURCE)
    audit.note(subject=f"place/{place}", after={"interests": "SYNTHETIC"})


@audit.action("governance.demonstrate_parties")
def demonstrate_parties(*, by: Actor, place: str, matter: str) -> None:
    """Let a SYNTHETIC matter concern the company in which demo users have interests; a second run changes nothing."""
    parties = (Party(COMPANY, POSSIBLE_BIDDER), Party(HOLDING, OWNER))
    set_parties(by=by, place=place, matter=matter, parties=parties)
    audit.note(subject=matter, after={"parties": "SYNTHETIC"})

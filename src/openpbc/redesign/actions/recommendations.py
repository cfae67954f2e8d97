"""Writes of the paper that proposes the conclave: a recommendation is put to the body that decides it."""

from __future__ import annotations

from openpbc import audit
from openpbc.governance import actions as governance
from openpbc.governance import reads as interests
from openpbc.governance.reads.seats import seats
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import Stale, UserError, Withheld
from openpbc.organisations import reads as organisations
from openpbc.redesign.reads.recommendations import deciders, recommendation, recommendations
from openpbc.redesign.rules.recommendations import APPROVED

_BODY = "board"
# What the demonstration's board decides; the third is left open, so that the page shows what is still proposed.
_DECIDED = {
    "approach": "SYNTHETIC: clinicians of both sides are to lead.",
    "priorities": "SYNTHETIC: these pathways touch most patients.",
}


@audit.action("redesign.put_recommendation")
def put_recommendation(*, by: Actor, place: str, code: str, body: str, synthetic: bool = False) -> int:
    """Put a recommendation on the list of what waits for a body's next agenda, and give the number of its item.

    What the body decides there is the recommendation's outcome. One that is settled is not put again.
    """
    book = organisations.book(place)
    found = recommendation(book, code)
    if why := interests.withheld(by.id, place, found.matter):
        raise Withheld(why)
    if body not in deciders(book):
        raise UserError("this body does not decide it", "body", "Choose one of the bodies that are listed.")
    if found.settled and found.decision:
        raise Stale(
            f"it is {found.outcome} since {found.decision.when.name}",
            do="Where that was recorded by mistake, correct the record; then it can be put again.",
        )
    item = governance.put_on_agenda(
        by=by, place=place, body=body, matter=found.matter, title=f"Clinical conclave: {found.title}"[:200],
        synthetic=synthetic,
    )  # fmt: skip
    audit.note(subject=found.matter, after={"body": body, "item": item})
    return item


@audit.action("redesign.demonstrate_recommendations")
def demonstrate_recommendations(*, by: Actor, place: str) -> None:
    """Let the board decide SYNTHETIC outcomes of all recommendations but one; a second run changes nothing."""
    found = recommendations(organisations.book(place))
    fresh = found and not any(each.decisions or each.waits for each in found)
    if not fresh or not seats(place, _BODY, organisations.today()):
        audit.nothing_changed()
        return
    wanted = {
        put_recommendation(by=by, place=place, code=each.code, body=_BODY, synthetic=True): _DECIDED[each.code]
        for each in found
        if each.code in _DECIDED
    }
    governance.demonstrate_sitting(
        by=by, place=place, body=_BODY, starts_at="15:00",
        decided={item: (APPROVED, reason) for item, reason in wanted.items()},
    )  # fmt: skip
    audit.note(subject=f"place/{place}", after={"recommendations": sorted(_DECIDED)})

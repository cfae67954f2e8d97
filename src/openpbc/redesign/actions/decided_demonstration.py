"""SYNTHETIC decisions for a demonstration: cases that a meeting approved and refused, a summary, and an appeal."""

from __future__ import annotations

from openpbc import audit
from openpbc.governance import actions as governance
from openpbc.governance.reads import items
from openpbc.governance.reads.seats import seats
from openpbc.kernel.actor import Actor
from openpbc.organisations import reads as organisations
from openpbc.redesign.actions.demonstrated_texts import CASES, Told
from openpbc.redesign.actions.public import publish_summary
from openpbc.redesign.actions.steps import take_step
from openpbc.redesign.reads.cases import Case, case, cases
from openpbc.redesign.reads.facts import decision
from openpbc.redesign.rules.transitions import YES

_SECRETARY, _GROUP = "secretary@demo", "group@demo"
_GROUNDS = "SYNTHETIC: who reads the scans stands in the specification; the committee had it and did not ask."


@audit.action("redesign.demonstrate_decisions")
def demonstrate_decisions(*, by: Actor, place: str) -> None:
    """Let the committee decide SYNTHETIC cases that wait for it; a second run changes nothing."""
    told = {each.title: each for each in CASES if each.outcome}
    waiting = [
        (each, item) for each in cases(place) if each.title in told and (item := items.open_item(place, each.matter))
    ]
    keeper = organisations.viewer_by_sign_in(_SECRETARY)
    if keeper is None or not any(seats(place, item.body, organisations.today()) for _, item in waiting):
        audit.nothing_changed()
        return
    decided = {item.id: (told[each.title].outcome, told[each.title].reasons) for each, item in waiting}
    meeting = governance.demonstrate_sitting(by=by, place=place, decided=decided)
    for each, _ in waiting:
        _after(keeper.actor, case(place, each.number), told[each.title])
    audit.note(subject=f"place/{place}", after={"meeting": meeting, "decided": [each.number for each, _ in waiting]})


def _after(by: Actor, known: Case, told: Told) -> None:
    """What follows: an approval is carried out and told to the public, a refusal is appealed against by its group."""
    if told.outcome == YES:
        take_step(by=by, place=known.place, number=known.number, way="T11", revision=known.revision,
                  reason=told.reasons)  # fmt: skip
        if told.published:
            now = case(known.place, known.number)
            publish_summary(by=by, place=known.place, number=known.number, revision=now.revision)
        return
    taken, group = decision(known), organisations.viewer_by_sign_in(_GROUP)
    if taken and group:
        governance.lodge_appeal(
            by=group.actor, place=known.place, against=taken.id, appellant=known.unit, grounds=_GROUNDS
        )

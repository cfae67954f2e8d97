"""A case whose level changed after it was sent for approval goes over to the body that decides it now."""

from __future__ import annotations

from openpbc import audit
from openpbc.governance import actions as governance
from openpbc.governance.reads import items
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError
from openpbc.redesign.actions.following import go_over, wait_for_body
from openpbc.redesign.actions.holding import changed, held, own_case, roles_here
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.facts import decision
from openpbc.redesign.reads.value import decided_elsewhere
from openpbc.redesign.rules.roles import turn_fault
from openpbc.redesign.rules.transitions import COMMITTEE


@audit.action("redesign.put_to_body")
def put_to_body(
    *, by: Actor, place: str, number: int, revision: int, papers: tuple[tuple[str, bytes], ...] = ()
) -> None:
    """Put a case to the body that decides it now, where the level changed since it was sent for approval.

    It leaves the list or agenda on which it stood, its level is kept anew, and its papers go with it.
    """
    known = held(by, place, number, revision)
    if by != SYSTEM and (wrong := turn_fault(COMMITTEE, roles_here(by, place), is_member=own_case(by, known))):
        raise UserError.whole(wrong).for_the_log()
    now = decided_elsewhere(known)
    if now is None:
        raise UserError("the case waits for whoever decides it already", do="Its page says on which agenda it stands.")
    if decision(known) is not None:
        raise UserError("the case is decided", do="Carry the decision out from the page of the case.")
    _take_off(by, known, now.because)
    level = go_over(by, known)
    wait_for_body(by, known, papers)
    changed(by, known)
    audit.note(subject=known.matter, after={"level": level.code, "body": level.body}, reason=level.because)


def _take_off(by: Actor, known: Case, because: str) -> None:
    item = items.open_item(known.place, known.matter)
    if item is not None:
        reason = f"Decided elsewhere now: {because}"[:500]
        governance.take_back(by=by, place=known.place, item=item.id, reason=reason, for_good=True)

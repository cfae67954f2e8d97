"""What a body decided carries a case, whatever happens around it: a block, another body, an interest told late."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from openpbc.casework import reads as casework
from openpbc.governance import actions as governance
from openpbc.governance import reads as governance_reads
from openpbc.governance.reads import items
from openpbc.governance.reads.decisions import people
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions, reads
from openpbc.redesign.commands import redesign
from tests.integration.governance import committee
from tests.integration.redesign.conftest import (
    agreed,
    as_actor,
    decide,
    drafting,
    review,
    revision,
    send_for_approval,
    step,
    written,
)
from tests.integration.redesign.test_separation import SCHEME, found, in_force, seat, worth
from tests.integration.redesign.walker import Person
from tests.integration.site.conftest import HERE, As

pytestmark = pytest.mark.usefixtures("people")
BLOCK = {"reason": "SYNTHETIC: no rooms.", "owner": "The trust"}


def waits(number: int) -> items.Item | None:
    return items.open_item(HERE, reads.address(HERE, number))


def meet(number: int, outcome: str) -> None:
    """Let the committee sit today and decide the case, which waits for it."""
    item = waits(number)
    assert item is not None
    committee.seat_all()
    committee.opened(item.id, on=organisations.today())
    committee.actions.declare_none_at_item(by=committee.BY, place=HERE, item=item.id)
    committee.votes(item.id, "for" if outcome == "approved" else "against")
    committee.decide(item.id, outcome)


@pytest.mark.parametrize("held", [False, True])
def test_a_block_wipes_out_no_decision(held: bool) -> None:
    """Neither one that was taken before the case was held up, nor one that was taken meanwhile."""
    number = agreed()
    if held:
        step("gp_lead", "T23", number, **BLOCK)
    meet(number, "refused")
    if not held:
        step("gp_lead", "T23", number, **BLOCK)
    step("gp_lead", "T23B", number, reason="SYNTHETIC: rooms were found.")
    assert (reads.case(HERE, number).stage, waits(number)) == ("approval", None)
    with pytest.raises(UserError, match="its decision is refused"):
        step("committee_chair", "T11", number, reason="x")
    step("committee_chair", "T13", number, reason="Not suited.")
    assert reads.case(HERE, number).stage == "rejected"


def test_no_other_body_than_the_one_that_decides_carries_a_case() -> None:
    number = agreed()
    for outcome, way in (("returned", "T12"), ("refused", "T13"), ("approved", "T11")):
        decide(number, outcome, body="conclave")
        with pytest.raises(UserError, match="No decision of the body that approves"):
            step("committee_chair", way, number, reason="x")
    decide(number)
    step("committee_chair", "T11", number, reason="Fair.")


def test_a_route_that_was_not_approved_is_not_begun_by_naming_it() -> None:
    number = agreed()
    decide(number)
    step("committee_chair", "T11", number, reason="Fair.")
    with pytest.raises(UserError, match="approved for existing contract, not for tender"):
        step("contract_manager", "T15C", number, route="tender")


def test_a_decision_that_counted_somebody_with_an_interest_is_not_carried_out() -> None:
    number = agreed()
    meet(number, "approved")
    assert found(number, "K5") == ()
    committee.conflicted(committee.LAY, matter=reads.address(HERE, number))
    (did_not_leave, counted, voted) = found(number, "K5")
    assert "did not leave" in did_not_leave and "counted in the quorum" in counted and "voted" in voted
    with pytest.raises(UserError, match="Lay@X has an interest in item 1 and did not leave"):
        step("committee_chair", "T11", number, reason="Fair.")
    step("gp_lead", "T23", number, **BLOCK)
    step("gp_lead", "T23B", number, reason="SYNTHETIC: the body decides again.")
    assert waits(number) is not None


@pytest.mark.parametrize(
    ("level", "who", "said"), [("D1", "group", "PBC group"), ("D2", "nominated_director", "irector")]
)
def test_what_the_scheme_leaves_to_a_group_or_a_director_is_decided_and_carried_out(
    as_role: As, level: str, who: str, said: str
) -> None:
    in_force(SCHEME.replace('"D2"', f'"{level}"'))
    number = to_approval()
    matter = reads.address(HERE, number)
    assert waits(number) is None
    page = as_role("committee_secretary").get(f"/p/{HERE}/cases/{number}").content.decode()
    assert f"body={who}" in page and said in page
    for reader in ("committee_secretary", "gp_lead"):
        page = as_role(reader).get(f"/p/{HERE}/cases/{number}").content.decode()
        assert "It needs no meeting." in page and "agenda of a meeting" not in page
    told = CliRunner().invoke(redesign, ["waits", "--place", HERE, "--number", str(number)]).output
    assert "It needs no meeting." in told and "agenda of a meeting" not in told
    told = {"place": HERE, "taken_on": organisations.today(), "minute": "1", "text": "SYNTHETIC", "title": "The case",
            "outcome": "approved"}  # fmt: skip
    for other in {"group", "nominated_director"} - {who}:
        with pytest.raises(UserError, match="does not leave this to the"):
            governance.record_decision(by=SYSTEM, body=other, matter=matter, **told)
    with pytest.raises(UserError, match="does not leave this to the"):
        governance.record_decision(by=SYSTEM, body=who, matter="", **told)
    with pytest.raises(UserError, match="it is not said who decided"):
        governance.record_decision(by=as_actor("committee_secretary"), body=who, matter=matter, **told)
    own = {"group": "Demo group manager", "nominated_director": "Demo finance manager"}[who]
    governance.record_seat(
        by=SYSTEM, place=HERE, body="board", person="finance@demo", capacity="member", kind="director",
        valid_from=organisations.today(),
    )  # fmt: skip
    for others, why in (
        ((own, "A. Nother"), "A. Nother is nobody who is known here, so nobody can tell of an interest"),
        ((own, "Demo conclave co-chair"), "Demo conclave co-chair was not a .* on .*, so does not decide this"),
    ):
        with pytest.raises(UserError, match=why):
            governance.record_decision(by=SYSTEM, body=who, matter=matter, took_part=others, **told)
    told["took_part"] = (own,)
    taken = governance.record_decision(by=as_actor("committee_secretary"), body=who, matter=matter, **told)
    assert people(taken).took_part == ({"group": "group@demo", "nominated_director": "finance@demo"}[who],)
    page = as_role("committee_secretary").get(f"/p/{HERE}/decisions/{taken}").content.decode()
    assert "By hand, as the minutes have it; no quorum and no votes were counted here" in page
    step("committee_chair", "T11", number, reason="Fair.")
    assert reads.case(HERE, number).stage == "approved"
    assert said in as_role("committee_secretary").get(f"/p/{HERE}/decisions").content.decode()


def test_nobody_with_an_interest_is_counted_by_hand_and_one_that_is_told_late_keeps_the_decision_back() -> None:
    in_force(SCHEME.replace('"D2"', '"D1"'))
    number = to_approval()
    matter = reads.address(HERE, number)
    told = {"by": SYSTEM, "place": HERE, "taken_on": organisations.today(), "minute": "1", "text": "SYNTHETIC",
            "title": "The case", "outcome": "approved", "body": "group", "matter": matter}  # fmt: skip
    own = {"place": HERE, "nature": "financial-personal", "role": "Owner", "held_from": organisations.today(),
           "detail": "SYNTHETIC"}  # fmt: skip
    party = governance_reads.Party("SYNTHETIC Company", governance_reads.POSSIBLE_BIDDER)
    governance.set_parties(by=SYSTEM, place=HERE, matter=matter, parties=(party,))
    taken = governance.record_decision(**told, took_part=["group@demo"], left=["chair@demo"])
    governance.declare_interest(
        by=as_actor("group_manager"), person="group@demo", organisation="SYNTHETIC Company", **own
    )  # fmt: skip
    assert "Demo group manager has an interest in the decision of minute 1 and did not leave" in found(number, "K5")[0]
    with pytest.raises(UserError, match="Demo group manager has an interest in this matter"):
        governance.record_decision(**told | {"replaces": taken, "text": "Again"}, took_part=["group@demo"])
    with pytest.raises(UserError, match="cannot have taken part and left"):
        governance.record_decision(**told, took_part=["chair@demo"], left=["Demo committee chair"])


def test_no_body_approves_a_case_by_hand_without_its_meetings() -> None:
    """Neither one without terms of reference in force, nor by naming members; what it noted may still be written."""
    number = agreed()
    waiting = waits(number)
    assert waiting is not None
    told = {"by": SYSTEM, "place": HERE, "taken_on": organisations.today(), "minute": "1", "text": "SYNTHETIC",
            "title": "The case", "matter": reads.address(HERE, number), "body": "board"}  # fmt: skip
    for named in ((), ("finance@demo", "chair@demo")):
        with pytest.raises(UserError, match="approves a case in its meetings alone") as refused:
            governance.record_decision(**told, outcome="approved", took_part=named)
        assert "Its secretary records its terms" in refused.value.sentence
        assert "waits until then" in refused.value.sentence
    assert not governance_reads.decisions(HERE, told["matter"])


def test_a_case_whose_level_rises_while_it_waits_goes_over_to_the_committee(as_role: As) -> None:
    in_force(SCHEME.replace('"D2"', '"D1"'))
    number = to_approval()
    with pytest.raises(UserError, match="waits for whoever decides it already"):
        actions.put_to_body(by=SYSTEM, place=HERE, number=number, revision=revision(number))
    matter, case = reads.address(HERE, number), f"/p/{HERE}/cases/{number}"
    governance.declare_interest(
        by=as_actor("practice_staff"), place=HERE, person="practice@demo", organisation="SYNTHETIC Company",
        nature="financial-personal", role="Owner", held_from=organisations.today(), detail="SYNTHETIC",
    )  # fmt: skip
    party = governance_reads.Party("SYNTHETIC Company", governance_reads.POSSIBLE_BIDDER)
    governance.set_parties(by=SYSTEM, place=HERE, matter=matter, parties=(party,))
    secretary = Person(as_role("committee_secretary"))
    assert "Put 'Breathing clinics' to the PBC Governance Committee" in secretary.links(f"/p/{HERE}")
    assert "sent to somebody else, who does not decide it any more" in secretary.read(case)
    secretary.fill(f"{case}/body")
    item = waits(number)
    assert item is not None and item.body == "governance_committee" and item.current_papers
    assert [each.step for each in casework.case(reads.case(HERE, number).process).waiting] == ["S7_D3"]
    assert reads.case(HERE, number).stage == "approval"
    told = {"place": HERE, "taken_on": organisations.today(), "minute": "1", "text": "SYNTHETIC", "title": "The case",
            "outcome": "approved"}  # fmt: skip
    with pytest.raises(UserError, match="does not leave this to the"):
        governance.record_decision(by=SYSTEM, body="group", matter=matter, **told)
    meet(number, "approved")
    step("committee_chair", "T11", number, reason="Fair.")
    assert reads.case(HERE, number).stage == "approved"


def to_approval() -> int:
    """A small case whose value is known, sent on an existing contract."""
    number = drafting()
    written(number)
    worth(number, 3)
    step("gp_lead", "T04", number)
    review(number)
    send_for_approval(number)
    return number


def test_a_group_does_not_sign_off_itself_what_a_member_may_bid_for() -> None:
    in_force(SCHEME.replace('"D2"', '"D1"'))
    number = to_approval()
    assert found(number, "K11") == ()
    seat(number, "gp_lead", "commissioner", leads=True, side="both")
    with pytest.raises(UserError, match="Demo GP practice lead of DatCom may bid, so the group cannot sign off"):
        step("committee_chair", "T11", number, reason="Fair.")

"""My work today: what each persona is asked to do, why, and what cannot start yet."""

from __future__ import annotations

from datetime import timedelta

import pytest

from openpbc.governance import actions as governance
from openpbc.governance import reads as governance_reads
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions as people_actions
from openpbc.organisations import models
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions as redesign
from openpbc.redesign import reads as cases
from openpbc.site import rooms
from tests.integration.redesign.conftest import as_actor, drafting, revision
from tests.integration.site.conftest import HERE, SIGN_INS, As

pytestmark = pytest.mark.usefixtures("people")


def work(role: str) -> dict[str, str]:
    viewer = organisations.viewer_by_sign_in(SIGN_INS[role])
    return {each.text: each.reason for each in rooms.work(organisations.book(HERE), viewer)}


def seated(role: str, capacity: str) -> None:
    governance.record_seat(
        by=as_actor("committee_secretary"), place=HERE, body="governance_committee", person=SIGN_INS[role],
        capacity=capacity, kind="lay", valid_from=organisations.today() - timedelta(days=1),
    )  # fmt: skip


def test_a_block_waits_for_the_conclave_and_the_joint_group_with_its_owner() -> None:
    drafting()
    redesign.take_step(by=as_actor("group_manager"), place=HERE, number=1, way="T23", revision=revision(),
                       reason="No room.", owner="The estates manager")  # fmt: skip
    for role in ("conclave_chair", "group_manager", "provider_lead"):
        assert work(role)["Clear the block: 'Breathing clinics'"] == (
            "No room. The estates manager is to clear it; held for 0 days"
        )
    assert "Clear the block: 'Breathing clinics'" not in work("finance_manager")


def test_the_chair_is_told_what_cannot_be_decided_yet_and_the_secretary_whom_to_ask() -> None:
    seated("committee_chair", "chair")
    governance.put_on_agenda(by=SYSTEM, place=HERE, body="governance_committee", matter="", title="A lease")
    told = work("committee_chair")["1 item waits for the PBC Governance Committee"]
    assert told == "Cannot be decided yet: on no agenda. The first, A lease, waits 0 days."
    asked = next(text for text in work("committee_secretary") if text.startswith("Ask "))
    late = len(governance_reads.outstanding(organisations.book(HERE), organisations.today()))
    assert asked == f"Ask {late} people to declare their interests"


def test_the_administrator_is_told_of_a_changed_book_invitations_and_idle_accounts(as_role: As) -> None:
    assert work("administrator") == {}
    models.Place.objects.filter(code=HERE).update(book_hash="0" * 64)
    people_actions.invite_user(by=SYSTEM, sign_in="new@example.org", display_name="New", role="analyst", place=HERE)
    models.User.objects.create(sign_in="idle@example.org", display_name="Idle")
    found = work("administrator")
    assert list(found) == [
        "Load the place again",
        "1 invitation was not accepted yet",
        "1 person can sign in and hold no role today",
    ]
    assert found["Load the place again"].endswith(f"Run: openpbc organisations load --place {HERE}")
    page = as_role("administrator").get(f"/p/{HERE}").content.decode()
    assert "Load the place again" in page


def test_every_line_of_work_opens_for_whom_it_waits(as_role: As) -> None:
    drafting()
    assert cases.case(HERE, 1).stage == "drafting"
    for role in SIGN_INS:
        client, viewer = as_role(role), organisations.viewer_by_sign_in(SIGN_INS[role])
        for each in rooms.work(organisations.book(HERE), viewer):
            assert client.get(each.href.partition("#")[0]).status_code == 200, (role, each)

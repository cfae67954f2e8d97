"""How somebody becomes an administrator takes two people, and nobody gives a role farther than their own reaches."""

from __future__ import annotations

import re

import pytest

from openpbc.audit.models import AuditEvent
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions, offers, reads
from openpbc.organisations.reads.inviting import awaited
from tests.integration.site.conftest import FOREIGN, HERE, As, send

pytestmark = pytest.mark.one_database
GOOD = "a long enough passphrase"
NEW = "new@example.org"


def actor(sign_in: str, acting_for: str = "") -> Actor:
    found = reads.viewer(reads.person_by_sign_in(sign_in).id).actor
    return Actor(found.id, found.name, found.roles, acting_for)


def give(by: Actor, sign_in: str, role: str = "administrator", place: str = "*", **over: str) -> None:
    user = reads.person_by_sign_in(sign_in).id
    actions.assign_role(by=by, user_id=user, role=role, place=place, valid_from=reads.today(), **over)


def joined(by: Actor, role: str = "administrator", place: str = "*", sign_in: str = NEW, **over: str) -> reads.Person:
    """Somebody who was invited and has an account now."""
    invited = actions.invite_user(by=by, sign_in=sign_in, display_name="New One", role=role, place=place, **over)
    return reads.person(actions.accept_invitation(by=reads.PUBLIC.actor, token=invited.token, password=GOOD))


def work() -> dict[str, str]:
    viewer = reads.viewer_by_sign_in("admin@demo")
    assert viewer
    return {each.text: each.reason for each in offers.WORK(reads.book(HERE), viewer)}


def test_who_runs_the_system_makes_the_first_administrator_alone() -> None:
    for by in (SYSTEM, Actor("shell/ann", "ann in the shell", frozenset({"administrator"}))):
        person = joined(by, sign_in=f"{by.name.split()[0].lower()}@example.org")
        assert [each.role for each in person.assignments] == ["administrator"]
    assert awaited() == {}


def test_an_invited_administrator_gets_the_role_from_a_second_one(as_role: As) -> None:
    browser = as_role("administrator")
    given = {"sign_in": NEW, "display_name": "New One", "role": "administrator", "place": "*", "scope": "place"}
    assert "another administrator than you" in browser.get("/people/invite").content.decode()
    shown = send(browser, "/people/invite", given, follow=True).content.decode()
    link = re.search(r"/invitation/[\w-]+", shown)
    assert link
    page = as_role("public")
    assert "Another administrator than the one who invited you" in page.get(link[0]).content.decode()
    answer = send(page, link[0], {"new": GOOD, "again": GOOD}, follow=True)
    assert answer.status_code == 403 and "An invited administrator waits for a second one" in answer.content.decode()
    new = reads.person_by_sign_in(NEW)
    assert new.assignments == () and page.get("/people").status_code == 403
    assert work()["Make New One an administrator, or not"].startswith("Demo administrator invited them as one")
    assert not any("no role today" in each for each in work())

    refused = send(browser, f"/people/{new.id}/roles/give", _role(), follow=True)
    assert refused.status_code == 422 and "it was you who did the other half" in refused.content.decode()
    assert AuditEvent.objects.filter(action="audit.refuse", actor_id="admin@demo").exists()
    assert "Invited as an administrator by Demo administrator" in browser.get(f"/people/{new.id}").content.decode()
    assert "invited by Demo administrator" in browser.get("/people").content.decode()

    give(SYSTEM, "analyst@demo")
    second = as_role("analyst")
    form = second.get(f"/people/{new.id}/roles/give").content.decode()
    assert 'value="administrator" selected' in form and "Invited as an administrator by Demo administrator" in form
    assert send(second, f"/people/{new.id}/roles/give", _role()).status_code == 302
    assert [each.role for each in reads.person(new.id).assignments] == ["administrator"] and awaited() == {}


def _role() -> dict[str, str]:
    return {"role": "administrator", "over": "*|place|", "valid_from": f"{reads.today():%-d %B %Y}", "reason": "Agreed"}


@pytest.mark.parametrize("invited_as", ["administrator", "analyst"])
def test_no_account_that_one_made_is_made_an_administrator_by_the_same_person(invited_as: str) -> None:
    """Else whoever invites keeps the link, and is two people by a second account, whatever role it began with."""
    joined(actor("admin@demo"), invited_as, HERE)
    give(SYSTEM, "analyst@demo")
    ids = [reads.person_by_sign_in(each).id for each in ("admin@demo", "chair@demo")]
    actions.join_accounts(by=SYSTEM, user_id=ids[0], with_user_id=ids[1], reason="One person.")
    give(SYSTEM, "chair@demo")
    for by in (actor("admin@demo"), actor("chair@demo"), actor("analyst@demo", acting_for="admin@demo")):
        with pytest.raises(UserError, match=r"by somebody else: .*Another administrator gives it") as refused:
            give(by, NEW)
        assert refused.value.kept
    give(actor("analyst@demo"), NEW)


def test_who_is_acted_for_has_invited_too() -> None:
    give(SYSTEM, "analyst@demo")
    joined(actor("analyst@demo", acting_for="admin@demo"))
    for by in (actor("admin@demo"), actor("analyst@demo")):
        with pytest.raises(UserError, match="it was you who did the other half"):
            give(by, NEW)


def test_an_account_that_is_disabled_does_not_wait() -> None:
    person = joined(actor("admin@demo"))
    assert set(awaited()) == {NEW}
    actions.disable_user(by=SYSTEM, user_id=person.id, reason="Nobody knows them.")
    assert awaited() == {}


def test_a_role_reaches_no_farther_than_its_giver(as_role: As) -> None:
    give(SYSTEM, "analyst@demo", place=HERE)
    local = actor("analyst@demo")
    give(local, "gp@demo", "contract_manager", HERE)
    told = rf"roles in {FOREIGN} are not yours .* reaches {HERE} alone. Ask Demo administrator or whoever runs"
    for place, said in ((FOREIGN, told), ("*", told.replace(FOREIGN, "every place"))):
        with pytest.raises(UserError, match=said) as refused:
            give(local, "gp@demo", "contract_manager", place)
        assert refused.value.kept
        with pytest.raises(UserError, match=said):
            actions.invite_user(by=local, sign_in=NEW, display_name="N", role="analyst", place=place)
    give(SYSTEM, "finance@demo", "contract_manager", FOREIGN)
    with pytest.raises(UserError, match=told):
        actions.end_role(
            by=local, user_id=reads.person_by_sign_in("finance@demo").id, role="contract_manager", place=FOREIGN,
            last_day=reads.today(), reason="x",
        )  # fmt: skip
    sent = {"role": "contract_manager", "over": f"{FOREIGN}|place|", "valid_from": "1 April 2024", "reason": "x"}
    answer = send(as_role("analyst"), f"/people/{reads.person_by_sign_in('gp@demo').id}/roles/give", sent)
    assert answer.status_code == 422 and f"oles in {FOREIGN} are not yours" in answer.content.decode()


def test_an_account_is_changed_by_nobody_whose_reach_ends_before_it(as_role: As) -> None:
    unit = reads.units(HERE)[0].code
    give(SYSTEM, "analyst@demo", place=HERE, scope="unit", code=unit)
    local, ids = actor("analyst@demo"), [reads.person_by_sign_in(each).id for each in ("admin@demo", "finance@demo")]
    for change in (
        lambda: actions.disable_user(by=local, user_id=ids[0], reason="x"),
        lambda: actions.enable_user(by=local, user_id=ids[0], reason="x"),
        lambda: actions.join_accounts(by=local, user_id=ids[0], with_user_id=ids[1], reason="x"),
    ):
        with pytest.raises(
            UserError, match=r"with a role in .*, is not yours: .* Ask Demo administrator or"
        ) as refused:
            change()
        assert refused.value.kept
    answer = send(as_role("analyst"), f"/people/{ids[0]}", {"change": "disable", "reason": "x"})
    assert answer.status_code == 422 and reads.person(ids[0]).active
    joined(actor("admin@demo"))
    with pytest.raises(UserError, match="with a role in every place, is not yours"):
        actions.disable_user(by=local, user_id=reads.person_by_sign_in(NEW).id, reason="They hold no role yet.")
    member = joined(SYSTEM, "practice_staff", HERE, sign_in="member@example.org", scope="unit", code=unit)
    actions.disable_user(by=local, user_id=member.id, reason="They left.")
    assert not reads.person(member.id).active


def test_an_administrator_of_one_group_gives_roles_over_that_group_alone() -> None:
    unit, other = (each.code for each in reads.units(HERE)[:2])
    practice = next(each.code for each in reads.practices(HERE) if each.unit == unit)
    give(SYSTEM, "analyst@demo", place=HERE, scope="unit", code=unit)
    local = actor("analyst@demo")
    give(local, "secretary@demo", "group_manager", HERE, scope="unit", code=unit)
    give(local, "secretary@demo", "practice_staff", HERE, scope="practice", code=practice)
    for scope, code in (("unit", other), ("place", "")):
        with pytest.raises(UserError, match=f"reaches unit {unit} of {HERE} alone"):
            give(local, "secretary@demo", "group_manager", HERE, scope=scope, code=code)


def test_who_is_no_administrator_gives_nothing() -> None:
    with pytest.raises(UserError, match="you are no administrator"):
        give(actor("chair@demo"), "gp@demo", "analyst", HERE)


@pytest.fixture(autouse=True)
def with_people(people: None) -> None:
    """Both places and the personas."""

"""Groups' plans, the incentive scheme and the innovation fund: written by those who may, and told when wrong."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from openpbc.audit import reads as audit
from openpbc.finance import actions, reads
from openpbc.finance.reads import commissioning, incentives, innovation
from openpbc.finance.reads.explained_commissioning import explain_group_plan, explain_innovation
from openpbc.finance.rules.ledger import Entry
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.steps import recompute
from openpbc.organisations.reads import book
from openpbc.redesign import actions as redesign
from tests.integration.at_once import at_once
from tests.integration.site.conftest import HERE, send

PLANS = f"/p/{HERE}/commissioning-plans"
OWN, OTHER = "DATCOM", "WATCOM"
DAY = date(2008, 4, 1)


@pytest.fixture
def money(people) -> None:
    """Money that is held, and a group's budget."""
    for kind, entries in (
        ("allocation", (Entry("allocation", -100_000_000_00), Entry("held/unallocated", 100_000_000_00))),
        ("budget", (Entry("held/unallocated", -40_000_000_00), Entry(f"group/{OWN}/in-scope", 40_000_000_00))),
    ):
        actions.post(by=SYSTEM, place=HERE, kind=kind, entries=entries, on=DAY, reason="given")


def plan_of(unit: str) -> commissioning.GroupPlan:
    return commissioning.group_plan(book(HERE), unit)


def add_item(unit: str = OWN, **facts: object) -> int:
    given = {"title": "Clinic", "cost": 1_000_00} | facts
    return actions.write_plan_item(by=SYSTEM, place=HERE, unit=unit, revision=plan_of(unit).revision, **given)


def test_the_list_shows_who_has_no_plan(as_role):
    text = as_role("sha_manager").get(PLANS).content.decode()
    assert "0 of 5 have begun" in text
    assert "Missing: DatCom, Hertsmere, Red House, St A &amp; H, WatCom" in text


def test_a_group_writes_submits_and_is_answered(as_role, money):
    group, finance = as_role("group_manager"), as_role("finance_manager")
    here = f"/p/{HERE}/units/{OWN}/plan"
    assert send(group, f"{here}/context", {"context": "Older list\nthan most", "revision": "0"}).status_code == 302
    item = {"title": "Clinic", "priority": "", "scope": "in", "cost": "1,250.50", "runs_on": "yes",
            "state": "proposed", "revision": "1"}  # fmt: skip
    assert send(group, f"{here}/items/add", item).status_code == 302
    shown = group.get(here).content.decode()
    assert "serves no national or local priority" in shown
    assert "£39,998,749.50" in shown, "the budget of the ledger less what the plan costs"
    checked = send(group, f"{here}/submit", {"revision": "2"}).content.decode()
    assert "cannot be changed until it is answered" in checked
    assert send(group, f"{here}/submit", {"revision": "2", "confirmed": "yes"}).status_code == 302
    assert send(group, f"{here}/context", {"context": "new", "revision": "3"}).status_code == 422
    empty = send(finance, f"{here}/answer", {"agreed": "no", "answer": "", "revision": "3"})
    assert "Say why the plan comes back" in empty.content.decode()
    assert send(finance, f"{here}/answer", {"agreed": "yes", "answer": "", "revision": "3"}).status_code == 302
    publish = {"on": "1 April 2008", "revision": "4", "confirmed": "yes"}
    assert send(finance, f"{here}/publish", publish).status_code == 302
    public = Client(SERVER_NAME="localhost").get(f"/plans/{HERE}").content.decode()
    assert "DatCom: version 1, published on 1 April 2008" in public
    assert "£1,250.50" in public
    named = {event.action for event in audit.events(subject=f"group-plan/{HERE}")}
    assert {"finance.submit_group_plan", "finance.answer_group_plan", "finance.publish_group_plan"} <= named


def test_an_unpublished_plan_is_not_public(money):
    add_item(title="Secret clinic")
    assert "Secret clinic" not in Client(SERVER_NAME="localhost").get(f"/plans/{HERE}").content.decode()


def test_what_was_published_stays_when_the_plan_changes(money):
    add_item()
    actions.submit_group_plan(by=SYSTEM, place=HERE, unit=OWN, revision=plan_of(OWN).revision)
    actions.answer_group_plan(by=SYSTEM, place=HERE, unit=OWN, revision=plan_of(OWN).revision, agreed=True, answer="")
    actions.publish_group_plan(by=SYSTEM, place=HERE, unit=OWN, revision=plan_of(OWN).revision, on=DAY)
    add_item(title="Later clinic")
    assert plan_of(OWN).state == "draft"
    (published,) = commissioning.published_plans(HERE)
    assert [item["title"] for item in published.body["items"]] == ["Clinic"]


def test_a_plan_lists_the_assessment_services_of_its_group_with_their_state(as_role, people):
    group = as_role("group_manager")
    listed = {unit: group.get(f"/p/{HERE}/units/{unit}/plan").content.decode() for unit in (OTHER, OWN, "STAHCOM")}
    csv = {
        unit: group.get(f"/p/{HERE}/units/{unit}/plan?download=schemes.csv").content.decode()
        for unit in (OTHER, "HERTSMERE", "STAHCOM", OWN)
    }
    assert [text.count(",unknown,never,") for text in csv.values()] == [4, 8, 7, 0]
    assert "No such service of DatCom is listed." in listed[OWN]
    assert "ENT" in csv["STAHCOM"] and "ENT" not in csv["HERTSMERE"].replace("CURRENT", "")
    redesign.review_service(
        by=SYSTEM,
        place=HERE,
        service="watcom-dermatology",
        revision=0,
        state="existing",
        reviewed_on=DAY,
        result="Kept",
    )
    assert (
        "Dermatology,existing,1 April 2008,Kept"
        in group.get(f"/p/{HERE}/units/{OTHER}/plan?download=schemes.csv").content.decode()
    )


def test_a_group_writes_its_own_plan_only(as_role):
    group = as_role("group_manager")
    assert group.get(f"/p/{HERE}/units/{OTHER}/plan").status_code == 200, "all planners read all plans"
    assert group.get(f"/p/{HERE}/units/{OTHER}/plan/context").status_code == 404
    assert group.get(f"/p/{HERE}/units/{OWN}/plan/answer").status_code == 403
    assert as_role("provider_lead").get(PLANS).status_code == 403


def test_one_priority_of_three_groups_counts_once(people):
    code = actions.add_priority(by=SYSTEM, place=HERE, title="18 weeks", kind="national")
    assert actions.add_priority(by=SYSTEM, place=HERE, title=" 18  WEEKS ", kind="local") == code
    for unit in (OWN, OTHER, "HERTSMERE"):
        add_item(unit, priority=code)
    (priority,) = commissioning.priorities(book(HERE))
    assert priority.shared
    assert priority.units == (OWN, "HERTSMERE", OTHER)
    assert priority.cost == 3_000_00
    assert plan_of("HERTSMERE").items[0].priority_title == "18 weeks"


def test_figures_of_plans_are_explained_and_recomputed(money):
    add_item(cost=7_00)
    add_item(cost=None, title="Later")
    place_book = book(HERE)
    (standing,) = [each for each in commissioning.standings(place_book) if each.line == OWN]
    assert (standing.cost, standing.gap) == (7_00, 39_999_993_00)
    for address, value in ((standing.gap_address, standing.gap), (standing.cost_address, 7_00),
                           (plan_of(OWN).address("cost"), 7_00), (plan_of(OWN).items[0].address, 7_00)):  # fmt: skip
        explained = explain_group_plan(place_book, address)
        assert explained.value == value == recompute(explained), address
    scenario = [each for each in commissioning.standings(place_book, "no_deposit") if each.line == OWN][0]
    assert scenario.budget == 190_124_000_00, "the budget of the scenario, not of the ledger"
    assert explain_group_plan(place_book, scenario.gap_address).value == scenario.gap


def test_two_who_change_a_plan_are_told_who_was_first(people):
    add_item()
    with pytest.raises(Stale, match="OpenPBC itself changed the plan"):
        actions.write_plan_item(by=SYSTEM, place=HERE, unit=OWN, revision=0, title="Late", cost=1)
    assert [item.title for item in plan_of(OWN).items] == ["Clinic"], "nothing of the late change was kept"


def test_support_is_asked_for_owned_and_flagged(as_role, people):
    number = actions.ask_support(by=SYSTEM, place=HERE, unit=OWN, field="prescribing", what="Review statins")
    assert plan_of(OWN).requests[0].owner == ""
    actions.own_support(by=SYSTEM, place=HERE, unit=OWN, request=number, owner="Adviser")
    actions.assign_support(by=SYSTEM, place=HERE, unit=OWN, role="Adviser", hours=10)
    text = as_role("finance_manager").get(PLANS).content.decode()
    assert "Adviser (10 h)" in text
    assert "nobody" in text, "groups without support are flagged"
    assert "management_support_rate.yaml" in text, "the scale is not set, and the page names the file"
    with pytest.raises(UserError, match="no number of hours"):
        actions.assign_support(by=SYSTEM, place=HERE, unit=OWN, role="Adviser", hours=169)


def test_incentives_are_earned_by_evidence_and_credited_once(as_role, money):
    client = as_role("finance_manager")
    here = f"/p/{HERE}/incentives"
    assert send(client, f"{here}/competencies/add", {"title": "Plan agreed", "basis": "group", "amount": "5,000",
                "part_pays": "no", "revision": "0"}).status_code == 302  # fmt: skip
    shown = {"unit": OWN, "code": "C01", "level": "met", "evidence": "Minute 4"}
    assert send(client, f"{here}/shown", shown | {"evidence": ""}).status_code == 422
    assert send(client, f"{here}/shown", shown).status_code == 302
    credit = {"pence": "5000", "on": "2008-05-01", "seen": "0", "source": "held/unallocated", "confirmed": "yes"}
    assert send(client, f"{here}/{OWN}/credit", credit).status_code == 302
    again = send(client, f"{here}/{OWN}/credit", credit)
    assert again.status_code == 422
    assert "has earned £0.00 that is not credited yet" in again.content.decode()
    found = incentives.result_of(book(HERE), incentives.unit_of(book(HERE), OWN))
    assert (found.earned, found.credited, found.to_credit) == (5_000_00, 5_000_00, 0)


def test_what_was_paid_out_is_not_credited_again(money):
    code = actions.write_competency(by=SYSTEM, place=HERE, title="Plan", basis="group", amount=500_00, part_pays=False)
    actions.record_achievement(by=SYSTEM, place=HERE, unit=OWN, code=code, level="met", evidence="SYNTHETIC")
    actions.credit_incentive(by=SYSTEM, place=HERE, unit=OWN, pence=500_00, on=DAY)
    paid = (Entry(f"incentive/{OWN}", -500_00), Entry(f"spent/incentive/{OWN}", 500_00))
    actions.post(by=SYSTEM, place=HERE, kind="incentive", entries=paid, on=DAY, reason="SYNTHETIC: paid out")
    found = incentives.result_of(book(HERE), incentives.unit_of(book(HERE), OWN))
    assert (found.credited, found.to_credit) == (500_00, 0)
    with pytest.raises(UserError, match="not credited yet"):
        actions.credit_incentive(by=SYSTEM, place=HERE, unit=OWN, pence=1, on=DAY)


def test_the_fund_pays_what_it_awarded_and_no_more(as_role, money):
    finance, group = as_role("finance_manager"), as_role("group_manager")
    here = f"/p/{HERE}/innovation-fund"
    feed = {
        "pence": "1000",
        "on": "2008-04-02",
        "reason": "ring fence",
        "source": "held/unallocated",
        "confirmed": "yes",
    }
    assert send(finance, f"{here}/set-aside", feed).status_code == 302
    assert send(group, f"{here}/bids/add", {"unit": OTHER, "title": "Idea", "asked": "900"}).status_code == 422
    assert send(group, f"{here}/bids/add", {"unit": OWN, "title": "Idea", "asked": "900"}).status_code == 302
    assert group.get(f"{here}/bids/1/decide").status_code == 403
    award = {"decision": "award", "awarded": "800", "reason": "good", "revision": "1", "confirmed": "yes"}
    assert send(finance, f"{here}/bids/1/decide", award).status_code == 302
    number = actions.bid_for_innovation(by=SYSTEM, place=HERE, unit=OWN, title="Second", asked=500_00)
    with pytest.raises(UserError, match="has £200.00 that is not awarded yet"):
        actions.decide_innovation_bid(by=SYSTEM, place=HERE, number=number, revision=1, awarded=300_00, reason="more")
    pay = {"pence": "800.01", "on": "2008-05-01", "confirmed": "yes"}
    assert send(finance, f"{here}/bids/1/pay", pay).status_code == 422
    assert send(finance, f"{here}/bids/1/pay", pay | {"pence": "800"}).status_code == 302
    back = {"pence": "100", "on": "2009-03-01", "reason": "unspent"}
    assert send(finance, f"{here}/bids/1/return", back).status_code == 302
    found = innovation.fund(book(HERE))
    assert (found.held, found.promised, found.free) == (300_00, 100_00, 200_00)
    for owner, figure, value in (("fund", "promised", 100_00), ("fund", "free", 200_00), ("1", "awarded", 800_00)):
        explained = explain_innovation(book(HERE), innovation.address(HERE, owner, figure))
        assert explained.value == value == recompute(explained)
    assert "Innovation fund" in group.get(here).content.decode()


def test_priorities_are_found_by_the_aim_that_they_serve_and_those_without_are_counted(as_role):
    for title, aim in (("Clinics", "closer-to-home"), ("Stroke care", "better-health"), ("Waiting", "")):
        actions.add_priority(by=SYSTEM, place=HERE, title=title, kind="local", aim=aim)
    assert {code: len(found) for code, _, found in commissioning.by_aim(book(HERE))} == {
        "evidence-based": 0, "professional-standards": 0, "better-health": 1, "consultation": 0, "closer-to-home": 1,
        "none": 1,
    }  # fmt: skip
    client = as_role("sha_manager")
    at = f"/p/{HERE}/commissioning-plans"
    text = client.get(at).content.decode()
    assert "No aim named" in text and f'href="{at}?aim=closer-to-home#table-priorities"' in text
    near = client.get(f"{at}?aim=closer-to-home").content.decode()
    assert "Clinics" in near and "Stroke care" not in near and "Waiting" not in near
    assert "Waiting" in client.get(f"{at}?aim=none").content.decode()
    assert "No priority serves this aim." in client.get(f"{at}?aim=consultation").content.decode()
    assert client.get(f"{at}?aim=cake").status_code == 422


@pytest.mark.django_db(transaction=True)
def test_two_awards_at_once_do_not_promise_the_same_money(transactional_db, settings):
    from openpbc.organisations import actions as people_actions

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    people_actions.load_place(by=SYSTEM, place=HERE)
    given = (Entry("allocation", -1_000_00), Entry("held/unallocated", 1_000_00))
    actions.post(by=SYSTEM, place=HERE, kind="allocation", entries=given, on=DAY, reason="given")
    actions.feed_innovation_fund(by=SYSTEM, place=HERE, pence=1_000_00, on=DAY, reason="fence")
    numbers = [actions.bid_for_innovation(by=SYSTEM, place=HERE, unit=OWN, title=f"Bid {n}", asked=1_000_00)
               for n in (1, 2)]  # fmt: skip

    def award(number: int) -> str:
        actions.decide_innovation_bid(by=SYSTEM, place=HERE, number=number, revision=1, awarded=1_000_00, reason="yes")
        return "awarded"

    results = at_once(*[lambda number=number: award(number) for number in numbers])
    assert sorted(len(each) < 20 for each in results) == [False, True], results
    assert reads.ledger_balances(HERE, "2008-09", kind="innovation")[0].pence == 1_000_00

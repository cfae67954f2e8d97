"""The way of a year's budgets through its pages: draft, change, propose, decide, put in force; and who may do what."""

from __future__ import annotations

import re
from datetime import date
from html import unescape

import pytest

from openpbc.finance import actions
from openpbc.finance.reads.budget_sets import budget_set, budget_set_in_force
from openpbc.finance.reads.checklist import open_tasks
from openpbc.finance.reads.deposits import deposit_states
from openpbc.finance.reads.questions import questions
from openpbc.finance.reads.replies import asked_about, replies
from openpbc.finance.reads.submissions import plan_submissions
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions as people_actions
from openpbc.organisations import reads as organisations
from tests.integration.finance.budget_setting import YEAR, approved, drafted, finish_steps, propose
from tests.integration.site.conftest import HERE, As, as_role, people, quick_hashing, send

pytestmark = pytest.mark.one_database

__all__ = ["as_role", "people", "quick_hashing"]
AT = f"/p/{HERE}/budgets"


def book():
    return organisations.book(HERE)


def own_unit() -> str:
    return organisations.viewer(organisations.person_by_sign_in("group@demo").id).codes(HERE, "unit")[0]


def test_from_scenario_to_ledger_by_the_pages(as_role: As) -> None:
    finance, secretary = as_role("finance_manager"), as_role("committee_secretary")
    said = {"title": "Budgets of the year", "scenario": "deposit_as_budgeted"}
    warned = send(finance, f"{AT}/new", said).content.decode()
    assert "£1,000.00 more than the allocation" in warned
    assert "A pot in scope of £495,678 thousand adds up." in warned
    done = send(finance, f"{AT}/new", said | {"pot": "495,678", "confirmed": "yes"})
    assert done.headers["Location"] == f"{AT}/1"
    page = finance.get(f"{AT}/1").content.decode()
    assert "It cannot be proposed yet" in page and "Still open: Agree the deposit" in page
    finish_steps()
    assert f'href="{AT}/1/propose?revision=1"' in finance.get(f"{AT}/1").content.decode()
    send(finance, f"{AT}/1/propose?revision=1", {"revision": "1", "confirmed": "yes"})
    home = secretary.get(f"/p/{HERE}").content.decode()
    assert "Record the decision on budget set 1" in home
    link = f"/p/{HERE}/decisions/new?matter=budget-set/{HERE}/{YEAR}/1&title=Budget+set+1"
    decided = {"body": "board", "taken_on": "26/3/2008", "minute": "08/12", "title": "Budget set 1"}
    decided |= {"outcome": "approved", "text": "Approved.", "matter": f"budget-set/{HERE}/{YEAR}/1"}
    record = send(secretary, link, decided | {"confirmed": "yes"}).headers["Location"]
    assert f'href="{AT}/1"' in secretary.get(record).content.decode()
    number = record.rpartition("/")[2]
    done = send(finance, f"{AT}/1/approve?revision=2&decision={number}",
                {"revision": "2", "decision": number, "confirmed": "yes"})  # fmt: skip
    assert done.status_code == 302
    assert budget_set_in_force(HERE, YEAR).facts.number == 1
    home = finance.get(f"/p/{HERE}").content.decode()
    assert "687,768" in home and "Budget set 1, in force" in home
    page = as_role("sha_manager").get(f"{AT}/1?with=T5").content.decode()
    assert "Board, 26 March 2008, minute 08/12" in page
    assert "+£180" in page, "159,509.18 thousand against 159,509 as printed"
    assert "Change</a>" not in page


def test_the_latecomer_is_told_on_the_page(as_role: As) -> None:
    number = drafted()
    browser = as_role("finance_manager")
    given = {"account": "held/contingency", "pence": "7,000,000", "reason": "less", "revision": "1", "confirmed": "yes"}
    send(browser, f"{AT}/{number}/line", given)
    late = send(browser, f"{AT}/{number}/line", given | {"pence": "7,100,000"})
    assert late.status_code == 409
    assert "changed held/contingency from £7,108,000.00 to £7,000,000.00 (less)" in late.content.decode()
    assert budget_set(HERE, YEAR, number).amounts["held/contingency"] == 700_000_000
    explained = browser.get(f"/explain/budget-set/{HERE}/{number}/held/contingency").content.decode()
    assert "Changed by Demo finance manager" in explained


@pytest.mark.parametrize("role", ["group_manager", "sha_manager", "committee_chair"])
def test_others_read_and_do_not_set_budgets(role: str, as_role: As) -> None:
    number = drafted()
    browser = as_role(role)
    assert browser.get(f"{AT}/{number}").status_code == 200
    for path in ("new", f"{number}/line", f"{number}/propose", f"{number}/approve", f"{number}/withdraw"):
        assert browser.get(f"{AT}/{path}").status_code == 403


def test_a_group_replies_for_itself_only_and_the_missing_are_named(as_role: As) -> None:
    group, unit = as_role("group_manager"), own_unit()
    units = [each.unit for each in replies(book()).groups]
    other = next(each for each in units if each != unit)
    assert group.get(f"{AT}/replies/{other}").status_code == 404
    said = {"scenario": "deposit_as_budgeted", "answer": "too low", "pence": "250,000", "seen": "0"}
    bad = send(group, f"{AT}/replies/{unit}", said | {"reason": "too many beds", "pence": ""})
    assert bad.status_code == 422 and "Say by how much" in bad.content.decode()
    assert send(group, f"{AT}/replies/{unit}", said | {"reason": "too many beds"}).status_code == 302
    for each in units[:3]:
        if each != unit:
            actions.reply_on_funding(
                by=SYSTEM, place=HERE, scenario="deposit_as_budgeted", unit=each, answer="right", reason="x", seen=0
            )
    page = as_role("finance_manager").get(f"{AT}/replies?scenario=deposit_as_budgeted").content.decode()
    found = replies(book(), "deposit_as_budgeted")
    assert found.count in ("3/4", "4/4")
    assert f"{found.count} PBC groups have replied" in page
    for each in found.missing:
        assert f"Missing: {each.name}." in page
    assert "£250,000" in page
    assert "no reply yet" in as_role("gp_lead").get(f"{AT}/replies?scenario=no_deposit").content.decode()


def test_replies_open_on_what_is_proposed_and_a_group_is_led_to_its_own(as_role: As) -> None:
    assert asked_about(book()) == ""
    propose(drafted())
    assert asked_about(book()) == "deposit_as_budgeted"
    group, unit = as_role("group_manager"), own_unit()
    page = group.get(f"{AT}/replies").content.decode()
    assert re.search(r'scenario=deposit_as_budgeted" aria-current="true">[^<]*</a>: 0/4', page)
    for path in ("fair-shares/compare", "fair-shares?scenario=deposit_as_budgeted"):
        shown = group.get(f"/p/{HERE}/{path}").content.decode()
        assert f'href="{AT}/replies/{unit}?scenario=deposit_as_budgeted&amp;seen=0"' in shown
        assert "is it enough?" not in as_role("sha_manager").get(f"/p/{HERE}/{path}").content.decode()


def test_a_deposit_is_agreed_only_with_a_meeting_and_every_reply_or_a_reason(as_role: As) -> None:
    finance, secretary = as_role("finance_manager"), as_role("committee_secretary")
    said = {"status": "agreed", "pence": "13700", "scenario": "deposit_as_budgeted", "on": "15/2/2008", "seen": "0"}
    assert "No meeting on it is recorded yet" in finance.get(f"{AT}/deposit/state?seen=0").content.decode()
    asked = re.search(r'href="([^"]*decisions/new[^"]*)"', secretary.get(f"{AT}/deposit").content.decode())
    form = secretary.get(unescape(asked[1])).content.decode()
    assert f'value="deposit/{HERE}/{YEAR}"' in form and "The deposit of 2008/09" in form, "the link fills the form in"
    assert "decisions/new" not in as_role("gp_lead").get(f"{AT}/deposit").content.decode()
    refused = send(finance, f"{AT}/deposit/state", said | {"confirmed": "yes"})
    assert "An agreed deposit needs the record of a meeting" in refused.content.decode()
    met = {"body": "board", "taken_on": "15/2/2008", "minute": "08/2", "title": "Deposit", "outcome": "noted"}
    met |= {"text": "Settled.", "matter": f"deposit/{HERE}/{YEAR}", "confirmed": "yes"}
    record = send(secretary, f"/p/{HERE}/decisions/new", met).headers["Location"].rpartition("/")[2]
    assert "No meeting on it" not in finance.get(f"{AT}/deposit/state?seen=0").content.decode()
    said |= {"decision": record, "confirmed": "yes"}
    refused = send(finance, f"{AT}/deposit/state", said)
    assert "0/4 have replied; missing: WatCom, DatCom, St A &amp; H, Hertsmere" in refused.content.decode()
    done = send(finance, f"{AT}/deposit/state", said | {"waiver": "the meeting could not wait"})
    assert done.status_code == 302
    (state,) = deposit_states(book())
    assert (state.status, state.pence, state.decision) == ("agreed", 1_370_000_000, int(record))
    page = as_role("sha_manager").get(f"{AT}/deposit").content.decode()
    assert "15 February 2008, minute 08/2" in page and page.count("not set") >= 4


def test_a_submission_names_its_scenario_and_the_regional_body_sees_it(as_role: As) -> None:
    finance = as_role("finance_manager")
    missing = send(finance, f"{AT}/sent/new", {"on": "24/1/2008", "seen": "0"})
    assert missing.status_code == 422
    assert "Choose the scenario on which the draft rests." in missing.content.decode()
    assert "Choose the version that was sent." in missing.content.decode()
    said = {"scenario": "deposit_as_asked", "plan_version": "book", "on": "24/1/2008", "seen": "0"}
    assert "£15,600,000.00, the scenario’s own" in send(finance, f"{AT}/sent/new", said).content.decode()
    send(finance, f"{AT}/sent/new", said | {"confirmed": "yes"})
    (sent,) = plan_submissions(book())
    assert (sent.scenario, sent.deposit) == ("deposit_as_asked", 1_560_000_000)
    page = as_role("sha_manager").get(f"{AT}/sent").content.decode()
    assert "Deposit of 15.6 million, growth capped at 6.55%" in page and "15,600" in page
    assert "Which deposit does the draft of 24 January rest on?" in page


def test_the_check_page_tells_a_contradiction_before_anything_is_recorded(as_role: As) -> None:
    finance = as_role("finance_manager")
    said = {"scenario": "no_deposit", "plan_version": "book", "deposit": "15600", "on": "24/1/2008", "seen": "0"}
    refused = send(finance, f"{AT}/sent/new", said)
    assert refused.status_code == 422 and "“No deposit” sets nothing aside" in refused.content.decode()
    said |= {"scenario": "deposit_as_budgeted", "deposit": "13700"}
    assert "Say why they may differ" in send(finance, f"{AT}/sent/new", said).content.decode()
    checked = send(finance, f"{AT}/sent/new", said | {"basis": "The later passage."}).content.decode()
    assert "sets £15,600,000.00 aside, and this states £13,700,000.00; the reason is kept with it." in checked
    stated = {"status": "assumed", "pence": "1", "scenario": "no_deposit", "on": "24/1/2008", "seen": "0"}
    assert (
        "sets nothing aside, and this states £1,000.00" in send(finance, f"{AT}/deposit/state", stated).content.decode()
    )
    assert not plan_submissions(book()) and not deposit_states(book())


@pytest.mark.parametrize("path", ["sent/new", "deposit/state"])
def test_a_form_carries_the_number_it_saw_and_its_check_looks_at_it(as_role: As, path: str) -> None:
    finance = as_role("finance_manager")
    said = {"scenario": "deposit_as_asked", "plan_version": "book", "on": "24/1/2008"}
    said |= {"status": "assumed", "pence": "15600"}
    opened = finance.get(f"{AT}/{path}").content.decode()
    assert 'name="seen" value="0"' in re.sub(r"\s+", " ", opened), "without a query the form knows what stands"
    assert "Open the page again." in send(finance, f"{AT}/{path}", said | {"seen": ""}).content.decode()
    assert send(finance, f"{AT}/{path}", said | {"seen": "7"}).status_code == 409
    assert send(finance, f"{AT}/{path}", said | {"seen": "0", "confirmed": "yes"}).status_code == 302
    assert 'name="seen" value="1"' in re.sub(r"\s+", " ", finance.get(f"{AT}/{path}").content.decode())


def test_a_question_is_closed_by_finance_with_a_reason_and_stays_on_the_list(as_role: As) -> None:
    finance = as_role("finance_manager")
    at = f"/p/{HERE}/plan/checks"
    assert send(finance, f"{at}/Q-01", {"reason": ""}).status_code == 422
    send(finance, f"{at}/Q-01", {"reason": "A dental line, see the ledger.", "confirmed": "yes"})
    first = questions(book())[0]
    assert (first.is_open, first.reason) == (False, "A dental line, see the ledger.")
    assert "A dental line, see the ledger." in as_role("analyst").get(at).content.decode()
    assert send(finance, f"{at}/Q-01", {"reason": "again", "confirmed": "yes"}).status_code == 409
    assert finance.get(f"{at}/Q-06").status_code == 422, "another owner's question"


def test_a_step_is_waived_only_with_a_reason(as_role: As) -> None:
    finance = as_role("finance_manager")
    assert len(open_tasks(book())) == 5
    refused = send(finance, f"{AT}/steps/deposit", {"state": "waived", "seen": "0"})
    assert refused.status_code == 422 and "A waiver needs a reason" in refused.content.decode()
    send(finance, f"{AT}/steps/deposit", {"state": "waived", "reason": "settled later", "seen": "0"})
    assert len(open_tasks(book())) == 4
    assert send(finance, f"{AT}/steps/deposit", {"state": "open", "seen": "0"}).status_code == 409
    assert finance.get(f"{AT}/steps/approval").status_code == 200
    approved()
    assert "6 steps, 0 open" in finance.get(f"{AT}/steps").content.decode()


def test_another_place_says_what_it_lacks(as_role: As, people: None) -> None:
    user = organisations.person_by_sign_in("finance@demo").id
    people_actions.assign_role(
        by=SYSTEM, user_id=user, role="finance_manager", place="blmk-2023", valid_from=date(2008, 1, 1)
    )
    browser = as_role("finance_manager")
    for path in ("budgets", "budgets/steps", "budgets/replies", "budgets/deposit", "budgets/sent", "decisions"):
        assert browser.get(f"/p/blmk-2023/{path}").status_code == 200
    assert "places/blmk-2023/finance/funding_for_groups.yaml" in browser.get("/p/blmk-2023/budgets").content.decode()


def test_the_demonstration_puts_a_set_in_force_once(people: None) -> None:
    assert actions.demonstrate_budgets(by=SYSTEM, place=HERE) == 1
    assert actions.demonstrate_budgets(by=SYSTEM, place=HERE) is None
    assert actions.demonstrate_budgets(by=SYSTEM, place="blmk-2023") is None
    standing = budget_set_in_force(HERE, YEAR)
    assert standing.sums.difference == 0
    assert "£1 thousand above the allocation" in standing.facts.note

"""Joint work with partners: targets of new money, transfers in time, and what runs on with its history."""

from __future__ import annotations

import json
from datetime import date
from html import unescape
from pathlib import Path

import pytest

from openpbc.audit import reads as audit
from openpbc.finance import actions, reads
from openpbc.finance.models.joint import JointItem
from openpbc.finance.reads import joint
from openpbc.finance.rules.joint import Joint, is_late, is_missed, joint_findings, runs_on
from openpbc.finance.rules.ledger import Entry
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.steps import recompute
from openpbc.organisations import actions as places
from openpbc.organisations.reads import book
from openpbc.organisations.reads.partners import partners
from openpbc.site.cli import main
from tests.integration.at_once import at_once
from tests.integration.finance.conftest import ANN, BOB
from tests.integration.site.conftest import HERE, As, as_role, people, quick_hashing, send

__all__ = ["as_role", "people", "quick_hashing"]
AT = f"/p/{HERE}/joint"
LAST = date(2009, 3, 31)
NEW = {"kind": "new", "title": "Befriending", "partner": "VOLUNTARY", "state": "under way"}


@pytest.mark.parametrize(
    ("facts", "rules"),
    [
        ({}, ("JT-01", "JT-02")),
        ({"target": "local", "pence": 5}, ("JT-06", "JT-07")),
        ({"target": "local", "pence": 5, "council": "HCC", "commissioner": "5P4"}, ()),
        ({"target": "national", "pence": 5}, ()),
        ({"kind": "existing", "pence": 0}, ()),
        ({"kind": "existing"}, ("JT-02",)),
        ({"kind": "transfer"}, ("JT-03", "JT-04", "JT-05")),
        ({"kind": "transfer", "legal_basis": "An Act", "pooled_funds": "None", "milestones": 1}, ()),
    ],
)
def test_what_an_item_lacks(facts: dict[str, object], rules: tuple[str, ...]) -> None:
    known = {"title": "x", "kind": "new", "target": "", "pence": None, "legal_basis": "", "pooled_funds": "",
             "milestones": 0} | facts  # fmt: skip
    found = joint_findings(Joint(**known))
    assert tuple(each.rule for each in found) == rules and {each.level.word for each in found} <= {"warning"}


@pytest.mark.parametrize(
    ("state", "on", "late"),
    [
        ("proposed", date(2009, 3, 30), False),
        ("proposed", LAST, True),
        ("under way", LAST, True),
        ("done", LAST, False),
        ("stopped", date(2010, 1, 1), False),
    ],
)
def test_what_is_not_done_on_its_day_is_late(state: str, on: date, late: bool) -> None:
    assert is_late(state, LAST, on) is late and not is_late(state, None, on)
    assert is_missed(LAST, None, LAST) and not is_missed(LAST, LAST, LAST)
    assert [runs_on(each, True) for each in ("proposed", "under way", "done")] == [False, True, False]
    assert not runs_on("under way", False)


def test_the_transfer_of_the_law_book_is_red_at_the_years_end(as_role: As) -> None:
    assert actions.load_joint_transfers(by=SYSTEM, place=HERE) == 1
    assert actions.load_joint_transfers(by=SYSTEM, place=HERE) == 0
    assert joint.joint_item(book(HERE), "CAMHS").partner == "Hertfordshire Children's Trust", "as the register calls it"
    reader, keeper = as_role("sha_manager"), as_role("contract_manager")
    before = reader.get(f"{AT}?on=2009-03-30").content.decode()
    assert "Children Act, section 10" in before and "Pooling is to be explored" in before and "late:" not in before
    assert "has no dated milestone" in before
    assert "late: proposed" in reader.get(f"{AT}?on=2009-03-31").content.decode()
    step = {"what": "Boards agree", "due": "30 June 2008", "revision": "1"}
    assert send(keeper, f"{AT}/CAMHS/milestones/add", step).status_code == 302
    assert send(keeper, f"{AT}/CAMHS/milestones/add", step).status_code == 409, "somebody had changed it"
    assert "missed: Boards agree" in reader.get(f"{AT}?on=2008-06-30").content.decode()
    reached = step | {"done_on": "2 June 2008", "revision": "2"}
    assert send(keeper, f"{AT}/CAMHS/milestones/1", reached | {"done_on": "1 June 2099"}).status_code == 422
    assert send(keeper, f"{AT}/CAMHS/milestones/1", reached).status_code == 302
    assert "reached 2 June 2008" in reader.get(f"{AT}/CAMHS").content.decode()
    assert keeper.get(f"{AT}/CAMHS/milestones/7").status_code == 422
    assert reader.get(f"{AT}/add").status_code == 403
    with pytest.raises(UserError, match="no milestone 7"):
        actions.write_joint_milestone(by=SYSTEM, place=HERE, code="CAMHS", revision=3, number=7, what="x", due=LAST)


def test_new_money_without_a_target_is_named_and_sums_are_explained(as_role: As) -> None:
    finance = as_role("finance_manager")
    sent = NEW | {"may_run_on": "yes", "pence": "1,000", "revision": "0"}
    assert send(finance, f"{AT}/add", sent | {"pence": "-1"}).status_code == 422
    assert send(finance, f"{AT}/add", sent | {"target": "local"}).status_code == 422, "which target?"
    assert send(finance, f"{AT}/add", sent).headers["Location"] == f"{AT}/JI01"
    assert "serves no national or local target" in as_role("group_manager").get(AT).content.decode()
    with_target = sent | {"target": "local", "target_name": "LAA 12", "pence": "2,000", "revision": "1"}
    send(finance, f"{AT}/JI01/change", with_target)
    text = as_role("group_manager").get(AT).content.decode()
    assert "serves no national" not in text and "LAA 12" in text and "£2,000.00" in text
    for address in (f"joint/{HERE}/JI01/sum?year=2008-09", f"joint/{HERE}/new/total?year=2008-09"):
        explained = joint.explain_joint(book(HERE), address)
        assert explained.value == recompute(explained) == 2_000_00
    for address in (f"joint/{HERE}/JI01/sum?year=2010-11", f"joint/{HERE}/JI07/sum?year=2008-09", "joint/x"):
        with pytest.raises(UserError, match="names no figure"):
            joint.explain_joint(book(HERE), address)
    assert audit.events(action="finance.write_joint_item")[0].subject == f"joint/{HERE}/JI01"


def test_a_partner_comes_from_the_register_and_a_local_target_goes_to_any_council_and_a_commissioner(
    as_role: As,
) -> None:
    here = book(HERE)
    councils = [each for each in partners(here) if each.is_council]
    assert len(councils) == 11 and sum(each.kind == "district council" for each in councils) == 10
    finance = as_role("finance_manager")
    form = finance.get(f"{AT}/add").content.decode()
    assert all(f'value="{each.code}"' in form for each in councils)
    sent = NEW | {"may_run_on": "yes", "revision": "0", "target": "local", "target_name": "LAA 12", "pence": "1"}
    assert send(finance, f"{AT}/add", sent | {"partner": "A charity"}).status_code == 422
    for number, council in enumerate(councils, start=1):
        given = sent | {"council": council.code, "commissioner": ("5P4", "5P3")[number % 2]}
        assert send(finance, f"{AT}/add", given).headers["Location"] == f"{AT}/JI{number:02}"
    items = joint.joint_items(here)
    assert [each.council for each in items] == [each.code for each in councils]
    assert {each.commissioner for each in items} == {"5P4", "5P3"} and not any(each.findings for each in items)
    shown = unescape(finance.get(AT).content.decode())
    assert "The register holds 11 councils" in shown and "Dacorum (district council)" in shown
    assert "/organisations/follow/VOLUNTARY" in finance.get(f"{AT}/JI01").content.decode()


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"partner": "A charity"}, "no one partner called 'A charity'"),
        ({"partner": "5P4"}, "no one partner"),
        ({"target": "national", "target_name": "x", "council": "HCC"}, "only a local target is assigned"),
        ({"target": "local", "target_name": "x", "council": "POLICE"}, "is no council"),
        ({"target": "local", "target_name": "x", "commissioner": "5A9"}, "no commissioner of the area"),
    ],
)
def test_who_is_no_partner_or_no_council_is_refused(people: None, facts: dict[str, str], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        actions.write_joint_item(by=ANN, place=HERE, **(NEW | facts))


def test_a_partner_who_was_typed_before_stays_until_one_is_chosen(as_role: As) -> None:
    actions.write_joint_item(by=ANN, place=HERE, **NEW)
    JointItem.objects.update(partner="A charity", partner_code="")
    finance = as_role("finance_manager")
    assert "A charity (not in the register)" in finance.get(f"{AT}/JI01/change").content.decode()
    sent = NEW | {"may_run_on": "no", "partner": "A charity", "revision": "1"}
    assert send(finance, f"{AT}/JI01/change", sent).status_code == 302
    assert joint.joint_item(book(HERE), "JI01").partner == "A charity"
    assert send(finance, f"{AT}/JI01/change", sent | {"partner": "POLICE", "revision": "2"}).status_code == 302
    assert joint.joint_item(book(HERE), "JI01").partner_code == "POLICE"


def test_what_is_unfinished_runs_on_with_its_history(as_role: As) -> None:
    for title, facts in (
        ("Runs on", {"may_run_on": True, "pence": 700}),
        ("Done", {"may_run_on": True, "state": "done"}),
        ("Not begun", {"may_run_on": True, "state": "proposed"}),
        ("Ends", {}),
    ):
        actions.write_joint_item(by=ANN, place=HERE, **(NEW | {"title": title} | facts))
    with pytest.raises(Stale, match="changed joint work"):
        actions.run_joint_items_on(by=ANN, place=HERE, seen=3)
    finance = as_role("finance_manager")
    checked = send(finance, f"{AT}/run-on", {"seen": "4"}).content.decode()
    assert "1 items move from 2008/09 into 2009/10" in checked and "JI01" in checked and "JI02" not in checked
    assert send(finance, f"{AT}/run-on", {"seen": "4", "confirmed": "yes"}).status_code == 302
    found = joint.joint_item(book(HERE), "JI01")
    assert (found.year, found.pence) == ("2009-10", None), "nobody has said what it costs there"
    assert [(each.year, each.pence) for each in found.years] == [("2008-09", 700), ("2009-10", None)]
    assert [each.year for each in joint.joint_items(book(HERE))[1:]] == ["2008-09"] * 3
    text = finance.get(AT).content.decode()
    assert "runs on into 2009/10" in text and "£7.00" in text
    assert "ran on, by" in finance.get(f"{AT}/JI01").content.decode()
    assert actions.run_joint_items_on(by=ANN, place=HERE) == ()


def test_what_a_partner_pays_in_is_no_allocation(people: None) -> None:
    given = (Entry("allocation", -1_000), Entry("held/unallocated", 1_000))
    day = date(2008, 4, 1)
    actions.post(by=ANN, place=HERE, kind="allocation", entries=given, on=day, reason="SYNTHETIC")
    actions.pay_into_pool(by=ANN, place=HERE, pool="beds", partner="county", pence=300, on=day, reason="SYNTHETIC")
    received = reads.money_received(book(HERE))
    assert isinstance(received, reads.Budget) and received.pence == 1_000
    explained = reads.explain(book(HERE), received.address)
    assert explained.value == recompute(explained) == 1_000
    assert reads.balance(HERE, "2008-09", "allocation/partners").pence == -300


def test_joint_work_the_operational_plan_and_priorities_from_the_shell(
    people: None, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def told(*command: str) -> str:
        capsys.readouterr()
        assert main(["finance", *command[:2], "--place", HERE, *command[2:]]) == 0
        return capsys.readouterr().out

    assert "No joint work" in told("joint", "show")
    assert "1 transfers are new" in told("joint", "load-transfers") and "Nothing" in told("joint", "load-transfers")
    told(
        "joint",
        "write",
        "--kind",
        "new",
        "--state",
        "under way",
        "--may-run-on",
        "--sum",
        "12.50",
        "Clinic",
        "Adult Care Services",
    )
    told("joint", "milestone", "--due", "2008-06-30", "--revision", "1", "CAMHS", "Boards agree")
    shown = told("joint", "show", "--on", "2009-03-31")
    assert "late" in shown and "JT-01" in shown and "£12.50" in shown
    items = json.loads(told("joint", "show", "--json"))["items"]
    assert [each["code"] for each in items] == ["CAMHS", "JI01"] and items[0]["late"] is True
    assert "JI01" in told("joint", "run-on")
    assert json.loads(told("joint", "show", "--json"))["items"][1]["year"] == "2009-10"

    assert "Not set" in told("operational-plan", "show")
    told("operational-plan", "write", "--kind", "pledge", "--due", "2008-03-31", "--missing", "vital signs", "A pledge")
    assert "late" in told("operational-plan", "show", "--on", "2008-04-01")
    told("operational-plan", "write", "--kind", "pledge", "--state", "done", "--code", "OP01", "--revision", "1", "It")
    entry = json.loads(told("operational-plan", "show", "--json"))[0]
    assert (entry["state"], entry["revision"], entry["late"]) == ("done", 2, False)
    assert json.loads(told("operational-plan", "show", "--kind", "framework", "--json")) == []

    assert "Nobody has named" in told("priorities", "show")
    assert "P01 is named" in told("priorities", "add", "--kind", "local", "Fewer falls")
    assert "P01" in told("priorities", "add", "--kind", "local", "fewer falls")
    assert json.loads(told("priorities", "show", "--json"))[0]["title"] == "Fewer falls"
    assert "no plan" in told("priorities", "show")


@pytest.mark.django_db(transaction=True)
def test_two_who_end_the_year_at_once_do_it_once(transactional_db: None) -> None:
    places.load_place(by=SYSTEM, place=HERE)
    add = [
        lambda by=by: actions.write_joint_item(by=by, place=HERE, **(NEW | {"may_run_on": True})) for by in (ANN, BOB)
    ]
    assert sorted(at_once(*add)) == ["JI01", "JI02"]
    end = [lambda by=by: actions.run_joint_items_on(by=by, place=HERE) for by in (ANN, BOB)]
    done = at_once(*end)
    assert ("JI01", "JI02") in done
    assert all(each == () or "there is no joint item" in str(each) or "changed" in str(each)
               for each in done if each != ("JI01", "JI02"))  # fmt: skip
    assert [len(each.years) for each in joint.joint_items(book(HERE))] == [2, 2]

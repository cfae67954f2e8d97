"""Who may open an explanation, and what stays together for those who may not see every part."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.kernel.steps import Explanation, Step
from openpbc.organisations import reads
from openpbc.site import rooms
from openpbc.site.access import Decision
from openpbc.site.pages.explain import decision, steps_table

from .conftest import SIGN_INS

pytestmark = pytest.mark.one_database

HERE = "west-herts-2008"
BUDGET = f"fair-shares/{HERE}/WATCOM/amount?scenario=no_deposit"
POSITION = f"position/{HERE}/2008-04/DATCOM/RWG/all/actual-charge"
RECORD = f"price/{HERE}/2008-04/apc/0123456789ab/1"


def viewer(role: str) -> reads.Viewer:
    return reads.viewer(reads.person_by_sign_in(SIGN_INS[role]).id)


@pytest.mark.parametrize("role", ["finance_manager", "gp_lead", "group_manager", "sha_manager", "committee_chair"])
def test_planners_open_figures_of_the_plan_and_of_positions(people, role):
    assert decision(viewer(role), BUDGET) is Decision.ALLOW
    assert decision(viewer(role), POSITION) is Decision.ALLOW


@pytest.mark.parametrize("role", ["provider_lead", "administrator"])
def test_others_do_not(people, role):
    assert decision(viewer(role), BUDGET) is not Decision.ALLOW
    assert decision(viewer(role), POSITION) is not Decision.ALLOW


def test_records_are_for_managers(people):
    assert decision(viewer("analyst"), RECORD) is Decision.ALLOW
    assert decision(viewer("gp_lead"), RECORD) is not Decision.ALLOW


def test_one_practices_figures_are_for_who_may_open_its_page(people):
    own = next(each.code for each in viewer("gp_lead").assignments if each.scope == "practice")
    other = next(each.code for each in reads.practices(HERE) if each.code != own)
    assert decision(viewer("gp_lead"), f"{POSITION}?practice={own}") is Decision.ALLOW
    assert decision(viewer("gp_lead"), f"{POSITION}?practice={other}") is not Decision.ALLOW
    assert decision(viewer("analyst"), f"{POSITION}?practice={other}") is Decision.ALLOW
    assert decision(viewer("committee_chair"), f"{POSITION}?practice={other}") is not Decision.ALLOW


def test_parts_that_may_not_be_seen_are_shown_as_one_and_still_add_up(people):
    own = next(each.code for each in viewer("gp_lead").assignments if each.scope == "practice")
    codes = [each.code for each in reads.practices(HERE)][:5]
    steps = tuple(Step("r", code, 10 + at, address=f"{POSITION}?practice={code}") for at, code in enumerate(codes))
    found = Explanation(POSITION, "t", sum(step.effect for step in steps), "pence", "f", steps)
    hidden = [row.cells[0] for row in steps_table(found, viewer("gp_lead")).rows]
    count = len(codes) - (own in codes)
    assert f"{count} parts that your role does not show one by one" in hidden
    shown = steps_table(found, viewer("analyst")).rows
    assert len(shown) == len(codes) + 1
    for rows in (steps_table(found, viewer("gp_lead")).rows, shown):
        assert sum(row.cells[1].value for row in rows if not row.total) == rows[-1].cells[1].value


def test_an_address_of_no_room_is_told_in_a_sentence(as_role):
    answer = as_role("finance_manager").get(f"/explain/nothing/{HERE}/x")
    assert answer.status_code == 404
    with pytest.raises(rooms.UserError, match="no figure has the address"):
        rooms.explain("nothing/x", reads.PUBLIC)


def test_the_explain_page_works_the_figure_out_again(as_role):
    text = as_role("finance_manager").get(f"/explain/{BUDGET}").content.decode()
    assert "Worked out again" in text
    assert "the same." in text
    assert "£164,360,000.00" in text


def test_a_what_if_shows_each_groups_change_and_adds_up(as_role):
    text = as_role("group_manager").get(f"/p/{HERE}/fair-shares?floor=5&deposit=10000").content.decode()
    assert "Change by the what-if" in text
    assert f'data-figure="fair-shares-change/{HERE}/all/total?' in text
    assert 'data-value="-1000000000"' in text, "ten million less, to the penny"


def test_a_mistake_in_the_what_if_keeps_the_scenario_on_the_page(as_role):
    answer = as_role("finance_manager").get(f"/p/{HERE}/fair-shares?deposit=99999999")
    assert answer.status_code == 200
    assert "There is a problem" in answer.content.decode()
    assert "no cap on growth releases" in answer.content.decode()


@pytest.mark.parametrize(
    "path", ["plan", "plan/checks", "fair-shares", "fair-shares/need", "months", "months/2023-05", "contracts",
             "submissions", "organisations", "rulebook"],
)  # fmt: skip
def test_the_other_place_answers_with_its_own_words_and_what_to_fill(people, as_role, path):
    from openpbc.kernel.actor import SYSTEM
    from openpbc.organisations import actions

    person = reads.person_by_sign_in(SIGN_INS["analyst"])
    actions.assign_role(by=SYSTEM, user_id=person.id, role="analyst", place="blmk-2023", valid_from=date(2008, 4, 1))
    answer = as_role("analyst").get(f"/p/blmk-2023/{path}")
    assert answer.status_code == 200
    text = answer.content.decode()
    assert "Bedfordshire, Luton and Milton Keynes ICB" in text
    if path in ("plan", "fair-shares", "months/2023-05"):
        assert "not set" in text
        assert "places/blmk-2023/" in text
    assert "PBC" not in text.partition("<main")[2].partition("openpbc-evidence")[0] or path == "rulebook"


NEIGHBOUR = "E82922"
WAYS_ROUND = (
    f"ledger/{HERE}/balance/practice.{NEIGHBOUR}.in-scope",
    f"ledger/{HERE}/budget/practice.{NEIGHBOUR}",
    f"ledger/{HERE}/moved/10.practice.{NEIGHBOUR}",
    f"ledger/{HERE}/moved/10.practice__exact.{NEIGHBOUR}",
    f"ledger/{HERE}/moved/1.lines__journal__by_name__startswith.root",
    f"ledger/{HERE}/moved/1.nofield.x",
    f"ledger/{HERE}/moved/1",
    f"ledger/{HERE}/budget/WATCOM",
    f"position/{HERE}/2008-05/all/all/all/actual-charge?practice=E82921&practice={NEIGHBOUR}",
    f"lock/{HERE}/2008-05/{'9' * 4400}/group/WATCOM/all/budget",
    f"fair-shares/{HERE}/WATCOM/amount?cap={'9' * 4400}",
)


@pytest.mark.parametrize("address", WAYS_ROUND)
def test_no_wording_of_an_address_leads_round_the_access_file(as_role, address):
    for role in ("gp_lead", "practice_staff"):
        answer = as_role(role).get(f"/explain/{address}")
        assert answer.status_code in (404, 422), address
        assert "Worked out again" not in answer.content.decode()

"""Cases from the shell."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner

from openpbc.governance import actions as governance
from openpbc.organisations import reads as organisations
from openpbc.redesign.commands import redesign
from tests.integration.governance import committee
from tests.integration.redesign.conftest import agreed, handed_in
from tests.integration.redesign.test_deciding import waits as waiting
from tests.integration.site.conftest import HERE, As

pytestmark = pytest.mark.usefixtures("people")


def said(*words: str) -> str:
    answer = CliRunner().invoke(redesign, [*words, "--place", HERE], catch_exceptions=False)
    assert answer.exit_code == 0
    return answer.output


def test_cases_are_listed_with_what_keeps_them() -> None:
    assert said("cases") == "There is no case yet.\n"
    handed_in()
    assert "1  Review by functions  Functions of the commissioner  Breathing clinics" in said("cases")
    assert json.loads(said("cases", "--json"))[0]["stage"] == "review"
    told = said("waits", "--number", "1")
    assert "(0 days).\nIt waits for: functions of the commissioner." in told
    assert "cannot start yet: Finance has neither returned its review nor been waived." in told
    assert "    It is for: functions of the commissioner, once nothing keeps it.\n" in told


def test_the_shell_says_whose_decision_a_case_waits_for_and_where_it_stands_as_its_page_does(as_role: As) -> None:
    number = agreed()

    def both() -> tuple[str, str]:
        page = as_role("committee_secretary").get(f"/p/{HERE}/cases/{number}").content.decode()
        return said("waits", "--number", str(number)), page

    item = waiting(number)
    assert item is not None
    told, page = both()
    for text in (told, page):
        assert "It waits to be put on the agenda of a meeting." in text
    assert "  Decide the case (PBC Governance Committee)\n    cannot start yet: It waits to be put" in told
    assert "    It is for: PBC Governance Committee, once nothing keeps it.\n" in told
    assert "Not in the plan:" in told and "Carry out" not in told and "Return" not in told
    committee.seat_all()
    meeting = committee.called(on=organisations.today())
    governance.list_items(by=committee.BY, place=HERE, meeting=meeting, items=(item.id,))
    told, page = both()
    where = f"It is item 1 of meeting 1 on {organisations.today():%-d %B %Y}"
    assert f"cannot start yet: {where}, which is not open yet." in told and f"{where}, which is not open yet." in page
    governance.open_meeting(by=committee.BY, place=HERE, meeting=meeting)
    told, page = both()
    assert f"    {where}.\n" in told and "cannot start yet: It is item" not in told
    assert f"{where}." in page and "which is not open yet" not in page

"""The commissioner's operational plan: empty until somebody writes, each entry with action, state and what it lacks."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.audit import reads as audit
from openpbc.finance import actions
from openpbc.finance.reads.operational_plan import operational_plan
from openpbc.finance.rules.operational_plan import is_late
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions as places
from openpbc.organisations.reads import book
from tests.integration.at_once import at_once
from tests.integration.finance.conftest import ANN, BOB
from tests.integration.site.conftest import HERE, As, as_role, people, quick_hashing, send

__all__ = ["as_role", "people", "quick_hashing"]
AT = f"/p/{HERE}/operational-plan"
PLEDGE = {"kind": "pledge", "title": "SYNTHETIC pledge", "state": "not begun"}


@pytest.mark.parametrize(
    ("state", "due", "late"),
    [
        ("not begun", date(2008, 3, 31), True),
        ("under way", date(2008, 4, 1), False),
        ("done", date(2008, 3, 31), False),
        ("not begun", None, False),
    ],
)
def test_late_is_what_is_not_done_after_its_day(state: str, due: date | None, late: bool) -> None:
    assert is_late(state, due, date(2008, 4, 1)) is late


def test_nothing_is_made_up_and_what_is_written_shows_what_it_lacks(as_role: As) -> None:
    finance = as_role("finance_manager")
    empty = as_role("group_manager").get(AT).content.decode()
    assert "the sources do not list the pledges" in empty and "Add an entry" not in empty
    assert send(finance, f"{AT}/add", PLEDGE | {"title": ""}).status_code == 422
    assert send(finance, f"{AT}/add", PLEDGE | {"state": "hopeful"}).status_code == 422
    assert send(finance, f"{AT}/add", PLEDGE).headers["Location"] == AT
    framework = {"kind": "framework", "title": "SYNTHETIC framework", "due": "31 March 2008", "state": "under way"}
    send(finance, f"{AT}/add", framework | {"missing": "vital signs"})
    text = as_role("sha_manager").get(AT).content.decode()
    assert "vital signs" in text and "late" in text, "due by the end of March 2008, and not done"
    assert text.count("not set") >= 3, "no action, nobody who acts, no day"
    saved = PLEDGE | {"action": "A ward opens", "owner": "The chief", "state": "done", "revision": "1"}
    send(finance, f"{AT}/OP01", saved)
    late = send(finance, f"{AT}/OP01", saved | {"state": "under way"})
    assert late.status_code == 409 and "changed entry OP01" in late.content.decode()
    first = operational_plan(book(HERE))[0]
    assert (first.code, first.state, first.action, first.revision) == ("OP01", "done", "A ward opens", 2)
    assert finance.get(f"{AT}/OP09").status_code == 422
    assert as_role("analyst").get(f"{AT}/add").status_code == 403
    assert audit.events(action="finance.write_operational_entry")[0].subject == f"operational-plan/{HERE}/2008-09/OP01"


@pytest.mark.django_db(transaction=True)
def test_two_who_write_at_once_get_two_codes_and_of_two_changes_one_is_told(transactional_db: None) -> None:
    places.load_place(by=SYSTEM, place=HERE)
    add = [lambda by=by: actions.write_operational_entry(by=by, place=HERE, **PLEDGE) for by in (ANN, BOB)]
    assert sorted(at_once(*add)) == ["OP01", "OP02"]
    change = [
        lambda by=by: actions.write_operational_entry(by=by, place=HERE, code="OP01", revision=1, **PLEDGE)
        for by in (ANN, BOB)
    ]
    assert sum("after you looked" in str(each) for each in at_once(*change)) == 1
    with pytest.raises(UserError, match="is not one of the choices"):
        actions.write_operational_entry(by=ANN, place=HERE, **(PLEDGE | {"kind": "wish"}))

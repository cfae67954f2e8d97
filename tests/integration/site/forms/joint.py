"""Joint work with partners."""

from __future__ import annotations

from datetime import date

from openpbc.finance import actions
from openpbc.kernel.actor import SYSTEM
from tests.integration.site.conftest import HERE, form

AT = f"/p/{HERE}/joint"
NEW = {"kind": "new", "title": "Befriending", "partner": "VOLUNTARY", "state": "under way", "may_run_on": "yes"}
_SURE = {"confirmed": "yes"}


def _item() -> None:
    actions.write_joint_item(by=SYSTEM, place=HERE, **(NEW | {"may_run_on": True}))


def _milestone() -> None:
    _item()
    actions.write_joint_milestone(by=SYSTEM, place=HERE, code="JI01", revision=1, what="Agreed", due=date(2008, 6, 30))


FORMS = {
    "finance:joint-add": form("finance_manager", f"{AT}/add", NEW | {"revision": "0"}),
    "finance:joint-change": form("contract_manager", f"{AT}/JI01/change", NEW | {"pence": "5", "revision": "1"}, _item),
    "finance:joint-milestone-add": form(
        "finance_manager", f"{AT}/JI01/milestones/add", {"what": "Agreed", "due": "30/6/2008", "revision": "1"}, _item
    ),
    "finance:joint-milestone": form(
        "finance_manager",
        f"{AT}/JI01/milestones/1",
        {"what": "Agreed", "due": "30/6/2008", "done_on": "1/6/2008", "revision": "2"},
        _milestone,
    ),
    "finance:joint-run-on": form("finance_manager", f"{AT}/run-on", {"seen": "1"} | _SURE, _item),
}

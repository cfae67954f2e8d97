"""Custom groups of practices: made, changed, closed."""

from __future__ import annotations

from datetime import date

from openpbc.finance import actions, reads
from openpbc.finance.rules.practice_groups import Member
from openpbc.kernel.actor import SYSTEM
from tests.integration.site.conftest import HERE, As, send

GROUPS = f"/p/{HERE}/groups"
GIVEN = {"name": "Neighbours", "starts": "2008-04-01", "members": "E82901\nE82902", "shared": "yes", "confirmed": "yes"}
CLOSED = {"on": "2008-07-01", "reason": "merged", "confirmed": "yes"}


def _new(as_role: As):
    browser = as_role("gp_lead")
    return lambda: send(browser, f"{GROUPS}/new", GIVEN)


def _group() -> int:
    member = Member("E82901", date(2008, 4, 1))
    return actions.make_group(by=SYSTEM, place=HERE, name="Shared", members=[member], shared=True)


def _edit(as_role: As):
    browser, number = as_role("finance_manager"), _group()
    revision = reads.practice_group(HERE, number, SYSTEM.id).revision
    return lambda: send(browser, f"{GROUPS}/{number}/edit", GIVEN | {"revision": str(revision)})


def _close(as_role: As):
    browser, number = as_role("finance_manager"), _group()
    return lambda: send(browser, f"{GROUPS}/{number}/close", CLOSED | {"revision": "1"})


FORMS = {
    "finance:practice-group-new": _new,
    "finance:practice-group-edit": _edit,
    "finance:practice-group-close": _close,
}

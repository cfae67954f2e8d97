"""Positions in the year: entries, files, profiles, divisions, notes, actions, locks and packs."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from openpbc.finance import actions as finance
from openpbc.finance.actions import Entry
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.monitoring import actions
from tests.integration.site.conftest import HERE, As, form, send

UNIT, APRIL = "DATCOM", Month(2008, 4)
AT, GROUP = f"/p/{HERE}", f"/p/{HERE}/units/{UNIT}"
POSITION, OWN = f"{AT}/position/{APRIL}", f"{GROUP}/position/{APRIL}"
ROWS = "month,group,practice,service_line,kind,amount,source\n2008-04,DATCOM,,prescribing,actual,1.00,SYNTHETIC\n"
CELL = {"unit": UNIT, "service_line": "prescribing", "kind": "actual"}
SURE = {"confirmed": "yes"}
AMOUNT = {"month": str(APRIL), **CELL, "amount": "12.50", "source": "SYNTHETIC"}
TASK = {"text": "Look at short stays", "role": "group_manager", "due": "30 June 2008", "service_line": "all"}
NOTE = {"service_line": "all", "text": "SYNTHETIC reason", "seen": "0"}
END = {"state": "done", "outcome": "Looked at", "revision": "1"}


def _entered() -> None:
    actions.enter(by=SYSTEM, place=HERE, month=APRIL, pence=100, source="SYNTHETIC", **CELL)


def _locked() -> None:
    actions.lock_position(by=SYSTEM, place=HERE, month=APRIL)


def _budget() -> None:
    entries = (Entry("allocation", -500_00), Entry(f"group/{UNIT}/in-scope", 500_00))
    finance.post(by=SYSTEM, place=HERE, kind="budget", entries=entries, on=date(2008, 4, 1), reason="SYNTHETIC")


def _checked() -> None:
    actions.upload_entries(by=SYSTEM, place=HERE, file_name="entries.csv", content=ROWS.encode())


def _agreed(unit: str) -> int:
    told = {"text": "Look", "role": "finance_manager", "due": date(2008, 6, 30), "unit": unit}
    return actions.set_task(by=SYSTEM, place=HERE, month=APRIL, **told)


def upload(as_role: As) -> object:
    """Send a file, which no table of fields can say."""
    browser = as_role("finance_manager")
    file = SimpleUploadedFile("entries.csv", ROWS.encode(), content_type="text/csv")
    return lambda: send(browser, f"{AT}/entries/file", {"file": file})


def correct(as_role: As) -> object:
    """Correct an entry, whose number the database gives."""
    browser = as_role("finance_manager")
    made = actions.enter(by=SYSTEM, place=HERE, month=APRIL, pence=100, source="SYNTHETIC", **CELL)
    given = {"amount": "2", "source": "Corrected", "seen": "1"} | SURE
    return lambda: send(browser, f"{AT}/entries/{made.id}/correct", given)


def end_action(as_role: As) -> object:
    """End an action of the commissioner's own level."""
    browser, task = as_role("finance_manager"), _agreed("")
    return lambda: send(browser, f"{AT}/actions/{task}", END)


def end_unit_action(as_role: As) -> object:
    """End an action of a group, as the group's manager."""
    browser, task = as_role("group_manager"), _agreed(UNIT)
    return lambda: send(browser, f"{GROUP}/actions/{task}", END)


FORMS = {
    "monitoring:note": form("finance_manager", f"{POSITION}/note", NOTE),
    "monitoring:unit-note": form("group_manager", f"{OWN}/note", NOTE),
    "monitoring:action": form("finance_manager", f"{POSITION}/action", TASK),
    "monitoring:unit-action": form("group_manager", f"{OWN}/action", TASK),
    "monitoring:end-action": end_action,
    "monitoring:end-unit-action": end_unit_action,
    "monitoring:lock": form("finance_manager", f"{POSITION}/lock", {"revision": "0"} | SURE),
    "monitoring:unlock": form("finance_manager", f"{POSITION}/reopen", {"reason": "Late", "revision": "1"}, _locked),
    "monitoring:enter": form("finance_manager", f"{AT}/entries/new", AMOUNT | SURE),
    "monitoring:correct": correct,
    "monitoring:upload": upload,
    "monitoring:uploaded": form("finance_manager", f"{AT}/entries/files/1", {}, _checked),
    "monitoring:profile": form("finance_manager", f"{AT}/profiles/acute", {"method": "twelfths", "seen": "0"}),
    "monitoring:unit-division": form(
        "finance_manager",
        f"{GROUP}/division",
        {"prescribing": "100", "on": "1 April 2008", "reason": "SYNTHETIC", "stamp": "1"} | SURE,
        _budget,
    ),
    "monitoring:pack-sent": form("analyst", f"{GROUP}/pack/{APRIL}/sent", {"sent_on": "28 May 2008"}),
}

"""Putting a diagram in force, and a live case on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from openpbc.casework import actions as casework
from openpbc.casework import choosing, reads
from openpbc.governance import actions as governance
from openpbc.governance.reads.standard import standard
from openpbc.governance.rules.standard import fingerprint
from openpbc.kernel.actor import SYSTEM
from openpbc.rulebook.values import NotSet
from tests.integration.site.conftest import HERE, As, send


def store(as_role: As) -> Callable[[], object]:
    browser = as_role("committee_secretary")
    text = choosing.chosen(HERE, "redesign").text.replace(b"Priority proposed", b"Idea proposed")
    sent = {"reason": "The Committee agreed it.", "seen": "0", "confirmed": "yes"}
    # a file is read once, so each sending has its own
    return lambda: send(browser, f"/p/{HERE}/process/new", sent | {"file": SimpleUploadedFile("own.bpmn", text)})


def move(as_role: As) -> Callable[[], object]:
    browser = as_role("committee_secretary")
    case, path, sent = ready_to_move()
    return lambda: send(browser, path, sent | {"seen": f"{case.version}", "confirmed": "yes"})


def ready_to_move() -> tuple[reads.Case, str, dict[str, str]]:
    """Start a case, put another diagram in force, and let the Board approve that the case goes over to it."""
    known = {"place": HERE, "process": "redesign"}
    case = reads.case(casework.start(by=SYSTEM, **known, subject="copd", title="A pathway"))
    text = choosing.chosen(HERE, "redesign").text.replace(b'name="Live"', b'name="Running"')
    to = casework.store(by=SYSTEM, **known, name="own.bpmn", text=text, reason="Agreed.", seen=0)
    said = {"body": "board", "taken_on": date(2008, 3, 25), "minute": "08/31", "outcome": "approved", "text": "Yes."}
    number = governance.record_decision(by=SYSTEM, place=HERE, matter=case.address, title="Go over", **said)
    path = f"/p/{HERE}/process/move/{case.id}"
    return case, path, {"to": to, "decision": f"decision/{HERE}/{number}"}


def answer(as_role: As) -> Callable[[], object]:
    browser = as_role("group_manager")
    path = f"/p/{HERE}/process/groups/DATCOM"
    given = {"agreed": "yes", "process": reads.in_force(HERE, "redesign").hash, "seen": "0"}
    return lambda: send(browser, path, given)


def assess(as_role: As) -> Callable[[], object]:
    browser = as_role("group_manager")
    points = standard(choosing.book_of(HERE))
    assert not isinstance(points, NotSet), "a standard is laid before the forms are tried"
    result = f"result_{fingerprint(points[:1])[:12]}"
    given = {"assessed_on": "1 April 2008", result: "met", "points": fingerprint(points), "seen": "0"}
    return lambda: send(browser, f"/p/{HERE}/standard/DATCOM", given)


def signed(as_role: As) -> Callable[[], object]:
    browser = as_role("committee_secretary")
    given = {"signed_on": "1 April 2008", "commissioner": "5P4", "for_commissioner": "board", "unit_DATCOM": "gp_lead"}
    file = SimpleUploadedFile("map.txt", b"SYNTHETIC rules")
    return lambda: send(browser, f"/p/{HERE}/route-map/new", given | {"seen": "0", "file": file})


FORMS = {
    "governance:route-map-new": signed,
    "governance:standard-assess": assess,
    "governance:process-answer": answer,
    "governance:process-store": store,
    "governance:process-move": move,
}

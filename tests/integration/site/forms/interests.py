"""Declaring, confirming and ending interests; whom a matter concerns, rulings, owners; the scheme of delegation."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from django.core.files.uploadedfile import SimpleUploadedFile

from openpbc.governance import actions
from openpbc.kernel.actor import SYSTEM
from tests.integration.site.conftest import HERE, As, form, send

AT, YES = f"/p/{HERE}/interests", {"confirmed": "yes"}
MATTER = f"case/{HERE}/17"
TOLD = {
    "organisation": "SYNTHETIC Company",
    "role": "Director",
    "nature": "financial-personal",
    "held_from": "1/4/2024",
}
TABLE = Path(__file__).parents[3] / "fixtures" / "governance" / "delegation.dmn"
ANSWERS = dict.fromkeys(("who", "what", "how", "where", "when", "why"), "SYNTHETIC answer.")


def declared(person: str = "gp@demo") -> int:
    facts = TOLD | {"held_from": date(2024, 4, 1)}
    return actions.declare_interest(by=SYSTEM, place=HERE, person=person, **facts)


def confirm(as_role: As) -> Callable[[], object]:
    browser, number = as_role("gp_lead"), declared()
    return lambda: send(browser, f"{AT}/confirm", {"seen": str(number)})


def end(as_role: As) -> Callable[[], object]:
    browser, number = as_role("gp_lead"), declared()
    return lambda: send(browser, f"{AT}/{number}/end", {"last_day": "1/5/2024", "reason": "Sold it."} | YES)


def tell(as_role: As) -> Callable[[], object]:
    browser, number = as_role("committee_chair"), declared()
    return lambda: send(browser, f"{AT}/late/{number}", {"text": "Spoken to."})


def upload(as_role: As) -> Callable[[], object]:
    browser = as_role("committee_secretary")
    sent = {"title": "SYNTHETIC scheme", "scope": "both", "table": SimpleUploadedFile("s.dmn", TABLE.read_bytes())}
    return lambda: send(browser, f"/p/{HERE}/delegation/new", sent | ANSWERS)


def force(as_role: As) -> Callable[[], object]:
    browser = as_role("committee_chair")
    facts = {"title": "SYNTHETIC", "table": TABLE.read_text(), "scope": "both", "answers": ANSWERS}
    number = actions.upload_scheme(by=SYSTEM, place=HERE, **facts)
    decision = actions.record_decision(
        by=SYSTEM, place=HERE, body="board", taken_on=date(2026, 3, 1), minute="1", outcome="approved", text="Yes.",
        matter=f"scheme/{HERE}/{number}", title="Scheme",
    )  # fmt: skip
    sent = {"number": str(number), "valid_from": "1/4/2026", "decision": str(decision)}
    return lambda: send(browser, f"/p/{HERE}/delegation/force", sent | YES)


RULING = {"matter": MATTER, "person": "gp@demo", "ruling": "leaves", "reason": "May bid."}
OWNED = {"owner": "SYNTHETIC Holding", "owned": "SYNTHETIC Company", "held_from": "1/4/2024", "source": "Accounts"}
FORMS = {
    "governance:interest-new": form("gp_lead", f"{AT}/new", TOLD | YES),
    "governance:interest-for": form("committee_secretary", f"{AT}/for", TOLD | {"person": "gp@demo"} | YES),
    "governance:interest-none": form("gp_lead", f"{AT}/none", {}),
    "governance:interest-confirm": confirm,
    "governance:interest-end": end,
    "governance:interest-breach": tell,
    "governance:household": form("gp_lead", f"{AT}/household", {"other": "sha@demo", "held_from": "1/4/2024"} | YES),
    "governance:owner-new": form("committee_secretary", f"/p/{HERE}/owners/new", OWNED | YES),
    "governance:matter-parties": form(
        "committee_secretary",
        f"/p/{HERE}/matters/parties",
        {"matter": MATTER, "parties": "SYNTHETIC Company; possible-bidder", "seen": "0"} | YES,
    ),
    "governance:matter-ruling": form("committee_chair", f"/p/{HERE}/matters/ruling", RULING | YES),
    "governance:delegation-new": upload,
    "governance:delegation-force": force,
}

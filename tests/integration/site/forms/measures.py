"""Measures: peers, values, targets, actions."""

from __future__ import annotations

from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile

from openpbc.kernel.actor import SYSTEM
from openpbc.measures import actions
from tests.integration.measures.extracts import extract
from tests.integration.measures.test_shifts import USUAL, ask
from tests.integration.site.conftest import HERE, As, form, send

AT = f"/p/{HERE}/measures"
SURE = {"confirmed": "yes"}
PEERS = {"title": "Peers", "providers": "RWG, RWH", "method": "inclusive", "reason": "SYNTHETIC", "seen": "0"} | SURE
VALUE = {"period": "2008-05", "provider": "-", "numerator": "6", "denominator": "100000", "source": "SYNTHETIC"}
TARGET = {"kind": "at-most", "rate": "0.08", "reason": "SYNTHETIC", "seen": "0"}
TASK = {"what": "Send reminders", "owner": "contracts", "due": "1 September 2008"}
CONTRACTS, ANALYST = "contract_manager", "analyst"


def _open() -> None:
    told = {"what": "Look", "owner": "contracts", "due": date(2008, 9, 1), "month": "2008-05"}
    actions.set_task(by=SYSTEM, place=HERE, measure="M-DNA", provider="RWG", **told)


def receive_waits(as_role: As) -> object:
    """Send a file, which no table of fields can say."""
    browser = as_role(ANALYST)
    file = SimpleUploadedFile("SYNTHETIC.csv", extract(), content_type="text/csv")
    return lambda: send(browser, f"{AT}/waits/send", {"file": file})


def answer_shift(as_role: As) -> object:
    """Answer a question, which three invented months raise."""
    browser = as_role(CONTRACTS)
    (found,) = ask(HERE, USUAL | {"A01": 520})
    given = {"reason": "SYNTHETIC"} | SURE
    return lambda: send(browser, f"{AT}/shifts/2008-06/{found.provider}/{found.hrg}", given)


def receive_returns(as_role: As) -> object:
    """Send a file of returns."""
    browser = as_role(ANALYST)
    content = b"return,provider,month,specialty,band,count\nKH07,RWG,2008-05,100,0-3,7\n"
    file = SimpleUploadedFile("SYNTHETIC.csv", content, content_type="text/csv")
    return lambda: send(browser, f"{AT}/returns/send", {"file": file})


FORMS = {
    "measures:receive-returns": receive_returns,
    "measures:answer-shift": answer_shift,
    "measures:receive-waits": receive_waits,
    "measures:change-peers": form(ANALYST, f"{AT}/peers/agree", PEERS),
    "measures:enter": form(ANALYST, f"{AT}/M-ASI/enter", VALUE | {"seen": "0"} | SURE),
    "measures:target": form(CONTRACTS, f"{AT}/M-DNA/RWG/target", TARGET),
    "measures:task": form(CONTRACTS, f"{AT}/M-DNA/RWG/action", TASK),
    "measures:end-task": form(CONTRACTS, f"{AT}/M-DNA/RWG/action/1", {"outcome": "Sent"} | SURE, _open),
}

"""Versions of the financial plan."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from openpbc.finance import actions
from openpbc.governance import actions as governance
from openpbc.governance import reads as governance_reads
from openpbc.kernel.actor import SYSTEM
from tests.integration.site.conftest import HERE, As, form, send

VERSIONS = f"/p/{HERE}/plan/versions"
ONE = f"{VERSIONS}/1"
LINE = {"label": "Stroke unit", "section": "investment", "method": "investment", "amount": "5", "revision": "1"}
DONE = {"confirmed": "yes"}


def _published() -> None:
    actions.load_published_plan(by=SYSTEM, place=HERE)


def _decided() -> None:
    _published()
    actions.submit_plan(by=SYSTEM, place=HERE, version=1, revision=1, scenario="no_deposit", unlinked="a test")
    governance.record_decision(
        by=SYSTEM, place=HERE, body="board", taken_on=date(2008, 3, 27), minute="1", outcome="approved",
        matter=f"plan-version/{HERE}/2008-09/1", title="The plan", text="SYNTHETIC", synthetic=True,
    )  # fmt: skip


def _approved(as_role: As) -> Callable[[], object]:
    """The decision gets its number only when it is recorded."""
    browser = as_role("finance_manager")
    _decided()
    number = str(governance_reads.decisions(HERE)[0].id)
    return lambda: send(browser, f"{ONE}/approve", {"decision": number, "revision": "2"} | DONE)


def _sent(path: str, given: dict[str, str], ready=_published):
    return form("finance_manager", path, given, ready)


FORMS = {
    "finance:plan-version-draft": _sent(f"{VERSIONS}/new", {"source": "book", "title": "Draft"}),
    "finance:plan-version-submit": _sent(
        f"{ONE}/submit", {"scenario": "no_deposit", "unlinked": "a test", "revision": "1"} | DONE
    ),
    "finance:plan-version-approve": _approved,
    "finance:plan-version-withdraw": _sent(f"{ONE}/withdraw", {"reason": "SYNTHETIC", "revision": "1"} | DONE),
    "finance:plan-version-line-new": _sent(f"{ONE}/lines/new", LINE),
    "finance:plan-version-line": _sent(f"{ONE}/lines/acute", LINE | {"label": "Acute"}),
    "finance:plan-version-line-remove": _sent(f"{ONE}/lines/acute/remove", {"revision": "1"} | DONE),
}

"""Who sets priorities, who owns functions, and what regulators found."""

from __future__ import annotations

from datetime import date

from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import actions
from tests.integration.site.conftest import HERE, form

_ALL = f"/p/{HERE}/organisations"
_FOUND = {"regulator": "HCCOM", "status": "accredited", "on": "18 October 2007", "finding": "SYNTHETIC"}


def _reviewed() -> None:
    facts = _FOUND | {"on": date(2007, 10, 18)}
    actions.record_review(by=SYSTEM, place=HERE, provider="RWG", **facts)


FORMS = {
    "organisations:arrange": form(
        "administrator",
        f"{_ALL}/arrangements/priorities/WEST",
        {"holder": "SYNTHETIC board", "other": "RWG", "valid_from": "1 April 2008", "reason": "agreed", "seen": "0"},
    ),
    "organisations:cover-record": form(
        "contract_manager",
        f"{_ALL}/cover/E82904/cover",
        {"holder": "SYNTHETIC agency", "valid_from": "1 August 2008", "reason": "agreed", "seen": "0"},
    ),
    "organisations:review-add": form("contract_manager", f"{_ALL}/follow/RWG/reviews/add", _FOUND),
    "organisations:review-outcome": form(
        "sha_manager",
        f"{_ALL}/follow/5P4/reviews/outcome",
        {"regulator": "Q35", "on": "18 October 2008", "finding": "SYNTHETIC: sound"},
    ),
    "organisations:review-withdraw": form(
        "contract_manager", f"{_ALL}/reviews/1/withdraw", {"reason": "another trust", "confirmed": "yes"}, _reviewed
    ),
}

"""The register of agreements with partners and the voluntary sector."""

from __future__ import annotations

from datetime import date

from openpbc.contracts import actions
from openpbc.kernel.actor import SYSTEM
from tests.integration.site.conftest import HERE, form

AT = f"/p/{HERE}/agreements"
TERMS = {"title": "Support", "partner": "A charity", "sector": "voluntary", "holder": "own"}
DATED = TERMS | {"starts": "1 April 2008", "ends": "31 March 2011"}
_SURE = {"confirmed": "yes"}


def _draft() -> None:
    actions.write_agreement(
        by=SYSTEM, place=HERE, starts=date(2008, 4, 1), ends=date(2011, 3, 31), **TERMS
    )  # fmt: skip


def _checked() -> None:
    _draft()
    actions.record_of_agreement(
        by=SYSTEM, place=HERE, code="AG01", kind="compact", on=date(2008, 3, 1), in_order=True, note="SYNTHETIC"
    )


FORMS = {
    "contracts:agreement-add": form("contract_manager", f"{AT}/add", DATED | {"revision": "0"}),
    "contracts:agreement-change": form(
        "contract_manager", f"{AT}/AG01/change", DATED | {"revision": "1", "pence_a_year": "5"}, _draft
    ),
    "contracts:agreement-record": form(
        "contract_manager",
        f"{AT}/AG01/record",
        {"kind": "review", "on": "1/3/2008", "in_order": "yes", "note": "Good"} | _SURE,
        _draft,
    ),
    "contracts:agreement-activate": form(
        "contract_manager", f"{AT}/AG01/activate", {"revision": "2"} | _SURE, _checked
    ),
}

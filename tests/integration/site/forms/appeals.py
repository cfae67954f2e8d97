"""Appeals: lodged, put to a body, taken back."""

from __future__ import annotations

from openpbc.governance import actions
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import reads as organisations
from tests.integration.site.conftest import HERE, form

AT = f"/p/{HERE}"


def _decided() -> None:
    actions.record_decision(
        by=SYSTEM, place=HERE, body="governance_committee", taken_on=organisations.today(), minute="1",
        outcome="refused", text="SYNTHETIC", title="A clinic",
    )  # fmt: skip


def _lodged() -> None:
    _decided()
    viewer = organisations.viewer_by_sign_in("group@demo")
    assert viewer is not None
    actions.lodge_appeal(by=viewer.actor, place=HERE, against=1, appellant="DATCOM", grounds="SYNTHETIC")


NEW = {"appellant": "DATCOM", "grounds": "SYNTHETIC", "confirmed": "yes"}
BACK = {"reason": "SYNTHETIC", "confirmed": "yes"}
FORMS = {
    "governance:appeal-new": form("group_manager", f"{AT}/decisions/1/appeal", NEW, _decided),
    "governance:appeal-hear": form("committee_secretary", f"{AT}/appeals/1/body", {"body": "board"}, _lodged),
    "governance:appeal-back": form("group_manager", f"{AT}/appeals/1/take-back", BACK, _lodged),
}

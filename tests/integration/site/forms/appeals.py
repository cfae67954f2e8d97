"""Appeals: lodged, put to a body, taken back."""

from __future__ import annotations

from collections.abc import Callable

from openpbc.governance import actions
from openpbc.kernel.actor import SYSTEM
from openpbc.organisations import reads as organisations
from tests.integration.site.conftest import HERE, As, form, send

AT = f"/p/{HERE}"


def decided() -> int:
    """Record that the committee refused something, and give the record's number."""
    return actions.record_decision(
        by=SYSTEM, place=HERE, body="governance_committee", taken_on=organisations.today(), minute="1",
        outcome="refused", text="SYNTHETIC", title="A clinic",
    )  # fmt: skip


def _lodged() -> None:
    viewer = organisations.viewer_by_sign_in("group@demo")
    assert viewer is not None
    actions.lodge_appeal(by=viewer.actor, place=HERE, against=decided(), appellant="DATCOM", grounds="SYNTHETIC")


def _new(as_role: As) -> Callable[[], object]:
    browser, path = as_role("group_manager"), f"{AT}/decisions/{decided()}/appeal"
    return lambda: send(browser, path, {"appellant": "DATCOM", "grounds": "SYNTHETIC", "confirmed": "yes"})


BACK = {"reason": "SYNTHETIC", "confirmed": "yes"}
FORMS = {
    "governance:appeal-new": _new,
    "governance:appeal-hear": form("committee_secretary", f"{AT}/appeals/1/body", {"body": "board"}, _lodged),
    "governance:appeal-back": form("group_manager", f"{AT}/appeals/1/take-back", BACK, _lodged),
}

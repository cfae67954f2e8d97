"""Every form that is sent with success writes exactly one root event; a form that is refused writes none."""

from __future__ import annotations

from pathlib import Path

import pytest

from openpbc.audit import reads as audit
from openpbc.site import access
from tests.integration.governance.standards import POINTS, lay
from tests.integration.site.conftest import As
from tests.integration.site.forms import FORMS
from tests.integration.site.walled import application

__all__ = ["application"]
# On PostgreSQL each form is answered as the application's role, for which the wall between places counts.
pytestmark = pytest.mark.usefixtures("people", "application")
# Accepting an invitation also signs in, which is an event of its own; a form that shows a part of a case keeps that it
# was opened.
ROOTS = {"account:invitation": 2, "redesign:part-write": 2, "redesign:row-add": 2, "redesign:row": 2}


@pytest.fixture(autouse=True)
def own_rules(settings, tmp_path: Path) -> None:
    """A minimum operating standard, without which nobody assesses a group."""
    settings.RULEBOOK = tmp_path / "own packs"
    lay(settings.RULEBOOK, *POINTS)


def test_every_form_of_the_site_is_tried_here() -> None:
    posts = {route for route, methods in access.matrix().routes.items() if set(methods) - {"GET"}}
    assert posts == set(FORMS)


@pytest.mark.parametrize("route", FORMS)
def test_a_form_writes_one_root_event(route: str, as_role: As) -> None:
    do = FORMS[route](as_role)
    before = audit.head().sequence
    answer = do()
    assert getattr(answer, "status_code", 0) == 302
    events = audit.events(after=before)
    assert len({event.root_id for event in events}) == ROOTS.get(route, 1), [event.action for event in events]
    assert audit.verify().intact

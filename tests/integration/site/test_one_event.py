"""Every form that is sent with success writes exactly one root event; a form that is refused writes none."""

from __future__ import annotations

import pytest

from openpbc.audit import reads as audit
from openpbc.site import access
from tests.integration.site.conftest import As
from tests.integration.site.forms import FORMS

pytestmark = pytest.mark.usefixtures("people")
# Accepting an invitation also signs in, which is an event of its own; a form that shows a part of a case keeps that it
# was opened.
ROOTS = {"account:invitation": 2, "redesign:part-write": 2, "redesign:row-add": 2, "redesign:row": 2}


@pytest.fixture
def people(people_once: None, db: None) -> None:
    """The personas, loaded once for all tests of this file."""


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

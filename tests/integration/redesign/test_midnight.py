"""Half an hour before midnight in UTC it is the next day already where the site runs, while the clocks are forward."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from openpbc.organisations import reads as organisations
from openpbc.redesign import actions
from tests.integration.redesign.conftest import as_actor, proposed
from tests.integration.redesign.walker import Person
from tests.integration.site.conftest import HERE, As


@pytest.mark.one_database
def test_what_is_done_late_on_a_summers_evening_is_of_the_day_of_the_place(
    as_role: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    number = proposed()
    actions.comment(by=as_actor("analyst"), place=HERE, number=number, part="risks", text="SYNTHETIC: who comes?")
    assert organisations.today() == date(2026, 7, 1)
    page = Person(as_role("finance_manager")).read(f"/p/{HERE}/cases/{number}")
    assert "Demo information analyst, 1 July 2026" in page
    assert "30 June 2026" not in page

"""Satisfaction by provider and month with the number of answers; a provider with none by the day is red (1.5)."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.kernel.actor import SYSTEM
from openpbc.measures import actions, reads
from openpbc.organisations import reads as organisations
from tests.integration.site.conftest import as_role, people, quick_hashing

pytestmark = pytest.mark.one_database

__all__ = ["as_role", "people", "quick_hashing"]

SCORE = {"measure": "M-SAT", "provider": "RWG", "period": "2009-02", "numerator": 420, "denominator": 100}


def test_a_provider_that_has_told_nothing_by_the_day_is_red(place: str, as_role) -> None:
    actions.enter_value(by=SYSTEM, place=place, source="SYNTHETIC", **SCORE)
    book = organisations.book(place)
    measure = reads.measure_of(book, "M-SAT")
    assert measure is not None
    for day, others in ((date(2009, 3, 31), "no data"), (date(2009, 4, 1), "missed")):
        found = {each.provider: each.verdict for each in reads.told_by(book, measure, day)}
        assert len(found) > 1
        assert found.pop("RWG") == "met"
        assert set(found.values()) == {others}
    assert reads.told_by(book, reads.measure_of(book, "M-CAB"), date(2009, 4, 1)) == ()
    page = as_role("contract_manager").get(f"/p/{place}/measures/M-SAT").content.decode()
    assert "Last told for" in page and "It has told nothing yet." in page and "4.20" in page
    row = next(each for each in reads.board(book, None) if each.measure.code == "M-SAT")
    assert row.verdict == f"1 of {len(organisations.providers(place))} providers"
    assert "M-SAT" not in reads.without_target(book, "RWG")

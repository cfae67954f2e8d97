"""A place of two groups with money in its ledger."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.finance import actions
from openpbc.finance.rules.ledger import Draft, Entry
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.organisations import actions as organisations
from tests.integration.audit.conftest import guards_off
from tests.integration.organisations.conftest import PLACE, pack
from tests.integration.site.conftest import as_role, people, quick_hashing

YEAR = "2008-09"
DAY = date(2008, 4, 1)
ANN = Actor("ann@example.org", "Ann of finance", frozenset({"finance_manager"}))
BOB = Actor("bob@example.org", "Bob of finance", frozenset({"finance_manager"}))
EAST, WEST = "group/EAST/in-scope", "group/WEST/in-scope"
MILLION = 100_000_000


@pytest.fixture
def place(pack, db) -> str:
    """The place, loaded."""
    organisations.load_place(by=SYSTEM, place=PLACE)
    return PLACE


def fund(place: str) -> None:
    """Receive ten million, and give four to the east and three to the west."""
    actions.post_many(
        by=ANN,
        place=place,
        journals=(
            Draft(
                "allocation",
                (Entry("allocation", -10 * MILLION), Entry("held/unallocated", 10 * MILLION)),
                DAY,
                "Allocation of the year",
            ),
            Draft(
                "budget",
                (Entry("held/unallocated", -7 * MILLION), Entry(EAST, 4 * MILLION), Entry(WEST, 3 * MILLION)),
                DAY,
                "Budgets of the groups",
                source="budget-set/1",
            ),
        ),
    )


@pytest.fixture
def funded(place: str) -> str:
    """The place with its groups funded: journals 1 and 2."""
    fund(place)
    return place


__all__ = ["as_role", "guards_off", "pack", "people", "quick_hashing"]

"""The demonstration's scenarios, moves and returns: SYNTHETIC, whole, and made once."""

from __future__ import annotations

import pytest

from openpbc.audit import reads as audit
from openpbc.finance import actions, reads
from openpbc.finance.reads.explaining import explain
from openpbc.finance.reads.lodged import schedule
from openpbc.finance.reads.multi_year import MultiYear, multi_year
from openpbc.finance.reads.scope_register import agreed, items
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.steps import recompute
from openpbc.organisations import actions as organisations
from openpbc.organisations import reads as organisations_reads
from tests.integration.site.conftest import FOREIGN, HERE

pytestmark = pytest.mark.django_db


def test_every_group_gets_its_own_deposit_back_and_a_second_run_changes_nothing() -> None:
    organisations.load_place(by=SYSTEM, place=HERE)
    actions.demonstrate_scenarios(by=SYSTEM, place=HERE)
    book = organisations_reads.book(HERE)
    found = multi_year(book)
    assert isinstance(found, MultiYear)
    assert set(found.left.values()) == {0}
    assert found.unassigned == 0
    assert found.evened.difference == 0, "over three years all has come back"
    assert all("SYNTHETIC" in each.title for each in (*schedule(book).calls, *items(book)))
    assert "SYNTHETIC" in reads.choices(book)[-1].title
    assert agreed(book)
    for year in ("2009-10", "2010-11"):
        for unit in (*found.lodged.by_unit, "all"):
            shown = explain(book, found.address(unit, f"returned-{year}"))
            assert shown.value == recompute(shown) > 0
    before = audit.head().sequence
    actions.demonstrate_scenarios(by=SYSTEM, place=HERE)
    assert audit.head().sequence == before


def test_a_place_without_money_shows_nothing() -> None:
    organisations.load_place(by=SYSTEM, place=FOREIGN)
    before = audit.head().sequence
    actions.demonstrate_scenarios(by=SYSTEM, place=FOREIGN)
    assert audit.head().sequence == before

"""Published months without files: runs of invented priced units."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

PLACE = "west-herts-2008"


@pytest.fixture
def place(db, settings, tmp_path) -> str:
    from openpbc.contracts import actions as contracts
    from openpbc.kernel.actor import SYSTEM
    from openpbc.organisations import actions as organisations

    settings.HOME = tmp_path
    organisations.load_place(by=SYSTEM, place=PLACE)
    contracts.load_register(by=SYSTEM, place=PLACE)
    return PLACE


@pytest.fixture
def publish(place) -> Callable[[str, Iterable[dict[str, Any]]], str]:
    """Publish a month with invented units, as a close would have left it."""
    from openpbc.monitoring.models import MonthEvent, PublishedMonth
    from tests.integration.monitoring.invented import write_run

    def published(month: str, units: Iterable[dict[str, Any]]) -> str:
        run = write_run(month, list(units))
        PublishedMonth.objects.update_or_create(
            place=place, month=month, defaults={"run_id": run, "state": "closed", "basis": {}, "version": 1}
        )
        MonthEvent.objects.get_or_create(
            place=place, month=month, number=1,
            defaults={"state": "closed", "run_id": run, "at": "2008-12-01T00:00:00Z", "by": "a test"},
        )  # fmt: skip
        return run

    return published


@pytest.fixture
def plan(place, tmp_path) -> Callable[..., None]:
    """Load a plan from rows of provider, unit, stream, pod, month, activity, price in pence."""
    from openpbc.contracts import actions as contracts
    from openpbc.kernel.actor import SYSTEM

    def loaded(*rows: str) -> None:
        path = tmp_path / "plan.csv"
        head = "provider,unit,stream,pod,month,activity,price_pence"
        path.write_text("\n".join((head, *rows)) + "\n")
        contracts.load_plan(by=SYSTEM, place=place, path=path)

    return loaded


@pytest.fixture(scope="session")
def files(tmp_path_factory) -> Path:
    """Small SYNTHETIC files of April and May, made once."""
    from openpbc.kernel.periods import Month
    from openpbc.rulebook.reader import open_book
    from openpbc.synth.making import Order, make

    folder = tmp_path_factory.mktemp("files")
    make(open_book(PLACE), Order(Month(2008, 4), Month(2008, 5), 11, 3_000), folder)
    return folder


@pytest.fixture
def receive(place, files) -> Callable[[str], None]:
    """Receive the files whose names fit a pattern."""
    from openpbc.activity import actions as activity
    from openpbc.kernel.actor import SYSTEM

    def received(pattern: str) -> None:
        for path in sorted(files.glob(pattern)):
            activity.receive(by=SYSTEM, place=place, path=path)

    return received


@pytest.fixture
def budgeted(place) -> str:
    """Budgets in the ledger: two groups, one of them with a practice's part, money held, a risk pool and a deposit."""
    from datetime import date

    from openpbc.finance import actions as finance
    from openpbc.finance.rules.ledger import Draft, Entry
    from openpbc.kernel.actor import SYSTEM

    day = date(2008, 4, 1)
    given = (
        ("group/WATCOM/in-scope", 120_000_007),
        ("group/WATCOM/out-of-scope", 36_000_001),
        ("group/DATCOM/in-scope", 60_000_000),
        ("held/contingency", 7_108_000),
        ("held/risk-pool", 500_000),
        ("deposit/WATCOM", 1_000_000),
    )
    whole = sum(pence for _, pence in given)
    entries = (Entry("allocation", -whole), *(Entry(code, pence) for code, pence in given))
    moved = (Entry("group/WATCOM/in-scope", -20_000_003), Entry("practice/E82901/in-scope", 20_000_003))
    drafts = (
        Draft("budget", entries, day, "SYNTHETIC budgets", source="budget-set/1"),
        Draft("indicative", moved, day, "SYNTHETIC indicative budget"),
    )
    finance.post_many(by=SYSTEM, place=place, journals=drafts)
    return place


@pytest.fixture
def decided(place) -> Callable[..., int]:
    """Record a SYNTHETIC decision of the board on reopening a month; gives its number."""
    from datetime import date
    from itertools import count

    from openpbc.governance import actions as governance
    from openpbc.kernel.actor import SYSTEM
    from openpbc.monitoring.reads.decisions import matter

    minutes = count(1)

    def recorded(month: Any, **said: Any) -> int:
        facts = {
            "body": "board", "taken_on": date(2008, 9, 1), "minute": f"{next(minutes)}/2008", "outcome": "approved",
            "text": "SYNTHETIC", "matter": matter(place, month), "title": f"Reopen {month.name}",
        } | said  # fmt: skip
        return governance.record_decision(by=SYSTEM, place=place, synthetic=True, **facts)

    return recorded

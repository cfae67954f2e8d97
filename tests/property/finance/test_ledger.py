"""Many thousand generated journals, taken and refused: the ledger and the naive model never differ by a penny."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

import pytest

from openpbc.audit import reads as audit
from openpbc.finance import actions, reads
from openpbc.finance.rules.ledger import JOURNAL_KINDS, Draft
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions as organisations
from tests.integration.organisations.conftest import PLACE, pack
from tests.property.finance.ledger_model import Model

YEAR, NEXT, LAST = "2008-09", "2009-10", date(2009, 3, 31)
TOGETHER = 1_000
LOOK_EVERY = 20_000

__all__ = ["pack"]


@pytest.fixture
def loaded(pack: Callable[[str, str], None], db: None) -> None:
    """The place of two groups and three practices."""
    organisations.load_place(by=SYSTEM, place=PLACE)


def standing(year: str = YEAR) -> dict[str, int]:
    return {each.account.code: each.pence for each in reads.ledger_balances(PLACE, year)}


def holding(year: str) -> dict[str, int]:
    return {code: pence for code, pence in standing(year).items() if pence}


def ends_and_comes_back(model: Model) -> None:
    """End the year as the model would, and undo it: afterwards it is as it was, and nothing is in the next year."""
    kinds = sorted({code.split("/")[0] for code, pence in model.holds.items() if pence} - {"allocation", "spent"})
    carries = {kind for kind in kinds if model.chance.random() < 0.5}
    decided = {kind: kind in carries for kind in kinds}
    done = actions.roll_over(by=SYSTEM, place=PLACE, on=LAST, reason="SYNTHETIC", decided=decided, why="a test")
    assert (holding(YEAR), holding(NEXT)) == model.ended(carries)
    actions.reverse(by=SYSTEM, place=PLACE, number=done.closing[0].number, on=LAST, reason="SYNTHETIC")
    assert (standing(), holding(NEXT)) == (model.holds, {})
    assert reads.ledger_check(PLACE, NEXT).intact


def post(drafts: list[Draft]) -> None:
    if drafts:
        actions.post_many(by=SYSTEM, place=PLACE, journals=tuple(drafts))
        drafts.clear()


@pytest.mark.one_database  # the guards and races of PostgreSQL are tried in tests/integration/finance
@pytest.mark.no_cover  # the other tests here reach the same lines; traced, this one takes six times as long
@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("operations", [100_000, pytest.param(1_000_000, marks=pytest.mark.soak)])
def test_no_penny_drifts(operations: int) -> None:
    model = Model(random.Random(20080401))
    waiting: list[Draft] = []
    refused = 0
    for number, draft in enumerate(model.drafts(operations), start=1):
        if model.would_take(draft):
            model.take(draft)
            waiting.append(draft)
        else:
            refused += 1
            if refused % 20 == 0:  # the rest would be refused by the same rule, unread by the database
                post(waiting)
                with pytest.raises(UserError):
                    actions.post_many(by=SYSTEM, place=PLACE, journals=(draft,))
        if len(waiting) >= TOGETHER:
            post(waiting)
        if number % LOOK_EVERY == 0:
            post(waiting)
            assert standing() == model.holds
            assert sum(model.holds.values()) == 0
    post(waiting)
    assert standing() == model.holds
    assert refused > operations // 50
    assert model.kinds == set(JOURNAL_KINDS) - {"carry-forward"}
    ends_and_comes_back(model)
    found = reads.ledger_check(PLACE, YEAR)
    closed = found.journals - len(model.taken)  # what carried and what lapsed, and their reversals
    assert (found.total, found.problems) == (0, ()) and closed in (2, 4)
    assert audit.verify().intact


@pytest.mark.usefixtures("loaded")
@pytest.mark.parametrize("seed", range(3))
def test_one_by_one_it_is_the_same(seed: int) -> None:
    """The same through the doors that people use, each with its own event."""
    model = Model(random.Random(seed))
    for draft in model.drafts(150):
        taken = model.would_take(draft)
        if taken:
            model.take(draft)
        try:
            _act(draft)
        except UserError:
            assert not taken, draft
        else:
            assert taken, draft
    assert standing() == model.holds
    assert len(audit.events(action="finance.", limit=10_000)) == len(model.taken)


def _act(draft: Draft) -> None:
    shared = {"by": SYSTEM, "place": PLACE, "on": draft.on, "reason": draft.reason}
    if draft.reverses:
        actions.reverse(**shared, number=draft.reverses)
    elif draft.kind == "virement" and sum(entry.pence for entry in draft.entries) == 0:
        source, target = draft.entries
        actions.virement(**shared, source=source.account, target=target.account, pence=target.pence)
    else:
        actions.post(**shared, kind=draft.kind, entries=draft.entries)

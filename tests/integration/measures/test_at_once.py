"""Two people settle the same thing at the same moment: one is kept, the other is told; on both databases."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.kernel.actor import SYSTEM
from openpbc.measures import actions
from openpbc.measures.models import EnteredValue, PeerGroup, VarianceTask
from tests.integration.at_once import at_once

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("place", "transactional_db")]


def test_of_two_values_one_is_kept(place: str) -> None:
    value = {"measure": "M-ASI", "period": "2008-05", "numerator": 6, "denominator": 100_000, "source": "SYNTHETIC"}
    outcomes = at_once(*[lambda: actions.enter_value(by=SYSTEM, place=place, **value)] * 2)
    assert sorted(type(each).__name__ for each in outcomes) == ["int", "str"], outcomes
    assert EnteredValue.objects.count() == 1


def test_of_two_peer_groups_one_is_kept(place: str) -> None:
    facts = {"title": "Peers", "providers": ["RWG", "RWH"], "method": "inclusive", "reason": "SYNTHETIC", "seen": 0}
    outcomes = at_once(*[lambda: actions.agree_peers(by=SYSTEM, place=place, **facts)] * 2)
    assert sorted(type(each).__name__ for each in outcomes) == ["int", "str"], outcomes
    assert PeerGroup.objects.count() == 1


def test_an_action_is_ended_once(place: str) -> None:
    given = {"measure": "M-DNA", "provider": "RWG"}
    told = {"month": "2008-05", "what": "Look", "owner": "contracts", "due": date(2008, 9, 1)}
    actions.set_task(by=SYSTEM, place=place, **given, **told)
    ends = [
        lambda words=words: actions.end_task(by=SYSTEM, place=place, number=1, outcome=words, **given)
        for words in ("One", "Two")
    ]
    outcomes = at_once(*ends)
    assert sorted(type(each).__name__ for each in outcomes) == ["NoneType", "str"], outcomes
    assert VarianceTask.objects.get().outcome in ("One", "Two")

"""Two timers, two appeals, two bodies and two secretaries at the same moment: one each, and the other is told."""

from __future__ import annotations

import pytest

from openpbc.governance import actions as governance
from openpbc.governance.models import Appeal, Item
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.organisations import actions as people
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions as redesign
from openpbc.redesign.models import PublicSummary
from openpbc.site.actions import begin_digest
from openpbc.site.models import Digest
from tests.integration.at_once import at_once
from tests.integration.site.conftest import HERE
from tests.integration.site.forms.appeals import decided
from tests.integration.site.forms.public_summaries import approved

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def place(quick_hashing: None, transactional_db) -> None:
    people.load_place(by=SYSTEM, place=HERE)
    people.create_demo_users(by=SYSTEM, place=HERE, password="demo")


def actor(sign_in: str) -> Actor:
    viewer = organisations.viewer_by_sign_in(sign_in)
    assert viewer is not None
    return viewer.actor


def test_each_pair_has_one_winner() -> None:
    today = organisations.today()
    timer = lambda: begin_digest(by=SYSTEM, sign_in="gp@demo", day=today, lines=1)  # noqa: E731
    assert sorted(at_once(timer, timer), key=str) == [False, True]
    assert Digest.objects.count() == 1

    same = {"place": HERE, "against": decided(), "appellant": "DATCOM", "grounds": "SYNTHETIC"}
    told = at_once(
        lambda: governance.lodge_appeal(by=actor("group@demo"), **same),
        lambda: governance.lodge_appeal(by=actor("gp@demo"), **same),
    )
    assert 1 in told and Appeal.objects.count() == 1
    assert "appeal" in str(next(each for each in told if each != 1))

    told = at_once(
        lambda: governance.hear_appeal(by=SYSTEM, place=HERE, number=1, body="board"),
        lambda: governance.hear_appeal(by=SYSTEM, place=HERE, number=1, body="clinical_committee"),
    )
    assert sum(isinstance(each, int) for each in told) == 1 and Item.objects.count() == 1
    assert "put this matter to the" in str(next(each for each in told if not isinstance(each, int)))

    approved()
    publish = lambda: redesign.publish_summary(by=SYSTEM, place=HERE, number=1, revision=1)  # noqa: E731
    told = at_once(publish, publish)
    assert 1 in told and PublicSummary.objects.count() == 1
    assert "on the public page already" in str(next(each for each in told if each != 1))

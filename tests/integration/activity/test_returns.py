"""Waiting list returns: a return as totals alone meets the national duty and misses the local one."""

from __future__ import annotations

from datetime import date

import pytest

from openpbc.activity import actions, models, reads
from openpbc.activity.rules.returns import met
from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from tests.unit.activity.rows import PLACE

pytestmark = pytest.mark.django_db
JUNE = Month(2008, 6)
GIVEN = {"provider": "RWG", "month": JUNE, "code": "KH07", "detail": "totals", "arrived_on": date(2008, 7, 14)}


@pytest.mark.parametrize(
    ("came", "national", "local"),
    [
        ((), False, False),
        (("totals",), True, False),
        (("specialty",), True, True),
        (("totals", "specialty"), True, True),
    ],
)
def test_duties(came, national, local):
    found = met(came, "totals", "specialty")
    assert (found.national, found.local) == (national, local)


def state():
    found = reads.returns(organisations.book(PLACE), JUNE)
    return next(each for each in found if (each.provider, each.kind.code) == ("RWG", "KH07"))


def test_a_return_of_totals_and_then_one_by_specialty(place):
    assert (state().met.national, state().met.local) == (False, False)
    for _ in range(2):
        actions.record_return(by=SYSTEM, place=place, **GIVEN)
    assert (state().met.national, state().met.local) == (True, False)
    assert len(audit.events(action="activity.record_return")) == 1
    actions.record_return(by=SYSTEM, place=place, **GIVEN | {"detail": "specialty"})
    assert state().met.local and len(state().came) == 2


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"provider": "RWR"}, "no returns are expected"),
        ({"code": "KH99"}, "there is no return"),
        ({"detail": "guess"}, "is no detail"),
        ({"month": Month(2007, 3)}, "lies outside"),
        ({"arrived_on": date(2190, 1, 1)}, "has not come yet"),
    ],
)
def test_what_cannot_have_come_is_refused(place, said, why):
    with pytest.raises(UserError, match=why):
        actions.record_return(by=SYSTEM, place=place, **GIVEN | said)
    assert not models.ReturnReceipt.objects.exists()

"""A small SYNTHETIC county of two months, closed and measured."""

from __future__ import annotations

import pytest

from tests.integration.monitoring.conftest import files, place, receive

__all__ = ["files", "place", "receive"]


@pytest.fixture
def measured(place, receive) -> str:
    from openpbc.kernel.actor import SYSTEM
    from openpbc.kernel.periods import Month
    from openpbc.measures import actions
    from openpbc.monitoring import actions as monitoring
    from openpbc.monitoring import reads

    receive("R*.csv")
    months = (Month(2008, 4), Month(2008, 5))
    for month in months:
        monitoring.close(by=SYSTEM, place=place, month=month)
    for month in months:
        actions.measure(by=SYSTEM, place=place, month=month, source=reads.source_of_measures(place, month), threads=1)
    return place

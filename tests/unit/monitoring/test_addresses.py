"""Addresses of figures: written and read back alike, and refused when they lead nowhere."""

from __future__ import annotations

import pytest

from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.monitoring.reads.addresses import MEASURES, Address, Selection, parse


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    "selection",
    [
        Selection(),
        Selection(unit="WATCOM", provider="RWG", pod="DC"),
        Selection(unit="PCT-held"),
        Selection(unit="A & B", practice="E82901"),
        Selection(budget_line="HERTSMERE"),
    ],
)
def test_an_address_is_read_back_as_it_was_written(measure, selection):
    address = Address("west-herts-2008", Month(2008, 11), selection, measure)
    assert parse(str(address)) == address


def test_the_address_is_the_one_that_others_write():
    address = Address("west-herts-2008", Month(2008, 11), Selection(unit="WATCOM"), "ytd-actual-charge")
    assert str(address) == "position/west-herts-2008/2008-11/WATCOM/all/all/ytd-actual-charge"


@pytest.mark.parametrize(
    "address",
    [
        "position/west-herts-2008/2008-11/WATCOM/all/all/colour",
        "position/west-herts-2008/2008-11/WATCOM/all/ytd-actual-charge",
        "position/west-herts-2008/2008-13/all/all/all/actual-charge",
        "position/west-herts-2008/2008-11/all/all/all/actual-charge?colour=red",
        "elsewhere/west-herts-2008/2008-11/all/all/all/actual-charge",
    ],
)
def test_an_address_that_leads_nowhere_is_refused(address):
    with pytest.raises(UserError):
        parse(address)

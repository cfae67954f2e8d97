"""What a contract pays to date beyond the cases of the specification: whole years, and what is not set."""

from __future__ import annotations

import pytest

from openpbc.contracts.rules.mechanisms import MECHANISMS, Agreed, paid_to_date
from openpbc.kernel.problems import UserError

BY_POD = {"DC": 100_00, "NEL": 900_00, "OPFASPCL": 50_00}
ELECTIVE = frozenset({"DC", "EL", "OPFASPCL"})
FIXED = Agreed(fixed=1_200_001)


def test_a_year_pays_the_whole_sum_and_months_add_up_to_it() -> None:
    to_date = [paid_to_date("BLOCK", months, {}, FIXED, None, None).fixed or 0 for months in range(13)]
    assert to_date[12] == 1_200_001 and sorted(to_date) == to_date


def test_what_the_scheme_does_not_set_stops_the_figure_alone() -> None:
    assert paid_to_date("API", 5, BY_POD, FIXED, None, 3).value is None
    assert paid_to_date("LVA", 5, BY_POD, Agreed(past=(1, 2, 3)), ELECTIVE, None).missing == "payment.low_volume_years"


def test_an_unknown_mechanism_names_those_there_are() -> None:
    with pytest.raises(UserError, match="no payment mechanism"):
        paid_to_date("BARTER", 5, BY_POD, FIXED, None, None)
    assert set(MECHANISMS) == {"PBR_TARIFF", "API", "LVA", "ACTIVITY", "LOCAL", "BLOCK"}

"""Any cut of a month adds up to the month: by whatever column, within whatever selection, in whatever order of rows."""

from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openpbc.kernel.periods import Month

OWN = "5P4"


def codes(*listed: str) -> st.SearchStrategy[str]:
    return st.sampled_from(listed)


units = st.lists(
    st.fixed_dictionaries(
        {
            "unit": codes("WATCOM", "DATCOM", "PCT-held"),
            "provider": codes("RWG", "RC9"),
            "pod": codes("DC", "EL", "OPFASPCL"),
            "practice": codes("E82901", "E82902", "V81997", ""),
            "commissioner": codes(OWN, OWN, "5P3"),
            "status": codes("PRICED", "LOCAL", "NO_PRICE", "EXCLUDED", "UNPRICED"),
            "charge": st.integers(0, 10**9),
        }
    ),
    min_size=1,
    max_size=30,
)


@pytest.fixture
def home(settings, tmp_path) -> None:
    settings.HOME = tmp_path


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(made=units, seed=st.integers(0, 2**32))
def test_every_cut_adds_up_to_the_total(home, made: list[dict[str, Any]], seed: int):
    from openpbc.monitoring.reads.actuals import COLUMNS, actuals
    from openpbc.monitoring.reads.addresses import UNSTATED, Selection
    from openpbc.monitoring.reads.months import Published
    from openpbc.monitoring.rules.counting import counts
    from tests.integration.monitoring.invented import unit, write_run

    rows = [unit(line, **{**facts, "budget_line": facts["unit"]}) for line, facts in enumerate(made, start=1)]
    shuffled = random.Random(seed).sample(rows, len(rows))
    assert write_run("2008-04", rows) == write_run("2008-04", shuffled)  # the same bytes, or it would be refused
    april = Month(2008, 4)
    published = Published(((april, write_run("2008-04", rows)),), ())
    own = [row for row in rows if counts(row["status"], row["commissioner"], OWN)]
    for selection in (Selection(), Selection(unit="WATCOM"), Selection(provider="RC9", practice=UNSTATED)):
        inside = [row for row in own if all((row[column] or UNSTATED) == code for column, code in selection.where)]
        total = actuals(published, OWN, "", selection).month("", april)
        assert (total.activity, total.charge) == (len(inside), sum(row["charge"] for row in inside))
        for column in COLUMNS:
            parts = actuals(published, OWN, column, selection)
            assert sum(parts.month(code, april).activity for code in parts.codes) == total.activity
            assert sum(parts.month(code, april).charge for code in parts.codes) == total.charge
            assert sum(parts.month(code, april).price for code in parts.codes) == total.price

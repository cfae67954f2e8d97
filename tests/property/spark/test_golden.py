"""The golden vectors of pricing on Spark, all of one law in one pass: those of one law in CI, the others in soak."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from openpbc.activity.rules.attribution import Geography
from openpbc.activity.rules.tariff import money
from openpbc.kernel.periods import Month
from openpbc.warehouse.engines import Engine
from tests.golden.pricing import test_vectors as golden
from tests.property.pricing.engines import by_sql


@pytest.mark.parametrize(
    ("tariff", "stay", "number"),
    [
        ("SYN", "ADJUSTED", 12),
        pytest.param("SYN", "SPELL", 1, marks=pytest.mark.soak),
        pytest.param("2017-18", "ADJUSTED", 5, marks=pytest.mark.soak),
    ],
)
def test_the_golden_vectors_hold_on_spark(spark: Engine, tmp_path: Path, tariff: str, stay: str, number: int) -> None:
    vectors = [each for each in golden.vectors() if (each["tariff"], each["sse_los"]) == (tariff, stay)]
    law = golden.law_of(tariff, stay)
    episodes = [
        golden.episode(vector) | {"line": line, "spell_no": f"{line}"} for line, vector in enumerate(vectors, start=1)
    ]
    month = Month.of(law.period.first)
    found = by_sql({"apc": episodes}, law, Geography(held="held"), month, partial(spark.open, tmp_path))
    told = {line: (one["pre_mff"], one["price"]) for (_, _, line), one in found.items()}
    wanted = {line: (money(vector["pre_mff"]), money(vector["price"])) for line, vector in enumerate(vectors, start=1)}
    assert len(told) == number
    assert told == wanted

"""What contracts pay less is the same on Spark."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from openpbc.activity.flow import adjusting
from openpbc.activity.rules.adjustments import AdjustmentLaw
from openpbc.warehouse.engines import Engine
from tests.property.pricing.test_adjustments_agree import LAWS, by_sql, invented


def test_duckdb_and_spark_settle_alike(spark: Engine, tmp_path: Path) -> None:
    listed = invented(18, 1_500)
    law = AdjustmentLaw(300_000, frozenset({"NEL", "NELST"}), LAWS["same provider"], adjusting.KINDS)
    expected = by_sql(listed, law)
    assert all(expected)
    assert by_sql(listed, law, partial(spark.open, tmp_path)) == expected

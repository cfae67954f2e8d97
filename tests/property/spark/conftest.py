"""One Spark for all tests of a process, set for many small statements."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from openpbc.warehouse.engines import SPARK, Engine

SETTINGS = Path(__file__).parents[2] / "fixtures" / "spark"


@pytest.fixture(scope="session")
def spark() -> Engine:
    """Give the engine; without Java its tests are skipped, and under CI they fail."""
    if not shutil.which("java") and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs a Java runtime, and there is none on PATH")
    os.environ.setdefault("SPARK_CONF_DIR", str(SETTINGS))
    return Engine(SPARK, threads=2, memory="1GB")

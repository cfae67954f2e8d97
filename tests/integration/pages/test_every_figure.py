"""Explain this number: every figure on every page, for whoever is shown it, gives the very number that is printed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.browser import demonstration

ROOT = Path(__file__).resolve().parents[3]


# How many figures of a kind are worked out on each page, and how many there are at least; None is every one of them.
SOME = (1, 250)
ALL = (None, 1_500)


@pytest.fixture(scope="session", params=[SOME, pytest.param(ALL, marks=pytest.mark.soak)], ids=["some", "all"])
def walked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    base = tmp_path_factory.getbasetemp()
    home = demonstration.made(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)
    each, least = request.param
    command = [sys.executable, "-m", "tests.integration.pages.walk", *([str(each)] if each else [])]
    environment = demonstration.environment(home)
    run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-3000:]
    return json.loads(run.stdout) | {"least": least}


def test_every_figure_is_explained_as_printed(walked):
    assert walked["wrong"] == []


def test_the_walk_saw_the_site(walked):
    assert walked["pages"] >= 45
    assert walked["addresses"] >= walked["least"]
    assert walked["downloads"] >= 150
    assert walked["papers"] >= 14

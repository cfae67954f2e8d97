"""The real tree keeps the plan of the house."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture import house

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "openpbc"


@pytest.mark.parametrize("check", house.CHECKS, ids=lambda check: check.__name__)
def test_source_keeps_the_house_rule(check):
    assert check(PACKAGE) == []


def test_no_code_names_a_place_or_a_year():
    assert house.places_and_years(PACKAGE, house.codes_in_packs()) == []


def test_every_allowed_literal_is_still_needed():
    literals = {
        (name, str(literal))
        for name, module, _ in house.python_files(PACKAGE)
        for _, literal in house._literals(module)
    }
    assert [key for key in house.ALLOWED_LITERALS if key not in literals] == []


def test_import_contracts_are_kept():
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-logo",
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout

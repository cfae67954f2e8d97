"""A wall that nobody has pushed is not known to hold: plant each kind of breach in a copy and see it caught."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.architecture import house

ROOT = Path(__file__).parents[2]


class Breach(NamedTuple):
    """A line, the file of the package to which it is added, and the contract or check that must catch it."""

    kind: str
    file: str
    text: str
    caught_by: str


BY_CONTRACT = [
    Breach("an earlier room imports a later one", "finance/reads.py", "from openpbc.monitoring import reads", "Floors"),
    Breach(
        "a deferred import goes up a floor",
        "rulebook/reader.py",
        "def peek():\n    from openpbc.organisations import reads\n    return reads",
        "Floors",
    ),
    Breach("a top-level folder that is not in the plan", "billing/__init__.py", "", "Floors"),
    Breach("the kernel imports a framework", "kernel/money.py", "import yaml", "The kernel imports"),
    Breach(
        "rules open their own room", "finance/rules/__init__.py", "from openpbc.finance import reads", "Rules import"
    ),
    Breach("rules open the law book", "activity/rules/__init__.py", "import openpbc.rulebook.reader", "Rules import"),
    Breach("a room opens another's models", "monitoring/reads.py", "from openpbc.activity import models", "A room is"),
    Breach("a room enters by the window", "monitoring/reads.py", "from openpbc.finance import rules", "A room is"),
    Breach(
        "a flow reaches Django through a friend", "activity/flow.py", "from openpbc.activity import models", "Django"
    ),
    Breach("a second importer of duckdb", "monitoring/reads.py", "import duckdb", "duckdb, sqlglot"),
    Breach("a second importer of time stamps", "site/mail.py", "import rfc3161_client", "time stamps"),
    Breach("a second importer of xlsxwriter", "finance/pages.py", "import xlsxwriter", "Spreadsheet"),
    Breach(
        "synth learns what a room knows", "synth/__init__.py", "from openpbc.organisations import reads", "synthetic"
    ),
    Breach(
        "two modules of one room import each other",
        "kernel/periods.py",
        "def later():\n    from openpbc.kernel import cyclic",
        "No cycles",
    ),
]

BY_SOURCE = [
    Breach(
        "a clock in the rules", "finance/rules/__init__.py", "import datetime\nT = datetime.date.today()", "impurities"
    ),
    Breach("chance in the law book", "rulebook/reader.py", "import random", "impurities"),
    Breach("a clock in a statement", "activity/sql/late.sql", "select current_date as day", "impurities"),
    Breach("a branch on a place", "finance/reads.py", "FLAG = 'PLACE'", "places_and_years"),
    Breach("a branch on a year", "finance/rules/__init__.py", "def f(y): return y == '2008-09'", "places_and_years"),
    Breach("a branch on a year as a number", "activity/flow.py", "def f(d): return d.year >= 2009", "places_and_years"),
    Breach("a noun that says nothing", "finance/utils.py", "", "empty_nouns"),
    Breach("a manager", "activity/price_manager.py", "", "empty_nouns"),
    Breach("money as a float", "finance/rules/__init__.py", "def f(pence): return pence * 1.023", "floats"),
    Breach("a float column", "finance/models.py", "class F(models.FloatField): pass", "inexact_columns"),
    Breach("a day in UTC", "finance/pages.py", 'def f(row): return f"{row.changed_at:%-d %B}"', "moments_elsewhere"),
    Breach("a day of a moment in UTC", "finance/pages.py", "def f(row): return row.at.date()", "moments_elsewhere"),
    Breach("a file without end", "finance/reads.py", "\n" * 401, "long_files"),
    Breach("a function without end", "finance/reads.py", "def f():\n" + "    pass\n" * 50, "long_functions"),
]


PACKAGE = ROOT / "src" / "openpbc"
LEFT_OUT = shutil.ignore_patterns("__pycache__", "packs", "static")


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A copy of the package, with the contracts beside it."""
    package = tmp_path / "src" / "openpbc"
    shutil.copytree(PACKAGE, package, ignore=LEFT_OUT)
    shutil.copytree(Path(__file__).parent, tmp_path / "tests" / "architecture")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return package


def plant(package: Path, breach: Breach) -> None:
    """Add the line; a file, and the room around it, are made where they are not there yet."""
    file = package / breach.file
    file.parent.mkdir(parents=True, exist_ok=True)
    for folder in file.relative_to(package).parents:
        (package / folder / "__init__.py").touch()
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(f"{before}\n{breach.text}\n", encoding="utf-8")


def lint(package: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command; lint_imports_command()",
            "--no-logo",
        ],
        cwd=package.parents[1],
        env=os.environ | {"PYTHONPATH": str(package.parent)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("breach", BY_CONTRACT, ids=lambda breach: breach.kind.replace(" ", "-"))
def test_contract_catches(copy: Path, breach: Breach):
    # what a planted line imports must be there to be imported
    for friend in ("monitoring/reads.py", "organisations/reads.py", "finance/reads.py", "activity/models.py"):
        plant(copy, Breach("", friend, "import django" if friend.endswith("models.py") else "", ""))
    plant(copy, Breach("", "kernel/cyclic.py", "from openpbc.kernel import periods", ""))
    plant(copy, breach)
    result = lint(copy)
    assert result.returncode != 0, "the breach passed"
    summary = " ".join(result.stdout.split("Broken contracts")[0].split())
    assert any(breach.caught_by in part and part.endswith("BROKEN") for part in _verdicts(summary)), result.stdout


def _verdicts(summary: str) -> list[str]:
    """Cut "A KEPT B BROKEN" into "A KEPT", "B BROKEN"."""
    return [part.strip() for part in summary.replace(" KEPT", " KEPT|").replace(" BROKEN", " BROKEN|").split("|")]


def test_clean_copy_passes(copy: Path):
    result = lint(copy)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize("breach", BY_SOURCE, ids=lambda breach: breach.kind.replace(" ", "-"))
def test_source_check_catches(tmp_path: Path, breach: Breach):
    # a check reads file by file, so a copy of the room alone tells as much as one of the house
    room = breach.file.partition("/")[0]
    shutil.copytree(PACKAGE / room, tmp_path / room, ignore=LEFT_OUT)
    codes = house.codes_in_packs()
    checks = {check.__name__: check for check in house.CHECKS}
    checks["places_and_years"] = lambda tree: house.places_and_years(tree, codes)
    check = checks[breach.caught_by]
    before = check(tmp_path)
    plant(tmp_path, breach._replace(text=breach.text.replace("PLACE", min(codes))))
    assert [sentence for sentence in check(tmp_path) if breach.file in sentence and sentence not in before]

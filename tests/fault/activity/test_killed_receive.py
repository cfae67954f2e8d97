"""Killed at any moment of receiving a file, and received again: there once, whole, and the log intact."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from openpbc.warehouse.store import file_hash
from tests.unit.activity.rows import rows, write

RECEIVING = Path(__file__).with_name("receiving.py")
MOMENTS = [
    "before it is read",
    "with rows written and not described",
    "with the file complete but not in place",
    "with the file in place but not remembered",
    "with the former one superseded",
    "within the transaction",
    "just before the commit",
    "just after the commit",
]


def start(home: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"OPENPBC_HOME": str(home), "DJANGO_SETTINGS_MODULE": "openpbc.site.settings"}
    return subprocess.Popen(
        [sys.executable, str(RECEIVING), *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def finish(home: Path, *arguments: str) -> str:
    out, err = (child := start(home, *arguments)).communicate(timeout=300)
    assert child.returncode == 0, err
    return out


def landed(home: Path) -> dict[str, tuple[object, ...]]:
    """Say of each landed file that can be seen what it holds, and that both of its parts are what it says of them.

    The ids of its rows are drawn by chance, so the bytes of two landings of one file differ.
    """
    warehouse, found = home / "warehouse", {}
    for description in sorted((warehouse / "landed").glob("*/landing.json")):
        held = json.loads(description.read_text(encoding="utf-8"))
        identity = warehouse / "identity" / held["sha256"] / held["draw"] / "rows.parquet"
        assert file_hash(description.with_name("rows.parquet")) == held["rows_sha256"]
        assert file_hash(identity) == held["identity_sha256"]
        found[held["sha256"]] = tuple(
            held[name] for name in ("size", "columns", "apart", "lines", "parsed", "unparsed")
        )
    seen = {path.name for path in (warehouse / "landed").iterdir()}
    assert seen == set(found), "a landed folder without its description"
    return found


@pytest.fixture(scope="module")
def files(tmp_path_factory) -> tuple[Path, Path]:
    """A file, and a larger one that replaces it."""
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    return write(first, "op", rows("op", 5)), write(second, "op", rows("op", 20_000))


@pytest.fixture(scope="module")
def before(files, tmp_path_factory) -> Path:
    """A home that has received the first file."""
    home = tmp_path_factory.mktemp("before") / "home"
    home.mkdir()
    finish(home, "set up")
    finish(home, "none", str(files[0]))
    return home


@pytest.fixture(scope="module")
def undisturbed(before, files, tmp_path_factory) -> tuple[str, dict[str, tuple[object, ...]]]:
    """What receiving the second file prints and leaves behind when nobody kills it."""
    home = tmp_path_factory.mktemp("undisturbed") / "home"
    shutil.copytree(before, home)
    return finish(home, "none", str(files[1])), landed(home)


def check(home: Path, file: Path, undisturbed: tuple[str, dict[str, tuple[object, ...]]]) -> None:
    said, kept = undisturbed
    # every landed folder that can be seen is whole, even before anybody cleans up
    assert landed(home).items() <= kept.items()
    assert finish(home, "none", str(file)) == said
    assert landed(home) == kept
    left = [path for path in (home / "warehouse" / ".staging").glob("*") if path.name != "spill"]
    assert left == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_receipt_killed_at_a_known_moment(before, files, undisturbed, tmp_path, moment):
    home = tmp_path / "home"
    shutil.copytree(before, home)
    child = start(home, moment, str(files[1]))
    child.communicate(timeout=300)
    assert child.returncode == -signal.SIGKILL, "the trap was not sprung"
    check(home, files[1], undisturbed)


def test_a_receipt_killed_at_some_moments(before, files, undisturbed, tmp_path):
    home, dice = tmp_path / "home", random.Random(7)
    shutil.copytree(before, home)
    killed = 0
    for _ in range(6):
        child = start(home, "none", str(files[1]))
        time.sleep(dice.uniform(0.3, 1.6))
        child.kill()
        child.communicate(timeout=300)
        killed += child.returncode == -signal.SIGKILL
    check(home, files[1], undisturbed)
    assert killed, "no process was still alive to be killed"

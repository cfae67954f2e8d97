"""Killed at known moments of a close, and closed again: the same bytes, nothing lost, nothing doubled."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import open_book
from openpbc.synth.making import Order, make

CLOSING = Path(__file__).with_name("closing.py")
MOMENTS = [
    "before the checks",
    "between two files of the run",
    "with the run complete but not in place",
    "with the run in place but not remembered",
    "with the run remembered but not published",
    "within the transaction",
    "just before the commit",
    "just after the commit",
]


def start(home: Path, *arguments: str) -> subprocess.Popen[str]:
    environment = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"OPENPBC_HOME": str(home), "DJANGO_SETTINGS_MODULE": "openpbc.site.settings"}
    return subprocess.Popen(
        [sys.executable, str(CLOSING), *arguments], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True,
    )  # fmt: skip


def finish(home: Path, *arguments: str) -> str:
    out, err = (child := start(home, *arguments)).communicate(timeout=300)
    assert child.returncode == 0, err
    return out


def runs(home: Path) -> dict[str, bytes]:
    folder = home / "warehouse" / "runs"
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture(scope="module")
def received(tmp_path_factory) -> Path:
    """A home in which April was received and not closed."""
    folder = tmp_path_factory.mktemp("received")
    make(open_book("west-herts-2008"), Order(Month(2008, 4), Month(2008, 4), 5, 3_000), folder / "files")
    (folder / "home").mkdir()
    finish(folder / "home", "set up", str(folder / "files"))
    return folder / "home"


@pytest.fixture(scope="module")
def undisturbed(received, tmp_path_factory) -> tuple[str, dict[str, bytes]]:
    """What a close that nobody kills prints and leaves behind."""
    home = tmp_path_factory.mktemp("undisturbed") / "home"
    shutil.copytree(received, home)
    return finish(home, "none"), runs(home)


def check(home: Path, undisturbed: tuple[str, dict[str, bytes]]) -> None:
    said, files = undisturbed
    assert finish(home, "none") == said
    assert runs(home) == files
    left = [path for path in (home / "warehouse" / ".staging").glob("*") if path.name != "spill"]
    assert left == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_close_killed_at_a_known_moment(received, undisturbed, tmp_path, moment):
    home = tmp_path / "home"
    shutil.copytree(received, home)
    child = start(home, moment)
    child.communicate(timeout=300)
    assert child.returncode == -signal.SIGKILL, "the trap was not sprung"
    check(home, undisturbed)

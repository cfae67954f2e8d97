"""A disk that takes no more while a file is received or a month is closed: one sentence, and nothing is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.activity.rows import PLACE, rows, write

WORKING = Path(__file__).with_name("working.py")
# A limit on the size of files stands in for a full disk: writing beyond it fails as writing to a full disk does.
LIMITED = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from openpbc.site.cli import django_setup, main
django_setup()
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
sys.exit(main(sys.argv[2:]))
"""
LIMITS = (0, 40_000)
PLENTY = 1 << 40


def under(home: Path, limit: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    return _run(home, "-c", LIMITED, str(limit), *arguments)


def _run(home: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    environment = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    environment |= {"OPENPBC_HOME": str(home), "DJANGO_SETTINGS_MODULE": "openpbc.site.settings"}
    return subprocess.run(
        [sys.executable, *arguments], env=environment, input=given, capture_output=True, text=True, check=False
    )


def stands(home: Path) -> dict[str, object]:
    """Everything that stands, as a fresh process sees it."""
    lines = _run(home, str(WORKING), str(home), given="look\n").stdout.splitlines()
    found: dict[str, object] = json.loads(next(line for line in lines if line.startswith("{")))
    return found


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("full") / "home"
    home.mkdir()
    done = _run(home, str(WORKING), "set up")
    assert done.returncode == 0, done.stderr
    return home


def test_a_full_disk_stops_receipt_and_close_in_a_sentence(home: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "op", rows("op", 20_000))
    for command in (
        ("activity", "receive", str(path), "--place", PLACE),
        ("month", "close", "2008-06", "--place", PLACE),
    ):
        before = stands(home)
        for limit in LIMITS:
            done = under(home, limit, *command)
            assert done.returncode == 2, (limit, done.stdout, done.stderr)
            assert "Traceback" not in done.stderr and len(done.stderr.strip().splitlines()) == 1, done.stderr
            assert "disk" in done.stderr, done.stderr
            assert stands(home) == before, f"something is half there after {command[1]} under {limit} bytes"
        done = under(home, PLENTY, *command)
        assert done.returncode == 0, done.stderr
    after = stands(home)
    assert after["intact"] and after["faults"] == [] and len(after["published"]) == 1  # type: ignore[arg-type]

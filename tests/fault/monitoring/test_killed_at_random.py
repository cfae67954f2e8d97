"""Killed at random moments of receipt, close and publication: nothing acknowledged is lost, nothing is half there."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.unit.activity.rows import rows, write

WORKING = Path(__file__).with_name("working.py")
MOST_SECONDS = 10


@dataclass
class Acknowledged:
    """What workers said is done, and the bytes of every run that was ever seen."""

    received: set[str] = field(default_factory=set)
    closed: dict[str, str] = field(default_factory=dict)
    runs: dict[str, dict[str, str]] = field(default_factory=dict)

    def hear(self, said: str) -> None:
        """Note one acknowledgement."""
        word, *rest = said.split()
        if word == "received":
            self.received.add(rest[0])
        elif word == "closed":
            self.closed[rest[0]] = rest[1]


class Shop:
    """A process that forks workers in a home; see ``working``."""

    def __init__(self, home: Path, files: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(WORKING), str(files)], env=_environment(home), stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip
        assert self._said() == "ready"

    def ask(self, what: str, heard: Acknowledged, kill_after: float | None = None) -> tuple[list[str], int]:
        """Let a worker do something, and kill it after some seconds; give what it said, and how it ended."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{what}\n")
        worker = int(self._said().removeprefix("begun "))
        if kill_after is not None:
            threading.Timer(kill_after, _kill, (worker,)).start()
        lines = []
        while not (line := self._said()).startswith("ended "):
            heard.hear(line)
            lines.append(line)
        return lines, int(line.split()[1])

    def look(self, heard: Acknowledged) -> dict[str, Any]:
        """Ask a fresh worker what stands; it must answer soon."""
        started = time.monotonic()
        lines, ended = self.ask("look", Acknowledged())
        assert ended == 0, lines
        assert time.monotonic() - started < MOST_SECONDS, "it does not run again"
        state: dict[str, Any] = json.loads(lines[0])
        _held(state, heard)
        return state

    def close(self) -> None:
        """Ask nothing more."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(timeout=60)

    def _said(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, "the process that forks the workers is gone"
        return line.strip()


def _kill(worker: int) -> None:
    try:
        os.kill(worker, signal.SIGKILL)
    except ProcessLookupError:
        return


def _environment(home: Path) -> dict[str, str]:
    environment = {name: text for name, text in os.environ.items() if name != "DATABASE_URL"}
    return environment | {"OPENPBC_HOME": str(home), "DJANGO_SETTINGS_MODULE": "openpbc.site.settings"}


def _held(state: dict[str, Any], heard: Acknowledged) -> None:
    """What was acknowledged stands, byte for byte; what was in flight stands whole or not at all."""
    received, published = state["received"], state["published"]
    assert state["intact"], "the chain of the log is broken"
    assert state["faults"] == []
    assert heard.received <= set(received) and heard.closed.items() <= published.items()
    # at most the one operation that was cut off after its commit and before it could say so
    assert len(received) - len(heard.received) + len(published) - len(heard.closed) <= 1
    heard.received, heard.closed = set(received), dict(published)
    assert state["closings"] == len(published)
    assert set(received) <= set(state["landed"]) and all(state["landed"].values()), "a landing is not whole"
    assert set(published.values()) <= set(state["runs"]), "a published month has no run"
    for run_id, files in state["runs"].items():
        assert heard.runs.setdefault(run_id, files) == files, "a run that could be seen has changed"


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """For each month a file and its corrected version."""
    folder = tmp_path_factory.mktemp("files")
    for turn, number in (("first", 300), ("corrected", 400)):
        (folder / turn).mkdir()
        for month in ("2008-04", "2008-05", "2008-06"):
            given = rows("op", number, appointment_date=f"{month}-02", referral_received_date="2008-03-03")
            write(folder / turn, "op", given, f"RWG_{month}_op.csv")
    return folder


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a place and its contracts."""
    home = tmp_path_factory.mktemp("fresh") / "home"
    home.mkdir()
    subprocess.run([sys.executable, str(WORKING), "set up"], env=_environment(home), check=True)
    return home


@contextmanager
def opened(fresh: Path, home: Path, files: Path) -> Iterator[Shop]:
    """Open a shop in a copy of the home."""
    shutil.copytree(fresh, home)
    shop = Shop(home, files)
    try:
        yield shop
    finally:
        shop.close()


def undisturbed(fresh: Path, home: Path, files: Path) -> tuple[dict[str, Any], float]:
    """What stands when nobody kills, and how long a month takes."""
    with opened(fresh, home, files) as shop:
        started, heard = time.monotonic(), Acknowledged()
        lines, ended = shop.ask("work", heard)
        assert ended == 0, lines
        return shop.look(heard), (time.monotonic() - started) / len(heard.closed)


@pytest.mark.parametrize(("kills", "seed"), [(30, 1), pytest.param(150, 2, marks=pytest.mark.soak)])
def test_killed_at_random_moments(kills: int, seed: int, fresh: Path, files: Path, tmp_path: Path) -> None:
    expected, month = undisturbed(fresh, tmp_path / "undisturbed", files)
    dice, killed, homes = random.Random(seed), 0, 0
    while killed < kills:
        homes += 1
        with opened(fresh, tmp_path / f"home{homes}", files) as shop:
            ended, heard = -signal.SIGKILL, Acknowledged()
            while ended:
                after = dice.uniform(0, month) if killed < kills else None
                lines, ended = shop.ask("work", heard, after)
                assert ended in (0, -signal.SIGKILL), lines
                killed += ended != 0
                state = shop.look(heard)
        assert (state["received"], state["published"]) == (expected["received"], expected["published"])
        assert state["runs"] == expected["runs"]

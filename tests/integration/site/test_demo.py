"""The demonstration: one command; a second run changes nothing; killed anywhere, it loses and doubles nothing."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

WORDS = ("demo", "--no-serve", "--scale", "0.002", "--months", "2")


def command(home: Path, *more: str) -> list[str]:
    return [sys.executable, "-m", "openpbc.site.cli", *WORDS, "--home", str(home), *more]


def environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name not in ("OPENPBC_HOME", "DATABASE_URL")}


def run(home: Path, *more: str, ok: int = 0) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command(home, *more), env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == ok, done.stderr
    return done


PARTS = ("landed", "identity")


def ask(home: Path, *words: str) -> str:
    """Ask another command of the same home."""
    with_home = [sys.executable, "-m", "openpbc.site.cli", "--home", str(home), *words]
    return subprocess.run(with_home, env=environment(), capture_output=True, text=True, check=True).stdout


def truth(home: Path) -> dict[str, object]:
    """What a demonstration is, whenever and however often it was begun."""
    questions = {
        "months": "SELECT place, month, run_id, state FROM monitoring_publishedmonth ORDER BY 1, 2",
        "history": "SELECT place, month, number, state, run_id FROM monitoring_monthevent ORDER BY 1, 2, 3",
        "submissions": "SELECT sha256, provider, month, stream, arrived_at, standing, superseded_by"
        " FROM activity_submission ORDER BY 1",
        "plans": "SELECT place, count(*) FROM contracts_activityplan GROUP BY 1",
        "users": "SELECT sign_in FROM organisations_user ORDER BY 1",
        "roles": "SELECT user_id, role, place, scope, code FROM organisations_roleassignment ORDER BY 1, 2, 3",
        "members": "SELECT place_id, practice, unit, valid_from FROM organisations_membership ORDER BY 1, 2, 4",
        "events": "SELECT action, count(*) FROM audit_auditevent GROUP BY 1 ORDER BY 1",
    }
    with sqlite3.connect(f"file:{home}/openpbc.sqlite3?mode=ro", uri=True) as database:
        told: dict[str, object] = {name: database.execute(sql).fetchall() for name, sql in questions.items()}
    kept = (path for path in sorted((home / "warehouse/runs").rglob("*")) if path.is_file())
    told["files"] = {str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest() for path in kept}
    # the ids of landed rows are drawn by chance, so two homes agree in which files landed, each with one set of ids
    told["landed"] = [sorted(path.name for path in (home / "warehouse" / part).iterdir()) for part in PARTS]
    told["draws"] = [len(list(path.iterdir())) for path in (home / "warehouse/identity").iterdir()]
    return told


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, float]:
    """An undisturbed demonstration, and how many seconds it took."""
    home = tmp_path_factory.mktemp("demo") / "home"
    start = time.monotonic()
    done = run(home)
    assert "Sign in with the password 'demo'" in done.stdout and "finance@demo" in done.stdout
    return home, time.monotonic() - start


def test_a_second_run_changes_nothing(made: tuple[Path, float]) -> None:
    home, _ = made
    before, head = truth(home), ask(home, "audit", "head")
    run(home)
    assert truth(home) == before
    assert ask(home, "audit", "head") == head
    assert "intact" in ask(home, "audit", "verify")


def test_every_place_is_loaded_and_the_months_are_closed(made: tuple[Path, float]) -> None:
    told = truth(made[0])
    assert len(told["months"]) == 2 and {month[3] for month in told["months"]} == {"closed"}
    assert len({member[0] for member in told["members"]}) == 2
    assert len(told["users"]) == 13


@pytest.mark.parametrize("kills", [2, pytest.param(10, marks=pytest.mark.soak)])
def test_killing_it_anywhere_loses_and_doubles_nothing(made: tuple[Path, float], tmp_path: Path, kills: int) -> None:
    undisturbed, seconds = made
    home = tmp_path / "home"
    for kill in range(kills):
        process = subprocess.Popen(
            command(home), env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(seconds * (kill + 1) / (kills + 1))
        process.send_signal(signal.SIGKILL)
        process.wait()
    run(home)
    assert truth(home) == truth(undisturbed)
    assert "intact" in ask(home, "audit", "verify")
    assert not [path for path in (home / "warehouse" / ".staging").glob("*") if path.name != "spill"]


def test_another_demonstration_needs_another_home(made: tuple[Path, float]) -> None:
    assert "another demonstration" in run(made[0], "--months", "3", ok=2).stderr


def test_a_home_with_real_users_is_left_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ask(home, "migrate")
    script = (
        "from openpbc.site.cli import django_setup; django_setup()\n"
        "from openpbc.organisations.models import User\n"
        "User.objects.create(sign_in='ann@example.org', display_name='Ann')\n"
    )
    own = environment() | {"OPENPBC_HOME": str(home)}
    subprocess.run([sys.executable, "-c", script], env=own, check=True)
    assert "has real users" in run(home, ok=2).stderr
    assert json.loads(ask(home, "audit", "list", "--json")) == []

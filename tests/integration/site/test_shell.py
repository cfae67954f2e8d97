"""The command as people run it: one sentence for a mistake, data on standard output, and nothing left behind."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from openpbc.warehouse import runs
from openpbc.warehouse.store import Store

HERE = "west-herts-2008"


class Shell:
    """Runs ``openpbc`` in a home of its own."""

    def __init__(self, home: Path, database: str = "") -> None:
        self.home = home
        self.environment = {**os.environ, "OPENPBC_HOME": str(home), "DATABASE_URL": database}

    def __call__(self, *words: str, ok: int = 0, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a command and expect its exit code."""
        command = [sys.executable, "-m", "openpbc.site.cli", *words]
        done = subprocess.run(
            command,
            env=self.environment,
            cwd=self.home.parent,
            input=stdin,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == ok, (words, done.stdout, done.stderr)
        return done

    def mistake(self, *words: str) -> str:
        """Run a command that fails by a person's mistake; give its one sentence."""
        done = self(*words, ok=2)
        assert done.stdout == "" and "Traceback" not in done.stderr
        return done.stderr.strip()


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """A home that is not there yet."""
    return Shell(tmp_path / "home")


@pytest.fixture(scope="module")
def filled_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a place, an invitation, and a file in the warehouse."""
    shell = Shell(tmp_path_factory.mktemp("once") / "home")
    shell("migrate")
    shell("organisations", "load", "--place", HERE)
    shell("users", "invite", "ann@example.org", "Ann", "--role", "analyst", "--place", HERE)
    landed = shell.home / "warehouse" / "landed" / "ab12"
    landed.mkdir(parents=True)
    (landed / "rows.parquet").write_bytes(b"rows")
    return shell.home


@pytest.fixture
def filled(filled_once: Path, shell: Shell) -> Shell:
    """A copy of the filled home for one test."""
    shutil.copytree(filled_once, shell.home)
    return shell


def test_asking_a_home_that_is_not_set_up_says_so_and_leaves_nothing(shell: Shell) -> None:
    assert shell.mistake("users", "list") == (
        "The database is not set up, or is of an older version. Run openpbc migrate."
    )
    assert not shell.home.exists()


def test_setting_up_twice_changes_nothing(shell: Shell) -> None:
    assert "Applied" in shell("migrate").stdout
    assert shell("migrate").stdout == "The database is up to date.\n"


def test_help_names_every_command(shell: Shell) -> None:
    text = shell("--help").stdout
    assert {"access", "audit", "backup", "demo", "explain", "organisations", "restore", "serve", "users"} <= set(
        text.split()
    )
    assert not shell.home.exists()


def test_mistakes_are_one_sentence(filled: Shell) -> None:
    assert "no place 'nowhere'" in filled.mistake("organisations", "load", "--place", "nowhere")
    assert "No such command 'fly'" in filled.mistake("fly")
    assert "no figure has the address" in filled.mistake("explain", "nothing/at/all")
    assert "no user 'x@y'" in filled.mistake("users", "disable", "x@y", "--reason", "z")
    assert "not SEQUENCE:HASH" in filled.mistake("audit", "verify", "--anchor", "x")


def test_who_acts_in_the_shell_is_written_down(filled: Shell) -> None:
    events = json.loads(filled("audit", "list", "--json").stdout)
    assert {event["actor_id"].split("/")[0] for event in events} == {"shell"}
    assert {event["action"] for event in events} == {"organisations.load_place", "organisations.invite_user"}
    assert "organisations.load_place" in filled("audit", "list").stdout


def test_the_log_is_verified_and_exported(filled: Shell, tmp_path: Path) -> None:
    head = filled("audit", "head").stdout.strip()
    assert "intact" in filled("audit", "verify", "--anchor", head).stdout
    assert json.loads(filled("audit", "verify", "--json").stdout)["intact"] is True
    filled("organisations", "member", "--place", HERE, "E82901", "Hertsmere", *_june())
    assert "intact" in filled("audit", "verify", "--anchor", head).stdout
    lines = filled("audit", "export").stdout.splitlines()
    assert [json.loads(line)["sequence"] for line in lines] == [1, 2, 3]


def _june() -> list[str]:
    return ["--from", "2008-06-01", "--to", "2008-06-30", "--known-from", "2008-07-01", "--reason", "moved"]


def test_a_log_changed_on_the_disk_is_found(filled: Shell) -> None:
    with sqlite3.connect(filled.home / "openpbc.sqlite3") as database:
        database.execute("DROP TRIGGER audit_event_unchanged")
        database.execute("UPDATE audit_auditevent SET actor_name = 'somebody else' WHERE sequence = 1")
    assert "BROKEN: event 1 was changed" in filled("audit", "verify", ok=1).stdout


def test_users_are_managed(filled: Shell) -> None:
    filled("organisations", "load", "--place", "blmk-2023")
    path = filled("users", "invite", "bob@example.org", "Bob", "--role", "administrator", "--place", "*").stdout
    assert path.startswith("/invitation/")
    assert json.loads(filled("users", "list", "--json").stdout) == []
    assert filled.mistake("users", "invite", "x", "X", "--role", "analyst", "--place", HERE).startswith("x: ")


def test_practices_are_listed_as_known_on_a_day(filled: Shell) -> None:
    filled("organisations", "member", "--place", HERE, "E82901", "Hertsmere", *_june())
    on = ("organisations", "practices", "--place", HERE, "--on", "2008-06-15", "--json")

    def unit(*more: str) -> str:
        return {each["code"]: each["unit"] for each in json.loads(filled(*on, *more).stdout)}["E82901"]

    assert unit() == "HERTSMERE"
    assert unit("--known-on", "2008-06-30") == "WATCOM"


@pytest.mark.parametrize("name", ["b.tar.gz", "b.tar.zst"])
def test_a_backup_is_restored_and_proven(filled: Shell, tmp_path: Path, name: str) -> None:
    if name.endswith("zst") and not shutil.which("zstd"):
        assert "no zstd program" in filled.mistake("backup", str(tmp_path / name))
        return
    backup = tmp_path / name
    made = json.loads(filled("backup", str(backup), "--json").stdout)
    assert "exists already" in filled.mistake("backup", str(backup))
    other = Shell(tmp_path / "other")
    done = json.loads(other("restore", str(backup), "--expect", made["manifest"], "--json").stdout)
    assert (done["events"], done["head"], done["moved_to"]) == (2, made["head"], None)
    assert other("audit", "head").stdout == filled("audit", "head").stdout
    assert (other.home / "warehouse/landed/ab12/rows.parquet").read_bytes() == b"rows"
    assert not (other.home / "secret.key").exists(), "the key stays apart from the backup"
    listed = ("organisations", "practices", "--place", HERE, "--json")
    assert other(*listed).stdout == filled(*listed).stdout


def test_the_rulebook_of_a_home_is_kept_with_it_and_never_mixed_with_another(filled: Shell, tmp_path: Path) -> None:
    own, backup = filled.home / "rulebook" / "places" / HERE / "my values", tmp_path / "b.tar.gz"
    own.mkdir(parents=True)
    (own / "a note.txt").write_text("ours")
    (own / ".hidden").write_text("a tool's")
    filled("backup", str(backup))
    (own / "later.txt").write_text("added after the backup")
    moved = json.loads(filled("restore", str(backup), "--force", "--json").stdout)["moved_to"]
    assert sorted(path.name for path in own.iterdir()) == ["a note.txt"]
    assert Path(moved, "rulebook/places", HERE, "my values/later.txt").exists()
    other = Shell(tmp_path / "other")
    other("restore", str(backup))
    assert (other.home / own.relative_to(filled.home) / "a note.txt").read_text() == "ours"


def test_a_backup_without_a_rulebook_leaves_that_of_the_home(filled: Shell, tmp_path: Path) -> None:
    filled("backup", str(tmp_path / "b.tar.gz"))
    other = Shell(tmp_path / "other")
    (other.home / "rulebook").mkdir(parents=True)
    (other.home / "rulebook" / "a note.txt").write_text("theirs")
    other("restore", str(tmp_path / "b.tar.gz"))
    assert (other.home / "rulebook" / "a note.txt").read_text() == "theirs"


def test_a_home_that_holds_something_is_not_overwritten(filled: Shell, tmp_path: Path) -> None:
    backup = tmp_path / "b.tar.gz"
    filled("backup", str(backup))
    filled("users", "invite", "bob@example.org", "Bob", "--role", "analyst", "--place", HERE)
    later = filled("audit", "head").stdout
    assert "not empty" in filled.mistake("restore", str(backup))
    assert "has the hash" in filled.mistake("restore", str(backup), "--force", "--expect", "0" * 64)
    assert filled("audit", "head").stdout == later
    done = json.loads(filled("restore", str(backup), "--force", "--json").stdout)
    assert Path(done["moved_to"], "openpbc.sqlite3").exists()
    assert filled("audit", "head").stdout.startswith("2:")
    assert not list(filled.home.glob(".restoring-*"))


def test_a_database_changed_before_the_backup_is_found_when_restoring(filled: Shell, tmp_path: Path) -> None:
    with sqlite3.connect(filled.home / "openpbc.sqlite3") as database:
        database.execute("DROP TRIGGER audit_event_unchanged")
        database.execute("UPDATE audit_auditevent SET reason = 'forged' WHERE sequence = 2")
    filled("backup", str(tmp_path / "b.tar.gz"))
    other = Shell(tmp_path / "other")
    assert "event 2 was changed" in other.mistake("restore", str(tmp_path / "b.tar.gz"))
    assert not (other.home / "openpbc.sqlite3").exists()


def test_a_run_that_does_not_fit_its_manifest_is_found_when_restoring(filled: Shell, tmp_path: Path) -> None:
    def build(folder: Path) -> dict[str, object]:
        (folder / "priced.parquet").write_bytes(b"as made")
        return {}

    run = runs.publish(Store(filled.home / "warehouse"), {"month": "2008-04"}, build).folder
    (run / "priced.parquet").chmod(0o644)
    (run / "priced.parquet").write_bytes(b"changed")
    filled("backup", str(tmp_path / "b.tar.gz"))
    assert "priced.parquet was changed" in Shell(tmp_path / "other").mistake("restore", str(tmp_path / "b.tar.gz"))


@pytest.mark.django_db
def test_rows_move_from_one_database_to_the_other(filled: Shell, tmp_path: Path) -> None:
    """To PostgreSQL where this run has one, to SQLite otherwise."""
    backup = tmp_path / "b.tar.gz"
    filled("backup", "--as-rows", str(backup))
    url = _fresh_database() if connection.vendor == "postgresql" else ""
    other = Shell(tmp_path / "other", url)
    assert "2 audit events" in other("restore", str(backup)).stdout
    assert "intact" in other("audit", "verify").stdout
    listed = ("organisations", "practices", "--place", HERE, "--json")
    assert other(*listed).stdout == filled(*listed).stdout
    other("users", "invite", "bob@example.org", "Bob", "--role", "analyst", "--place", HERE)
    if url:
        assert "not empty" in other.mistake("restore", str(backup))
        other("backup", str(tmp_path / "c.tar.gz"))
        back = Shell(tmp_path / "back")
        back("restore", str(tmp_path / "c.tar.gz"))
        assert back("audit", "head").stdout == other("audit", "head").stdout


def _fresh_database() -> str:
    from urllib.parse import urlsplit
    from uuid import uuid4

    import psycopg

    name = f"moved_{uuid4().hex[:8]}"
    with psycopg.connect(os.environ["DATABASE_URL"], autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
    return urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()


def test_what_cannot_be_backed_up_or_restored_is_said(filled: Shell, tmp_path: Path) -> None:
    assert "no such file" in filled.mistake("restore", str(tmp_path / "none.tar.gz"), "--force")
    assert "does not exist" in filled.mistake("backup", str(tmp_path / "no" / "b.tar.gz"))
    assert "ends in" in filled.mistake("backup", str(tmp_path / "b.zip"))
    assert not list(tmp_path.glob(".*"))


def test_demo_users_are_not_served_to_the_world(filled: Shell) -> None:
    script = (
        "from openpbc.site.cli import django_setup; django_setup()\n"
        "from openpbc.organisations import actions\nfrom openpbc.kernel.actor import SYSTEM\n"
        f"actions.create_demo_users(by=SYSTEM, place='{HERE}', password='demo')\n"
    )
    subprocess.run([sys.executable, "-c", script], env=filled.environment, check=True)
    assert "whose password everybody knows" in filled.mistake("serve", "--host", "0.0.0.0")


def test_a_home_that_is_not_set_up_is_not_served(shell: Shell) -> None:
    assert "Run openpbc migrate" in shell.mistake("serve")

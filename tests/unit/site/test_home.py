"""The home folder: its key is made once, for its owner alone; the database is SQLite unless an address is given."""

from __future__ import annotations

import multiprocessing
import stat
from pathlib import Path

import pytest

from openpbc.kernel.problems import UserError
from openpbc.site import home


def test_the_home_is_given_or_lies_under_var() -> None:
    assert home.home_folder({"OPENPBC_HOME": "/srv/pbc"}) == Path("/srv/pbc")
    assert home.home_folder({}) == Path("var/openpbc").absolute()


def test_the_key_is_made_once_and_for_the_owner_alone(tmp_path: Path) -> None:
    key = home.secret_key(tmp_path / "new")
    assert len(key) > 60 and home.secret_key(tmp_path / "new") == key
    assert stat.S_IMODE((tmp_path / "new" / "secret.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["secret.key"]


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    home.secret_key(tmp_path)
    (tmp_path / "secret.key").chmod(0o644)
    with pytest.raises(UserError, match="may be read by others"):
        home.secret_key(tmp_path)


def test_processes_that_start_together_agree_on_one_key(tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(8) as pool:
        assert len(set(pool.map(home.secret_key, [tmp_path] * 16))) == 1


def test_sqlite_queues_its_writers_and_keeps_what_it_acknowledged(tmp_path: Path) -> None:
    chosen = home.database(tmp_path)
    assert chosen["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in chosen["OPTIONS"]["init_command"]
    assert "synchronous=FULL" in chosen["OPTIONS"]["init_command"]


def test_an_address_chooses_postgresql(tmp_path: Path) -> None:
    chosen = home.database(tmp_path, "postgresql://ann:se%20cret@db.example:6543/pbc?sslmode=require")
    assert chosen["ENGINE"].endswith("postgresql")
    parts = (chosen["NAME"], chosen["USER"], chosen["PASSWORD"], chosen["HOST"], chosen["PORT"])
    assert parts == ("pbc", "ann", "se cret", "db.example", "6543")
    assert chosen["OPTIONS"] == {"sslmode": "require"}


@pytest.mark.parametrize("address", ["mysql://x/y", "postgres://[bad", "nonsense"])
def test_an_address_that_means_nothing_is_a_persons_mistake(tmp_path: Path, address: str) -> None:
    with pytest.raises(UserError):
        home.database(tmp_path, address)


def test_a_homes_own_rulebook_counts_where_no_other_is_named(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    (first / "rulebook").mkdir(parents=True)
    assert home.rulebook_folder(first, "") == first / "rulebook"
    assert home.rulebook_folder(first, "/srv/book") == Path("/srv/book")
    assert home.rulebook_folder(second, "") is None
    environment = {"OPENPBC_RULEBOOK": ""}
    home.live_in(first, environment)
    assert environment == {"OPENPBC_HOME": str(first), "OPENPBC_RULEBOOK": str(first / "rulebook")}
    home.live_in(second, environment)
    assert environment == {"OPENPBC_HOME": str(second)}, "a home does not keep the book of another"
    named = {"OPENPBC_RULEBOOK": "/srv/book"}
    home.live_in(first, named)
    assert named["OPENPBC_RULEBOOK"] == "/srv/book"

"""The folder in which an installation keeps everything: database, secret key, warehouse."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from openpbc.kernel.problems import UserError

DATABASE = "openpbc.sqlite3"
SECRET_KEY = "secret.key"
RULEBOOK = "rulebook"
_HOME, _BOOK = "OPENPBC_HOME", "OPENPBC_RULEBOOK"
LOOPBACK_HOSTS = ("127.0.0.1", "localhost", "[::1]")


def home_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Give the home folder: ``OPENPBC_HOME``, else ``var/openpbc`` under the current folder."""
    return Path(environment.get(_HOME) or "var/openpbc").absolute()


def rulebook_folder(home: Path, named: str) -> Path | None:
    """Give the folder of the installation's own packs: the one that is named, else ``rulebook`` in the home, if any."""
    own = home / RULEBOOK
    return Path(named) if named else own if own.is_dir() else None


def live_in(home: Path | None, environment: MutableMapping[str, str] = os.environ) -> None:
    """Settle on a home, and on its rulebook folder unless the environment names another."""
    if environment.get(_BOOK) == str(home_folder(environment) / RULEBOOK):
        del environment[_BOOK]  # it is the former home's
    if home is not None:
        environment[_HOME] = str(home.absolute())
    book = rulebook_folder(home_folder(environment), environment.get(_BOOK, ""))
    if book is not None:
        environment[_BOOK] = str(book)


def secret_key(home: Path) -> str:
    """Read the installation's secret key, making it at first use.

    The key is linked into place complete, so that two processes starting at once agree on one key, and only the
    owner may read it.
    """
    path = home / SECRET_KEY
    if not path.exists():
        home.mkdir(parents=True, exist_ok=True, mode=0o750)
        draft = home / f".{SECRET_KEY}.{secrets.token_hex(8)}"
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first: its key counts
        finally:
            draft.unlink()
    if path.stat().st_mode & 0o077:
        raise UserError("the secret key may be read by others", str(path), "Run chmod 600 on it, or make a new key.")
    return path.read_text("ascii")


def database(home: Path, url: str = "") -> dict[str, Any]:
    """Give Django's database settings: PostgreSQL when a ``postgres://`` address is given, else SQLite in the home."""
    if url:
        return _postgresql(url)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        # mode=rw: only setting up makes the file; a question to a home that is not set up leaves nothing behind.
        "NAME": f"file:{quote(str(home / DATABASE))}?mode=rw",
        "OPTIONS": {
            # Readers never wait for a writer (WAL); writers queue at BEGIN instead of failing half-way (IMMEDIATE);
            # a commit is on the disk before it is acknowledged (FULL).
            "transaction_mode": "IMMEDIATE",
            "timeout": 30,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=30000",
        },
    }


def _postgresql(url: str) -> dict[str, Any]:
    if url.partition("://")[0] not in {"postgres", "postgresql"}:
        raise UserError("only postgres:// addresses are understood", "DATABASE_URL", "Leave it out to use SQLite.")
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        parts: dict[str, Any] = conninfo_to_dict(url)
    except psycopg.ProgrammingError as problem:
        raise UserError(f"the address cannot be read ({problem})", "DATABASE_URL") from problem
    known = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    settings = {name: str(parts.pop(key, "")) for name, key in known.items()}
    return {"ENGINE": "django.db.backends.postgresql", **settings, "CONN_MAX_AGE": 60, "OPTIONS": parts}

"""The file of the keys of pseudonyms: outside database, warehouse and repository, for its owner's eyes alone."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from openpbc.kernel.problems import UserError
from openpbc.kernel.pseudonyms import KEY_BYTES

FORMAT = 1
MAKE = "Run 'openpbc people key make', or let OPENPBC_PEOPLE_KEYS name the file that holds it."


def make(path: Path, names: Iterable[str], *, synthetic: bool = False) -> list[str]:
    """Make the keys that a file does not hold yet, and give their names; a key that is there is never changed."""
    held: dict[str, Any] = _read(path) if path.exists() else {"format": FORMAT, "keys": {}}
    missing = sorted(set(names) - set(held["keys"]))
    if missing:
        held["keys"] |= {name: secrets.token_hex(KEY_BYTES) for name in missing}
        if synthetic:
            held["note"] = "SYNTHETIC: keys of a demonstration, never of real people"
        _write(path, held)
    return missing


def key(path: Path, name: str) -> bytes:
    """Give a key by its name; a missing file, a missing key and a file that others may read are a person's mistake."""
    if not path.exists():
        raise UserError("there is no file with the keys of pseudonyms", str(path), MAKE)
    held = _read(path)["keys"]
    if name not in held:
        raise UserError(f"there is no key of pseudonyms for {name}", str(path), MAKE)
    return bytes.fromhex(held[name])


def _read(path: Path) -> dict[str, Any]:
    if path.stat().st_mode & 0o077:
        raise UserError("the keys of pseudonyms may be read by others", str(path), "Run chmod 600 on the file.")
    try:
        held: dict[str, Any] = json.loads(path.read_text(encoding="ascii"))
        sound = held["format"] == FORMAT and all(
            len(bytes.fromhex(each)) == KEY_BYTES for each in held["keys"].values()
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _damaged(path) from error
    if not sound:
        raise _damaged(path)
    return held


def _damaged(path: Path) -> UserError:
    return UserError("the file with the keys of pseudonyms cannot be read", str(path), "Put it back from its own copy.")


def _write(path: Path, held: dict[str, Any]) -> None:
    """Write the file whole or not at all; nobody else may read it at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            json.dump(held, file, indent=1, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)

"""Where the warehouse lies on disk, and the one way in which anything is added to it.

What tells who a person is lies in a folder of its own, which only the owner may enter. A folder is built under
``.staging``, flushed to disk, and renamed into place: it is there whole, or not at all. What a killed process left in
staging is cleared by the next one, which tells it apart from live staging by a file lock.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from openpbc.kernel.problems import UserError
from openpbc.warehouse.session import MemoryShort, StorageError

_BLOCK = 1 << 20
_PRIVATE = 0o700
_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS)


@dataclass(frozen=True)
class Store:
    """The warehouse folder: ``landed/<sha256>/``, ``identity/``, ``linked/``, ``runs/<run_id>/`` and ``.staging/``."""

    root: Path

    @property
    def landed(self) -> Path:
        """Landed files, addressed by the SHA-256 of what was received."""
        return self.root / "landed"

    @property
    def identity(self) -> Path:
        """What tells who the people of a landed file are, for the owner's eyes alone."""
        return self.root / "identity"

    @property
    def linked(self) -> Path:
        """Pseudonyms of the records of landed files, a folder a purpose; made anew whenever they are missing."""
        return self.root / "linked"

    @property
    def runs(self) -> Path:
        """Published runs, addressed by the hash of what they were made from."""
        return self.root / "runs"

    @property
    def spill(self) -> Path:
        """Where the engine may put what does not fit into its memory limit."""
        return self.root / ".staging" / "spill" / str(os.getpid())

    @contextlib.contextmanager
    def staging(self) -> Iterator[Path]:
        """Give a folder to build in; whatever is still in it at the end is removed."""
        with _told_when_short(self.root):
            parent = self.root / ".staging"
            parent.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)
            _clear_left_overs(parent)
            folder, lock = _claim(parent)
            try:
                yield folder
            finally:
                _give_up(folder, lock)

    def keep(self, folder: Path, place: Path, *, private: bool = False) -> bool:
        """Move a finished staging folder into place in one step; False when that place is already taken.

        A private one may be entered and read by the owner alone.
        """
        for path in sorted(folder.iterdir()):
            _flush(path)
            path.chmod(0o400 if private else 0o444)
        folder.chmod(_PRIVATE if private else 0o755)
        _flush(folder)
        place.parent.mkdir(parents=True, exist_ok=True)
        if private:
            for path in (place.parent, place.parent.parent):
                path.chmod(_PRIVATE)
        try:
            folder.rename(place)
        except OSError:
            if place.is_dir():
                return False
            raise
        _flush(place.parent)
        return True


@contextlib.contextmanager
def _told_when_short(root: Path) -> Iterator[None]:
    """Turn what a full disk or memory says into a sentence; nothing is in place then but what was there before."""
    try:
        yield
    except MemoryShort as error:
        raise UserError(
            "the computation does not fit into its memory limit; nothing was kept",
            str(root),
            "Give it more, for instance with --memory 4GB, or fewer threads.",
        ) from error
    except (OSError, StorageError) as error:
        if isinstance(error, OSError) and error.errno not in _FULL:
            raise
        raise UserError(
            f"the warehouse cannot be written ({' '.join(str(error).split())[:200]}); nothing was kept",
            str(root),
            "Check the disk's space and the folder's rights.",
        ) from error


def _give_up(folder: Path, lock: IO[str]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.with_suffix(".lock").unlink(missing_ok=True)
    lock.close()


def _claim(parent: Path) -> tuple[Path, IO[str]]:
    """Make a staging folder whose lock file beside it is held for as long as this process lives."""
    while True:
        descriptor, name = tempfile.mkstemp(suffix=".lock", dir=parent)
        lock = os.fdopen(descriptor, "w")
        fcntl.flock(lock, fcntl.LOCK_EX)
        if os.path.exists(name):  # else another process took the fresh file for a left-over before it was locked
            folder = Path(name).with_suffix("")
            try:
                folder.mkdir(mode=_PRIVATE)
            except OSError:
                _give_up(folder, lock)
                raise
            return folder, lock
        lock.close()


def _clear_left_overs(parent: Path) -> None:
    for path in sorted(parent.glob("*.lock")):
        with contextlib.suppress(FileNotFoundError, BlockingIOError), path.open("r+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _take_back(parent.parent, path.with_suffix(""))
            shutil.rmtree(path.with_suffix(""), ignore_errors=True)
            path.unlink(missing_ok=True)
    for spill in sorted(parent.glob("spill/*")):
        if not _alive(int(spill.name)):
            shutil.rmtree(spill, ignore_errors=True)


def _take_back(root: Path, folder: Path) -> None:
    """Remove the identities that a killed process put in place for a landing that never came to stand there."""
    description = folder / "landing.json"
    if description.is_file():
        body = json.loads(description.read_text(encoding="utf-8"))
        shutil.rmtree(root / "identity" / body["sha256"] / body["draw"], ignore_errors=True)


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def file_hash(path: Path) -> str:
    """Give the SHA-256 of a file's bytes as hexadecimal text."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def canonical_json(body: Mapping[str, Any]) -> str:
    """Write JSON in the one form that is hashed and kept: sorted keys, two spaces, a line end."""
    return json.dumps(body, sort_keys=True, indent=2, ensure_ascii=False) + "\n"

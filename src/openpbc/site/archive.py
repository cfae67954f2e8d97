"""The file that a backup is: a tar archive with its manifest first, every other member named there with its hash.

The manifest comes first so that restoring knows each name and size before it writes anything; nothing that is not in
the manifest is taken out of an archive, and nothing that lies outside the known folders.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import json
import os
import re
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from openpbc.kernel.problems import UserError
from openpbc.warehouse.store import file_hash

FORMAT = 1
MANIFEST = "manifest.json"
SNAPSHOT = "database.sqlite3"
PORTABLE = "database.jsonl"
_WAREHOUSE = re.compile(r"warehouse(/[A-Za-z0-9_-][A-Za-z0-9._-]*)+")
_RULEBOOK = re.compile(r"rulebook(/[^/\\.\x00-\x1f][^/\\\x00-\x1f]*)+")  # people name these files themselves
_LARGEST_MANIFEST = 256 << 20
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
Facts = dict[str, Any]


@dataclass(frozen=True)
class Member:
    """A file to be kept: its name in the archive, and where it lies."""

    name: str
    path: Path


def is_safe(name: str) -> bool:
    """Tell whether a name may stand in an archive: the database, a file of warehouse or rulebook, and nothing else."""
    return name in (SNAPSHOT, PORTABLE) or any(each.fullmatch(name) for each in (_WAREHOUSE, _RULEBOOK))


def write(target: Path, members: list[Member], facts: Facts) -> str:
    """Write an archive whole or not at all, and give the hash of its manifest.

    ``facts`` are what the manifest says besides the files; the compression is chosen by the name, ``.tar.gz`` or
    ``.tar.zst``.
    """
    files: dict[str, Facts] = {
        each.name: {"sha256": file_hash(each.path), "bytes": each.path.stat().st_size} for each in members
    }
    strange = [name for name in files if not is_safe(name)]
    if strange:
        raise UserError("a file has a name that no archive may hold", where=strange[0], do="Name it otherwise.")
    manifest = json.dumps({"format": FORMAT, **facts, "files": files}, sort_keys=True, indent=1).encode()
    draft = target.with_name(f".{target.name}.part")
    try:
        with _compressing(draft, target.name) as stream, tarfile.open(fileobj=stream, mode="w|") as archive:
            _add(archive, MANIFEST, len(manifest), io.BytesIO(manifest))
            for each in members:
                with each.path.open("rb") as content:
                    _add(archive, each.name, files[each.name]["bytes"], content)
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)
    return hashlib.sha256(manifest).hexdigest()


def _facts(path: Path) -> Facts:
    return {"sha256": file_hash(path), "bytes": path.stat().st_size}


def _add(archive: tarfile.TarFile, name: str, size: int, content: IO[bytes]) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o600
    archive.addfile(entry, content)


@contextlib.contextmanager
def _compressing(path: Path, name: str) -> Iterator[Any]:
    if name.endswith((".tar.gz", ".tgz")):
        import gzip

        with gzip.open(path, "wb", compresslevel=6) as stream:
            yield stream
        return
    if not name.endswith(".tar.zst"):
        raise UserError("a backup's name ends in .tar.gz or .tar.zst", where=name)
    command = [_zstd(), "--quiet", "--force", "-T0", "-o", str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE) as process:
        assert process.stdin is not None
        yield process.stdin
        process.stdin.close()
        if process.wait():
            raise UserError("zstd could not write the archive", where=str(path))


def _zstd() -> str:
    if found := shutil.which("zstd"):
        return found
    raise UserError("this machine has no zstd program", do="Install it, or use a name that ends in .tar.gz.")


@contextlib.contextmanager
def _decompressing(path: Path) -> Iterator[Any]:
    with path.open("rb") as file:
        magic = file.read(4)
    if magic.startswith(_GZIP):
        import gzip

        with gzip.open(path, "rb") as stream:
            yield stream
    elif magic == _ZSTD:
        command = [_zstd(), "--quiet", "--decompress", "--stdout", str(path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
            assert process.stdout is not None
            try:
                yield process.stdout
            finally:
                process.stdout.close()
                process.terminate()
    else:
        raise UserError("this is not a backup (neither gzip nor zstd)", where=str(path))


def extract(source: Path, folder: Path, expected: str = "") -> Facts:
    """Take an archive out into an empty folder, refusing it at the first sign that it was changed; give its manifest.

    ``expected`` is the manifest's hash as printed when the backup was made: with it, an archive whose manifest was
    made to fit changed files is refused too.
    """
    try:
        with _decompressing(source) as stream, tarfile.open(fileobj=stream, mode="r|") as archive:
            return _extract(archive, folder, source, expected)
    except (tarfile.TarError, EOFError, OSError) as problem:
        raise UserError(f"the archive is damaged ({problem})", str(source), "Use another backup.") from problem


def _extract(archive: tarfile.TarFile, folder: Path, source: Path, expected: str) -> Facts:
    manifest, digest = _manifest(archive, source)
    if expected and digest != expected:
        raise _changed(source, f"its manifest has the hash {digest}")
    left = dict(manifest["files"])
    while entry := archive.next():
        facts = left.pop(entry.name, None)
        if facts is None or not is_safe(entry.name) or not entry.isreg() or entry.size != facts["bytes"]:
            raise _changed(source, f"'{entry.name[:80]}' does not fit its manifest")
        content = archive.extractfile(entry)
        if content is None or _store(content, folder / entry.name) != facts["sha256"]:
            raise _changed(source, f"{entry.name} has another content")
    if left:
        raise _changed(source, f"{sorted(left)[0]} is missing")
    return manifest


def _manifest(archive: tarfile.TarFile, source: Path) -> tuple[Facts, str]:
    first = archive.next()
    if first is None or first.name != MANIFEST or not first.isreg() or first.size > _LARGEST_MANIFEST:
        raise _changed(source, "it does not begin with a manifest")
    content = archive.extractfile(first)
    body = content.read() if content else b""
    try:
        manifest = json.loads(body)
        known = manifest["format"] == FORMAT and isinstance(manifest["files"], dict)
    except (ValueError, KeyError, TypeError) as problem:
        raise _changed(source, "its manifest cannot be read") from problem
    if not known:
        raise UserError("the archive is of another format", str(source), "Restore it with the version that made it.")
    return manifest, hashlib.sha256(body).hexdigest()


def _store(content: IO[bytes], place: Path) -> str:
    place.parent.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256()
    with place.open("xb") as file:
        while block := content.read(1 << 20):
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()


def _changed(source: Path, what: str) -> UserError:
    return UserError(f"the archive was changed or is damaged: {what}", str(source), "Nothing was restored.")

"""A backup is taken out whole, or refused at the first sign that it was changed; nothing ever lands outside."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from openpbc.kernel.problems import UserError
from openpbc.site import archive
from openpbc.site.archive import MANIFEST, Member

Entry = tuple[tarfile.TarInfo, bytes]
LANDED = "warehouse/landed/ab12/rows.parquet"


@pytest.fixture
def made(tmp_path: Path) -> Path:
    """Make a backup of a database and two files of the warehouse."""
    contents = {"database.sqlite3": b"d" * 5000, LANDED: b"rows", "warehouse/runs/x1/manifest.json": b"{}"}
    members = []
    for number, (name, content) in enumerate(contents.items()):
        path = tmp_path / str(number)
        path.write_bytes(content)
        members.append(Member(name, path))
    archive.write(tmp_path / "b.tar.gz", members, {"chain_head": "0:x"})
    return tmp_path / "b.tar.gz"


def entries(path: Path) -> list[Entry]:
    with tarfile.open(path) as tar:
        return [(entry, (tar.extractfile(entry) or io.BytesIO()).read()) for entry in tar]


def rewrite(path: Path, change: Callable[[list[Entry]], list[Entry]]) -> Path:
    """Write the archive anew with its entries changed."""
    changed = path.with_name("changed.tar.gz")
    with tarfile.open(changed, "w:gz") as tar:
        for entry, content in change(entries(path)):
            entry.size = len(content) if entry.isreg() else 0
            tar.addfile(entry, io.BytesIO(content))
    return changed


def entry(name: str, kind: bytes = tarfile.REGTYPE, link: str = "") -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, link
    return info


def with_manifest(all_entries: list[Entry], change: Callable[[dict], None]) -> list[Entry]:
    """Change the manifest to fit, as somebody who knows the format would."""
    manifest = json.loads(all_entries[0][1])
    change(manifest)
    return [(all_entries[0][0], json.dumps(manifest).encode()), *all_entries[1:]]


def refused(path: Path, folder: Path, sentence: str) -> None:
    folder.mkdir()
    outside = set(folder.parent.rglob("*"))
    with pytest.raises(UserError, match=sentence):
        archive.extract(path, folder)
    assert {path for path in folder.parent.rglob("*") if folder not in path.parents} == outside


def test_what_went_in_comes_out(made: Path, tmp_path: Path) -> None:
    facts = archive.extract(made, tmp_path / "out")
    assert facts["chain_head"] == "0:x"
    assert (tmp_path / "out" / LANDED).read_bytes() == b"rows"
    assert (tmp_path / "out" / "database.sqlite3").read_bytes() == b"d" * 5000


@pytest.mark.skipif(shutil.which("zstd") is None and not __import__("os").environ.get("CI"), reason="no zstd program")
def test_zstd_too(made: Path, tmp_path: Path) -> None:
    if shutil.which("zstd") is None:
        with pytest.raises(UserError, match="no zstd program"):
            archive.write(tmp_path / "b.tar.zst", [], {})
        return
    archive.write(tmp_path / "b.tar.zst", [Member("database.sqlite3", tmp_path / "0")], {})
    archive.extract(tmp_path / "b.tar.zst", tmp_path / "out")
    assert (tmp_path / "out" / "database.sqlite3").read_bytes() == b"d" * 5000


def test_the_manifests_hash_proves_the_archive(made: Path, tmp_path: Path) -> None:
    digest = hashlib.sha256(entries(made)[0][1]).hexdigest()
    archive.extract(made, tmp_path / "out", digest)
    with pytest.raises(UserError, match="its manifest has the hash"):
        archive.extract(made, tmp_path / "out2", "0" * 64)


CHANGES: dict[str, tuple[Callable[[list[Entry]], list[Entry]], str]] = {
    "another content": (lambda all_: [*all_[:2], (all_[2][0], b"rowz"), *all_[3:]], "another content"),
    "another length": (lambda all_: [*all_[:2], (all_[2][0], b"rows!"), *all_[3:]], "does not fit its manifest"),
    "one missing": (lambda all_: all_[:-1], "is missing"),
    "one twice": (lambda all_: [*all_, all_[-1]], "does not fit its manifest"),
    "one more": (lambda all_: [*all_, (entry("warehouse/more"), b"x")], "does not fit its manifest"),
    "renamed": (lambda all_: [*all_[:-1], (entry("warehouse/other"), b"{}")], "does not fit its manifest"),
    "no manifest": (lambda all_: all_[1:], "does not begin with a manifest"),
    "manifest later": (lambda all_: [*all_[1:], all_[0]], "does not begin with a manifest"),
    "broken manifest": (lambda all_: [(all_[0][0], b"{"), *all_[1:]], "cannot be read"),
    "manifest of nothing": (lambda all_: [(all_[0][0], b"[]"), *all_[1:]], "cannot be read"),
    "another format": (
        lambda all_: with_manifest(all_, lambda manifest: manifest.update(format=99)),
        "another format",
    ),
    "a link for a file": (
        lambda all_: [*all_[:-1], (entry(all_[-1][0].name, tarfile.SYMTYPE, "/etc/passwd"), b"")],
        "does not fit its manifest",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_a_changed_archive_is_refused(made: Path, tmp_path: Path, name: str) -> None:
    change, sentence = CHANGES[name]
    refused(rewrite(made, change), tmp_path / "out", sentence)


HOSTILE = [
    "../evil",
    "/etc/evil",
    "warehouse/../../evil",
    "warehouse/./x",
    "warehouse//x",
    "warehouse/.staging/x",
    "warehouse/a\\b",
    "warehouse/a\nb",
    "rulebook/../../evil",
    "rulebook/.hidden/x",
    "rulebook//x",
    "rulebook/a\nb",
    "rulebook/a\\b",
    "rulebook/a\n",
    "rulebook",
    "secret.key",
    "warehouse",
    "warehouse/",
    "other/file",
    "",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_names_outside_are_refused_even_if_the_manifest_has_them(made: Path, tmp_path: Path, name: str) -> None:
    digest = hashlib.sha256(b"x").hexdigest()

    def change(all_entries: list[Entry]) -> list[Entry]:
        fitted = with_manifest(
            all_entries, lambda manifest: manifest["files"].update({name: {"sha256": digest, "bytes": 1}})
        )
        return [*fitted, (entry(name), b"x")]

    assert not archive.is_safe(name)
    refused(rewrite(made, change), tmp_path / "out", "does not fit its manifest")


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE, tarfile.DIRTYPE])
def test_only_files_are_taken_out(made: Path, tmp_path: Path, kind: bytes) -> None:
    def change(all_entries: list[Entry]) -> list[Entry]:
        facts = {"warehouse/x": {"sha256": hashlib.sha256(b"").hexdigest(), "bytes": 0}}
        fitted = with_manifest(all_entries, lambda manifest: manifest["files"].update(facts))
        return [*fitted, (entry("warehouse/x", kind, "../../evil"), b"")]

    refused(rewrite(made, change), tmp_path / "out", "does not fit its manifest")


def test_a_damaged_or_cut_archive_is_refused(made: Path, tmp_path: Path) -> None:
    whole = made.read_bytes()
    for number, body in enumerate((whole[: len(whole) // 2], whole[:40], b"\x1f\x8b" + b"x" * 100)):
        made.write_bytes(body)
        refused(made, tmp_path / f"out{number}", "damaged|changed")
    made.write_bytes(b"PK\x03\x04 a zip file")
    refused(made, tmp_path / "zip", "not a backup")
    made.write_bytes(gzip.compress(b"not a tar file" * 100))
    refused(made, tmp_path / "text", "damaged|changed")


def test_a_file_with_a_strange_name_is_not_backed_up(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"x")
    with pytest.raises(UserError, match="no archive may hold"):
        archive.write(tmp_path / "b.tar.gz", [Member("warehouse/a b", tmp_path / "x")], {})
    assert not (tmp_path / "b.tar.gz").exists()


def test_a_backup_says_how_it_is_packed_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"ends in \.tar\.gz or \.tar\.zst"):
        archive.write(tmp_path / "b.zip", [], {})
    assert list(tmp_path.iterdir()) == []


def test_the_manifest_is_first(made: Path) -> None:
    assert entries(made)[0][0].name == MANIFEST

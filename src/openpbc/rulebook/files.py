"""The pack files of a place: which there are, their bytes and checksums, and a strict reading of their YAML."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from openpbc.kernel.problems import UserError

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # a build without the parser in C, which reads a book in a seventh of the time
    from yaml import SafeLoader  # type: ignore[assignment]

SHIPPED = OWN = Path(__file__).parent / "packs"
# What comes with the program is a part of it, as its code is: it is looked at once, and a change needs a new start.
# Folders of an installation's own are looked at whenever the book is opened.
Stamp = tuple[str, str, int, int]


class _StrictLoader(SafeLoader):
    """YAML without the two habits that lose data: repeated keys, and numbers that turn into binary floats."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode) -> dict[Hashable, Any]:
    found: dict[Hashable, Any] = {}
    for key_node, value_node in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in found:
            raise UserError(f"'{key}' is written twice", where=f"line {key_node.start_mark.line + 1}")
        found[key] = loader.construct_object(value_node, deep=True)
    return found


def _float(loader: _StrictLoader, node: yaml.ScalarNode) -> Any:
    raise UserError(
        f"{node.value} must be written in quotes", where=f"line {node.start_mark.line + 1}", do='Write it as "0.045".'
    )


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_StrictLoader.add_constructor("tag:yaml.org,2002:float", _float)


@dataclass(frozen=True)
class PackFile:
    """One file of a pack: its path inside the packs (the same in an overlay), where it lies, bytes and checksum."""

    path: str
    location: Path
    content: bytes
    sha256: str


def checksum(content: bytes) -> str:
    """Give the SHA-256 of bytes as hexadecimal text."""
    return hashlib.sha256(content).hexdigest()


def roots(overlay: Path | None) -> tuple[Path, ...]:
    """Give the folders that hold packs, the shipped one first; a later one wins file by file."""
    if overlay is None:
        return (SHIPPED,)
    if not overlay.is_dir():
        raise UserError("the rulebook folder is not there", where=str(overlay), do="Check OPENPBC_RULEBOOK.")
    return (SHIPPED, overlay)


def located(packs: Iterable[str], overlay: Path | None) -> dict[str, Path]:
    """Find the files of the named packs: path inside the packs -> where it lies, overlay winning."""
    return {path: Path(at) for path, at, _, _ in _looked(packs, overlay)}


def stamps(packs: Iterable[str], overlay: Path | None) -> tuple[Stamp, ...]:
    """Tell whether files changed: path inside the packs, where it lies, time of the last change in ns, bytes."""
    return _looked(packs, overlay)


def _looked(packs: Iterable[str], overlay: Path | None) -> tuple[Stamp, ...]:
    return _own(tuple(packs)) if roots(overlay) == (OWN,) else _found(tuple(packs), roots(overlay))


@lru_cache(maxsize=256)
def _own(packs: tuple[str, ...]) -> tuple[Stamp, ...]:
    return _found(packs, (OWN,))


def _found(packs: tuple[str, ...], where: tuple[Path, ...]) -> tuple[Stamp, ...]:
    found: dict[str, Stamp] = {}
    for pack in packs:
        held = {each[0]: each for root in where for each in (_own_pack(pack) if root == OWN else _pack(root, pack))}
        if not held and not any((root / pack).is_dir() for root in where):
            raise UserError(f"the pack '{pack}' is not there", do="Name a folder of the rulebook.")
        found.update(held)
    return tuple(found[path] for path in sorted(found))


@lru_cache(maxsize=256)
def _own_pack(pack: str) -> tuple[Stamp, ...]:
    return tuple(_pack(OWN, pack))


def _pack(root: Path, pack: str) -> Iterator[Stamp]:
    for path, entry in _walk(str(root / pack), pack):
        facts = entry.stat()
        yield path, entry.path, facts.st_mtime_ns, facts.st_size


def _walk(folder: str, inside: str) -> Iterator[tuple[str, os.DirEntry[str]]]:
    # Entries as the system gives them, since every page opens the book and pathlib takes ten times as long.
    with contextlib.suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):  # a linked folder is left out: it may lead back to where it lies
                yield from _walk(entry.path, f"{inside}/{entry.name}")
            elif entry.name.endswith((".yaml", ".csv", ".bpmn", ".dmn")) and not entry.is_dir():
                yield f"{inside}/{entry.name}", entry


def read(path: str, location: Path) -> PackFile:
    """Read one file whole."""
    content = location.read_bytes()
    return PackFile(path, location, content, checksum(content))


def parse(file: PackFile) -> dict[str, Any]:
    """Read a YAML file as a mapping; every fault names the file and, where known, the line."""
    try:
        body = yaml.load(file.content.decode("utf-8"), Loader=_StrictLoader)  # noqa: S506 - a SafeLoader made stricter
    except UnicodeDecodeError as error:
        raise UserError("the file is not UTF-8 text", where=file.path) from error
    except yaml.YAMLError as error:
        raise UserError(f"the file is not YAML ({' '.join(str(error).split())[:160]})", where=file.path) from error
    except UserError as error:
        raise UserError(error.what, where=f"{file.path} {error.where}", do=error.do) from error
    if not isinstance(body, dict):
        raise UserError("the file must hold one subject", where=file.path)
    return body

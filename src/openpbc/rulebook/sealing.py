"""Seals a table's file: writes its checksum into the pack file that names it, and touches nothing else there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from openpbc.kernel.problems import UserError
from openpbc.rulebook import files as pack_files


@dataclass(frozen=True)
class Seal:
    """A table's file and the checksum that its pack file gives it, before and after."""

    pack: Path
    table: Path
    before: str
    after: str


def seal(name: str, overlay: Path | None = None) -> list[Seal]:
    """Seal every table file that a pack file names, or the one table file given; return what was sealed.

    ``name`` is a path, or the path of a file inside the overlay or the shipped packs.
    """
    given = _find(name, overlay)
    packs = [given] if given.suffix == ".yaml" else sorted(given.parent.glob("*.yaml"))
    sealed = []
    for pack in packs:
        text = pack.read_text(encoding="utf-8")
        marks = [mark for mark in _marks(text, pack) if given.suffix == ".yaml" or mark[0] == given.name]
        sealed += _write(pack, text, marks)
    if not sealed:
        raise UserError("no pack file names a table here", where=name, do="Write 'file:' and 'sha256:' into it.")
    return sealed


def _find(name: str, overlay: Path | None) -> Path:
    for path in (Path(name), *(root / name for root in reversed(pack_files.roots(overlay)))):
        if path.is_file() and path.suffix in (".yaml", ".csv"):
            return path
    raise UserError("there is no such pack file", where=name, do="Name a .yaml file of a pack, or a .csv beside it.")


def _marks(text: str, pack: Path) -> Iterator[tuple[str, yaml.ScalarNode]]:
    """Give each table file that the text names, with the place in the text where its checksum stands."""
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise UserError(f"the file is not YAML ({' '.join(str(error).split())[:160]})", where=str(pack)) from error
    yield from _walk(root)


def _walk(node: yaml.Node | None) -> Iterator[tuple[str, yaml.ScalarNode]]:
    if isinstance(node, yaml.SequenceNode):
        for child in node.value:
            yield from _walk(child)
    elif isinstance(node, yaml.MappingNode):
        scalars = {key.value: value for key, value in node.value if isinstance(value, yaml.ScalarNode)}
        if "file" in scalars and "sha256" in scalars:
            yield scalars["file"].value, scalars["sha256"]
            return
        for _, child in node.value:
            yield from _walk(child)


def _write(pack: Path, text: str, marks: list[tuple[str, yaml.ScalarNode]]) -> list[Seal]:
    sealed = []
    for file, mark in sorted(marks, key=lambda pair: pair[1].start_mark.index, reverse=True):
        table = pack.parent / file
        if not table.is_file():
            raise UserError(f"the table's file '{file}' is not there", where=str(pack))
        after = pack_files.checksum(table.read_bytes())
        text = text[: mark.start_mark.index] + after + text[mark.end_mark.index :]
        sealed.append(Seal(pack, table, mark.value, after))
    if any(one.before != one.after for one in sealed):
        try:
            pack.write_text(text, encoding="utf-8")
        except OSError as error:
            raise UserError(f"the file cannot be written ({error.strerror})", where=str(pack)) from error
    return sealed[::-1]

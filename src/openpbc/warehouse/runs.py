"""Runs: immutable folders of Parquet with a manifest, addressed by everything that they were made from.

The address of a run is the hash of its identity: inputs, book, code, engine and parameters. Making a run that exists
recomputes it into staging and compares every file; equal bytes keep the old folder, a difference stops everything.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from openpbc.kernel.problems import UserError
from openpbc.warehouse.session import Session, named, quoted
from openpbc.warehouse.store import Store, canonical_json, file_hash

MANIFEST = "manifest.json"
Manifest = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """A published run; ``fresh`` tells whether this call made it or found it made before, byte for byte."""

    run_id: str
    folder: Path
    manifest: Manifest
    fresh: bool = False


def run_id_of(identity: Mapping[str, Any]) -> str:
    """Give the address of a run from what it is made from: 20 hexadecimal digits."""
    return hashlib.sha256(canonical_json(identity).encode()).hexdigest()[:20]


@lru_cache(maxsize=4)
def code_version(*rooms: str) -> str:
    """Name the code that makes figures: the product's version and a hash of the sources that can change a byte.

    ``rooms`` are those that have a part in the run: ``activity`` unless said.
    """
    package = Path(__file__).parents[1]
    digest = hashlib.sha256()
    for folder in ("kernel", "rulebook", "warehouse", *(rooms or ("activity",))):
        for path in sorted((package / folder).rglob("*")):
            if path.suffix in (".py", ".sql") and "migrations" not in path.parts:
                digest.update(f"{path.relative_to(package).as_posix()}\n".encode() + path.read_bytes())
    return f"{version('openpbc')}+{digest.hexdigest()[:12]}"


def made_by(engine: str, *rooms: str) -> dict[str, str]:
    """Give the parts of a run's identity that name code and engine, the latter with its version."""
    return {"code": code_version(*rooms), "engine": engine}


def publish(store: Store, identity: Mapping[str, Any], build: Callable[[Path], Mapping[str, Any]]) -> Run:
    """Build a run in staging and move it into place whole.

    ``build`` writes Parquet files into the folder that it is given and returns what the manifest says besides (counts
    and pence, stage by stage). Nothing of it is seen before it is complete.
    """
    run_id = run_id_of(identity)
    place = store.runs / run_id
    with store.staging() as folder:
        facts = build(folder)
        manifest = {**facts, **identity, "identity": sorted(identity), "run_id": run_id, "files": _hashes(folder)}
        (folder / MANIFEST).write_text(canonical_json(manifest), encoding="utf-8")
        if not place.exists() and store.keep(folder, place):
            return Run(run_id, place, manifest, fresh=True)
        _refuse_difference(folder, place, run_id)
    return Run(run_id, place, manifest)


def compare(store: Store, run_id: str, build: Callable[[Path], Mapping[str, Any]]) -> dict[str, int]:
    """Build a published run again by other means, keep nothing, and count the rows that differ, table by table."""
    published = read(store, run_id)
    with store.staging() as folder:
        build(folder)
        names = sorted({*published.manifest["files"], *(path.name for path in folder.glob("*.parquet"))})
        return {
            name.removesuffix(".parquet"): differing
            for name in names
            if (differing := _differing(folder / name, published.folder / name, store))
        }


def _differing(one: Path, other: Path, store: Store) -> int:
    """Count the rows that only one of two files has; equal bytes need no reading."""
    present = [path for path in (one, other) if path.is_file()]
    with Session(temp_directory=store.spill, macros=False) as session:
        if len(present) == 1:
            return session.number(f"select count(*) + 1 as n from read_parquet({quoted(present[0])})")
        if file_hash(one) == file_hash(other):
            return 0
        first, second = (f"select * from read_parquet({quoted(path)})" for path in present)
        return sum(
            session.number(f"select count(*) as n from (({left}) except all ({right}))")
            for left, right in ((first, second), (second, first))
        )


def _hashes(folder: Path) -> dict[str, dict[str, Any]]:
    return {
        path.name: {"sha256": file_hash(path), "bytes": path.stat().st_size}
        for path in sorted(folder.glob("*.parquet"))
    }


def _refuse_difference(folder: Path, place: Path, run_id: str) -> None:
    names = sorted({path.name for path in (*folder.iterdir(), *place.iterdir())})
    differing = [
        name
        for name in names
        if not ((folder / name).is_file() and (place / name).is_file())
        or file_hash(folder / name) != file_hash(place / name)
    ]
    if differing:
        raise UserError(
            f"the same inputs gave different bytes in {', '.join(differing)}, so the stored run was changed or the "
            "computation is not repeatable; nothing was published",
            f"run {run_id}",
            "Run 'openpbc month verify' on the stored run and report it.",
        )


def read(store: Store, run_id: str) -> Run:
    """Give a published run; an unknown one is a person's mistake."""
    folder = store.runs / run_id
    if not run_id.isalnum() or not (folder / MANIFEST).is_file():
        raise UserError(f"there is no run '{run_id[:40]}'", do="List the closed months to see the runs.")
    return Run(run_id, folder, json.loads((folder / MANIFEST).read_text(encoding="utf-8")))


def listed(store: Store) -> list[str]:
    """Give the ids of all published runs."""
    return sorted(path.parent.name for path in store.runs.glob(f"*/{MANIFEST}"))


def verify(store: Store, run_id: str) -> list[str]:
    """Compare a published run with its manifest; give one sentence for each difference."""
    run = read(store, run_id)
    stated: dict[str, dict[str, Any]] = run.manifest["files"]
    present = {path.name for path in run.folder.iterdir()} - {MANIFEST}
    problems = [f"{name} is not in the manifest" for name in sorted(present - stated.keys())]
    for name, facts in sorted(stated.items()):
        if name not in present:
            problems.append(f"{name} is missing")
        elif file_hash(run.folder / name) != facts["sha256"]:
            problems.append(f"{name} was changed")
    if run_id_of({key: run.manifest.get(key) for key in run.manifest["identity"]}) != run_id:
        problems.append(f"{MANIFEST} does not belong to this run")
    return problems


def tables(session: Session, runs: Iterable[Run]) -> None:
    """Make a read-only view of each table over one or more runs, named after its file, with a column ``run_id``."""
    paths: dict[str, list[Path]] = {}
    for run in runs:
        for path in sorted(run.folder.glob("*.parquet")):
            paths.setdefault(path.stem, []).append(path)
    for name, files in paths.items():
        parts = [f"select *, {quoted(file.parent.name)} as run_id from read_parquet({quoted(file)})" for file in files]
        session.execute(f"create or replace view {named(name)} as {' union all '.join(parts)}")


def query(
    store: Store, run_ids: Iterable[str], sql: str, parameters: Mapping[str, Any] | None = None
) -> list[dict[str, Any]]:
    """Ask one question of published runs; their tables are views named after their files (``priced``, ...)."""
    with Session(temp_directory=store.spill) as session:
        tables(session, [read(store, run_id) for run_id in run_ids])
        return session.records(sql, parameters)

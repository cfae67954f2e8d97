"""A run is there whole or not at all, is never overwritten, and says by itself whether it was changed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from openpbc.kernel.problems import UserError
from openpbc.warehouse import runs
from openpbc.warehouse.session import Session
from openpbc.warehouse.store import Store, canonical_json

IDENTITY = {"place": "somewhere", "month": "2008-06", "inputs": [{"sha256": "ab"}]}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "warehouse")


def builder(value: int = 1, name: str = "priced"):
    def build(folder: Path) -> Mapping[str, Any]:
        with Session() as session:
            session.table("t", {"month": "VARCHAR", "charge": "BIGINT"}, [("2008-06", value), ("2008-06", 2)])
            session.write("t", folder / f"{name}.parquet", "month, charge")
        return {"stages": {"priced": 2}}

    return build


def test_a_run_is_named_by_what_it_is_made_from() -> None:
    assert runs.run_id_of({"a": 1, "b": [2]}) == runs.run_id_of({"b": [2], "a": 1})
    assert runs.run_id_of({"a": 1}) != runs.run_id_of({"a": 2})
    assert len(runs.run_id_of({})) == 20
    assert runs.made_by("an engine 1.0") == {"code": runs.code_version(), "engine": "an engine 1.0"}


def test_a_run_is_published_with_a_manifest_of_hashes(store: Store) -> None:
    made = runs.publish(store, IDENTITY, builder())
    assert made.fresh
    manifest = json.loads((made.folder / "manifest.json").read_text())
    assert manifest == made.manifest
    assert (manifest["place"], manifest["stages"]) == ("somewhere", {"priced": 2})
    assert set(manifest["files"]) == {"priced.parquet"}
    assert runs.verify(store, made.run_id) == []
    assert runs.listed(store) == [made.run_id]
    assert all(path.stat().st_mode & 0o222 == 0 for path in made.folder.iterdir())
    assert not list((store.root / ".staging").iterdir())


def test_a_comparison_counts_the_rows_that_only_one_has_and_keeps_nothing(store: Store) -> None:
    made = runs.publish(store, IDENTITY, builder())
    assert runs.compare(store, made.run_id, builder()) == {}
    assert runs.compare(store, made.run_id, builder(3)) == {"priced": 2}
    assert runs.compare(store, made.run_id, builder(name="other")) == {"other": 3, "priced": 3}
    assert runs.listed(store) == [made.run_id]
    assert not list((store.root / ".staging").glob("*.lock"))


def test_too_little_memory_is_told_in_a_sentence_and_keeps_nothing(store: Store) -> None:
    def build(folder: Path) -> Mapping[str, Any]:
        with Session(memory_limit="5MB") as session:
            session.execute(
                "create table t as select md5(cast(n as varchar)) as n from (select unnest(range(900000)) as n)"
            )
        return {}

    with pytest.raises(UserError, match=r"memory limit; nothing was kept\. Give it more.*--memory"):
        runs.publish(store, IDENTITY, build)
    assert runs.listed(store) == []


def test_the_same_run_again_is_computed_compared_and_kept(store: Store) -> None:
    first = runs.publish(store, IDENTITY, builder())
    before = {path: path.stat().st_mtime_ns for path in first.folder.iterdir()}
    again = runs.publish(store, IDENTITY, builder())
    assert (again.run_id, again.fresh, again.manifest) == (first.run_id, False, first.manifest)
    assert {path: path.stat().st_mtime_ns for path in first.folder.iterdir()} == before


@pytest.mark.parametrize("other", [builder(9), builder(1, "other")], ids=["other figures", "another file"])
def test_other_bytes_from_the_same_basis_stop_everything(store: Store, other) -> None:
    first = runs.publish(store, IDENTITY, builder())
    with pytest.raises(UserError, match="different bytes"):
        runs.publish(store, IDENTITY, other)
    assert runs.verify(store, first.run_id) == []


def test_a_build_that_fails_leaves_nothing(store: Store) -> None:
    def fail(folder: Path) -> Mapping[str, Any]:
        builder()(folder)
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError):
        runs.publish(store, IDENTITY, fail)
    assert runs.listed(store) == []
    assert not list((store.root / ".staging").iterdir())


def _change(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


def test_verifying_tells_what_was_changed(store: Store) -> None:
    made = runs.publish(store, IDENTITY, builder())
    parquet, manifest = made.folder / "priced.parquet", made.folder / "manifest.json"
    kept, stated = parquet.read_bytes(), manifest.read_bytes()
    _change(parquet, kept[:-1] + b"x")
    assert runs.verify(store, made.run_id) == ["priced.parquet was changed"]
    parquet.unlink()
    assert runs.verify(store, made.run_id) == ["priced.parquet is missing"]
    parquet.write_bytes(kept)
    (made.folder / "more.parquet").write_bytes(b"")
    assert runs.verify(store, made.run_id) == ["more.parquet is not in the manifest"]
    (made.folder / "more.parquet").unlink()
    _change(manifest, canonical_json({**json.loads(stated), "month": "2008-07"}).encode())
    assert runs.verify(store, made.run_id) == ["manifest.json does not belong to this run"]


def test_an_unknown_run_is_a_persons_mistake(store: Store) -> None:
    for run_id in ("0" * 20, "../landed", ""):
        with pytest.raises(UserError, match="no run"):
            runs.read(store, run_id)


def test_questions_are_asked_over_several_runs(store: Store) -> None:
    one = runs.publish(store, IDENTITY, builder(5))
    two = runs.publish(store, {**IDENTITY, "month": "2008-07"}, builder(7))
    sums = "select cast(sum(charge) as bigint) as charge, count(distinct run_id) as runs from priced where month = $m"
    assert runs.query(store, [one.run_id, two.run_id], sums, {"m": "2008-06"}) == [{"charge": 16, "runs": 2}]

"""A month's run: repeatable to the byte, indifferent to the order of rows, and conserving rows and pence."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from openpbc.activity.flow import ConservationBroken, receiving, run, running
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.receiving import Claim
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import open_book
from openpbc.synth.making import Order, make
from openpbc.warehouse import runs
from openpbc.warehouse.engines import Engine
from openpbc.warehouse.runs import Run
from openpbc.warehouse.session import Session
from openpbc.warehouse.store import Store
from openpbc.warehouse.survey import survey
from tests.unit.activity.rows import PLACE, members_of

APRIL = Month(2008, 4)
ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def book():
    return open_book(PLACE)


@pytest.fixture(scope="module")
def county(book, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    make(book, Order(APRIL, APRIL, 3, 4_000), folder)
    return folder


def received(store: Store, book, folder: Path) -> list[Submitted]:
    found = []
    for path in sorted(folder.glob("*_2008-04_*.csv")):
        one = receiving.accept(store, book, survey(path), Claim())
        found.append(Submitted(one.landed.sha256, one.stream, one.layout, one.provider, one.month))
    return found


def shuffled(folder: Path, into: Path, seed: int) -> Path:
    """Write each file again with its rows in another order."""
    into.mkdir(parents=True)
    for path in sorted(folder.glob("*_2008-04_*.csv")):
        header, *lines = path.read_text().splitlines()
        random.Random(seed).shuffle(lines)
        (into / path.name).write_text("\n".join([header, *lines]) + "\n")
    return into


def bytes_of(made: Run) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(made.folder.iterdir())}


def table(made: Run, name: str, without: tuple[str, ...] = ()) -> list[tuple[object, ...]]:
    path = f"read_parquet('{made.folder / name}.parquet')"
    with Session() as session:
        columns = [column for column in session.columns(f"select * from {path}") if column not in without]
        return session.rows(f"select {', '.join(columns)} from {path} order by all")


@pytest.fixture(scope="module")
def made(book, county, tmp_path_factory) -> tuple[Store, list[Submitted], Run]:
    store = Store(tmp_path_factory.mktemp("made") / "warehouse")
    files = received(store, book, county)
    return store, files, run(store, book, APRIL, files, members_of(book), engine=Engine(threads=2))


def test_closing_again_gives_the_same_bytes_and_keeps_the_first(book, made) -> None:
    store, files, first = made
    before = bytes_of(first)
    again = run(store, book, APRIL, files[::-1], members_of(book)[::-1], engine=Engine(threads=1))
    assert (again.run_id, again.fresh) == (first.run_id, False)
    assert bytes_of(again) == before
    assert runs.verify(store, first.run_id) == []


@pytest.mark.parametrize("threads", [1, 3])
def test_another_machine_gives_the_same_bytes(book, county, made, tmp_path: Path, threads: int) -> None:
    _, _, first = made
    store = Store(tmp_path / "another" / "warehouse")
    other = run(store, book, APRIL, received(store, book, county), members_of(book), engine=Engine(threads=threads))
    assert bytes_of(other) == bytes_of(first)


def test_five_processes_give_the_same_bytes(county, tmp_path: Path) -> None:
    """Other threads, memory, time zone, language and seed of hashes, with everything landed anew."""
    ways = (
        ("1", "2GB", "UTC", "0", "C.UTF-8"),
        ("2", "2GB", "Pacific/Kiritimati", "1", "C.UTF-8"),
        ("2", "500MB", "America/St_Johns", "random", "C"),
        ("1", "400MB", "Europe/London", "4294967295", "en_GB.UTF-8"),
        ("3", "1GB", "Asia/Kathmandu", "77", "tr_TR.UTF-8"),
    )
    published = []
    for number, (threads, memory, zone, seed, tongue) in enumerate(ways):
        command = ["-m", "tests.unit.activity.close_once", county, tmp_path / str(number), threads, memory]
        env = os.environ | {"PYTHONHASHSEED": seed, "TZ": zone, "LC_ALL": tongue, "LANG": tongue}
        done = subprocess.run([sys.executable, *command], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
        published.append(json.loads(done.stdout))
    assert len(published[0]) == len(running.PUBLISHED) + 1
    assert [one for one in published if one != published[0]] == []


def test_the_order_of_rows_changes_no_figure(book, county, made, tmp_path: Path) -> None:
    _, _, first = made
    store = Store(tmp_path / "warehouse")
    files = received(store, book, shuffled(county, tmp_path / "shuffled", 1))
    other = run(store, book, APRIL, files, members_of(book))
    assert other.run_id != first.run_id
    assert (other.folder / "monitoring.parquet").read_bytes() == (first.folder / "monitoring.parquet").read_bytes()
    for name in ("priced", "attributed", "findings", "rows_apc", "rows_op", "rows_ae"):
        keys = ("file", "line", "key") if name == "priced" else ("file", "line")
        assert table(other, name, keys) == table(first, name, keys), name
    assert other.manifest["stages"] == first.manifest["stages"]


def test_every_line_and_penny_is_in_the_manifest(made) -> None:
    store, files, first = made
    manifest = json.loads((first.folder / "manifest.json").read_text())
    stages = manifest["stages"]
    assert sum(one["lines"] for one in stages["received"]) == sum(one["lines"] for one in stages["checked"])
    assert {one["outcome"] for one in stages["checked"]} == {"accepted", "rejected", "excluded"}
    for one in manifest["files_in"]:
        assert one["lines"] == one["accepted"] + one["rejected"] + one["excluded"]
    for measure in ("units", "charge", "price"):
        assert sum(one[measure] for one in stages["priced"]) == sum(one[measure] for one in stages["monitored"])
    assert {one["sha256"] for one in manifest["inputs"]} == {one.sha256 for one in files}
    with Session() as session:
        for stream in ("apc", "op", "ae"):
            path = first.folder / f"rows_{stream}.parquet"
            rows = session.number(f"select count(*) as n from read_parquet('{path}')")
            assert rows == sum(one["lines"] for one in stages["received"] if one["stream"] == stream)
    assert not any(name in json.dumps(manifest) for name in ("received_at", "/tmp", store.root.as_posix()))


def test_superseded_files_count_as_excluded(book, county, made, tmp_path: Path) -> None:
    store, files, first = made
    again = received(store, book, shuffled(county, tmp_path / "later", 2))
    former = [Submitted(one.sha256, one.stream, one.layout, one.provider, one.month, superseded=True) for one in files]
    both = run(store, book, APRIL, [*former, *again], members_of(book))
    lines = sum(one["lines"] for one in first.manifest["stages"]["received"])
    superseded = [one for one in both.manifest["stages"]["checked"] if one["reason"] == "superseded"]
    assert sum(one["lines"] for one in superseded) == lines
    assert both.manifest["stages"]["monitored"] == first.manifest["stages"]["monitored"]


def test_what_a_figure_depends_on_is_in_the_runs_name(book, made) -> None:
    store, files, first = made
    moved = [m if m.practice != "E82901" else type(m)(**{**vars(m), "unit": "DATCOM"}) for m in members_of(book)]
    assert run(store, book, APRIL, files, moved).run_id != first.run_id
    terms = {"contract_terms": (("provider", "multi_professional", "left_before_treatment"), [("RWG", True, None)])}
    assert run(store, book, APRIL, files, members_of(book), terms).run_id != first.run_id
    assert run(store, book, APRIL, files[1:], members_of(book)).run_id != first.run_id


@pytest.mark.parametrize(
    "loss",
    [
        "delete from priced where rowid = 0",
        "update monitoring set charge = charge + 1 where rowid = 0",
        "insert into priced select * from priced limit 1",
    ],
)
def test_a_lost_row_or_penny_stops_the_run(book, made, tmp_path: Path, monkeypatch, loss: str) -> None:
    store, files, first = made
    original = running.pricing.monitor

    def lossy(session: Session, month: Month) -> None:
        original(session, month)
        for name in ("priced", "monitoring"):
            session.execute(f"create or replace table {name} as select * from {name}")
        session.execute(loss)

    monkeypatch.setattr(running.pricing, "monitor", lossy)
    listed = runs.listed(store)
    with pytest.raises(ConservationBroken):
        run(store, book, APRIL, files[:3], members_of(book))
    assert runs.listed(store) == listed


def test_a_run_takes_only_its_months_files(book, made) -> None:
    store, files, _ = made
    with pytest.raises(UserError, match="no file has been received"):
        run(store, book, APRIL, [], members_of(book))
    with pytest.raises(UserError, match="not to 2008-05"):
        run(store, book, Month(2008, 5), files, members_of(book))
    lost = Submitted("f" * 64, "op", "openpbc-cds", "RWG", "2008-04")
    with pytest.raises(UserError, match="missing from the warehouse"):
        run(store, book, APRIL, [lost], members_of(book))
    strange = Submitted(files[0].sha256, files[0].stream, "gone", "RWG", "2008-04")
    with pytest.raises(UserError, match="no longer in the rulebook"):
        run(store, book, APRIL, [strange], members_of(book))

"""What tells who a person is lies apart from what is counted, and neither part is ever there without the other."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from openpbc.kernel.problems import UserError
from openpbc.warehouse import apart, landing
from openpbc.warehouse.landing import Landed
from openpbc.warehouse.session import Session
from openpbc.warehouse.store import Store
from openpbc.warehouse.survey import survey

SYNTHETIC = "9990000018"
FILE = f"hrg,NHS,age\nAA01Z,{SYNTHETIC},7\nBB02Z,9990000026,8\nno,{SYNTHETIC}\n"
SHOWN = frozenset({"hrg", "age"})


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "warehouse")


def land(store: Store, content: str = FILE, shown: frozenset[str] | None = SHOWN) -> Landed:
    path = store.root.parent / "file.csv"
    path.write_text(content)
    return landing.land(store, survey(path), ",", shown=shown, threads=2)


def everything(folder: Path) -> str:
    """All that can be read in the files of a folder: their bytes, and what the engine makes of them."""
    told = []
    with Session() as session:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                told.append(path.read_bytes().decode("latin-1"))
            if path.suffix == ".parquet":
                told += [str(row) for row in session.rows(f"select * from read_parquet('{path}')")]
    return "\n".join(told)


def test_the_part_for_analysis_names_nobody(store: Store) -> None:
    one = land(store)
    assert one.apart == ("NHS",)
    assert SYNTHETIC in everything(store.identity)
    told = everything(store.landed)
    assert "AA01Z" in told and SYNTHETIC not in told
    with Session() as session:
        names = session.columns(f"select * from read_parquet('{store.landed / one.sha256 / apart.ROWS}')")
    assert list(names) == ["row_id", "hrg", "age"]


def test_no_part_is_packed_in_a_way_that_the_other_engine_cannot_read(store: Store) -> None:
    """Spark's reader fails on a dictionary of more than 8 KiB in LZ4, as the first page that it reads."""
    land(store)
    with Session() as session:
        found = session.rows(f"select distinct compression from parquet_metadata('{store.root}/**/{apart.ROWS}')")
    assert found == [("SNAPPY",)]


def test_both_parts_together_are_the_file(store: Store) -> None:
    one = land(store)
    with Session() as session:
        lines = landing.lines_of(session, store, one, [1, 2, 3])
        ids = session.rows(f"select row_id from read_parquet('{store.landed / one.sha256 / apart.ROWS}')")
        identity = session.columns(
            f"select * from read_parquet('{apart.place(store, one.sha256, one.draw) / apart.ROWS}')"
        )
    assert lines == [
        {"line": 1, "hrg": "AA01Z", "NHS": SYNTHETIC, "age": "7"},
        {"line": 2, "hrg": "BB02Z", "NHS": "9990000026", "age": "8"},
        {"line": 3, "problem": landing.WRONG_COLUMNS, "text": f"no,{SYNTHETIC}"},
    ]
    assert list(identity) == ["NHS"] and len(set(ids)) == 3, "the parts share no value, not even an id"


def test_pairs_hold_in_a_large_file_read_by_many_threads(store: Store) -> None:
    rows = "".join(f"{at},{at}\n" for at in range(300_000))
    one = land(store, "hrg,NHS\n" + rows)
    with Session(threads=2) as session:
        assert session.number(f'select count(*) as n from {landing.source(store, one)} where hrg = "NHS"') == 300_000
        ids = f"read_parquet('{store.landed / one.sha256 / apart.ROWS}')"
        assert session.number(f"select count(distinct row_id) as n from {ids}") == 300_000


def test_only_the_owner_may_enter(store: Store) -> None:
    one = land(store)
    for path in (store.identity, store.identity / one.sha256, apart.place(store, one.sha256, one.draw)):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    for path in apart.place(store, one.sha256, one.draw).iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o400
    assert stat.S_IMODE((store.root / ".staging").stat().st_mode) == 0o700


def test_the_same_file_again_keeps_its_ids(store: Store) -> None:
    one = land(store)
    before = everything(store.root)
    assert land(store) == one
    assert everything(store.root) == before
    assert [path.name for path in (store.identity / one.sha256).iterdir()] == [one.draw]


def test_lost_identities_are_landed_anew_with_other_ids(store: Store) -> None:
    one = land(store)
    place = apart.place(store, one.sha256, one.draw)
    place.rename(store.root.parent / "lost")
    assert landing.landed(store, one.sha256) == one and not landing.is_whole(store, one.sha256)
    again = land(store)
    assert again.draw != one.draw and landing.is_whole(store, one.sha256)
    with Session() as session:
        assert landing.lines_of(session, store, again, [1])[0]["NHS"] == SYNTHETIC


@pytest.mark.parametrize("part", ["rows", "identities"])
def test_a_damaged_part_is_replaced_by_the_good_copy(store: Store, part: str) -> None:
    one = land(store)
    folder = store.landed / one.sha256 if part == "rows" else apart.place(store, one.sha256, one.draw)
    content = bytearray((folder / apart.ROWS).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / apart.ROWS).chmod(0o600)
    (folder / apart.ROWS).write_bytes(content)
    assert not landing.is_whole(store, one.sha256)
    again = land(store)
    assert again.draw != one.draw and landing.is_whole(store, one.sha256)
    assert land(store) == again == landing.landed(store, one.sha256)
    assert [path.name for path in (store.identity / one.sha256).iterdir()] == [again.draw]
    with Session() as session:
        assert landing.lines_of(session, store, again, [1]) == [
            {"line": 1, "hrg": "AA01Z", "NHS": SYNTHETIC, "age": "7"}
        ]


def test_a_column_that_is_newly_kept_apart_leaves_what_analysis_may_see(store: Store) -> None:
    land(store, shown=SHOWN | {"NHS"})
    assert SYNTHETIC in everything(store.landed)
    again = land(store)
    assert again.apart == ("NHS",) and landing.landed(store, again.sha256) == again
    assert SYNTHETIC not in everything(store.landed)
    assert list((store.root / ".staging").glob("*.lost")) == []


def test_of_two_that_land_a_refused_file_at_once_the_first_counts(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    land(store, shown=SHOWN | {"NHS"})
    put, first = landing._put, []

    def overtaken(*arguments: object) -> Landed:
        if not first:
            first.append(None)
            first.append(land(store))
        return put(*arguments)

    monkeypatch.setattr(landing, "_put", overtaken)
    assert land(store) == first[1] == landing.landed(store, first[1].sha256)
    assert landing.is_whole(store, first[1].sha256)


class Killed(BaseException):
    """Stands for the end of the process: nothing after it runs, not even what cleans up."""


def test_a_death_between_the_two_writes_leaves_nothing_half(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = Store.keep

    def dying(self: Store, folder: Path, place: Path, *, private: bool = False) -> bool:
        if place.parent == self.landed:
            # what a killed process leaves behind: its staging folder with a lock that nobody holds
            left = self.root / ".staging" / "tmpdead"
            left.mkdir()
            (left / "landing.json").write_text((folder / "landing.json").read_text())
            left.with_suffix(".lock").touch()
            raise Killed
        return kept(self, folder, place, private=private)

    monkeypatch.setattr(Store, "keep", dying)
    with pytest.raises(Killed):
        land(store)
    monkeypatch.undo()
    assert SYNTHETIC in everything(store.identity) and not list(store.landed.glob("*"))
    # the next landing of whatever file takes the orphan back
    other = land(store, "hrg,NHS\nCC03Z,9990000034\n")
    assert SYNTHETIC not in everything(store.identity)
    assert landing.is_whole(store, other.sha256)
    one = land(store)
    assert landing.is_whole(store, one.sha256)
    assert json.loads((store.landed / one.sha256 / "landing.json").read_text())["draw"] == one.draw


def test_a_draw_that_lost_is_removed(store: Store) -> None:
    one = land(store)
    (store.identity / one.sha256 / "other").mkdir()
    land(store)
    assert [path.name for path in (store.identity / one.sha256).iterdir()] == [one.draw]


def test_a_column_named_like_the_ids_is_refused(store: Store) -> None:
    with pytest.raises(UserError, match="kept for the ids"):
        land(store, "Row_ID,NHS\n1,2\n")

"""A file lands whole or not at all, and every line of it is accounted for."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpbc.kernel.problems import UserError
from openpbc.warehouse import landing
from openpbc.warehouse.landing import Landed
from openpbc.warehouse.session import Session
from openpbc.warehouse.store import Store, file_hash
from openpbc.warehouse.survey import survey


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "warehouse")


def land(store: Store, content: bytes, delimiter: str = ",") -> Landed:
    path = store.root.parent / "file.csv"
    path.write_bytes(content)
    return landing.land(store, survey(path), delimiter, threads=2)


def rows_of(store: Store, one: Landed) -> list[tuple[object, ...]]:
    with Session() as session:
        return session.rows(f"select * from ({landing.rows_with_line(store, one)}) order by line")


def unparsed_of(store: Store, one: Landed) -> list[tuple[object, ...]]:
    with Session() as session:
        found = landing.lines_of(session, store, one, range(1, one.lines + 1))
        return [(line["line"], line["problem"], line["text"]) for line in found if "problem" in line]


def nothing_in(store: Store) -> bool:
    left = [path for path in (store.root / ".staging").rglob("*") if path.name != "spill"]
    return not list(store.landed.glob("*")) and not left


def test_every_column_is_kept_as_text_with_its_line(store: Store) -> None:
    one = land(store, b"a,b,unknown\n007,1e5,x\n,2008-04-01, y \n")
    assert (one.lines, one.parsed, one.unparsed, one.columns) == (2, 2, 0, ("a", "b", "unknown"))
    assert rows_of(store, one) == [(1, "007", "1e5", "x"), (2, None, "2008-04-01", " y ")]
    assert one.sha256 == file_hash(store.root.parent / "file.csv")


def test_landed_files_are_read_only_and_described(store: Store) -> None:
    one = land(store, b"a,b\n1,2\n")
    folder = store.landed / one.sha256
    assert sorted(path.name for path in folder.iterdir()) == ["landing.json", "rows.parquet", "unparsed.parquet"]
    assert all(path.stat().st_mode & 0o222 == 0 for path in folder.iterdir())
    assert json.loads((folder / "landing.json").read_text())["rows_sha256"] == file_hash(folder / "rows.parquet")
    assert landing.landed(store, one.sha256) == one
    assert landing.landed(store, "0" * 64) is None


def test_the_same_file_lands_once(store: Store) -> None:
    one = land(store, b"a,b\n1,2\n")
    before = {path: path.stat().st_mtime_ns for path in store.landed.rglob("*")}
    assert land(store, b"a,b\n1,2\n") == one
    assert {path: path.stat().st_mtime_ns for path in store.landed.rglob("*")} == before


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfa,b\n1,2\n3,4\n",
        b"a,b\r\n1,2\r\n3,4\r\n",
        b"a,b\n1,2\r\n3,4\n",
        b"a,b\r\n1,2\n3,4",
        b"a,b\n1,2\n3,4\n\n\n",
        b'a,b\n"1","2"\n3,"4"\n',
        b'"a","b"\n1,2\n3,4\n',
    ],
    ids=[
        "byte order mark",
        "windows",
        "mixed",
        "mixed, no last end",
        "empty lines at the end",
        "quotes",
        "quoted header",
    ],
)
def test_harmless_ways_of_writing_give_the_same_rows(store: Store, content: bytes) -> None:
    one = land(store, content)
    assert rows_of(store, one) == [(1, "1", "2"), (2, "3", "4")]
    assert (one.lines, one.unparsed) == (2, 0)


def test_quotes_hold_delimiters_and_quotes(store: Store) -> None:
    one = land(store, b'a,b\n"1,5","say ""hello"""\n"",x\n')
    assert rows_of(store, one) == [(1, "1,5", 'say "hello"'), (2, None, "x")]


def test_lines_that_do_not_fit_are_set_aside_with_their_text(store: Store) -> None:
    one = land(store, b'a,b\n1,2\n1,2,3\n\n"x"y,2\nz\n5,6\n7,8\n9,10\n11,12\n')
    assert (one.lines, one.parsed, one.unparsed) == (9, 5, 4)
    assert unparsed_of(store, one) == [
        (2, landing.WRONG_COLUMNS, "1,2,3"),
        (3, landing.EMPTY_LINE, ""),
        (4, landing.BROKEN_QUOTES, '"x"y,2'),
        (5, landing.WRONG_COLUMNS, "z"),
    ]
    assert rows_of(store, one)[5:] == [(6, "5", "6"), (7, "7", "8"), (8, "9", "10"), (9, "11", "12")]
    with Session() as session:
        assert landing.lines_of(session, store, one, [6, 2, 2]) == [
            {"line": 2, "problem": landing.WRONG_COLUMNS, "text": "1,2,3"},
            {"line": 6, "a": "5", "b": "6"},
        ]


def test_one_open_quote_in_a_million_lines_swallows_nothing(store: Store) -> None:
    lines = [f"K{at},x,y" for at in range(60_000)]
    lines[30_000] = 'K30000,"x,y'
    with pytest.raises(UserError, match="line 30002: a quote is opened and not closed"):
        land(store, "\n".join(["a,b,c", *lines]).encode())
    assert nothing_in(store)


def test_another_delimiter_is_the_layouts_choice(store: Store) -> None:
    one = land(store, b"a|b\n1|2,5\n", "|")
    assert rows_of(store, one) == [(1, "1", "2,5")]


def test_a_file_with_one_column_lands(store: Store) -> None:
    one = land(store, b"a\n1\n2\n")
    assert rows_of(store, one) == [(1, "1"), (2, "2")]


def test_a_missing_last_line_end_is_remembered(store: Store) -> None:
    assert not land(store, b"a,b\n1,2\n3,4").line_end_at_end
    assert land(store, b"a,b\n1,2\n3,4\n").line_end_at_end


def test_inspection_may_refuse_before_anything_is_kept(store: Store) -> None:
    path = store.root.parent / "file.csv"
    path.write_bytes(b"a,b\n1,2\n")

    def refuse(draft: landing.Draft) -> None:
        assert draft.session.number(f"select count(*) as n from {draft.source}") == 1
        raise UserError("no")

    with pytest.raises(UserError):
        landing.land(store, survey(path), ",", inspect=refuse)
    assert nothing_in(store)


def test_a_file_that_changes_while_it_is_read_is_refused(store: Store) -> None:
    path = store.root.parent / "file.csv"
    path.write_bytes(b"a,b\n1,2\n")
    looked_at = survey(path)
    path.write_bytes(b"a,b\n1,2\n3,4\n")
    with pytest.raises(UserError):
        landing.land(store, looked_at, ",")
    assert nothing_in(store)


@pytest.mark.parametrize("seed", range(2))
def test_line_numbers_hold_in_large_files_with_many_threads(store: Store, seed: int) -> None:
    dice = random.Random(seed)
    lines = [f"{at},{'x' * dice.randrange(60)}" for at in range(1, 200_001)]
    one = land(store, ("n,t\n" + "\n".join(lines) + "\n").encode())
    with Session(threads=2) as session:
        rows = landing.rows_with_line(store, one)
        assert session.number(f"select count(*) as n from ({rows}) where line <> cast(n as bigint)") == 0
        assert session.number(f"select count(*) as n from ({rows})") == one.lines == 200_000


FIELD = st.text(st.sampled_from('ab1 ",;|\n\r\té'), max_size=6)


@settings(max_examples=60)
@given(st.lists(st.lists(FIELD, min_size=1, max_size=4), min_size=1, max_size=8), st.booleans())
def test_whatever_arrives_each_line_is_counted_or_the_file_refused(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], closed: bool
) -> None:
    store = Store(tmp_path_factory.mktemp("fuzz") / "warehouse")
    content = "a,b,c\n" + "\n".join(",".join(row) for row in rows) + ("\n" if closed else "")
    try:
        one = land(store, content.encode())
    except UserError:
        assert nothing_in(store)
        return
    body = content.removeprefix("a,b,c\n").rstrip("\r\n")
    assert one.lines == body.count("\n") + 1
    assert one.lines == one.parsed + one.unparsed
    assert len(rows_of(store, one)) == one.lines
    assert len(unparsed_of(store, one)) == one.unparsed


@pytest.mark.parametrize("gap", ["\n\n", "\n\r\n", "\r\n\r\n"])
def test_an_empty_line_is_seen_wherever_a_block_ends(tmp_path: Path, monkeypatch, gap: str) -> None:
    monkeypatch.setattr("openpbc.warehouse.survey.BLOCK", 8)
    path = tmp_path / "file.csv"
    for ahead in range(16):
        path.write_bytes(f"a\n{'x' * ahead}{gap}1\n".encode())
        assert survey(path).gaps, f"{ahead} characters ahead of it"
        path.write_bytes(f"a\n{'x' * ahead}y{gap[: len(gap) // 2]}1\n".encode())
        assert not survey(path).gaps

"""The engine as the rest of the product sees it: its macros are the kernel's twins, its writing is repeatable."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from openpbc.kernel import codes, money
from openpbc.warehouse.session import BriefSession, MemoryShort, Session, named, quoted
from openpbc.warehouse.store import file_hash
from tests.unit.warehouse import days

AMOUNTS = st.integers(-(10**11), 10**11)


@pytest.fixture(scope="module")
def session():
    with Session(threads=2) as opened:
        yield opened


@given(st.lists(st.tuples(AMOUNTS, st.integers(1, 10**7), st.integers(-(10**6), 3 * 10**6)), min_size=1, max_size=50))
def test_money_macros_round_as_the_kernel_does(session: Session, rows: list[tuple[int, int, int]]) -> None:
    session.table("amounts", {"n": "BIGINT", "d": "BIGINT", "ppm": "BIGINT"}, rows)
    got = session.rows("select round_div(n, d) as a, apply_ppm(n, ppm) as b, apply_mff(n, d) as c from amounts")
    assert got == [(money.round_div(n, d), money.apply_ppm(n, ppm), money.apply_mff(n, d)) for n, d, ppm in rows]


def test_division_by_nought_is_nothing_rather_than_a_number(session: Session) -> None:
    assert session.rows("select round_div(5, 0) as a, round_div(null, 3) as b") == [(None, None)]


def test_nhs_numbers_are_checked_as_the_kernel_does(session: Session) -> None:
    dice = random.Random(1)
    numbers = [f"{dice.randrange(10**10):010d}" for _ in range(20_000)]
    numbers += [str(first) * 5 + str(second) * 5 for first in range(10) for second in range(10)]
    numbers += ["9434765919", "4000000004", "4010232137", "1234567890", "9990000018"]
    session.table("numbers", {"n": "VARCHAR"}, [(number,) for number in numbers])
    for number, ok in session.rows("select n, nhs_digits_ok(cast(n as bigint)) as ok from numbers"):
        assert ok == codes.nhs_number_ok(number), number


def test_days_are_those_of_the_calendar(session: Session) -> None:
    session.table("days", {"d": "VARCHAR"}, [(text,) for text in days.TEXTS])
    for text, ok in session.rows("select d, iso_day_ok(d) as ok from days"):
        assert ok == days.is_day(text), text
    assert session.rows("select iso_day_ok(cast(null as varchar)) as ok") == [(None,)]


@given(st.dates(date(1880, 1, 1), date(2030, 1, 1)), st.integers(-400, 40_000))
def test_whole_years_are_birthdays_passed(session: Session, born: date, days: int) -> None:
    reached = born + timedelta(days=days)
    expected = None
    if reached >= born:
        expected = reached.year - born.year - ((reached.month, reached.day) < (born.month, born.day))
    got = session.rows("select whole_years($b, $r) as y", {"b": born.isoformat(), "r": reached.isoformat()})
    assert got == [(expected,)]


@pytest.mark.parametrize("code", ["RWG00", "RWG", "RWG01", "5P400", "R1", "RWGAA", "RWG000"])
def test_providers_match_as_the_kernel_does(session: Session, code: str) -> None:
    assert session.rows("select provider_match($c) as p", {"c": code}) == [(codes.provider_match(code),)]


def test_a_script_runs_each_statement_with_the_parameters_that_it_names(session: Session, monkeypatch) -> None:
    script = "create or replace table a as select $x as n; create or replace table b as select n + $y as n from a;"
    monkeypatch.setattr("openpbc.warehouse.session.statement_text", lambda package, name: script)
    session.script("any", "any.sql", {"x": 1, "y": 2, "unused": 3})
    assert session.number("select n from b") == 3


def test_small_tables_hold_missing_values_and_may_be_empty(session: Session) -> None:
    session.table("small", {"a": "VARCHAR", "b": "DATE"}, [("x", date(2008, 4, 1)), (None, None)])
    assert session.records("select * from small order by a") == [
        {"a": "x", "b": date(2008, 4, 1)},
        {"a": None, "b": None},
    ]
    session.table("small", {"a": "VARCHAR"}, [])
    assert session.number("select count(*) as n from small") == 0
    assert session.number("select sum(length(a)) as n from small") == 0


def test_names_and_texts_are_quoted(session: Session) -> None:
    name, text = 'odd "name"', "it's"
    session.table(name, {'odd "column"': "VARCHAR"}, [(text,)])
    assert session.rows(f"select {quoted(text)} as a from {named(name)}") == [(text,)]


@pytest.mark.parametrize("threads", [1, 2, 4])
def test_writing_gives_the_same_bytes_with_any_threads_and_any_order_of_rows(tmp_path: Path, threads: int) -> None:
    hashes = set()
    for seed in ("", "a", "b"):
        with Session(threads=threads) as session:
            session.execute(
                "create table rows as select n, n % 7 as k, md5(cast(n as varchar)) as t "
                f"from (select unnest(range(50000)) as n) order by md5(concat('{seed}', n))"
            )
            session.write("rows", tmp_path / f"{seed}.parquet", "k, n")
            hashes.add(file_hash(tmp_path / f"{seed}.parquet"))
    with Session(threads=3) as session:
        session.execute(
            "create table rows as select n, n % 7 as k, md5(cast(n as varchar)) as t "
            "from (select unnest(range(50000)) as n)"
        )
        session.write("rows", tmp_path / "other.parquet", "k, n")
    assert hashes == {file_hash(tmp_path / "other.parquet")}


def test_more_than_fits_into_memory_is_written_to_disk_on_the_way(tmp_path: Path) -> None:
    def written(name: str, memory: str, spill: Path | None) -> int:
        with Session(threads=1, memory_limit=memory, temp_directory=spill) as session:
            session.execute(
                "create table rows as select n, md5(cast(n as varchar)) as t, md5(cast(n + 1 as varchar)) as u "
                "from (select unnest(range(600000)) as n)"
            )
            session.write("rows", tmp_path / name, "u, n")
            return session.number("select sum(size) as n from duckdb_temporary_files()")

    assert written("in memory", "2GB", None) == 0
    assert written("on disk", "60MB", tmp_path / "not yet" / "there" / "spill") > 0
    assert file_hash(tmp_path / "in memory") == file_hash(tmp_path / "on disk")
    with pytest.raises(MemoryShort):
        written("nowhere", "60MB", None)


def test_no_extension_is_ever_fetched(session: Session) -> None:
    settings = dict(session.rows("select name, value from duckdb_settings()"))
    assert settings["autoinstall_known_extensions"] == settings["autoload_known_extensions"] == "false"


def test_brief_sessions_at_once_know_nothing_of_each_other() -> None:
    def ask(number: int) -> tuple[int, int]:
        with BriefSession() as session:
            session.table("held", {"n": "BIGINT"}, [(number,)])
            session.execute(f"create or replace macro own() as {number}")
            session.execute("create or replace view twice as select n + own() as n from held")
            return session.number("select n from twice"), session.number("select round_div(5, 2) as n")

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(ask, range(40))) == [(2 * number, 3) for number in range(40)]
    with BriefSession() as session:
        left = session.rows("select table_name from duckdb_tables()")
        left += session.rows("select view_name from duckdb_views() where not internal")
        own = session.number("select count(*) as n from duckdb_databases() where not internal")
    assert (left, own) == ([], 2), "what a session made goes with it"

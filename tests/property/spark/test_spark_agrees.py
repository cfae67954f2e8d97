"""Law, DuckDB and Spark agree on generated records to the penny, and on every row of a month's run."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest

from openpbc.activity.flow import reference, running
from openpbc.kernel.money import apply_mff, round_div
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import open_book
from openpbc.synth.making import Order, make
from openpbc.warehouse import runs
from openpbc.warehouse.engines import Engine, name_of
from openpbc.warehouse.session import Session
from openpbc.warehouse.store import Store
from tests.property.activity import engines as checks
from tests.property.activity.test_checks_twice import FILE, FILES, NUMBERS, invented
from tests.property.pricing import engines as prices
from tests.property.pricing.records import County, rich_law, rich_places
from tests.unit.activity.rows import PLACE, members_of
from tests.unit.activity.test_run import received
from tests.unit.activity.test_run import table as rows_of
from tests.unit.warehouse import days

NOVEMBER = Month(2008, 11)
APRIL = Month(2008, 4)


def test_spark_knows_the_days_of_the_calendar(spark: Engine, tmp_path: Path) -> None:
    with spark.open(tmp_path) as session:
        session.table("days", {"d": "VARCHAR"}, [(text,) for text in days.TEXTS])
        found = dict(session.rows("select d, iso_day_ok(d) as ok from days"))
    assert found == {text: days.is_day(text) for text in days.TEXTS}


def test_what_spark_keeps_for_itself_it_can_read_again(spark: Engine, tmp_path: Path) -> None:
    """Its reader fails on a dictionary of more than 8 KiB in LZ4, as the first page that it reads."""
    with spark.open(tmp_path) as session:
        session.execute("create table kept as select 'one' as word")
        with Session() as embedded:
            found = embedded.rows(f"select distinct compression from parquet_metadata('{tmp_path}/*/*/*.parquet')")
    assert found == [("SNAPPY",)]


def test_law_duckdb_and_spark_price_alike(spark: Engine, tmp_path: Path) -> None:
    law, places = rich_law(), rich_places()
    rows = County(20082, law, places).rows(10_000, 10_000, 10_000)
    expected = prices.by_law(rows, law, places, NOVEMBER)
    assert prices.by_sql(rows, law, places, NOVEMBER) == expected
    found = prices.by_sql(rows, law, places, NOVEMBER, partial(spark.open, tmp_path))
    assert len(found) == len(expected) >= 30_000
    assert [(one, found.get(key)) for key, one in expected.items() if found.get(key) != one][:3] == []


def test_law_duckdb_and_spark_find_the_same_faults(spark: Engine, tmp_path: Path) -> None:
    book = open_book(PLACE)
    levels = {rule.code: rule.level for rule in reference.check_rules(book).values()}
    lists = reference.lists_of(book, members_of(book), by_place=True)
    rows = [row for stream, number in NUMBERS.items() for row in invented(stream, lists, 2, number)]
    files = {FILE: FILES["by place"]}
    expected = checks.by_law(rows, files, lists, levels)
    assert checks.by_sql(rows, files, lists, levels) == expected
    found = checks.by_sql(rows, files, lists, levels, partial(spark.open, tmp_path))
    assert [(row, expected[row.at], found[row.at]) for row in rows if found[row.at] != expected[row.at]][:3] == []


def test_a_month_has_the_same_rows_from_both_engines(spark: Engine, tmp_path: Path) -> None:
    book, store = open_book(PLACE), Store(tmp_path / "warehouse")
    make(book, Order(APRIL, APRIL, 5, 4_000), tmp_path / "county")
    files, members = received(store, book, tmp_path / "county"), members_of(book)
    first = running.run(store, book, APRIL, files, members, engine=Engine(threads=1))
    second = running.run(store, book, APRIL, files, members, engine=spark)
    assert (name_of(first.manifest["engine"]), name_of(second.manifest["engine"])) == ("duckdb", "spark")
    assert second.run_id != first.run_id
    assert second.manifest["files"].keys() == first.manifest["files"].keys()
    for name in first.manifest["files"]:
        table = name.removesuffix(".parquet")
        assert rows_of(second, table) == rows_of(first, table), name
    assert second.manifest["stages"] == first.manifest["stages"]
    assert runs.verify(store, second.run_id) == []


def test_what_the_engines_read_differently_is_translated(spark: Engine, tmp_path: Path) -> None:
    with spark.open(tmp_path) as session:
        session.table("texts", {"t": "VARCHAR"}, [(t,) for t in ("12", "12\n", "12\u2028", "12\r", "a12", None)])
        fits = session.rows("select t from texts where regexp_matches(t, '^[0-9]+$')")
        assert fits == [("12",)]
        session.table("shapes", {"s": "VARCHAR"}, [("^(1[0-9])$",)])
        assert session.rows("select t from texts cross join shapes where regexp_matches(t, s)") == [("12",)]
        amounts = [(0, 7), (5, 10), (-5, 10), (15, 10), (-15, 10), (10**11 + 1, 3), (-(10**11) - 1, 2)]
        session.table("amounts", {"n": "BIGINT", "d": "BIGINT"}, amounts)
        got = session.rows("select n, d, round_div(n, d) as a, apply_mff(n, d) as b from amounts")
        assert sorted(got) == sorted((n, d, round_div(n, d), apply_mff(n, d)) for n, d in amounts)
        assert session.number("select count(*) as n from amounts where n > $least", {"least": 0}) == 3
        assert session.columns("amounts") == {"n": "BIGINT", "d": "BIGINT"}
        session.execute("create or replace table amounts as select n + 1 as n from amounts where n > 0")
        assert session.records("select n from amounts order by n")[0] == {"n": 6}
        with pytest.raises(ValueError, match="have a counterpart in Spark"):
            session.execute("delete from amounts")


def test_spark_that_is_not_installed_is_told_in_a_sentence(monkeypatch, tmp_path: Path) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyspark", None)
    with pytest.raises(UserError, match=r"Spark is not installed"):
        Engine("spark").open(tmp_path)

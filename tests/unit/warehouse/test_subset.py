"""SQL stays inside what DuckDB and Spark share: each ban is caught, and every ``.sql`` file of the product passes."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import openpbc
from openpbc.warehouse import subset, translation

PACKAGE = Path(openpbc.__file__).parent
SCRIPTS = sorted(PACKAGE.rglob("*.sql"))

BANNED = {
    "select 1 / a as x from t": "nullif",
    "select a // b as x from t": "nullif",
    "select a % (b + 1) as x from t": "nullif",
    "select a / 0 as x from t": "nullif",
    "select cast(2.5 as int) as x": "rounds differently",
    "select try_cast(a as date) as d from t": "regular expression",
    "select case when a is not null then try_cast(a as date) end as d from t": "regular expression",
    "select cast(try_cast(a as date) as varchar) = b as d from t": "regular expression",
    "select try_cast(a as date) = a as d from t": "regular expression",
    "select dis_date - adm_date as d from t": "date_diff",
    "select cast(a as date) - cast(b as date) as d from t": "date_diff",
    "select date_diff('month', a, b) as m from t": "anything but days",
    "select year(a) as y from t": "calendar table",
    "select extract(month from a) as m from t": "calendar table",
    "select dayofweek(a) as d from t": "calendar table",
    "select isodow(a) as d from t": "calendar table",
    "select substr(a, 0, 2) as s from t": "counts from 1",
    "select list_filter(a, x -> x is null) as l from t": "lambda",
    "select len(a) as n from t": "array_length",
    "select * exclude (a) from t": "exclude",
    "select t.a from t join u using (a)": "join condition",
    "select a + 1 from t": "needs a name",
    "create table q as select count(*) from t": "needs a name",
    "with x as (select a + 1 from t) select x.a from x": "needs a name",
    "select sum(a) as n from t": "BIGINT",
    "select coalesce(sum(a), 0) as n from t": "BIGINT",
    "select sign(a) as s from t": "floating point",
    "select lag(a) over w as b from t window w as (order by a rows unbounded preceding)": "window of their own",
    "select lead(a) over (order by a rows unbounded preceding) as b from t": "window of their own",
}

ALLOWED = (
    "select a / nullif(b, 0) as x, a // 7 as y, a % 11 as z from t",
    "select cast(try_cast(a as date) as varchar) = a as d from t",
    "select case when regexp_matches(a, '^[0-9]{4}-[0-9]{2}-[0-9]{2}$') then try_cast(a as date) end as d from t",
    "select date_diff('day', a, b) as d, substr(a, 1, 2) as s, array_length(l) as n from t",
    "select cast(sum(a) as bigint) as n, cast(sum(a) over (partition by b) as bigint) as m from t",
    "select t.a, count(*) as n from t join u on u.a = t.a group by t.a",
    "select a from t where exists (select 1 from u where u.a = t.a)",
    "select lag(a) over (partition by b order by a) as c from t",
)


@pytest.mark.parametrize(("sql", "word"), BANNED.items())
def test_each_ban_is_caught(sql: str, word: str) -> None:
    assert any(word in breach for breach in subset.breaches(sql)), subset.breaches(sql)


@pytest.mark.parametrize("sql", ALLOWED)
def test_what_both_engines_do_alike_passes(sql: str) -> None:
    assert subset.breaches(sql) == []


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_script_stays_in_the_subset(path: Path) -> None:
    assert subset.breaches(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", sorted((PACKAGE / "activity" / "sql").glob("*.sql")), ids=lambda path: path.name)
def test_every_statement_of_activity_has_a_counterpart_in_spark(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    statements = len(re.findall(r"^(create or replace (?:table|view)|drop)\b", text, flags=re.MULTILINE))
    assert len(translation.to_spark(text)) == statements

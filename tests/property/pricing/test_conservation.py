"""Nothing is lost between the stages, the order of rows is irrelevant, and the statements stay in the shared subset."""

from __future__ import annotations

import random
from collections import Counter
from importlib.resources import files

import pytest

from openpbc.activity.flow import pricing
from openpbc.activity.flow.pricing_law import pricing_law
from openpbc.activity.rules.scheme import COUNTED
from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import open_book
from openpbc.warehouse.session import Session
from openpbc.warehouse.subset import breaches
from openpbc.warehouse.translation import to_spark
from tests.property.pricing.engines import Row, by_law, by_sql, lay_places, lay_rows, run_sql
from tests.property.pricing.records import PLACE, County, rich_law, rich_places

MONTH = Month.parse("2008-11")
MONITORING = "month unit budget_line practice provider commissioner stream pod status activity charge price".split()
PRICED = (
    "stream provider file line key month practice unit budget_line commissioner method pod hrg status reason base "
    "topup long_stay unbundled pre_mff mff_amount price charge los excess_bed_days episodes"
).split()
STATEMENTS = sorted(
    path.name
    for path in files("openpbc.activity.sql").iterdir()
    if path.name.startswith(("attribute", "price", "monitor"))
)


def _rows(seed: int) -> dict[str, list[Row]]:
    return County(seed, rich_law(), rich_places()).rows(800, 400, 400)


def test_every_accepted_row_belongs_to_one_unit_and_sums_match() -> None:
    rows, expected = _rows(11), Counter[tuple[object, ...]]()
    for record in by_law(rows, rich_law(), rich_places(), MONTH).values():
        expected[tuple(record[name] for name in MONITORING[:9])] += 1
    with Session(threads=2) as session:
        run_sql(session, rows, rich_law(), rich_places(), MONTH)
        assert pricing.imbalances(session) == ()
        attributed = session.records("select * from attributed")
        monitoring = session.records("select * from monitoring")
        assert list(session.columns("priced")) == PRICED
        assert list(session.columns("monitoring")) == MONITORING
    assert list(attributed[0]) == ["stream", "file", "line", "key", "practice", "unit", "commissioner", "method"]
    one_each = Counter((r["stream"], r["file"], r["line"]) for r in attributed)
    assert set(one_each) == {(r["stream"], r["file"], r["line"]) for own in rows.values() for r in own}
    assert set(one_each.values()) == {1}
    assert {tuple(r[name] for name in MONITORING[:9]): r["activity"] for r in monitoring} == dict(expected)


def test_a_lost_or_doubled_row_is_told() -> None:
    with Session(threads=2) as session:
        run_sql(session, _rows(12), rich_law(), rich_places(), MONTH)
        session.execute("create or replace table priced as select * from priced where stream <> 'ae' or line % 2 = 0")
        assert [told.split(":")[0] for told in pricing.imbalances(session)][:1] == ["ae"]
        assert any(told.startswith("The charge of monitoring") for told in pricing.imbalances(session))


@pytest.mark.parametrize("seed", [21, 22])
def test_the_order_of_rows_is_irrelevant(seed: int) -> None:
    rows = _rows(seed)
    shuffled = {stream: random.Random(seed).sample(own, len(own)) for stream, own in rows.items()}
    assert by_sql(rows, rich_law(), rich_places(), MONTH) == by_sql(shuffled, rich_law(), rich_places(), MONTH)
    assert by_law(rows, rich_law(), rich_places(), MONTH) == by_law(shuffled, rich_law(), rich_places(), MONTH)


def test_the_flow_runs_from_the_book_alone_and_tells_its_findings() -> None:
    book, places = open_book(PLACE), rich_places()
    terms = {"contract_terms": (("provider", "multi_professional", "left_before_treatment"), [("RWG", True, None)])}
    with Session(threads=2) as session:
        lay_rows(session, _rows(13))
        lay_places(session, places, rich_law().mff)
        pricing.attribute(session, book, MONTH)
        pricing.price_by(session, pricing_law(book, terms))
        pricing.monitor(session, MONTH)
        assert pricing.imbalances(session) == ()
        findings = session.rows("select distinct rule, level from price_findings order by rule")
        told = "select count(*) as n from priced where status in ('NO_PRICE', 'LOCAL') and not exists ("
        told += "select 1 as one from price_findings f where f.stream = priced.stream and f.file = priced.file "
        told += "and f.line = priced.line)"
        assert session.number(told) == 0
        assert list(session.columns("price_findings")) == ["stream", "file", "line", "rule", "level", "field"]
    assert ("X-NOPRICE", "E") in findings and ("N-HRG", "E") in findings
    assert not {"X-DNA", "X-OPEN", ""} & {rule for rule, _ in findings}


def test_a_month_without_rows_is_priced_as_nothing() -> None:
    with Session(threads=1) as session:
        run_sql(session, {}, rich_law(), rich_places(), MONTH)
        assert session.number("select count(*) as n from priced") == 0
        assert pricing.imbalances(session) == ()


def test_counted_units_are_those_that_the_commissioner_answers_for() -> None:
    assert {status.value for status in COUNTED} == {"PRICED", "LOCAL", "NO_PRICE"}


@pytest.mark.parametrize("name", STATEMENTS)
def test_a_statement_stays_in_the_subset_of_both_engines(name: str) -> None:
    text = files("openpbc.activity.sql").joinpath(name).read_text(encoding="utf-8")
    assert breaches(text) == []
    assert to_spark(text)

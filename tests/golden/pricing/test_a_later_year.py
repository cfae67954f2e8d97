"""The pack of 2017/18 prices the published examples with the engine that prices 2008/09; nothing else is told it."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from openpbc.activity.flow.adjusting import adjustment_law
from openpbc.activity.flow.pricing_law import pricing_law
from openpbc.activity.rules.attribution import Geography
from openpbc.activity.rules.law import PricingLaw
from openpbc.activity.rules.tariff import money
from openpbc.kernel.periods import Month
from openpbc.rulebook.checking import check
from openpbc.rulebook.reader import open_book
from tests.golden.pricing.later_year import later_book
from tests.property.pricing.engines import Row, by_law, by_sql, row

ENGINES = {"python": by_law, "duckdb": by_sql}
HERE = Path(__file__).parent
JUNE = date(2017, 6, 1)


@pytest.fixture(scope="module")
def overlay(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("rulebook")
    later_book(folder)
    return folder


@pytest.fixture(scope="module")
def law(tmp_path_factory: pytest.TempPathFactory) -> PricingLaw:
    return pricing_law(later_book(tmp_path_factory.mktemp("book")), mff={"RAA": 10_500_000})


def _stay(line: int, hrg: str, days: int, **given: object) -> Row:
    usual = {"adm_method": "21", "patient_class": "1", "age": 50, "adm_date": JUNE, "epi_start": JUNE}
    own = {"spell_no": str(line), "hrg_spell": hrg, "dis_date": JUNE + timedelta(days=days)}
    return row("apc", line, **(usual | own | given))


def _published() -> list[dict[str, str]]:
    with (HERE / "vectors.csv").open(encoding="utf-8", newline="") as lines:
        return [vector for vector in csv.DictReader(lines) if vector["tariff"] == "2017-18"]


@pytest.mark.parametrize("engine", ENGINES)
def test_the_published_examples_and_who_pays_the_factor(law: PricingLaw, engine: str) -> None:
    vectors = _published()
    stays = [_stay(line, v["hrg"], int(v["los"])) for line, v in enumerate(vectors, start=1)]
    found = ENGINES[engine]({"apc": stays}, law, Geography(held="held"), Month.parse("2017-06"))
    records = [found["apc", one["file"], one["line"]] for one in stays]
    assert [r["pre_mff"] for r in records] == [money(v["pre_mff"]) for v in vectors]
    assert [r["charge"] for r in records] == [r["price"] for r in records]  # the commissioner pays the factor
    assert all(r["status"] == "PRICED" for r in records)


@pytest.mark.parametrize("engine", ENGINES)
def test_what_else_the_year_does_otherwise(law: PricingLaw, engine: str) -> None:
    rows = {
        "apc": [
            _stay(1, "AA22C", 3, adm_method="11"),  # the extract has no elective price
            _stay(2, "UZ01Z", 3),
            _stay(3, "S01", 3),  # a code of the old currency
            _stay(4, "PB03Z", 1, adm_method="82", unbundled_hrg="RD01A;RD02A"),
        ],
        "op": [
            row("op", 1, appointment_date=JUNE, attended_or_dna="5", first_attendance="1", main_spec="100", tfc="100",
                age=12, hrg="WF01B"),
        ],
        "ae": [
            row("ae", 1, arrival_date=JUNE, department_type="01", hrg="VB09Z"),
            row("ae", 2, arrival_date=JUNE, department_type="03", hrg="VB01Z"),
            row("ae", 3, arrival_date=JUNE, department_type="01", hrg="V08"),
        ],
    }  # fmt: skip
    found = ENGINES[engine](rows, law, Geography(held="held"), Month.parse("2017-06"))
    told = {(stream, line): (r["status"], r["reason"], r["pre_mff"]) for (stream, _, line), r in found.items()}
    assert told == {
        ("apc", 1): ("NO_PRICE", "X-NOPRICE", None),
        ("apc", 2): ("EXCLUDED", "X-UNG", 0),
        ("apc", 3): ("UNPRICED", "N-FORMAT", None),
        ("apc", 4): ("PRICED", "", 101_250),
        ("op", 1): ("PRICED", "", 17_500),  # no line by age: an adult's price at 12
        ("ae", 1): ("PRICED", "", 10_400),
        ("ae", 2): ("PRICED", "", 6_300),
        ("ae", 3): ("UNPRICED", "N-FORMAT", None),
    }
    (newborn,) = (r for r in found.values() if r["hrg"] == "PB03Z")
    assert (newborn["base"], newborn["unbundled"]) == (0, 101_250)
    assert [(e["code"], e["price"], e["amount"]) for e in newborn["elements"]] == [
        ("RD01A", 101_250, 101_250), ("RD02A", None, 0),
    ]  # fmt: skip


def test_the_loaded_lists_make_a_rulebook_without_faults(overlay: Path) -> None:
    assert check(overlay) == []


@pytest.mark.parametrize(("year", "rate"), [("2011-12", 300_000), ("2017-18", 700_000)])
def test_later_years_settle_emergencies_and_readmissions(tmp_path: Path, year: str, rate: int) -> None:
    book = later_book(tmp_path, year)
    assert pricing_law(book, mff={}).scheme.commissioner_pays_mff
    adjusted = adjustment_law(book)
    assert (adjusted.marginal_ppm, adjusted.marginal_pods) == (rate, {"NEL", "NELST"})
    assert adjusted.readmission is not None and adjusted.readmission.within_days == 30
    assert len(adjusted.readmission.exclusions) == 12


def test_in_2008_both_are_off() -> None:
    adjusted = adjustment_law(open_book("west-herts-2008"))
    assert (adjusted.marginal_ppm, adjusted.readmission) == (None, None)

"""Positions: like with like, nothing invented, and every figure explained to the penny."""

from __future__ import annotations

import pytest

from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import recompute
from openpbc.monitoring import reads
from openpbc.monitoring.reads.addresses import MEASURES, Selection
from openpbc.organisations.reads.installation import store
from tests.integration.monitoring.invented import unit

APRIL, MAY, JUNE = Month(2008, 4), Month(2008, 5), Month(2008, 6)

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


def several(month: int) -> list[dict[str, object]]:
    return [
        unit(1, charge=60_000 + month),
        unit(2, charge=40_000, pod="EL", practice="E82902"),
        unit(3, charge=20_000, unit="DATCOM", budget_line="DATCOM", practice="E82921", provider="RC9"),
        unit(4, charge=9_900, stream="op", pod="OPFASPCL", unit="PCT-held", budget_line="PCT-held", practice="V81997"),
        unit(5, charge=12_345, commissioner="5P3"),
        unit(6, charge=0, status="EXCLUDED", reason="X-REG", pod="RADAY"),
    ]


@pytest.fixture
def county(publish, plan):
    publish("2008-04", several(4))
    publish("2008-05", several(5))
    lines = [f"RWG,WATCOM,apc,DC,2008-{month:02d},2,55000" for month in range(4, 13)]
    plan(*lines, "RC9,DATCOM,apc,DC,2008-05,3,21000", "RC9,DATCOM,apc,DC,2009-03,1,21000")


def values(row) -> dict[str, int | None]:
    return {measure: figure.value for measure, figure in row.figures.items()}


def test_only_what_the_commissioner_answers_for_is_counted(county):
    total = values(reads.position("west-herts-2008", MAY).total)
    assert total["actual-activity"] == 4
    assert total["actual-charge"] == 60_005 + 40_000 + 20_000 + 9_900
    assert total["ytd-actual-charge"] == total["actual-charge"] * 2 - 1
    assert total["actual-price"] > total["actual-charge"]


def test_the_plan_to_date_is_that_of_the_closed_months(county):
    by_unit = {row.code: values(row) for row in reads.position("west-herts-2008", MAY).rows}
    watcom = by_unit["WATCOM"]
    assert (watcom["plan-activity"], watcom["ytd-plan-activity"], watcom["year-plan-activity"]) == (2, 4, 18)
    assert watcom["ytd-variance-charge"] == 60_004 + 60_005 + 80_000 - 4 * 55_000
    assert watcom["straight-line-charge"] == 200_009 * 12 // 2
    assert watcom["profile-charge"] == 900_041  # 900,040.5 rounds away from nought
    assert by_unit["PCT-held"]["plan-charge"] is None


def test_a_month_that_is_not_closed_is_named_and_not_counted_as_nought(county, publish):
    publish("2008-07", several(7))
    july = reads.position("west-herts-2008", Month(2008, 7))
    assert july.missing == (JUNE,)
    assert "June 2008" in july.notes[0]
    watcom = {row.code: values(row) for row in july.rows}["WATCOM"]
    assert watcom["ytd-plan-activity"] == 6
    assert watcom["straight-line-activity"] == 6 * 12 // 3
    june = values(reads.position("west-herts-2008", JUNE).total)
    assert june["actual-charge"] is None and june["ytd-actual-charge"] is not None


def test_practices_have_no_plan_unless_one_is_set(county):
    rows = reads.position("west-herts-2008", MAY, "practice").rows
    assert [row.code for row in rows] == ["E82901", "E82902", "E82921", "V81997"]
    assert all(row.figures["plan-charge"].value is None for row in rows)
    assert all("No activity plan" in row.figures["plan-charge"].why for row in rows)


@pytest.mark.parametrize("by", reads.BY)
@pytest.mark.parametrize(
    "selection", [Selection(), Selection(unit="WATCOM"), Selection(unit="WATCOM", provider="RWG", pod="DC")]
)
def test_every_figure_is_the_sum_of_its_steps(county, by, selection):
    position = reads.position("west-herts-2008", MAY, by, selection)
    further = set()
    for row in (*position.rows, position.total):
        for figure in row.figures.values():
            if figure.value is not None:
                explained = reads.explain(figure.address)
                assert (explained.value, explained.unit) == (figure.value, figure.unit), figure.address
                assert recompute(explained) == figure.value, figure.address
                assert all(step.citation for step in explained.steps), figure.address
                further |= {step.address for step in explained.steps if step.address}
    for address in further:
        explained = reads.explain(address)
        assert recompute(explained) == explained.value, address


def test_an_explanation_leads_down_to_the_records(county):
    address = "position/west-herts-2008/2008-05/WATCOM/all/all/ytd-actual-charge"
    explained = reads.explain(address)
    april, may = explained.records
    assert (april.month, may.month) == ("2008-04", "2008-05")
    page = reads.records(may)
    assert (page.total, page.charge) == (may.count, 100_005)
    assert page.rows[0]["address"] == "price/west-herts-2008/2008-05/apc/0123456789ab/1"
    assert [row["line"] for row in reads.records(may, page=2, size=1).rows] == [2]


@pytest.mark.parametrize(
    "address",
    [
        "position/west-herts-2008/2008-05/NOWHERE/all/all/plan-charge",
        "position/west-herts-2008/2008-06/all/all/all/actual-charge",
        "position/west-herts-2008/2009-04/all/all/all/actual-charge",
    ],
)
def test_a_figure_that_is_not_there_has_no_explanation(county, address):
    with pytest.raises(UserError, match="names no figure"):
        reads.explain(address)


def test_a_month_of_another_year_has_no_position(county):
    with pytest.raises(UserError, match="lies outside"):
        reads.position("west-herts-2008", Month(2010, 4))


def test_without_a_plan_there_is_neither_variance_nor_profile(publish):
    publish("2008-04", several(4))
    position = reads.position("west-herts-2008", APRIL)
    assert not position.plan_set
    total = values(position.total)
    assert total["variance-charge"] is None and total["profile-charge"] is None
    assert total["straight-line-charge"] is not None


def test_a_place_without_figures_says_not_set(place):
    position = reads.in_year("blmk-2023", Month(2023, 4))
    assert all(figure.value is None for row in position.rows for figure in row.figures.values())
    assert any("not set" in note for note in position.notes)


def test_everything_received_is_accounted_for(county):
    kept = reads.conservation("west-herts-2008", MAY)
    assert kept.holds
    apc = kept.stages[0]
    assert (apc.units, apc.counted, apc.of_others, apc.not_counted) == (5, 3, 1, 1)
    assert apc.others_charge == 12_345
    assert reads.verify("west-herts-2008", MAY) == []


def test_a_changed_file_of_a_run_is_found(county):
    run = reads.manifest("west-herts-2008", MAY)["run_id"]
    path = store().runs / run / "priced.parquet"
    path.chmod(0o644)
    path.write_bytes(path.read_bytes() + b" ")
    assert reads.verify("west-herts-2008", MAY) == ["priced.parquet was changed"]


def test_all_measures_are_there(county):
    for row in reads.position("west-herts-2008", MAY).rows:
        assert set(row.figures) == set(MEASURES)

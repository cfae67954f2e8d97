"""Weighted lists from tables: the example, files of the same shape, and every cell that cannot be read told at once."""

from __future__ import annotations

import csv
import json
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from openpbc.finance import reads
from openpbc.finance.commands import finance
from openpbc.finance.reads.explained_lists import list_address
from openpbc.finance.reads.need import WeightRow
from openpbc.finance.reads.weighting import COLUMNS, EXAMPLE, example_weighting, weigh, weighting
from openpbc.finance.rules.weighted_lists import SHARE_UNIT
from openpbc.kernel.money import PPM
from openpbc.kernel.periods import FinancialYear
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import recompute
from openpbc.rulebook.reader import open_book
from openpbc.rulebook.values import NotSet

PUBLISHED = Path(__file__).parents[2] / "fixtures" / "age_sex" / "list_by_age_sex.csv"
NAMES = {name: f"{name}.csv" for name in COLUMNS}
Given = dict[str, list[dict[str, str]]]


@pytest.fixture
def given() -> Given:
    """The example's tables, to be changed by a test."""
    book = open_book("blmk-2023")
    return {name: [dict(row) for row in book.need_table(subject)] for name, subject in EXAMPLE.items()}


def weighed(given: Given):
    rows = {name: [WeightRow(line, row) for line, row in enumerate(table, start=1)] for name, table in given.items()}
    return weigh(rows, NAMES)


def test_the_example_is_synthetic_and_adds_up() -> None:
    found = example_weighting(open_book("west-herts-2008"))
    assert found.synthetic
    assert sum(each.share for each in found.lists.practices) == SHARE_UNIT
    assert sum(each.normalised for each in found.lists.practices) in (33_999, 34_000, 34_001)
    assert found.practice("X00001").factors[0].age < PPM < found.practice("X00003").factors[0].age


@pytest.mark.parametrize("place", ["west-herts-2008", "blmk-2023"])
def test_a_place_whose_lists_nobody_gave_is_not_set(place: str) -> None:
    found = weighting(open_book(place))
    assert isinstance(found, NotSet)
    assert found.path == f"places/{place}/fair_shares/age_sex_lists.yaml"


def test_every_factor_of_every_practice_is_explained() -> None:
    book = open_book("west-herts-2008")
    found = example_weighting(book)
    checked = 0
    for each in found.lists.practices:
        wanted = {"listed": each.listed, "normalised": each.normalised, "weighted": each.weighted, "index": each.index}
        for at, factor in enumerate(each.factors):
            wanted |= {f"age/{at}": factor.age, f"need/{at}": factor.need, f"component/{at}": factor.weighted}
        for figure, value in wanted.items():
            name, _, number = figure.partition("/")
            address = list_address(book, each.code, name, int(number) if number else None, example=True)
            explained = reads.explain(book, address)
            assert explained.value == recompute(explained) == value, address
            assert "SYNTHETIC" in explained.notes[0]
            checked += 1
    assert checked == 30
    for wrong in ("listed/9", "age/9", "nothing", "age"):
        with pytest.raises(UserError, match="names no figure"):
            reads.explain(book, f"need-shares/west-herts-2008/example~X00001/{wrong}")


def test_published_prescribing_units_give_the_published_sum(given: Given) -> None:
    """Five-year bands of a real extract against the ten-year curve that is in the rulebook."""
    with PUBLISHED.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    curve = open_book("blmk-2023").need_table("fair_shares.age_sex_curve", FinancialYear(2013))
    codes = sorted({row["ORG_CODE"] for row in rows})
    tables: Given = {
        "lists": [
            {
                "practice": row["ORG_CODE"], "commissioner": "C", "quarter": "1", "sex": row["SEX"],
                "age_band": row["AGE_GROUP_5"], "patients": row["NUMBER_OF_PATIENTS"],
            }
            for row in rows
        ],
        "curve": [dict(row) for row in curve],
        "components": [{"code": "prescribing", "title": "Prescribing", "percent": "100"}],
        "need": [{"practice": code, "component": "prescribing", "index": "1"} for code in codes],
        "residents": [{"code": "C", "residents": "80", "mff": ""}],
    }  # fmt: skip
    found = weighed(tables)
    assert not found.findings, "the extract's own totals agree"
    assert [(each.listed, each.share) for each in found.lists.practices] == [(40, SHARE_UNIT // 2)] * 2
    # The claims are proportional to cost units: add the 40 cells up as the curve's ten-year bands give them.
    costs = {(row["age_band"], row["sex"]): Fraction(row["cost"]) for row in curve}
    years = {"0-4": 1, "75+": 5}
    units = sum(cost * years.get(band, 2) for (band, _), cost in costs.items())
    assert float(units) == pytest.approx(199.419458446917, abs=1e-9)


def test_a_total_that_differs_and_a_quarter_without_a_list_are_findings(given: Given) -> None:
    given["lists"].append(given["lists"][0] | {"sex": "ALL", "age_band": "ALL", "patients": "1"})
    given["lists"] = [row for row in given["lists"] if (row["practice"], row["quarter"]) != ("X00003", "4")]
    found = weighed(given)
    assert [each.rule for each in found.findings] == ["WL-01", "WL-02"]
    assert "Practice X00003 has no list in quarter 4" in found.findings[0].sentence
    assert "the file's own total is 1" in found.findings[1].sentence


@pytest.mark.parametrize(
    ("table", "column", "text", "what"),
    [
        ("lists", "patients", "many", "lists.csv, row 2, column patients: 'many' is not a number"),
        ("lists", "patients", "-5", "lists.csv, row 2, column patients: '-5' is negative"),
        ("lists", "patients", "1.5", "lists.csv, row 2, column patients: '1.5' has more than 0 decimals"),
        ("lists", "age_band", "old", "lists.csv, row 2, column age_band: old male lies in no band of the curve"),
        ("lists", "age_band", "0-14", "stands twice in 1"),
        ("lists", "commissioner", "8Z8", "row 2, column commissioner: X00001 already belongs to 9Z9"),
        ("curve", "cost", "dear", "curve.csv, row 2, column cost: 'dear' is not a number"),
        ("curve", "age_band", "x", "curve.csv, row 2, column age_band: 'x' is no age band"),
        ("need", "index", "-1", "need.csv, row 2, column index: '-1' is negative"),
        ("need", "practice", "X00002", "need.csv: there is no need index of X00001 for prescribing"),
        ("components", "percent", "", "components.csv, row 2, column percent: '' is not a number"),
    ],
)
def test_a_cell_that_cannot_be_read_is_told(given: Given, table: str, column: str, text: str, what: str) -> None:
    given[table][1] = given[table][1] | {column: text}
    with pytest.raises(UserError) as told:
        weighed(given)
    assert what in told.value.sentence
    assert told.value.sentence.endswith("nothing was weighed.")


def test_all_bad_cells_are_told_together(given: Given) -> None:
    for row in given["lists"]:
        row["patients"] = "?"
    with pytest.raises(UserError) as told:
        weighed(given)
    assert told.value.sentence.count("column patients") == 20
    assert f"and {len(given['lists']) - 20} more" in told.value.sentence


@pytest.mark.parametrize("table", list(COLUMNS))
def test_a_missing_column_or_an_empty_table_is_told(given: Given, table: str) -> None:
    column = COLUMNS[table][-1]
    with pytest.raises(UserError, match=f"{table}.csv: there is no column '{column}'"):
        weighed(given | {table: [{k: v for k, v in row.items() if k != column} for row in given[table]]})
    with pytest.raises(UserError, match=f"{table}.csv: there is no row"):
        weighed(given | {table: []})


def test_the_shell_weighs_files(given: Given, tmp_path: Path) -> None:
    arguments = ["need", "lists", "--budget", "1000000", "--json"]
    for name, rows in given.items():
        path = tmp_path / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS[name])
            writer.writeheader()
            writer.writerows({column: row[column] for column in COLUMNS[name]} for row in rows)
        arguments += [f"--{name}", str(path)]
    result = CliRunner().invoke(finance, arguments)
    assert result.exception is None, result.output
    practices = json.loads(result.stdout)["practices"]
    assert round(sum(each["target"] for each in practices), 2) == 1_000_000
    assert sum(round(each["share"] * SHARE_UNIT) for each in practices) == SHARE_UNIT
    shown = CliRunner().invoke(finance, [each for each in arguments if each != "--json"])
    assert "X00003" in shown.stdout


WEIGHTS = "Practice_Code,ICS22,pop 2022/23,G&A WP,CS WP\nA81001,A,10,12,8\nA81002,B,10.5,9,11\n"


def invoke(tmp_path: Path, scenarios: str, *options: str):
    (tmp_path / "weights.csv").write_text(WEIGHTS)
    (tmp_path / "scenarios.csv").write_text(scenarios)
    given = ["--weights", str(tmp_path / "weights.csv"), "--scenarios", str(tmp_path / "scenarios.csv")]
    return CliRunner().invoke(finance, ["need", "scenarios", "--by", "ICS22", *given, *options])


def test_the_shell_runs_scenarios(tmp_path: Path) -> None:
    result = invoke(tmp_path, "name,pot,G&A WP,CS WP\nacute,100,1,0\nboth,100,1,1\n", "--json")
    answers = json.loads(result.stdout)
    assert answers[0]["groups"]["A"] == {"share_percent": 57.1429, "target": "57.14"}
    assert answers[1]["groups"]["B"]["target"] == "50.38"
    assert "both" in invoke(tmp_path, "name,pot,G&A WP\nboth,1,1\n").stdout


@pytest.mark.parametrize(
    ("scenarios", "what"),
    [
        ("name,pot,G&A WP\none,much,1\n", "scenarios.csv, row 1, column pot: 'much' is not a number"),
        ("name,pot,G&A WP\none,1,-1\n", "column G&A WP: '-1' is negative"),
        ("name,pot\none,1\n", "no column names a component"),
        ("name,G&A WP\none,1\n", "there is no column 'pot'"),
        ("name,pot,G&A WP\none,1,0\n", "not all nought"),
    ],
)
def test_a_scenario_that_cannot_be_read_is_told(tmp_path: Path, scenarios: str, what: str) -> None:
    result = invoke(tmp_path, scenarios)
    assert isinstance(result.exception, UserError)
    assert what in result.exception.sentence


def test_a_weights_file_tells_all_its_bad_cells_and_counts_nothing(tmp_path: Path) -> None:
    file = tmp_path / "weights.csv"
    file.write_text("Practice_Code,ICS22,pop 2022/23,G&A WP\nA81001,A,-10,x\nA81002,B,10,\nA81002,B,10,5\nnone,B,1,1\n")
    result = CliRunner().invoke(finance, ["need-shares", "--weights", str(file), "--by", "ICS22"])
    assert isinstance(result.exception, UserError)
    for cell in ("row 1, column pop 2022/23: '-10'", "row 1, column G&A WP: 'x'", "row 2, column G&A WP: a number"):
        assert cell in result.exception.sentence
    assert "nothing was counted" in result.exception.sentence

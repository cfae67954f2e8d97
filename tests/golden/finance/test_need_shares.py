"""Need shares from NHS England's practice weights of 2023/24, as shipped for one board and as a whole file.

Contains public sector information licensed under the Open Government Licence v3.0. Source: NHS England.
"""

from __future__ import annotations

import csv
import json
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from openpbc.finance import reads
from openpbc.finance.commands import finance
from openpbc.rulebook.reader import open_book
from tests.property.finance import naive

WEIGHTS = Path(__file__).parents[2] / "fixtures" / "need_weights" / "practice_weighted_populations_2023_24.csv"


def run(*arguments: str) -> dict:
    result = CliRunner().invoke(finance, ["need-shares", "--weights", str(WEIGHTS), "--json", *arguments])
    assert result.exception is None, result.exception
    return json.loads(result.stdout)


def test_need_of_a_board_by_place() -> None:
    report = reads.need_shares(open_book("blmk-2023"))
    overall = next(n for n, column in enumerate(report.columns.weighted) if column.column == "Final WP")
    found = {
        report.names[need.place]: (need.practices, need.population, need.components[overall].index)
        for need in report.shares.places
    }
    assert found == {
        "Bedford": (17, 195641, 1029),
        "Central Bedfordshire": (25, 296140, 992),
        "Luton": (27, 262037, 1026),
        "Milton Keynes": (27, 327954, 969),
    }
    assert report.shares.selection.population == 1081773
    assert [column.column for column in report.columns.weighted if column.overall] == ["Final WP", "Final PMC WP"]
    assert not report.findings


def test_command_and_pack_agree() -> None:
    pack = reads.need_shares(open_book("blmk-2023"))
    command = run("--by", "UTLA21", "--where", "ICS22=QHG")
    for place in command["places"]:
        need = next(need for need in pack.shares.places if pack.names[need.place] == place["place"])
        assert [part["need_index"] for part in place["components"].values()] == [
            c.index / 1000 for c in need.components
        ]
    assert command["practices"] == {"rows": 6294, "counted": 96, "repeated": 0, "not_selected": 6198}


def test_whole_file_agrees_with_the_naive_sum() -> None:
    with WEIGHTS.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    command = run("--by", "ICS22")
    assert len(command["places"]) == len({row["ICS22"] for row in rows})
    for column in command["selection"]["components"]:
        expected = naive.need(rows, "ICS22", "pop 2022/23", column)
        for place in command["places"]:
            part = place["components"][column]
            people, index = expected[place["place"]]
            assert (part["weighted_population"], part["need_index"]) == (people, float(index))
    shares = [round(place["components"]["Final WP"]["share_percent"] * 10_000) for place in command["places"]]
    assert sum(shares) == 1_000_000


def test_selection_is_what_the_index_is_relative_to() -> None:
    for command in (run("--by", "UTLA21"), run("--by", "UTLA21", "--where", "ICS22=QHG", "--where", "UTLA21=Luton")):
        assert {part["need_index"] for part in command["selection"]["components"].values()} == {1}
    assert [place["place"] for place in command["places"]] == ["Luton"]
    either = run("--by", "UTLA21", "--where", "UTLA21=Luton", "--where", "UTLA21=Bedford")
    assert [place["place"] for place in either["places"]] == ["Bedford", "Luton"]


AREAS = [("ICS22", 40), ("CCG21", 102), ("R22", 7), ("LTLA21", 287), ("Practice_Code", 6294)]


@pytest.mark.parametrize(("by", "places"), AREAS)
def test_every_area_of_the_published_file_agrees_with_decimals(by: str, places: int) -> None:
    """The shipped file, added up by each of its columns, against plain sums of the published one."""
    with WEIGHTS.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    report = reads.england_need(open_book("blmk-2023"), by)
    assert len(report.shares.places) == places
    columns = ["pop 2022/23", *(column.column for column in report.columns.weighted)]
    sums: dict[str, list[Decimal]] = {}
    for row in rows:
        for key in (row[by], "all"):
            held = sums.setdefault(key, [Decimal(0)] * len(columns))
            for at, column in enumerate(columns):
                held[at] += Decimal(row[column])
    people = {key: [int(value.quantize(Decimal(1), ROUND_HALF_UP)) for value in held] for key, held in sums.items()}
    for number in range(len(report.columns.weighted)):
        whole = Fraction(people["all"][number + 1], people["all"][0])
        for need in report.shares.places:
            population, weighted = people[need.place][0], people[need.place][number + 1]
            part = need.components[number]
            assert (need.population, part.weighted) == (population, weighted)
            # One practice of the file has less than half a person.
            index = int(Fraction(weighted, population) / whole * 1000 + Fraction(1, 2)) if population else None
            assert part.index == index
        assert sum(need.components[number].share for need in report.shares.places) == 1_000_000

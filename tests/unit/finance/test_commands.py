"""The finance commands: results as JSON and as columns, and one sentence for each mistake of a person."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from openpbc.finance.commands import finance
from openpbc.kernel.problems import UserError

GROUPS = """\
group,base,target
WatCom,"149,074",164360
DatCom,120771.00,134787
St A & H,102940,112232
Hertsmere,77739,84300
"""
WEIGHTS = """\
Practice_Code,GP_Practice_Name,Place,pop 2022/23,G&A WP,Final WP
A81001,"The Surgery, High Street",North,100.4,120.2,110
A81002,"The ""Old"" Surgery",North,100.4,80.1,90
A81003,Plain,South,300,300,299.6
"""


def invoke(*arguments: str) -> Result:
    return CliRunner().invoke(finance, list(arguments))


def fair_shares(tmp_path: Path, text: str | bytes, *more: str, pot: str = "495,679") -> Result:
    file = tmp_path / "groups.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return invoke("fair-shares", "--groups", str(file), "--pot", pot, "--floor", "4.5", "--extra", "4.5", *more)


def need_shares(tmp_path: Path, text: str | bytes, *more: str) -> Result:
    file = tmp_path / "weights.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return invoke("need-shares", "--weights", str(file), *more)


def body(result: Result) -> dict:
    assert result.exception is None, result.exception
    assert result.exit_code == 0
    return json.loads(result.stdout)


def sentence(result: Result) -> str:
    """The one sentence that the shell prints; the root command turns it into exit code 2."""
    assert isinstance(result.exception, UserError), result.exception
    assert not result.stdout
    assert "\n" not in result.exception.sentence
    return result.exception.sentence


def test_fair_shares_as_json(tmp_path: Path) -> None:
    found = body(fair_shares(tmp_path, GROUPS, "--json"))
    assert {group["group"]: group["share"] for group in found["groups"]} == {
        "WatCom": 164360, "DatCom": 134787, "St A & H": 112232, "Hertsmere": 84300,
    }  # fmt: skip
    assert found["shares"] + found["released"] + found["unallocated"] == found["pot"] == 495679
    assert found["groups"][0]["floor"] == 155782.33
    assert found["cap_percent"] is None
    for group in found["groups"]:
        assert round(sum(step["effect"] for step in group["steps"]), 2) == group["share"]


def test_fair_shares_with_a_cap(tmp_path: Path) -> None:
    found = body(fair_shares(tmp_path, GROUPS, "--cap", "7", "--json"))
    assert [group["share"] for group in found["groups"]] == [159509.18, 129224.97, 110145.8, 83180.73]
    assert found["released"] == 13618.32
    assert found["groups"][0]["released"] == 4850.82


def test_fair_shares_in_columns(tmp_path: Path) -> None:
    result = fair_shares(tmp_path, GROUPS, "--cap", "7", pot="400000")
    assert result.exit_code == 0
    assert "WatCom" in result.stdout
    assert "400,000.00" in result.stdout
    assert "Error FS-01: The pot does not cover the minimum" in result.stdout
    assert "capped at 7.00%" in result.stdout
    new = fair_shares(tmp_path, "group,base,target\nA,10,12\nNew,0,5\n", pot="14")
    assert new.stdout.splitlines()[2].endswith("-")


def test_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    header, *rows = GROUPS.splitlines()
    turned = "\n".join([header, *reversed(rows)]) + "\n"
    one, other = (body(fair_shares(tmp_path, text, "--json", pot="495678")) for text in (GROUPS, turned))
    assert sorted(one["groups"], key=str) == sorted(other["groups"], key=str)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"\xef\xbb\xbf" + GROUPS.encode(), None),
        (GROUPS.replace("\n", "\r\n") + "\r\n\r\n", None),
        (GROUPS.replace("base", "Base"), "no column 'base'"),
        (GROUPS.replace("target", "base"), "'base' twice"),
        ("group,,\n", "without a name"),
        (GROUPS.replace("102940", "lots"), "row 3, column base: 'lots' is not a number"),
        (GROUPS.replace("102940", "-102940"), "row 3, column base: -102940 is negative"),
        (GROUPS.replace("102940", "(102940)"), "is negative"),
        (GROUPS.replace("102940", ""), "row 3, column base: the amount is missing"),
        (GROUPS.replace("102940", "102940.001"), "more than 2 decimals"),
        (GROUPS.replace("102940", "1e5"), "is not a number"),
        (GROUPS.replace("102940", "9" * 30), "is no amount"),
        (GROUPS.replace("102940", "9" * 20), "too large"),
        (GROUPS.replace('"149,074"', "149,074"), "row 1 has 4 cells and the header 3"),
        (GROUPS.replace('"149,074"', '"14,9074"'), "is not a number"),
        (GROUPS.replace("DatCom", "WatCom"), "row 2: the group 'WatCom' stands twice"),
        (GROUPS.replace("DatCom", " "), "row 2, column group: the group has no name"),
        (GROUPS.replace("DatCom", '"DatCom'), "is not CSV"),
        ("", "the file is empty"),
        ("\n\n", "the file is empty"),
        ("group,base,target\n", "a header and no row"),
        (GROUPS.replace("DatCom", "Dät").encode("latin-1"), "not UTF-8"),
        (GROUPS.encode("utf-16"), "not UTF-8"),
        (GROUPS.replace("DatCom", "Dat\0Com"), "not text"),
    ],
)
def test_groups_files(tmp_path: Path, text: str | bytes, expected: str | None) -> None:
    result = fair_shares(tmp_path, text, "--json")
    if expected is None:
        assert body(result)["groups"][0]["share"] == 164360
    else:
        assert expected in sentence(result)
        assert "groups.csv" in sentence(result)


@pytest.mark.parametrize(
    ("option", "value", "expected"),
    [
        ("--pot", "-1", "--pot: -1 is negative"),
        ("--pot", "much", "--pot: 'much' is not a number"),
        ("--floor", "many", "--floor: 'many' is not a number"),
        ("--floor", "-4.5", "--floor: '-4.5' is no rate"),
        ("--extra", "1001", "--extra: '1001' is no rate"),
        ("--cap", "1" * 20, "is no rate of growth"),
        ("--cap", "4.00001", "more than 4 decimals"),
    ],
)
def test_faulty_settings(tmp_path: Path, option: str, value: str, expected: str) -> None:
    assert expected in sentence(fair_shares(tmp_path, GROUPS, option, value))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    missing = invoke("fair-shares", "--groups", str(tmp_path / "no.csv"), "--pot", "1", "--floor", "0", "--extra", "0")
    assert "no.csv: the file is not there" in sentence(missing)
    folder = invoke("need-shares", "--weights", str(tmp_path), "--by", "Place")
    assert "cannot be read" in sentence(folder)


def test_need_shares_as_json(tmp_path: Path) -> None:
    for text in (WEIGHTS, b"\xef\xbb\xbf" + WEIGHTS.encode()):
        found = body(need_shares(tmp_path, text, "--by", "Place", "--json"))
        north, south = found["places"]
        assert (north["population"], south["population"], found["selection"]["population"]) == (201, 300, 501)
        assert north["components"]["G&A WP"]["weighted_population"] == 200
        assert found["selection"]["components"]["G&A WP"]["weighted_population"] == 500
        assert north["components"]["G&A WP"]["need_index"] == 0.997
        assert north["components"]["Final WP"]["overall"] is True
        assert not found["findings"]


def test_need_shares_in_columns(tmp_path: Path) -> None:
    result = need_shares(tmp_path, WEIGHTS + "Q99,No place,,1,1,1\n", "--by", "Place")
    assert result.exit_code == 0
    assert "0.997" in result.stdout
    assert "(no place)" in result.stdout
    assert "Warning NS-02: 'Q99' is no practice code" in result.stdout
    assert "Error NS-03" in result.stdout


def test_repeated_and_unknown_practices_are_findings(tmp_path: Path) -> None:
    text = WEIGHTS + "A81001,Twin,North,9,9,9\nX,Odd,South,0,0,0\n"
    found = body(need_shares(tmp_path, text, "--by", "Place", "--json"))
    assert found["practices"] == {"rows": 5, "counted": 4, "repeated": 1, "not_selected": 0}
    assert [(finding["rule"], finding["row"]) for finding in found["findings"]] == [("NS-01", 4), ("NS-02", 5)]
    assert found["places"][0]["population"] == 201


def test_a_place_without_people_has_no_index(tmp_path: Path) -> None:
    found = body(need_shares(tmp_path, WEIGHTS + "A81009,Empty,West,0,0,0\n", "--by", "Place", "--json"))
    assert found["places"][2]["components"]["Final WP"]["need_index"] is None
    assert found["findings"][0]["rule"] == "NS-04"
    assert "-" in need_shares(tmp_path, WEIGHTS + "A81009,Empty,West,0,0,0\n", "--by", "Place").stdout


@pytest.mark.parametrize(
    ("text", "arguments", "expected"),
    [
        (WEIGHTS, ["--by", "Nowhere"], "no column 'Nowhere'"),
        (WEIGHTS, ["--by", "Place", "--where", "Nowhere=1"], "no column 'Nowhere'"),
        (WEIGHTS, ["--by", "Place", "--where", "Place"], "--where: 'Place' selects nothing"),
        (WEIGHTS, ["--by", "Place", "--where", "=North"], "selects nothing"),
        (WEIGHTS, ["--by", "Place", "--where", "Place=Noth"], "no practice has Place = Noth"),
        (WEIGHTS.replace("300,300", "300,many"), ["--by", "Place"], "row 3, column G&A WP: 'many' is not a number"),
        (WEIGHTS.replace("300,300", "300,-3"), ["--by", "Place"], "'-3' is not a number"),
        (WEIGHTS.replace("300,300", ",300"), ["--by", "Place"], "column pop 2022/23: a number of people is missing"),
        (WEIGHTS.replace("pop 2022/23", "people"), ["--by", "Place"], "no column holds the population"),
        (WEIGHTS.replace(" WP", " X"), ["--by", "Place"], "no column holds the weighted population"),
        (WEIGHTS.replace("Practice_Code", "Code of it"), ["--by", "Place"], "no column holds the practice code"),
        (WEIGHTS.replace("Plain", '"Plain'), ["--by", "Place"], "is not CSV"),
        (WEIGHTS.replace("North", "").replace("South", ""), ["--by", "Place"], "column Place is empty"),
        (WEIGHTS.replace("GP_Practice_Name", "Place"), ["--by", "Place"], "'Place' twice"),
        ("", ["--by", "Place"], "the file is empty"),
    ],
)
def test_faulty_weights(tmp_path: Path, text: str, arguments: list[str], expected: str) -> None:
    assert expected in sentence(need_shares(tmp_path, text, *arguments))


def test_rows_that_are_not_selected_may_be_faulty(tmp_path: Path) -> None:
    text = WEIGHTS.replace("300,300", "300,many")
    found = body(need_shares(tmp_path, text, "--by", "Place", "--where", "Place=North", "--json"))
    assert [place["place"] for place in found["places"]] == ["North"]


def test_weights_of_another_year(tmp_path: Path) -> None:
    text = WEIGHTS.replace("pop 2022/23", "Pop 2025/26").replace("G&A WP", "New Part WP")
    found = body(need_shares(tmp_path, text, "--by", "Place", "--json"))
    assert found["population_column"] == "Pop 2025/26"
    assert "New Part WP" in found["selection"]["components"]


def test_tables_as_json() -> None:
    found = body(invoke("tables", "--place", "west-herts-2008", "--json"))
    assert [table["table"] for table in found["tables"]] == ["T1", "T2", "T3", "T4", "T5"]
    cell = found["tables"][3]["rows"][4]["cells"]["total"]
    assert (cell["printed"], cell["recomputed"], cell["difference"]) == (701442, 701443, -1)
    assert cell["verdict"] == "rounding"
    assert cell["notes"]
    assert found["check_summary"] == {"exact": 51, "rounding": 14, "unexplained": 2}
    contingency = next(check for check in found["checks"] if check["id"] == "T2.contingency")
    assert (contingency["recomputed"], contingency["difference"], contingency["tolerance"]) == (7109.49, -1.49, 2)
    percent = next(check for check in found["checks"] if check["id"] == "T4.Hertsmere.ex%")
    assert (percent["printed"], percent["recomputed"], percent["difference"]) == (4.59, 4.6, -0.01)


def test_tables_in_columns() -> None:
    result = invoke("tables", "--place", "west-herts-2008")
    assert result.exit_code == 0
    assert "*701,442" in result.stdout
    assert "51 of 67 checks are exact." in result.stdout


def test_tables_of_a_place_without_figures() -> None:
    found = body(invoke("tables", "--place", "blmk-2023", "--json"))
    assert found["tables"]["status"] == "not set"
    assert found["tables"]["file"] == "places/blmk-2023/finance/printed_tables.yaml"
    assert "not set; fill in places/blmk-2023" in invoke("tables", "--place", "blmk-2023").stdout


def test_tables_of_an_unknown_place() -> None:
    assert "no place 'nowhere'" in sentence(invoke("tables", "--place", "nowhere"))

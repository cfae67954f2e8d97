"""The SYNTHETIC county: the same seed, the same files; everything said to be SYNTHETIC; every fault in the key."""

from __future__ import annotations

import csv
import json
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from openpbc.kernel.codes import matches, nhs_number_ok
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import open_book
from openpbc.synth.making import FAULTS, MANIFEST, Order, make

PLACE = "west-herts-2008"
REAL_POSTCODE_END = r"[A-Z]{1,2}[0-9][0-9A-Z]? [0-9][ABD-HJLNP-UW-Z]{2}"  # C, I, K, M, O and V never occur there


def order(first: str = "2008-07", last: str = "2008-08", seed: int = 7, scale_ppm: int = 20_000) -> Order:
    return Order(Month.parse(first), Month.parse(last), seed, scale_ppm)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("county")
    make(open_book(PLACE), order(), folder)
    return folder


def rows(folder: Path, pattern: str) -> list[dict[str, str]]:
    found = []
    for path in sorted(folder.glob(pattern)):
        with path.open(newline="") as file:
            found += [{**row, "file": path.name, "line": str(n)} for n, row in enumerate(csv.DictReader(file), start=1)]
    return found


def test_one_file_for_each_provider_month_and_stream(folder):
    names = {path.name for path in folder.glob("*_*_*.csv")}
    providers = ("RC9", "RVL", "RWG", "RWH")
    assert names == {f"{p}_{m}_{s}.csv" for p in providers for m in ("2008-07", "2008-08") for s in ("apc", "op", "ae")}


def test_the_manifest_says_synthetic_and_fits_the_files(folder):
    manifest = json.loads((folder / MANIFEST).read_text())
    assert manifest["notice"].startswith("SYNTHETIC")
    assert sum(file["rows"] for file in manifest["files"] if file["name"].endswith("_op.csv")) == len(
        rows(folder, "*_op.csv")
    )


def test_the_same_seed_gives_the_same_bytes_and_a_second_call_changes_nothing(folder, tmp_path):
    again = make(open_book(PLACE), order(), tmp_path / "again", threads=1)
    assert not again.already
    for path in folder.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name
    assert make(open_book(PLACE), order(), folder).already


def test_a_month_is_the_same_whatever_range_it_was_made_in(folder, tmp_path):
    make(open_book(PLACE), order("2008-07", "2008-07"), tmp_path / "july")
    for path in (tmp_path / "july").glob("*_2008-07_*.csv"):
        assert path.read_bytes() == (folder / path.name).read_bytes(), path.name


def test_another_seed_gives_other_records(folder, tmp_path):
    make(open_book(PLACE), order(seed=8), tmp_path / "other")
    assert (tmp_path / "other" / "RWG_2008-07_op.csv").read_bytes() != (folder / "RWG_2008-07_op.csv").read_bytes()


def test_nobody_is_real(folder):
    everybody = [row for pattern in ("*_apc.csv", "*_op.csv", "*_ae.csv") for row in rows(folder, pattern)]
    assert all(row["nhs_number"].startswith("999") for row in everybody if row["nhs_number"])
    assert not any(matches(REAL_POSTCODE_END, row["postcode"]) for row in everybody)
    assert {row["gp"] for row in everybody} == {"G9999998"}


def test_every_planted_fault_stands_where_the_key_says(folder):
    planted = {(row["file"], row["line"]): row for row in rows(folder, FAULTS)}
    key = [(row["fault"], row["cds_unique_id"]) for row in planted.values()]
    assert len(key) == len(planted)
    records = {
        (row["file"], row["line"]): row for p in ("*_apc.csv", "*_op.csv", "*_ae.csv") for row in rows(folder, p)
    }
    with (folder / FAULTS).open(newline="") as file:
        for fault in csv.DictReader(file):
            record = records[(fault["file"], fault["line"])]
            assert _shows(fault["fault"], record), fault
    assert len(Counter(fault for fault, _ in key)) >= 10


def _shows(fault: str, row: dict[str, str]) -> bool:
    shown = {
        "bad_nhs_number": lambda: not nhs_number_ok(row["nhs_number"]),
        "unmarked_nhs_number": lambda: not row["nhs_number"] and row["nhs_number_status"] == "01",
        "missing_practice": lambda: not row["practice"],
        "practice_not_known": lambda: row["practice"] == "V81999",
        "commissioner_not_known": lambda: row["commissioner"] == "Q99",
        "missing_diagnosis": lambda: not row["diag_01"],
        "ungrouped": lambda: not row["hrg_spell"],
        "discharged_before": lambda: row["adm_date"] > row["dis_date"],
        "wrong_specialty": lambda: row["tfc"] == "999",
        "no_outcome": lambda: not row["outcome"],
        "left_before_arrival": lambda: row["departure_time"] < row["arrival_time"],
    }
    return shown.get(fault, lambda: True)()


def test_records_without_a_planted_fault_are_sound(folder):
    faulty = {(row["file"], row["line"]) for row in _key(folder)}
    for row in rows(folder, "*_apc.csv"):
        if (row["file"], row["line"]) in faulty:
            continue
        assert row["nhs_number"] == "" or nhs_number_ok(row["nhs_number"])
        assert row["dob"] <= row["adm_date"] <= row["epi_start"]
        assert not row["dis_date"] or row["epi_start"] <= row["epi_end"] <= row["dis_date"]
        assert row["dis_date"][:7] in ("", row["file"][4:11])
        assert (row["dta_date"] != "") == (row["adm_method"] in ("11", "12", "13"))
        assert row["diag_01"] and row["hrg_spell"]


def test_the_episodes_of_a_spell_follow_each_other(folder):
    faulty = {row["cds_unique_id"] for row in _key(folder)}
    spells: dict[str, list[dict[str, str]]] = {}
    for row in rows(folder, "*_apc.csv"):
        if row["dis_date"]:
            spells.setdefault(f"{row['provider']}/{row['spell_no']}", []).append(row)
    several = [spell for spell in spells.values() if len(spell) > 1]
    assert 0.08 < len(several) / len(spells) < 0.22
    for spell in several:
        if any(row["cds_unique_id"] in faulty for row in spell):
            continue
        spell.sort(key=lambda row: row["epi_no"])
        assert [row["epi_no"] for row in spell] == [f"{n:02d}" for n in range(1, len(spell) + 1)]
        assert [row["last_epi"] for row in spell] == ["2"] * (len(spell) - 1) + ["1"]
        assert all(one["epi_end"] == two["epi_start"] for one, two in zip(spell, spell[1:], strict=False))


def test_those_in_hospital_at_the_end_of_a_month_are_reported_unfinished(folder):
    unfinished = [row for row in rows(folder, "*_2008-07_apc.csv") if not row["dis_date"]]
    finished = {row["cds_unique_id"]: row for row in rows(folder, "*_2008-08_apc.csv") if row["dis_date"]}
    assert unfinished
    faulty = {row["cds_unique_id"] for row in _key(folder)}
    for row in unfinished:
        assert row["adm_date"] <= "2008-07-31" and row["dis_method"] == "8"
        if row["cds_unique_id"] not in faulty:
            assert finished[row["cds_unique_id"]]["spell_no"] == row["spell_no"]


def test_proportions_are_those_of_the_pack(folder):
    appointments = rows(folder, "*_op.csv")
    missed = sum(row["attended_or_dna"] == "3" for row in appointments) / len(appointments)
    assert 0.06 < missed < 0.1
    weekend = sum(date.fromisoformat(row["appointment_date"]).weekday() > 4 for row in appointments)
    assert weekend / len(appointments) < 0.03


def test_a_practice_that_closes_sends_nobody_after_it_closed(folder):
    august = {row["practice"] for row in rows(folder, "*_2008-08_op.csv")}
    faulty = {row["cds_unique_id"] for row in _key(folder) if row["fault"] == "closed_practice"}
    july = {row["practice"] for row in rows(folder, "*_2008-07_op.csv")}
    assert "E82904" in july
    stray = [
        r for r in rows(folder, "*_2008-08_op.csv") if r["practice"] == "E82904" and r["cds_unique_id"] not in faulty
    ]
    assert "E82904" not in august or not stray


def _key(folder: Path) -> list[dict[str, str]]:
    with (folder / FAULTS).open(newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize(
    ("wanted", "says"),
    [
        (order("2008-08", "2008-07"), "before the first"),
        (order("2008-03", "2008-04"), "2008/09 only"),
        (order(scale_ppm=0), "scale"),
    ],
)
def test_what_cannot_be_made_is_refused(wanted, says, tmp_path):
    with pytest.raises(UserError, match=says):
        make(open_book(PLACE), wanted, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_place_without_a_described_county_is_told_which_file_to_fill(tmp_path):
    with pytest.raises(UserError, match="places/blmk-2023/synth/volumes.yaml"):
        make(open_book("blmk-2023"), Order(Month(2023, 4), Month(2023, 4), 1, 10_000), tmp_path / "out")


def test_a_folder_with_other_files_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(UserError, match="other files"):
        make(open_book(PLACE), order(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]

"""How a file will be read is told before it counts, from what the layouts say and what the file holds."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from openpbc.activity import reads
from openpbc.activity.flow.canonical import CODED, DATES, FIELDS, NUMBERS, TIMES
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import open_book
from openpbc.site.cli import main
from tests.integration.activity.conftest import HES
from tests.unit.activity.rows import PLACE, rows, write

pytestmark = pytest.mark.django_db
SAMPLES = {"apc_0102_sample.csv": "hes-apc", "op_0304_sample.csv": "hes-op", "ae_0708_sample.csv": "hes-ae"}


def test_every_canonical_field_has_its_line_in_the_book() -> None:
    table = open_book(PLACE).need_table("data.fields")
    streams = dict.fromkeys(row["stream"] for row in table)
    held = {stream: [row for row in table if row["stream"] == stream] for stream in streams}
    for stream in ("apc", "op", "ae"):
        assert {row["field"] for row in held[stream]} == set(FIELDS[stream]), stream
        for row in held[stream]:
            field, kind = row["field"], row["kind"]
            assert (field in DATES, field in TIMES, field in NUMBERS) == (
                kind == "date",
                kind == "time",
                kind == "number",
            ), field
            assert row["code_list"] == (field if field in CODED[stream] else ""), field
            assert row["name"] and row["need"]


@pytest.mark.parametrize("name", SAMPLES)
def test_all_columns_of_the_artificial_statistics_are_told(place, name: str) -> None:
    with (HES / name).open(newline="") as file:
        sent = list(csv.DictReader(file))
    found = reads.read_as(PLACE, HES / name)
    assert (found.layout, found.lines, found.monthly) == (SAMPLES[name], 200, False)
    told = {one.column for one in found.filled} | {one.column for one in found.unknown}
    assert told == set(sent[0])
    for one in (*found.filled, *found.unknown):
        values = list(dict.fromkeys(row[one.column].strip() for row in sent if row[one.column].strip()))[:3]
        assert list(one.first_values) == values, one.column
    assert {"nhs_number", "dob"} <= {one.field for one in found.lacking}


def test_nothing_is_kept_and_what_cannot_be_received_is_refused(place, tmp_path: Path) -> None:
    reads.read_as(PLACE, write(tmp_path, "op", rows("op")))
    assert reads.submissions(PLACE) == []
    assert not reads.store().landed.exists()
    strange = tmp_path / "strange.csv"
    strange.write_text("a,b\n1,2\n")
    with pytest.raises(UserError, match="fits no layout"):
        reads.read_as(PLACE, strange)


def test_odd_quotes_and_short_lines_do_not_stop_it(place, tmp_path: Path) -> None:
    path = write(tmp_path, "op", rows("op", 2))
    path.write_text(path.read_text() + '"never closed,1\nshort,line\n')
    found = {one.field: one for one in reads.read_as(PLACE, path).filled}
    assert found["attendance_id"].first_values == ("N1", "N2")


def test_the_shell_shows_it(place, tmp_path: Path, capsys) -> None:
    path = write(tmp_path, "op", rows("op", 2))
    path.write_text(
        "\n".join(f"{line},{'ward' if at == 0 else 'W1'}" for at, line in enumerate(path.read_text().splitlines()))
    )
    assert main(["activity", "read-as", str(path), "--place", PLACE]) == 0
    shown = capsys.readouterr().out
    assert "2 lines" in shown and "kept, unread: ward" in shown and "list sex" in shown
    assert main(["activity", "read-as", str(path), "--place", PLACE, "--json"]) == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["unknown"] == [{"column": "ward", "first_values": ["W1"]}]

"""Extracts of the national service are read by their public column names, with their supplied prices kept."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from openpbc.activity import reads
from openpbc.activity.flow.layouts import layouts
from openpbc.rulebook.reader import open_book
from tests.unit.activity.rows import GOOD, PLACE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("stream", ["apc", "op"])
def test_an_extract_is_recognised_and_its_price_is_kept(receive, tmp_path: Path, stream: str) -> None:
    columns = layouts(open_book(PLACE))[f"sus-{stream}"].fields[stream]
    record = GOOD[stream] | {"sus_price": "1234.50", "sus_mff": "1.0500000"}
    path = tmp_path / f"RWG_2008-06_sus_{stream}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns.values())
        writer.writerow(record.get(field, "") for field in columns)
    told = {one.field: one for one in reads.read_as(PLACE, path).filled}
    assert told["sus_price"].first_values == ("1234.50",)
    receipt = receive(path)
    assert (receipt.layout, receipt.stream, receipt.provider, receipt.month) == (
        f"sus-{stream}",
        stream,
        "RWG",
        "2008-06",
    )
    assert reads.checked(PLACE, receipt.sha256).accepted == 1

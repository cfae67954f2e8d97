"""Extracts of the national service are read by their public column names, with their supplied prices kept."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from openpbc.activity import actions, reads
from openpbc.activity.flow.layouts import layouts
from openpbc.activity.rules.supplied import verdict
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import open_book
from openpbc.site.cli import main
from tests.unit.activity.rows import GOOD, PLACE

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


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


def test_our_price_stands_beside_the_supplied_one(receive, tmp_path: Path, capsys) -> None:
    columns = layouts(open_book(PLACE))["sus-apc"].fields["apc"]
    told = [("1234.50", ""), ("", ""), ("100", "Y"), ("no number", "0")]
    path = tmp_path / "RWG_2008-06_sus_apc.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns.values())
        for at, (price, excluded) in enumerate(told):
            record = GOOD["apc"] | {"cds_unique_id": f"K{at}", "spell_no": f"S{at}"}
            record |= {"sus_price": price, "sus_excluded": excluded}
            writer.writerow(record.get(field, "") for field in columns)
    receive(path)
    actions.run(by=SYSTEM, place=PLACE, month=Month.parse("2008-06"), terms={})
    found = reads.supplied_prices(PLACE, Month.parse("2008-06"), differing=False)
    assert len(found) == 3  # a record that supplies nothing is not compared
    for one in found:
        price, excluded = told[one.line - 1]
        pence = {"1234.50": 123_450, "100": 10_000}.get(price)
        assert (one.supplied, one.verdict) == (pence, verdict(one.ours, pence, excluded or None)), one
        assert one.ours is None or pence is None or one.difference == one.ours - pence
        assert reads.explain(one.address).value == (one.ours or 0)
    assert main(["activity", "supplied", "2008-06", "--place", PLACE]) == 0
    assert "records listed" in capsys.readouterr().out

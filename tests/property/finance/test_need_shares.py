"""Need shares on random practices, beside a naive implementation with decimals."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from openpbc.finance.reads.need import WeightRow, need_columns, need_report
from openpbc.kernel.money import PPM
from tests.property.finance import naive

HEADER = ("Practice_Code", "place", "pop 2020/21", "G&A WP", "Final WP")
LOTS = 10


def random_rows(chance: random.Random) -> list[dict[str, str]]:
    decimals = chance.choice([0, 1, 10, 17])
    biggest = chance.choice([3, 50, 20_000])
    places = [f"Place {n}" for n in range(chance.randint(1, 4))]

    def people() -> str:
        whole, part = divmod(chance.randrange(biggest * 10**decimals), 10**decimals)
        return f"{whole}.{part:0{decimals}d}" if decimals else str(whole)

    rows = [
        dict(zip(HEADER, (f"A{n:05d}", chance.choice(places), people(), people(), people()), strict=True))
        for n in range(chance.randint(1, 12))
    ]
    # Every place needs people, or there is no index to compare.
    for place in {row["place"] for row in rows}:
        row = next(row for row in rows if row["place"] == place)
        row |= dict.fromkeys(HEADER[2:], str(chance.randint(1, biggest)))
    return rows


@pytest.mark.parametrize("lot", range(LOTS))
def test_need_agrees_with_the_naive_sum(lot: int) -> None:
    chance = random.Random(f"need {lot}")
    for _ in range(100):
        rows = random_rows(chance)
        columns = need_columns(HEADER)
        report = need_report([WeightRow(n, row) for n, row in enumerate(rows, start=1)], columns, "place")
        for number, column in enumerate(columns.weighted):
            expected = naive.need(rows, "place", columns.population, column.column)
            for place in report.shares.places:
                part = place.components[number]
                assert (part.weighted, Decimal(part.index or 0).scaleb(-3)) == expected[place.place]
            assert sum(place.components[number].share for place in report.shares.places) == PPM
        assert sum(place.practices for place in report.shares.places) == report.counted == len(rows)
        mixed = [WeightRow(n, row) for n, row in enumerate(chance.sample(rows, len(rows)), start=1)]
        assert need_report(mixed, columns, "place").shares == report.shares

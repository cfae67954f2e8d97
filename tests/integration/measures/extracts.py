"""Small SYNTHETIC extracts of waits in the official layout."""

from __future__ import annotations

import csv
import io

from openpbc.rulebook.reader import open_book

PLACE, OWN = "west-herts-2008", "5P4"


def line(bands: dict[int, int], **facts: str) -> dict[str, str]:
    """Give one line: pathways by week, and whatever differs from a plain line of general surgery at RWG."""
    total = sum(bands.values())
    plain = {
        "period": "RTT-May-2008", "provider": "RWG", "provider_name": "A trust", "commissioner": OWN,
        "part": "Part_2", "tfc": "C_100", "tfc_name": "General Surgery", "total": str(total), "unknown": "0",
        "total_all": str(total),
    }  # fmt: skip
    return plain | {f"band-{week}": str(count) for week, count in bands.items()} | facts


def extract(*lines: dict[str, str]) -> bytes:
    """Write an extract of lines, of one plain line if none is given."""
    columns = open_book(PLACE).need_table("measures.waiting_layout").keyed("field")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([row["column"] for row in columns.values()])
    for each in lines or (line({0: 5, 17: 5, 18: 2}),):
        writer.writerow([each.get(field, "") for field in columns])
    return text.getvalue().encode()

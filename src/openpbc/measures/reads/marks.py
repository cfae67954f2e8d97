"""The records behind a measure; only for those who may see records."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.activity.reads import store
from openpbc.kernel.periods import Month
from openpbc.measures.reads.measured import Period
from openpbc.warehouse import runs

MOST = 5_000
_SHOWN = {"counted": "numerator > 0 and reason = ''", "left-out": "reason <> ''", "all": "1 = 1"}


@dataclass(frozen=True)
class MarkRow:
    """One record that a measure looked at."""

    month: Month
    stream: str
    file: str
    line: int
    provider: str
    practice: str
    tfc: str
    hrg: str
    reason: str
    numerator: int


def marks(
    period: Period, measure: str, show: str, provider: str, limit: int, offset: int
) -> tuple[int, tuple[MarkRow, ...]]:
    """Give how many records there are, and some of them in the order of months, files and lines."""
    tests = f"measure = $measure and {_SHOWN[show]}" + (" and provider = $provider" if provider else "")
    given = {"measure": measure} | ({"provider": provider} if provider else {})
    months = {each.run_id: each.month for each in period.months}
    total = runs.query(store(), period.runs, f"select count(*) as n from marks where {tests}", given)[0]["n"]
    found = (
        runs.query(
            store(),
            period.runs,
            "select run_id, stream, file, line, coalesce(provider, '') as provider, coalesce(practice, '') as practice,"
            f" tfc, coalesce(hrg, '') as hrg, reason, numerator from marks where {tests}",
            given,
        )
        if limit
        else []
    )
    found.sort(key=lambda row: (months[row["run_id"]], row["file"], row["line"]))
    return total, tuple(MarkRow(months[row.pop("run_id")], **row) for row in found[offset : offset + limit])

"""Runs of invented priced units, written as the pipeline writes them."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

from openpbc.organisations.reads.installation import store
from openpbc.warehouse import runs
from openpbc.warehouse.session import Session
from openpbc.warehouse.store import canonical_json

PLACE = "west-herts-2008"
PRICED = {
    **dict.fromkeys(("stream", "provider", "file"), "VARCHAR"),
    "line": "BIGINT",
    **dict.fromkeys(("key", "month", "practice", "unit", "budget_line", "commissioner", "method", "pod"), "VARCHAR"),
    **dict.fromkeys(("hrg", "status", "reason"), "VARCHAR"),
    **dict.fromkeys(("base", "topup", "long_stay", "unbundled", "pre_mff", "mff_amount", "price", "charge"), "BIGINT"),
    **dict.fromkeys(("los", "excess_bed_days", "episodes"), "BIGINT"),
}
Unit = dict[str, Any]


def unit(line: int, **facts: Any) -> Unit:
    """One priced unit; what is not said is that of a plain day case at RWG."""
    plain = {
        "stream": "apc", "provider": "RWG", "file": "0123456789ab", "line": line, "key": f"k{line}", "month": "",
        "practice": "E82901", "unit": "WATCOM", "budget_line": "WATCOM", "commissioner": "5P4", "method": "PRACTICE",
        "pod": "DC", "hrg": "B01", "status": "PRICED", "reason": "", "topup": 0, "long_stay": 0, "unbundled": 0,
        "los": 0, "excess_bed_days": 0, "episodes": 1, "charge": 50_000,
    } | facts  # fmt: skip
    charge = plain["charge"]
    plain |= {"base": charge, "pre_mff": charge, "mff_amount": charge // 8, "price": charge + charge // 8}
    return {name: plain[name] for name in PRICED}


def write_run(month: str, units: list[Unit]) -> str:
    """Publish a run of the units as the pipeline would."""

    def build(folder: Path) -> dict[str, Any]:
        with Session(threads=1) as session:
            session.table("priced", PRICED, [list({**each, "month": month}.values()) for each in units])
            session.script("openpbc.activity.sql", "monitor.sql")
            for stream in ("apc", "op", "ae"):
                session.execute(
                    f"create or replace table rows_{stream} as select file, line, 'accepted' as outcome, '' as reason"
                    f" from priced where stream = '{stream}'"
                )
                session.write(f"rows_{stream}", folder / f"rows_{stream}.parquet", "file, line")
            session.write("priced", folder / "priced.parquet", "stream, file, line")
            session.write("monitoring", folder / "monitoring.parquet", "all")
        return {"inputs": []}

    made = sorted(canonical_json(each) for each in units)
    identity = {"place": PLACE, "month": month, "made": hashlib.sha256("".join(made).encode()).hexdigest()}
    return runs.publish(store(), identity, build).run_id

"""PERF-2: ten rules on a million rows, here and in NHS England's data-validation-engine.

The peer is released for exact versions of its own dependencies, so it lives in a virtual environment of its own, which
is made for the occasion and thrown away; ``peer.py`` is what runs in there. Both sides read the same CSV file, look up
the same lists, and must find the same number of faults, rule by rule.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.measuring import Taken, alternating, apart, report
from openpbc.warehouse import landing
from openpbc.warehouse.session import Session, quoted
from openpbc.warehouse.store import Store
from openpbc.warehouse.survey import survey

PEER = "data-validation-engine==0.9.0"
GOAL = 30
THREADS = 2
LISTS = {"provider": [f"R{n:02d}" for n in range(40)], "tfc": [str(100 + n) for n in range(160)]}
LISTS["practice"] = [f"E{80_000 + n}" for n in range(600)]
COLUMNS = (
    "attendance_id person provider practice appointment_date tfc kind attended age sex area procedure referral "
    "referral_date priority outcome"
).split()

# A rule is the text that its column must have, or the list that must know it.
CODES = {
    "V01": ("attendance_id", "attendance_id is null"),
    "V02": ("provider", "provider is null or provider not in (select code from provider)"),
    "V03": ("practice", "practice is null or practice not in (select code from practice)"),
    "V04": ("appointment_date", "appointment_date is null or not iso_day_ok(appointment_date)"),
    "V05": ("tfc", "tfc is null or tfc not in (select code from tfc)"),
    "V06": ("attended", "attended is null"),
    "V07": ("age", "age is null or not regexp_matches(age, '^([0-9]{1,2}|1[01][0-9]|120)$')"),
    "V08": ("sex", "sex is null or sex not in ('1', '2', '3', '9')"),
    "V09": ("referral_date", "referral_date is null or not iso_day_ok(referral_date)"),
    "V10": (
        "priority",
        "priority is null or (priority not in ('0', '1', '2', '3') and priority not in ('4', '5', '6'))",
    ),
}


def make_rows(folder: Path, rows: int) -> None:
    """Write invented out-patient rows, of which some two in a hundred are faulty, and the lists that rules look up."""
    for name, codes in LISTS.items():
        with (folder / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([["code"], *([code] for code in codes)])
    columns = {
        "attendance_id": "printf('A%09d', i)",
        "person": "printf('P%07d', hash(i, 1) % 2000000)",
        "provider": "case when hash(i, 2) % 300 = 0 then 'ZZZ' else printf('R%02d', hash(i, 3) % 40) end",
        "practice": "case when hash(i, 4) % 250 = 0 then 'V81997' else printf('E%d', 80000 + hash(i, 5) % 600) end",
        "appointment_date": "case when hash(i, 6) % 300 = 0 then '2025-02-31' else "
        "strftime(date '2024-04-01' + cast(hash(i, 7) % 365 as int), '%Y-%m-%d') end",
        "tfc": "case when hash(i, 8) % 400 = 0 then 'X99' else cast(100 + hash(i, 9) % 160 as varchar) end",
        "kind": "case when hash(i, 10) % 3 = 0 then 'first' else 'follow-up' end",
        "attended": "case when hash(i, 11) % 200 = 0 then null else cast(5 + hash(i, 12) % 2 as varchar) end",
        "age": "case when hash(i, 13) % 600 = 0 then 'abc' else cast(hash(i, 14) % 99 as varchar) end",
        "sex": "case when hash(i, 15) % 900 = 0 then '7' else cast(1 + hash(i, 16) % 2 as varchar) end",
        "area": "printf('L%05d', hash(i, 17) % 33000)",
        "procedure": "case when hash(i, 18) % 5 = 0 then printf('W%03d', hash(i, 19) % 999) end",
        "referral": "printf('F%07d', hash(i, 20) % 8000000)",
        "referral_date": "strftime(date '2024-01-01' + cast(hash(i, 21) % 90 as int), '%Y-%m-%d')",
        "priority": "case when hash(i, 22) % 700 = 0 then '8' else cast(hash(i, 23) % 7 as varchar) end",
        "outcome": "cast(1 + hash(i, 24) % 12 as varchar)",
    }
    assert list(columns) == COLUMNS
    chosen = ", ".join(f"{written} as {name}" for name, written in columns.items())
    with Session(threads=THREADS, macros=False) as session:
        source = f"select {chosen} from (select unnest(range({rows})) as i)"
        session.execute(f"copy ({source}) to {quoted(folder / 'rows.csv')} (format csv, header)")


def ours(folder: Path, out: Path) -> dict[str, Any]:
    """Survey and land the file, then judge every row in one pass and publish the findings."""
    store, file = Store(out), folder / "rows.csv"
    found = landing.land(store, survey(file), ",", threads=THREADS)
    with Session(threads=THREADS, temp_directory=store.spill) as session:
        for name in LISTS:
            codes = (folder / f"{name}.csv").read_text(encoding="utf-8").split()[1:]
            session.table(name, {"code": "VARCHAR"}, [(code,) for code in codes])
        rows = landing.rows_with_line(store, found)
        marks = ", ".join(f"case when {broken} then '{rule}' end" for rule, (_, broken) in CODES.items())
        broken = " or ".join(f"({broken})" for _, broken in CODES.values())
        session.execute(
            "create table finding as select line, unnest(string_split(marks, ' ')) as rule from "
            f"(select line, concat_ws(' ', {marks}) as marks from ({rows}) where {broken})"
        )
        session.write("finding", out / "findings.parquet", "line, rule")
        counted = session.rows("select rule, count(*) as n from finding group by rule order by rule")
    return {"rows": found.lines, "found": dict(counted)}


def measure(rows: int, times: int) -> tuple[Taken, Taken | None]:
    """Take the times of both sides in turn, or ours alone where the peer cannot be installed."""
    with tempfile.TemporaryDirectory(prefix="openpbc-bench-") as made_in:
        folder = Path(made_in)
        make_rows(folder, rows)
        python = folder / "peer" / "bin" / "python"
        own = ("bench.validation", str(folder))
        if not _installed(folder / "peer", python):
            return apart(*own, times=times), None
        one, other = alternating(times, own, (*own, str(python)))
    return one, other


def _installed(place: Path, python: Path) -> bool:
    subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--quiet", "install", PEER]
    return subprocess.run(pip, stdout=sys.stderr, check=False).returncode == 0


def page(rows: int = 1_000_000, times: int = 3) -> list[str]:
    """Measure, and tell it for the page."""
    one, other = measure(rows, times)
    head = [
        f"{rows:,} invented rows, ten rules of which three look a list up, {THREADS} threads, median of {times}; each "
        "run in a process of its own.",
        "",
        "| | time | rows a second | peak memory |",
        "|---|---|---|---|",
        _line("OpenPBC surveys, lands, checks and writes findings", rows, one),
    ]
    if other is None:
        return [*head, "", f"{PEER} could not be installed here, so there is no ratio."]
    same = "the same" if other.told["found"] == one.told["found"] else "**other**"
    ratio = other.median / one.median
    return [
        *head,
        _line(PEER, rows, other),
        "",
        f"Both find {same} faults, rule by rule ({sum(one.told['found'].values()):,} here). Ratio {ratio:.0f}; the "
        f"goal is {GOAL}: {'met' if ratio >= GOAL else '**not met**'}.",
    ]


def _line(who: str, rows: int, taken: Taken) -> str:
    return f"| {who} | {taken.text()} | {rows / taken.median:,.0f} | {taken.peak_mib} MiB |"


def main(folder: Path, python: Sequence[str]) -> None:
    """One side, once: ours in this process, the peer in its own environment."""
    with tempfile.TemporaryDirectory(prefix="openpbc-bench-") as out:
        if not python:
            report(lambda: ours(folder, Path(out)))
            return
        script = Path(__file__).with_name("peer.py")
        rules = json.dumps({rule: column for rule, (column, _) in CODES.items()})
        command = [*python, str(script), str(folder), out, rules]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        print(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

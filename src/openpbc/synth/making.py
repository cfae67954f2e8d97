"""Makes the county's files: tables, statements, CSV files, the key of the planted faults, the plan and a manifest."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.synth.county import STREAMS, County, read_county
from openpbc.synth.plan import PLAN_COLUMNS, plan_rows
from openpbc.synth.shares import small_tables
from openpbc.synth.volumes import Expectations
from openpbc.warehouse.session import Session, quoted

GENERATOR = "2"  # goes up whenever the same seed would give other files
MANIFEST = "SYNTHETIC-manifest.json"
FAULTS = "SYNTHETIC-faults.csv"
PLAN = "plan.csv"
NOTICE = "SYNTHETIC: invented by a program from a seed. No record is about a real person or a real hospital's care."
_SQL = "openpbc.synth.sql"
_RECORDS = dict(zip(STREAMS, ("episodes", "appointments", "attendances"), strict=True))
_INNER = ("month", "sender", "cared_on", "sort_id", "copy", "fault")

Told = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Order:
    """What is asked for: months of the place's year, a seed, and a scale in parts per million of true size."""

    first: Month
    last: Month
    seed: int
    scale_ppm: int

    def check(self, county: County) -> None:
        """Refuse what cannot be made, in a sentence."""
        if self.last < self.first:
            raise UserError("the last month lies before the first", do="Give --from and --to in their order.")
        if self.first.year_of != county.year or self.last.year_of != county.year:
            raise UserError(
                f"the SYNTHETIC county of {county.place} is described for {county.year.label} only",
                do=f"Choose months from {county.year.months[0]} to {county.year.months[-1]}.",
            )
        if not 0 < self.scale_ppm <= 10_000_000:
            raise UserError(
                "the scale must lie above 0 and at most 10", do="Give 1 for true size, 0.01 for a hundredth."
            )


@dataclass(frozen=True)
class Made:
    """What stands in the folder now; ``already`` says that it stood there before."""

    folder: Path
    files: tuple[dict[str, Any], ...]
    already: bool

    @property
    def records(self) -> int:
        """How many records all files hold."""
        return sum(file["rows"] for file in self.files)


def quiet(what: str, done: int, of: int) -> None:
    """Tell nobody."""


def make(book: Book, order: Order, folder: Path, told: Told = quiet, threads: int | None = None) -> Made:
    """Make the files of the months in the folder. The same order there again changes nothing."""
    county = read_county(book)
    order.check(county)
    wanted = {
        "notice": NOTICE,
        "generator": GENERATOR,
        "place": county.place,
        "from": str(order.first),
        "to": str(order.last),
        "seed": order.seed,
        "scale_ppm": order.scale_ppm,
        "county": county.fingerprint,
    }
    old = _old_manifest(folder)
    if old and {key: old.get(key) for key in wanted} == wanted and _complete(folder, old["files"]):
        return Made(folder, tuple(old["files"]), already=True)
    staging = folder / f".making-{os.getpid()}"
    staging.mkdir(parents=True)
    try:
        files = [_described(staging, name, rows) for name, rows in _write_all(county, order, staging, told, threads)]
        _swap(folder, staging, old, {**wanted, "files": files})
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return Made(folder, tuple(files), already=False)


def _old_manifest(folder: Path) -> dict[str, Any]:
    if not folder.exists():
        return {}
    if not folder.is_dir():
        raise UserError("this is a file, not a folder", where=str(folder), do="Name a folder with --out.")
    manifest = folder / MANIFEST
    if manifest.exists():
        return json.loads(manifest.read_text(encoding="utf-8"))
    if any(not entry.name.startswith(".making-") for entry in folder.iterdir()):
        raise UserError(
            "the folder holds other files", where=str(folder), do="Name an empty or a new folder with --out."
        )
    return {}


def _complete(folder: Path, files: list[dict[str, Any]]) -> bool:
    return all((folder / file["name"]).is_file() and _sha256(folder / file["name"]) == file["sha256"] for file in files)


def _described(folder: Path, name: str, rows: int) -> dict[str, Any]:
    return {"name": name, "rows": rows, "sha256": _sha256(folder / name)}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _swap(folder: Path, staging: Path, old: dict[str, Any], manifest: dict[str, Any]) -> None:
    # The manifest goes first and comes last: a folder without one is never taken for whole.
    (folder / MANIFEST).unlink(missing_ok=True)
    for file in old.get("files", []):
        (folder / file["name"]).unlink(missing_ok=True)
    for file in manifest["files"]:
        os.replace(staging / file["name"], folder / file["name"])
    (staging / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
    os.replace(staging / MANIFEST, folder / MANIFEST)


def _write_all(
    county: County, order: Order, staging: Path, told: Told, threads: int | None
) -> Iterator[tuple[str, int]]:
    expectations = Expectations(county, order.seed, order.scale_ppm)
    months = (*order.first.through(order.last), order.last.next())
    with Session(threads=threads) as session:
        _prepare(session, county, order, expectations, months)
        told("SYNTHETIC people and spells", 1, 5)
        session.script(_SQL, "people.sql")
        session.script(_SQL, "spells.sql")
        for at, (stream, name) in enumerate(_RECORDS.items(), start=2):
            told(f"SYNTHETIC {name}", at, 5)
            session.script(_SQL, f"{name}.sql")
            session.script(_SQL, f"faults_{stream}.sql")
            yield from _write_stream(session, stream, staging)
        told("SYNTHETIC plan and key", 5, 5)
        yield FAULTS, _write_key(session, staging / FAULTS)
    yield PLAN, _write_plan(county, order, staging / PLAN)


def _prepare(
    session: Session, county: County, order: Order, expectations: Expectations, months: tuple[Month, ...]
) -> None:
    for small in small_tables(county, expectations, months):
        session.table(small.name, dict(small.columns), small.rows)
    constants = {
        "seed()": quoted(str(order.seed)),
        "year_first()": f"date {quoted(county.year.first.isoformat())}",
        "other_commissioner()": quoted(county.neighbours[0] if county.neighbours else county.commissioner),
        "closed_practice(month)": "case month "
        + " ".join(f"when {quoted(str(month))} then {quoted(county.closed_before(month))}" for month in months)
        + " end",
    } | {f"rate_{code}()": str(ppm) for code, ppm in county.rates.items()}
    for head, body in constants.items():
        session.execute(f"create or replace macro {head} as {body}")
    session.script(_SQL, "draws.sql")


def _write_stream(session: Session, stream: str, staging: Path) -> Iterator[tuple[str, int]]:
    table = f"{stream}_rows"
    columns = ", ".join(column for column in session.columns(table) if column not in _INNER)
    cells = session.rows(f"select sender, month, count(*) as n from {table} group by all order by all")
    for sender, month, rows in cells:
        name = f"{sender}_{month}_{stream}.csv"
        session.execute(
            f"copy (select {columns} from {table} where sender = {quoted(sender)} and month = {quoted(month)}"
            f" order by cared_on, sort_id, copy) to {quoted(staging / name)} (format csv, header true)"
        )
        yield name, rows


def _write_key(session: Session, path: Path) -> int:
    parts = [f"select {quoted(stream)} as stream, * from {stream}_planted" for stream in STREAMS]
    lines = [
        f"select {quoted(stream)} as stream, month, sender, sort_id, copy, cds_unique_id,"
        " row_number() over (partition by sender, month order by cared_on, sort_id, copy) as line"
        f" from {stream}_rows"
        for stream in STREAMS
    ]
    session.execute(
        f"""
        create or replace temp table fault_key as
        with planted as ({" union all ".join(parts)}), lines as ({" union all ".join(lines)})
        select
            concat(l.sender, '_', l.month, '_', l.stream, '.csv') as file,
            l.line, p.fault, p.rule, p.field, l.cds_unique_id
        from planted as p
        inner join lines as l on p.stream = l.stream and p.month = l.month and p.cds_unique_id = l.sort_id
        where l.copy = case when p.fault = 'duplicate_record' then 1 else 0 end
        """
    )
    session.execute(
        f"copy (select * from fault_key order by file, line, fault) to {quoted(path)} (format csv, header true)"
    )
    return session.number("select count(*) from fault_key")


def _write_plan(county: County, order: Order, path: Path) -> int:
    rows = plan_rows(county, order.seed, order.scale_ppm)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(PLAN_COLUMNS)
        writer.writerows(rows)
    return len(rows)

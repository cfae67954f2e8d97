"""The law book from the shell: check the packs, show a subject with its sources, seal a table's file."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import click

from openpbc.kernel.periods import FinancialYear
from openpbc.kernel.problems import UserError
from openpbc.rulebook.checking import check
from openpbc.rulebook.reader import open_book, places
from openpbc.rulebook.sealing import seal
from openpbc.rulebook.values import NotSet, Table, Value

overlay_option = click.option(
    "--overlay", envvar="OPENPBC_RULEBOOK", type=click.Path(path_type=Path), help="Folder of your own packs."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def rulebook() -> None:
    """Check, show and seal the packs of the law book."""


@rulebook.command("check")
@overlay_option
@json_option
def check_packs(overlay: Path | None, as_json: bool) -> None:
    """Check every pack file; exit code 2 and one sentence for each fault."""
    findings = check(overlay)
    if as_json:
        click.echo(json.dumps([asdict(finding) for finding in findings], indent=2))
    else:
        for finding in findings:
            click.echo(finding.sentence)
        if not findings:
            click.echo(f"No faults. Places: {', '.join(place.id for place in places(overlay))}.")
    if findings:
        raise SystemExit(2)


@rulebook.command()
@click.argument("subject")
@click.option("--place", required=True, help="Id of the place.")
@click.option("--year", default="", help="Financial year, such as 2008-09; the place's own unless said.")
@click.option("--known-on", default="", help="The day (YYYY-MM-DD) as of which to read; all that is known unless said.")
@overlay_option
@json_option
def show(subject: str, place: str, year: str, known_on: str, overlay: Path | None, as_json: bool) -> None:
    """Show a subject of a place: value or rows, meaning, unit, status and source."""
    book = open_book(place, _day(known_on), overlay)
    wanted = FinancialYear.parse(year) if year else None
    try:
        found = book.value(subject, wanted) if _is_value(book, subject) else book.table(subject, wanted)
    except KeyError as error:
        raise UserError(f"no pack knows the subject '{subject[:80]}'", where=place, do=_near(book, subject)) from error
    facts = _facts(found) | {"book": book.hash}
    if as_json:
        click.echo(json.dumps(facts, indent=2))
        return
    rows = facts.pop("rows", [])
    for name, fact in facts.items():
        if fact != "":
            click.echo(f"{name:<11} {fact}")
    for row in rows:
        click.echo("  " + "  ".join(f"{name}: {cell}" for name, cell in row.items() if cell))


@rulebook.command("seal")
@click.argument("file")
@overlay_option
def seal_file(file: str, overlay: Path | None) -> None:
    """Write the checksum of a table's CSV into the pack file that names it. FILE is either of the two."""
    for one in seal(file, overlay):
        state = "was sealed already" if one.before == one.after else "is now sealed"
        click.echo(f"{one.table} {state} in {one.pack}: {one.after}")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise UserError(f"'{text[:20]}' is not a date", where="--known-on", do="Write it as YYYY-MM-DD.") from error


def _is_value(book: Any, subject: str) -> bool:
    known = book.subjects.get(subject) or next(iter(book.elsewhere.get(subject, ())), None)
    if known is not None and known.kind not in ("value", "table"):
        raise UserError(f"'{subject}' is a pack of {known.kind}", where=known.file.path, do="Read it there.")
    return known is None or known.kind == "value"


def _near(book: Any, subject: str) -> str:
    room = subject.partition(".")[0]
    near = sorted(id for id in book.subjects if id.partition(".")[0] == room)
    listed = ", ".join(near[:8]) if near else ", ".join(sorted({id.partition(".")[0] for id in book.subjects}))
    return f"There are: {listed}."


def _facts(found: Value | Table | NotSet) -> dict[str, Any]:
    facts: dict[str, Any] = {"id": found.id}
    if isinstance(found, Table):
        facts["rows"] = list(found.rows)
    else:
        facts["value"] = found.raw if isinstance(found, Value) else str(found)
    facts |= {"meaning": found.meaning, "year": found.year, "status": str(found.status)}
    if not isinstance(found, NotSet):
        known = found.known_from.isoformat() if found.known_from else "not said"
        facts |= {"source": str(found.citation), "known from": known}
    if isinstance(found, Value):
        facts["unit"] = found.unit
    return facts | {"note": found.note, "file": found.path}

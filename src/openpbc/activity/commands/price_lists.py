"""Price lists from the shell: load one, and see what it would change before it counts."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

import click

from openpbc.activity import actions, reads
from openpbc.activity.reads import Weighed
from openpbc.activity.rules.price_lists import TABLES, csv_sheet
from openpbc.kernel.problems import UserError
from openpbc.kernel.sheets import ReadSheet
from openpbc.rulebook.laying import Origin
from openpbc.rulebook.values import Status
from openpbc.ui.commands import by_whom
from openpbc.ui.workbooks import read_workbook

LOADED = "loaded-price-list"
SHOWN = 40
_STATUSES = [Status.ENACTED.value, Status.APPROVED.value, Status.DRAFT.value, Status.ASSUMED.value]


@click.group()
def tariff() -> None:
    """Load price lists, and show which are in force."""


@tariff.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--place", required=True, help="The place whose year the list is for.")
@click.option(
    "--table",
    "word",
    default="apc",
    show_default=True,
    type=click.Choice(sorted(TABLES)),
    help="Which table of prices it is.",
)
@click.option("--sheet", default="", help="The sheet of a workbook; needed where it has several.")
@click.option(
    "--status",
    default=Status.ENACTED.value,
    show_default=True,
    type=click.Choice(_STATUSES),
    help="How firm the prices are.",
)
@click.option("--document", default=LOADED, show_default=True, help="Code of the document in the rulebook's register.")
@click.option(
    "--mark", default="S", show_default=True, type=click.Choice(["S", "R", "D", "P", "SYN"]), help="Its evidence mark."
)
@click.option("--note", default="", help="A remark that stands beside the table; invented prices must say SYNTHETIC.")
@click.option("--dry-run", is_flag=True, help="Show every wrong cell and every change, and keep nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def load(
    file: Path, place: str, word: str, sheet: str, status: str, document: str, mark: str, note: str, dry_run: bool,
    as_json: bool,
) -> None:  # fmt: skip
    """Load a price list (workbook or CSV) into the rulebook folder of this installation (OPENPBC_RULEBOOK)."""
    content = _content(file)
    read = _sheet(content, file.name, sheet)
    if dry_run:
        _tell(reads.weigh(place, word, read), as_json, "")
        return
    section = f"{file.name}, sheet {read.name}, SHA-256 {hashlib.sha256(content).hexdigest()}"
    loaded = actions.load_prices(
        by=by_whom(),
        place=place,
        word=word,
        sheet=read,
        origin=Origin(document, section, mark, Status(status), note),
    )
    done = "was loaded before; the same prices stand" if loaded.already else "is in force"
    _tell(loaded.weighed, as_json, f"{loaded.laid.pack} {done}; its rows are in {loaded.laid.table}.")


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError as error:
        raise UserError("there is no such file", where=str(file)) from error
    except OSError as error:
        raise UserError(f"the file cannot be read ({error.strerror})", where=str(file)) from error


def _sheet(content: bytes, name: str, wanted: str) -> ReadSheet:
    if not name.lower().endswith((".xlsx", ".xlsm")):
        return csv_sheet(content, name)
    book = read_workbook(content, name)
    listed = ", ".join(each.name for each in book.sheets)
    if wanted:
        found = book.sheet(wanted)
        if found is None:
            raise UserError(f"the workbook has no sheet '{wanted[:40]}'", where=name, do=f"Its sheets are {listed}.")
        return found
    if len(book.sheets) != 1:
        raise UserError(f"the workbook has {len(book.sheets)} sheets", where=name, do=f"Choose with --sheet: {listed}.")
    return book.sheets[0]


def _tell(weighed: Weighed, as_json: bool, done: str) -> None:
    found, changes = weighed.found, weighed.changes
    if as_json:
        body = {"table": weighed.table.subject, "rows": len(found.rows), "faults": [asdict(f) for f in found.faults]}
        body |= {"changes": asdict(changes), "unused_columns": found.unused, "done": done}
        click.echo(json.dumps(body, indent=2))
    else:
        for fault in found.faults[:SHOWN]:
            click.echo(f"{fault.cell}: {fault.sentence}")
        click.echo(f"{len(found.rows):,} rows read, {len(found.faults):,} wrong cells.")
        if not found.faults:
            _tell_changes(weighed)
        if done:
            click.echo(done)
    if found.faults:
        raise SystemExit(2)


def _tell_changes(weighed: Weighed) -> None:
    changes = weighed.changes
    for words, keys in (("New", changes.added), ("Gone", changes.removed)):
        if keys:
            click.echo(f"{words}: {len(keys):,} ({', '.join(keys[:8])}{', ...' if len(keys) > 8 else ''}).")
    for change in changes.cells[:SHOWN]:
        click.echo(f"{change.key} {change.column}: {change.before or '-'} -> {change.after or '-'}")
    if len(changes.cells) > SHOWN:
        click.echo(f"... and {len(changes.cells) - SHOWN:,} more cells (--json lists all).")
    click.echo(f"{changes.same:,} rows are as they were.")
    if weighed.found.unused:
        click.echo(f"Columns without use here: {', '.join(weighed.found.unused[:12])}.")


@tariff.command("list")
@click.option("--place", required=True, help="The place.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def list_tables(place: str, as_json: bool) -> None:
    """Say which price lists are in force, how firm they are, and where they come from."""
    found = reads.tables_in_force(place)
    if as_json:
        listed = [
            {"table": one.word, "status": str(one.held.status), "rows": one.rows, "without_price": one.without_price}
            for one in found
        ]
        click.echo(json.dumps(listed, indent=2))
        return
    for one in found:
        told = f"{one.rows:,} rows, {one.without_price:,} without any price" if one.held.is_set else one.held.path
        click.echo(f"{one.word:<10} {one.held.status.value:<9} {told}")

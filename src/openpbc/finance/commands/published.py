"""``openpbc finance tables``: the published tables, printed against recomputed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from openpbc.finance import reads
from openpbc.finance.commands.printing import number, print_columns, print_json
from openpbc.kernel.money import percent_text, thousands
from openpbc.rulebook.reader import Book, open_book
from openpbc.rulebook.values import NotSet


@click.command("tables")
@click.option("--place", required=True, help="Id of the place.")
@click.option("--overlay", envvar="OPENPBC_RULEBOOK", type=click.Path(path_type=Path), help="Folder of your own packs.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def tables(place: str, overlay: Path | None, as_json: bool) -> None:
    """Show the published tables of a place with printed and recomputed figures, every difference and its note."""
    book = open_book(place, overlay=overlay)
    found, checks = reads.tables(book), reads.checks(book)
    if as_json:
        print_json(_json(book, found, checks))
        return
    if isinstance(found, NotSet):
        click.echo(f"The published tables are not set; fill in {found.path}.")
        return
    for table in found:
        _print_table(table)
    _print_checks(checks)


def _json(
    book: Book, found: tuple[reads.PrintedTable, ...] | NotSet, checks: tuple[reads.Check, ...] | NotSet
) -> dict[str, Any]:
    return {
        "place": book.place.id,
        "title": book.place.title,
        "year": book.place.year.label,
        "book": book.hash,
        "unit": "thousands of pounds, and per cent",
        "tables": _gap(found) if isinstance(found, NotSet) else [_table_json(table) for table in found],
        "checks": _gap(checks) if isinstance(checks, NotSet) else [_check_json(check) for check in checks],
        "check_summary": reads.check_summary(book),
    }


def _gap(gap: NotSet) -> dict[str, str]:
    return {"status": str(gap), "id": gap.id, "file": gap.path}


def _table_json(table: reads.PrintedTable) -> dict[str, Any]:
    head = {
        "table": table.code,
        "number": table.number,
        "title": table.title,
        "scenario": table.scenario or None,
        "status": table.status,
        "source": str(table.citation) if table.citation else None,
        "file": table.path,
    }
    if isinstance(table.rows, NotSet):
        return head | {"rows": []}
    return head | {
        "columns": [{"name": c.name, "heading": c.heading, "over": c.over, "kind": c.kind} for c in table.columns],
        "rows": [
            {
                "code": row.code,
                "label": row.label,
                "role": row.role,
                "note": row.note,
                "cells": {cell.column.name: _cell_json(cell) for cell in row.cells},
            }
            for row in table.rows
        ],
    }


def _cell_json(cell: reads.Cell) -> dict[str, Any]:
    decimals = 4 if cell.column.kind == "percent" else 5
    difference = None if cell.printed is None or cell.recomputed is None else cell.printed - cell.recomputed
    return {
        "printed": number(cell.printed, decimals),
        "recomputed": number(cell.recomputed, decimals),
        "difference": number(difference, decimals),
        "verdict": cell.verdict and str(cell.verdict),
        "checks": [check.id for check in cell.checks],
        "notes": list(cell.notes),
    }


def _check_json(check: reads.Check) -> dict[str, Any]:
    decimals = 4 if check.unit == "percent" else 5
    printed, recomputed = (
        None if isinstance(found, NotSet) else number(found, decimals) for found in (check.printed, check.recomputed)
    )
    return {
        "id": check.id,
        "table": check.table,
        "what": check.what,
        "unit": check.unit,
        "printed": printed,
        "recomputed": recomputed,
        "difference": number(check.difference, decimals),
        "tolerance": number(check.tolerance, decimals),
        "verdict": str(check.verdict) if check.verdict else "not set",
        "note": check.note,
    }


def _print_table(table: reads.PrintedTable) -> None:
    click.echo(f"Table {table.number}. {table.title} ({table.status}; thousands of pounds)")
    if isinstance(table.rows, NotSet):
        click.echo(f"Not set; fill in {table.path}.\n")
        return
    headings = [f"{column.over} {column.heading}".strip() for column in table.columns]
    print_columns(("", *headings), [(row.label, *(_cell_text(cell) for cell in row.cells)) for row in table.rows])
    click.echo()


def _cell_text(cell: reads.Cell) -> str:
    if cell.printed is None:
        return ""
    printed = percent_text(cell.printed, cell.places) if cell.column.kind == "percent" else thousands(cell.printed)
    return printed if not cell.notes else f"*{printed}"


def _print_checks(checks: tuple[reads.Check, ...] | NotSet) -> None:
    if isinstance(checks, NotSet):
        click.echo(f"The checks are not set; fill in {checks.path}.")
        return
    click.echo("Printed against recomputed; figures marked * above have a note here")
    inexact = [check for check in checks if check.verdict != "exact"]
    for check in inexact:
        printed, recomputed = (_amount(check, found) for found in (check.printed, check.recomputed))
        verdict = check.verdict or "not set"
        click.echo(f"{check.id}: printed {printed}, recomputed {recomputed}, {verdict}. {check.note}".rstrip())
    click.echo(f"{len(checks) - len(inexact)} of {len(checks)} checks are exact.")


def _amount(check: reads.Check, found: int | NotSet) -> str:
    if isinstance(found, NotSet):
        return str(found)
    if check.unit == "percent":
        return percent_text(found)
    return str(number(found, 5)) if found % 100_000 else thousands(found)

"""How a file will be read, from the shell."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from openpbc.activity import reads
from openpbc.activity.reads import ReadAs


@click.command("read-as")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--place", required=True, help="The place whose rulebook reads it.")
@click.option("--layout", help="Layout to read it by; else told by its header.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def read_as(file: Path, place: str, layout: str | None, as_json: bool) -> None:
    """Show how FILE would be read: our fields, their columns, first values, and what no rule reads. Nothing is kept."""
    found = reads.read_as(place, file, layout)
    if as_json:
        click.echo(json.dumps(asdict(found), indent=2))
        return
    click.echo(found.sentence)
    _say_fields(found)
    if found.lacking:
        click.echo("Wanted and without a column: " + ", ".join(one.field for one in found.lacking))
    for column in found.unknown:
        click.echo(f"kept, unread: {column.column:<34} {' | '.join(column.first_values)}")
    if found.without:
        click.echo("Not checked in this layout: " + ", ".join(found.without))


def _say_fields(found: ReadAs) -> None:
    for one in found.filled:
        listed = f"list {one.listed}" if one.listed else one.kind
        click.echo(f"{one.field:<26} <- {one.column:<26} {listed:<26} {' | '.join(one.first_values)}")

"""Backup and restore in the shell."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from openpbc.site.backup import back_up
from openpbc.site.backup import restore as restore_from

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--as-rows", is_flag=True, help="Keep SQLite as portable rows, to be restored into PostgreSQL.")
@_json
def backup(file: Path, as_rows: bool, as_json: bool) -> None:
    """Back up database, warehouse and the home's rulebook into FILE (.tar.gz or .tar.zst), while the site runs."""
    made = back_up(file, as_rows=as_rows)
    if as_json:
        click.echo(json.dumps(asdict(made), default=str))
        return
    click.echo(f"{made.path}: {made.files} files, audit head {made.head}.")
    click.echo(f"Note this outside the system, to prove the backup when restoring: {made.manifest}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Move aside what the home holds.")
@click.option("--expect", default="", metavar="HASH", help="The hash that was printed when the backup was made.")
@_json
def restore(file: Path, force: bool, expect: str, as_json: bool) -> None:
    """Restore FILE into the home folder, after proving hashes, audit chain and runs."""
    done = restore_from(file, force=force, expected=expect)
    if as_json:
        click.echo(json.dumps(asdict(done), default=str))
        return
    click.echo(f"Restored: {done.events} audit events up to {done.head}, {done.runs} runs as their manifests say.")
    if done.moved_to:
        click.echo(f"What was there before is in {done.moved_to}.")
    click.echo("Everybody signs in again.")

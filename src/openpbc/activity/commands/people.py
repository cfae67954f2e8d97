"""Keys of pseudonyms, opt-outs, and what of a month may be linked, from the shell; nobody's number is ever printed."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click
from django.utils import timezone

from openpbc.activity import actions, reads
from openpbc.kernel.periods import Month, moment_text
from openpbc.ui.commands import by_whom

_PLACE = click.option("--place", required=True, help="The place.")


@click.group()
def people() -> None:
    """Make keys of pseudonyms, load opt-outs, and count what may be linked for a purpose."""


@people.group()
def key() -> None:
    """Make the keys of pseudonyms: they lie outside database, warehouse and backup, so keep a copy of the file."""


@key.command("make")
@_PLACE
def make(place: str) -> None:
    """Make the keys that a place still lacks, one a purpose; a key that is there is never changed."""
    made = actions.make_keys(by=by_whom(), place=place)
    click.echo(
        f"Made {', '.join(made)} in {reads.key_file()}." if made else "Every purpose has its key; nothing changed."
    )
    if made:
        click.echo("Keep a copy where neither the database nor its backups lie: without it nobody can be linked again.")


@people.group()
def optouts() -> None:
    """Load and show the register of people who opted out of uses beyond their own care."""


@optouts.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@_PLACE
def load(file: Path, place: str) -> None:
    """Replace the register by a FILE with one NHS number a line; only pseudonyms are kept of it."""
    click.echo(actions.load_opt_outs(by=by_whom(), place=place, path=file).sentence)


@optouts.command("show")
@_PLACE
def show(place: str) -> None:
    """Tell how many people are in the register, and when it was loaded."""
    found = reads.opt_outs(place)
    if found is None:
        click.echo("No register of opt-outs was loaded.")
        return
    when = timezone.localtime(found.loaded_at)
    click.echo(f"{found.people:,} people, loaded on {moment_text(when)} by {found.loaded_by}.")


@people.command("link")
@_PLACE
@click.option("--month", required=True, metavar="YYYY-MM", help="The month.")
@click.option("--purpose", required=True, help="What for: care, payment, measures or release.")
@click.option("--json", "as_json", is_flag=True, help="Print the counts as JSON.")
def link(place: str, month: str, purpose: str, as_json: bool) -> None:
    """Link a month's records for a purpose, and count those that are left out."""
    found = reads.linked(place, Month.parse(month), purpose)
    if as_json:
        click.echo(json.dumps(asdict(found), indent=2))
        return
    click.echo(f"{found.lines:>10,}  records")
    click.echo(f"{found.linked:>10,}  linked")
    for reason, lines in found.left_out:
        click.echo(f"{lines:>10,}  {reason}")


@people.command("shown")
@_PLACE
def shown(place: str) -> None:
    """List who was shown which patient by name, and why; newest first, and no patient is named."""
    for each in reads.unmaskings(place):
        record = each.record
        where = f"{record.month} {record.stream} {record.file} line {record.line}"
        click.echo(
            f"{timezone.localtime(each.at):%Y-%m-%d %H:%M}  {each.who_name}  {record.practice}  {where}: {each.reason}"
        )

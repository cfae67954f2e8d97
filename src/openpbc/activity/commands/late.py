"""Files that came after the freeze, from the shell: which wait, and the decision on one."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from django.utils import timezone

from openpbc.activity import actions, reads
from openpbc.kernel.periods import Month
from openpbc.ui.commands import by_whom

_PLACE = click.option("--place", required=True, help="The place.")
_REASON = click.option("--reason", required=True, help="Why; it is kept with the decision.")
_AGREED = click.option("--agreed-by", default="", help="Who agreed for the co-ordinating commissioner, if another.")


@click.group()
def late() -> None:
    """List the files that came after the freeze, and accept or refuse one."""


@late.command("list")
@_PLACE
@click.option("--month", metavar="YYYY-MM", help="Only those of one month.")
@click.option("--json", "as_json", is_flag=True, help="Print the files as JSON.")
def waiting(place: str, month: str | None, as_json: bool) -> None:
    """List the files that wait for a decision."""
    found = reads.waiting(place, Month.parse(month) if month else None)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=2, default=str))
        return
    for each in found:
        came = timezone.localtime(each.arrived_at)
        click.echo(f"{each.file}  {each.provider}  {each.month}  {each.stream:<3}  {came:%Y-%m-%d %H:%M}")
    if not found:
        click.echo("No file waits for a decision.")


@late.command()
@click.argument("file")
@_PLACE
@_REASON
@_AGREED
def accept(file: str, place: str, reason: str, agreed_by: str) -> None:
    """Accept a late FILE, named by the start of its hash: it counts from now on."""
    _decide(file, place, True, reason, agreed_by)


@late.command()
@click.argument("file")
@_PLACE
@_REASON
@_AGREED
def refuse(file: str, place: str, reason: str, agreed_by: str) -> None:
    """Refuse a late FILE, named by the start of its hash: it stays in the log and changes nothing."""
    _decide(file, place, False, reason, agreed_by)


def _decide(file: str, place: str, accept: bool, reason: str, agreed_by: str) -> None:
    by = by_whom()
    click.echo(actions.decide_late(by=by, place=place, sha256=file, accept=accept, reason=reason, agreed_by=agreed_by))

"""The day's work by e-mail, from the shell: for a timer that runs once a day."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from openpbc.kernel.actor import Actor
from openpbc.organisations import reads as organisations
from openpbc.site import digests


@click.group()
def digest() -> None:
    """Send each person who wants it what waits for them today."""


@digest.command()
@click.option("--dry-run", is_flag=True, help="Say who would get how much, and send nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print what was sent as JSON.")
@click.pass_obj
def send(actor: Actor, dry_run: bool, as_json: bool) -> None:
    """Send what is due: at most one mail a person and day, and none where nothing waits."""
    today = organisations.today()
    if dry_run:
        found = [{"sign_in": each.sign_in, "lines": each.count} for each in digests.due(today)]
    else:
        found = [asdict(each) for each in digests.send(actor, today)]
    if as_json:
        click.echo(json.dumps(found, indent=2, default=str))
        return
    for each in found:
        state = f"{each['state']} {each['why']}".strip() if "state" in each else "would be sent"
        click.echo(f"{each['sign_in']}: {each['lines']} lines, {state}")
    if not found:
        click.echo("Nothing is to be sent.")


@digest.command()
@click.option("--json", "as_json", is_flag=True, help="Print the mails as JSON.")
def today(as_json: bool) -> None:
    """Show which mails were begun, sent or failed today."""
    found = digests.sent(organisations.today())
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=2, default=str))
        return
    for each in found:
        click.echo(f"{each.sign_in}: {each.lines} lines, {each.state} {each.why}".rstrip())
    if not found:
        click.echo("No mail left today.")

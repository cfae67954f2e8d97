"""The audit log from the shell."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from openpbc.audit import reads
from openpbc.audit.chain import Head
from openpbc.kernel.problems import UserError


@click.group()
def audit() -> None:
    """Show and verify the log of every write."""


@audit.command()
@click.option("--anchor", "anchors", multiple=True, metavar="SEQUENCE:HASH", help="A head noted outside the system.")
@click.option("--json", "as_json", is_flag=True, help="Print the verdict as JSON.")
def verify(anchors: tuple[str, ...], as_json: bool) -> None:
    """Verify the hash chain over all events; exit code 1 when it is broken."""
    verdict = reads.verify([_anchor(text) for text in anchors])
    if as_json:
        facts = {"intact": verdict.intact, "events": verdict.events, "head": str(verdict.head)}
        click.echo(json.dumps(facts | {"problem": verdict.problem}))
    elif verdict.intact:
        click.echo(f"The audit chain is intact: {verdict.events} events, head {verdict.head}.")
    else:
        click.echo(f"The audit chain is BROKEN: {verdict.problem}; intact up to event {verdict.events}.")
    if not verdict.intact:
        raise SystemExit(1)


@audit.command("list")
@click.option("--subject", default="", help="Events on subjects that start so.")
@click.option("--action", default="", help="Events of actions that start so, such as 'organisations.'.")
@click.option("--actor", default="", help="Events of one actor.")
@click.option("--after", default=0, help="Only events after this sequence number.")
@click.option("--limit", default=50, show_default=True, help="How many events to list.")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list.")
def list_events(subject: str, action: str, actor: str, after: int, limit: int, as_json: bool) -> None:
    """List events, newest first."""
    found = reads.events(subject=subject, action=action, actor=actor, after=after, limit=limit)
    if as_json:
        click.echo(json.dumps([asdict(event) for event in found], indent=2))
        return
    for event in found:
        click.echo(f"{event.sequence:>7}  {event.at[:19]}  {event.actor_name}  {event.action}  {event.subject}")


@audit.command()
def export() -> None:
    """Write every event as one line of JSON, for offline verification with audit/chain.py."""
    for row in reads.rows():
        click.echo(json.dumps(row, sort_keys=True))


@audit.command("head")
def show_head() -> None:
    """Print the head of the chain, to be noted outside the system and given back as --anchor."""
    click.echo(str(reads.head()))


def _anchor(text: str) -> Head:
    try:
        return Head.parse(text)
    except ValueError as problem:
        raise UserError(str(problem), "--anchor", "Give what 'openpbc audit head' printed.") from problem

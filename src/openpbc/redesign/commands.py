"""Cases from the shell: which are under way, and what keeps one."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from openpbc.organisations import reads as organisations
from openpbc.redesign import reads
from openpbc.redesign.rules.transitions import LANES


@click.group()
def redesign() -> None:
    """Show cases of redesign, and what each waits for."""


@redesign.command()
@click.option("--place", required=True, help="The place whose cases they are.")
@click.option("--json", "as_json", is_flag=True, help="Print the cases as JSON.")
def cases(place: str, as_json: bool) -> None:
    """List cases, the newest first."""
    found = reads.cases(place)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], indent=2, default=str))
        return
    for each in found:
        click.echo(f"{each.number}  {each.at.title}  {LANES[each.at.lane]}  {each.title}")
    if not found:
        click.echo("There is no case yet.")


@redesign.command()
@click.option("--place", required=True, help="The place whose case it is.")
@click.option("--number", required=True, type=int, help="The number of the case.")
def waits(place: str, number: int) -> None:
    """Say what comes next in a case, whose turn it is, and what keeps it."""
    known = reads.case(place, number)
    click.echo(f"Case {known.number}, {known.title}: {known.at.title} since {known.since:%-d %B %Y}.")
    for step in reads.next_steps(organisations.book(place), known):
        click.echo(f"  {step.way.name} ({LANES[step.way.lane]})")
        for sentence in step.waits:
            click.echo(f"    cannot start yet: {sentence}")

"""Our prices beside supplied ones, from the shell."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from openpbc.activity import reads
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import Month


@click.command()
@click.argument("month", metavar="YYYY-MM")
@click.option("--place", required=True, help="The place.")
@click.option("--all", "every", is_flag=True, help="Also records whose prices are the same.")
@click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
def supplied(month: str, place: str, every: bool, as_json: bool) -> None:
    """Compare our prices of a month with those that its extracts supply; each address explains ours."""
    found = reads.supplied_prices(place, Month.parse(month), differing=not every)
    if as_json:
        click.echo(json.dumps([asdict(one) | {"sentence": one.sentence} for one in found], indent=2))
        return
    for one in found:
        texts = ["none" if pence is None else pounds(pence) for pence in (one.ours, one.supplied, one.difference)]
        click.echo("  ".join(f"{text:>12}" for text in texts) + f"  {one.address}  {one.sentence}")
    click.echo(f"{len(found):,} records listed.")

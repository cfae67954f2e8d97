"""What contracts pay, from the shell."""

from __future__ import annotations

import json

import click

from openpbc.kernel.money import pounds
from openpbc.kernel.periods import Month
from openpbc.monitoring import reads
from openpbc.monitoring.reads.payments import FIGURES, Payment


@click.command()
@click.argument("month", metavar="YYYY-MM")
@click.option("--place", required=True, help="The place.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def payments(month: str, place: str, as_json: bool) -> None:
    """Say what each contract pays from April to MONTH: by its mechanism, less marginal rate and readmissions."""
    found = reads.payments(place, Month.parse(month))
    if as_json:
        listed = [
            {"provider": row.provider, "mechanism": row.mechanism, "missing": dict(row.missing), "off": sorted(row.off)}
            | {name: row.figure(name) for name in FIGURES}
            for row in found.rows
        ]
        click.echo(json.dumps(listed, indent=2))
        return
    click.echo(f"{len(found.published.runs)} closed months, {len(found.published.missing)} not closed.")
    for row in found.rows:
        click.echo(f"{row.provider}  {row.mechanism or 'no contract'}")
        for name, words in FIGURES.items():
            click.echo(f"    {words:<32} {_told(row, name):>18}")


def _told(row: Payment, name: str) -> str:
    if name in row.off:
        return "does not apply"
    value = row.figure(name)
    return f"not set ({row.missing.get(name, 'a part is missing')})" if value is None else pounds(value)

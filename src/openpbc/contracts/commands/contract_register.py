"""Contracts from the shell."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from openpbc.contracts import actions, reads
from openpbc.kernel.money import pounds
from openpbc.ui.commands import by_whom


@click.group()
def contracts() -> None:
    """Show the register of contracts, and load it and the activity plan."""


@contracts.command("load-register")
@click.option("--place", required=True, help="The place whose register the rulebook holds.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def load_register(place: str, as_json: bool) -> None:
    """Bring the register into line with the rulebook."""
    loaded = actions.load_register(by=by_whom(), place=place)
    if as_json:
        click.echo(json.dumps(asdict(loaded), indent=2))
        return
    for path in loaded.missing:
        click.echo(f"Not set: {path}.")
    said = "nothing changed" if loaded.already else "the register was brought into line"
    click.echo(f"{loaded.contracts} contracts in {loaded.year}; {said}.")


@contracts.command("load-plan")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--place", required=True, help="The place whose plan it is.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def load_plan(file: Path, place: str, as_json: bool) -> None:
    """Load an activity plan (CSV: provider, unit, stream, pod, month, activity, price_pence)."""
    loaded = actions.load_plan(by=by_whom(), place=place, path=file)
    if as_json:
        click.echo(json.dumps(asdict(loaded), indent=2))
        return
    said = "was loaded before; nothing changed" if loaded.already else "is now the plan that counts"
    click.echo(
        f"The plan of {loaded.year} {said}: {loaded.lines:,} lines, {loaded.activity:,} units of activity,"
        f" {pounds(loaded.charge)}."
    )


@contracts.command("list")
@click.option("--place", required=True, help="The place.")
@click.option("--json", "as_json", is_flag=True, help="Print the register and the plan as JSON.")
def list_contracts(place: str, as_json: bool) -> None:
    """List the contracts of the place's year and its activity plan."""
    entries, plan = reads.register(place), reads.plan(place)
    if as_json:
        body = {"contracts": [asdict(entry) for entry in entries], "plan": asdict(plan) if plan else None}
        click.echo(json.dumps(body, indent=2, default=str))
        return
    for entry in entries:
        dates = f"{entry.starts or 'not set'} to {entry.ends or 'not set'}"
        coordinator = entry.coordinator or "no co-ordinator agreed"
        click.echo(f"{entry.provider}  {entry.title}  {entry.mechanism}  {dates}  {coordinator}")
    if not entries:
        click.echo("The place has no contracts: its register is not set or not loaded.")
    click.echo(f"Activity plan: {plan.lines:,} lines, {pounds(plan.charge)}." if plan else "Activity plan: not set.")

"""Explain this number, in the shell."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table

from openpbc.kernel.actor import Actor
from openpbc.kernel.money import percent_text, pounds
from openpbc.kernel.steps import Explanation, recompute
from openpbc.organisations.reads import ANY_PLACE, ROLES, Assignment, Viewer
from openpbc.site import rooms


@click.command()
@click.argument("address")
@click.option("--json", "as_json", is_flag=True, help="Print the explanation as JSON.")
@click.pass_obj
def explain(actor: Actor, address: str, as_json: bool) -> None:
    """Show what stands behind a figure: formula, steps, rules, sources, run and files.

    ADDRESS is what the figure's link on a page ends in, after /explain/.
    """
    found = rooms.explain(address.strip().removeprefix("/explain/"), shell_viewer(actor))
    if as_json:
        facts = asdict(found) | {"recomputed": recompute(found)}
        click.echo(json.dumps(facts, indent=2, default=str))
    else:
        _print(found)


def shell_viewer(actor: Actor) -> Viewer:
    """Whoever may read the home folder may see everything in it."""
    return Viewer(actor, tuple(Assignment(role, ANY_PLACE) for role in ROLES), signed_in=True)


def amount(value: int, unit: str) -> str:
    """Print a figure in its unit."""
    if unit == "pence":
        return pounds(value)
    return percent_text(value, 4) if unit == "ppm" else f"{value:,}" + ("" if unit == "count" else f" {unit}")


def _print(found: Explanation) -> None:
    console = Console(highlight=False, soft_wrap=True)
    console.print(f"{found.title}: {amount(found.value, found.unit)}", markup=False)
    console.print(f"= {found.formula}", markup=False)
    table = Table("Step", "Effect", "Worked out from", "Rule", "Source")
    for step in found.steps:
        inputs = "; ".join(f"{name} {text}" for name, text in step.inputs)
        table.add_row(step.label, amount(step.effect, found.unit), inputs, step.rule, str(step.citation or ""))
    if found.steps:
        console.print(table)
    again = recompute(found)
    verdict = "the same" if again == found.value else "NOT THE SAME"
    console.print(f"Worked out again: {amount(again, found.unit)} ({verdict}).", markup=False)
    for citation in found.citations:
        console.print(f"Source: {citation}", markup=False)
    for name, text in found.evidence:
        console.print(f"{name}: {text}", markup=False)
    for link in found.records:
        where = ", ".join(f"{name} {text}" for name, text in link.where)
        console.print(f"Records: {link.count:,} of {link.month} ({where}), run {link.run}", markup=False)
    for note in found.notes:
        console.print(note, markup=False)

"""Explain this number, in the shell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

import click

from openpbc.kernel.actor import Actor
from openpbc.kernel.money import percent_text, pounds
from openpbc.kernel.steps import Explanation, Step, recompute
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
    if unit == "index":  # held in millionths, told to three decimals
        return percent_text(value // 100, 3).removesuffix("%")
    return percent_text(value, 4) if unit == "ppm" else f"{value:,}" + ("" if unit == "count" else f" {unit}")


def _print(found: Explanation) -> None:
    click.echo(f"{found.title}: {amount(found.value, found.unit)}")
    click.echo(f"= {found.formula}")
    if found.ratio is not None:
        click.echo(f"  {found.ratio.part:,} of {found.ratio.whole:,}, less {amount(found.ratio.less_ppm, 'ppm')}")
    for line in _lines(found.steps, found.unit):
        click.echo(line)
    again = recompute(found)
    verdict = "the same" if again == found.value else "NOT THE SAME"
    click.echo(f"Worked out again: {amount(again, found.unit)} ({verdict}).")
    if found.grounds:
        click.echo("It rests on:")
    for line in _lines(found.grounds, found.unit):
        click.echo(line)
    for citation in found.citations:
        click.echo(f"Source: {citation}")
    for name, text in found.evidence:
        click.echo(f"{name}: {text}")
    for link in found.records:
        where = ", ".join(f"{name} {text}" for name, text in link.where)
        click.echo(f"Records: {link.count:,} of {link.month} ({where}), run {link.run}")
    for note in found.notes:
        click.echo(note)


def _lines(steps: tuple[Step, ...], unit: str) -> Iterator[str]:
    """One line a step with its effect, and under it what it rests on."""
    effects = [amount(step.effect, unit) for step in steps]
    width = max((len(effect) for effect in effects), default=0)
    for step, effect in zip(steps, effects, strict=True):
        yield f"  {effect:>{width}}  {step.label}"
        inputs = "; ".join(f"{name} {text}" for name, text in step.inputs)
        basis = (inputs, f"rule {step.rule}", str(step.citation or ""), step.address and f"explain {step.address}")
        yield f"  {'':>{width}}    {' | '.join(part for part in basis if part)}"

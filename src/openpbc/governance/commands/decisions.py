"""Decisions from the shell."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import click

from openpbc.governance import actions, reads
from openpbc.governance.reads import gate
from openpbc.kernel.dated import Dated
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.ui.commands import by_whom


@click.command()
@click.option("--place", required=True, help="The place whose decisions they are.")
@click.option("--matter", default="", help="Only those on this matter, such as budget-set/PLACE/2008-09/1.")
@click.option("--body", default="", help="Only those of this body, such as board.")
@click.option("--json", "as_json", is_flag=True, help="Print the decisions as JSON.")
def decisions(place: str, matter: str, body: str, as_json: bool) -> None:
    """List decisions, the latest taken first."""
    names = reads.deciders(organisations.book(place))
    every = reads.decisions(place, matter, body)
    shut = gate.closed_decisions(by_whom().id, place, every)
    found = tuple(each for each in every if each.id not in shut)
    if as_json:
        click.echo(json.dumps([asdict(each) | {"taken_on": str(each.when)} for each in found], indent=2, default=str))
        return
    for each in found:
        state = "" if each.stands else "  (does not stand)"
        name = names.get(each.body, each.body)
        click.echo(f"{each.id}  {each.when}  {name}  {each.minute}  {each.outcome}  {each.title}{state}")
    if not found:
        click.echo("No decision is recorded.")


@click.command()
@click.option("--place", required=True, help="The place for which it was decided.")
@click.option("--body", required=True, help="The code of the body, such as board.")
@click.option("--on", "taken_on", required=True, help="The day, as YYYY-MM-DD; YYYY-MM where no day is known.")
@click.option("--minute", required=True, help="The minute's reference.")
@click.option("--outcome", required=True, type=click.Choice(sorted(reads.OUTCOMES)), help="What was decided.")
@click.option("--title", default="", help="The matter in words.")
@click.option("--matter", default="", help="The matter's address, if the program holds it.")
@click.option("--text", required=True, help="The decision as the minutes have it.")
@click.option("--replaces", type=int, help="The record that this one corrects.")
@click.option("--took-part", multiple=True, help="Somebody who took part, by name or sign-in name; once for each.")
@click.option("--left", multiple=True, help="Somebody who left for an interest; once for each.")
def record(
    place: str, body: str, taken_on: str, minute: str, outcome: str, title: str, matter: str, text: str,
    replaces: int | None, took_part: tuple[str, ...], left: tuple[str, ...],
) -> None:  # fmt: skip
    """Record a decision for good."""
    number = actions.record_decision(
        by=by_whom(),
        place=place,
        body=body,
        taken_on=Dated.parse(taken_on),
        minute=minute,
        outcome=outcome,
        title=title,
        matter=matter,
        text=text,
        replaces=replaces,
        took_part=took_part,
        left=left,
    )
    click.echo(f"Decision {number} is recorded.")


def day_of(text: str) -> date:
    """Read a day of the command line; anything else is a person's mistake."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UserError(f"'{text[:20]}' is not a date", do="Write it as YYYY-MM-DD.") from error


@click.command()
@click.option("--place", required=True, help="The place whose appeals they are.")
@click.option("--json", "as_json", is_flag=True, help="Print the appeals as JSON.")
def appeals(place: str, as_json: bool) -> None:
    """List appeals against decisions, the latest first, with where each stands and for how long."""
    found = gate.seen_appeals(organisations.book(place), by_whom().id)
    if as_json:
        facts = [asdict(each) | {"state": each.state, "result": each.result} for each in found]
        click.echo(json.dumps(facts, indent=2, default=str))
        return
    for each in found:
        state = each.result or each.state
        click.echo(f"{each.number}  {each.appellant_name}  {state}  {each.clock.days} days  {each.decision.title}")
    if not found:
        click.echo("Nobody has appealed yet.")

"""Interests, and who decides what, from the shell."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import click

from openpbc.governance import actions, reads
from openpbc.governance.commands.decisions import day_of
from openpbc.governance.reads import NATURES, PARTS, RULINGS, Party
from openpbc.organisations import reads as organisations
from openpbc.ui.commands import by_whom

_place = click.option("--place", required=True, help="The place.")
_json = click.option("--json", "as_json", is_flag=True, help="Print it as JSON.")
_person = click.option("--person", required=True, help="The person's sign-in name.")
_matter = click.option("--matter", required=True, help="The matter's address, such as case/PLACE/17.")


def _print(found: object) -> None:
    click.echo(json.dumps(found, indent=2, default=str))


@click.command()
@_place
@click.option("--person", default="", help="Only those of this person, by sign-in name.")
@_json
def interests(place: str, person: str, as_json: bool) -> None:
    """List declared interests with what was said of each later."""
    found = reads.declarations(place, person)
    if as_json:
        _print([asdict(each) for each in found])
        return
    for each in found:
        until = f" to {each.held_to}" if each.held_to else ""
        click.echo(
            f"{each.id}  {each.person}  {each.organisation}  {each.role}  {each.nature}  {each.held_from}{until}"
        )
    if not found:
        click.echo("No interest is declared.")


@click.command()
@_place
@_person
@click.option("--organisation", required=True, help="Its name or code.")
@click.option("--nature", required=True, type=click.Choice(sorted(NATURES)), help="The kind of interest.")
@click.option("--role", required=True, help="What the person is there; everybody can see this.")
@click.option("--from", "held_from", required=True, help="Since when, as YYYY-MM-DD.")
@click.option("--to", "held_to", default="", help="Until when, as YYYY-MM-DD.")
@click.option("--detail", default="", help="More, for the secretary and the chair alone.")
def declare(
    place: str, person: str, organisation: str, nature: str, role: str, held_from: str, held_to: str, detail: str
) -> None:
    """Declare an interest of a person for good."""
    number = actions.declare_interest(
        by=by_whom(),
        place=place,
        person=person,
        organisation=organisation,
        nature=nature,
        role=role,
        held_from=day_of(held_from),
        held_to=day_of(held_to) if held_to else None,
        detail=detail,
    )
    click.echo(f"Interest {number} is declared.")


@click.command(name="declare-none")
@_place
@_person
def declare_none(place: str, person: str) -> None:
    """Declare that a person has no interest."""
    actions.declare_none(by=by_whom(), place=place, person=person)
    click.echo(f"{person} has no interest to declare.")


@click.command(name="end-interest")
@_place
@click.argument("number", type=int)
@click.option("--last-day", required=True, help="The last day on which it was held, as YYYY-MM-DD.")
@click.option("--reason", required=True, help="What ended it.")
def end_interest(place: str, number: int, last_day: str, reason: str) -> None:
    """Say that interest NUMBER has ended; it counts until the end of today."""
    actions.end_interest(by=by_whom(), place=place, number=number, last_day=day_of(last_day), reason=reason)
    click.echo(f"Interest {number} has ended.")


@click.command()
@_place
@_json
def outstanding(place: str, as_json: bool) -> None:
    """List who has to declare before they can vote."""
    found = reads.outstanding(organisations.book(place), organisations.today())
    if as_json:
        _print([{"person": each.person.sign_in, "last": each.last, "due": each.due} for each in found])
        return
    for each in found:
        click.echo(f"{each.person.sign_in}  {each.person.name}  last declared: {each.last or 'never'}")


@click.command()
@_place
@_json
def late(place: str, as_json: bool) -> None:
    """List interests that were declared late, with what was opened and voted on before."""
    found = reads.breaches(organisations.book(place))
    if as_json:
        _print([asdict(each) for each in found])
        return
    for each in found:
        told = "the chair was told" if each.told else "the chair was not told"
        days = "" if each.days_late is None else f"{each.days_late} days late, "
        said = f"{days}{len(each.opened)} opened, {sum(bool(one.vote) for one in each.decided)} votes void, {told}"
        click.echo(f"{each.declared.id}  {each.declared.person}  {each.declared.organisation}  {said}")


@click.command()
@_place
@_matter
@_json
def conflicts(place: str, matter: str, as_json: bool) -> None:
    """Say who has an interest in a matter, and how each takes part."""
    found = reads.standings(place, matter)
    if as_json:
        _print([asdict(each) for each in found.values()])
        return
    for person, each in found.items():
        click.echo(f"{person}  {RULINGS[each.ruling]}  {each.because}")
    if not found:
        click.echo("Nobody has an interest in it.")


@click.command()
@_place
@_matter
@click.argument("listed", nargs=-1, required=True)
def parties(place: str, matter: str, listed: tuple[str, ...]) -> None:
    """Say whom a matter concerns: each LISTED as PART=ORGANISATION, such as possible-bidder=NAME."""
    pairs = [each.partition("=") for each in listed]
    found = [Party(name, part) for part, _, name in pairs]
    actions.set_parties(by=by_whom(), place=place, matter=matter, parties=found)
    click.echo(f"{matter} concerns {', '.join(f'{each.organisation} ({PARTS[each.part]})' for each in found)}.")


@click.command()
@_place
@click.option("--value", type=int, help="Whole-life value in pence.")
@click.option("--route", default="", help="The route, as the scheme names it.")
@click.option("--conflicted", is_flag=True, help="Somebody at the deciding level has an interest.")
@click.option("--on", default="", help="The day, as YYYY-MM-DD; today unless said.")
@_json
def level(place: str, value: int | None, route: str, conflicted: bool, on: str, as_json: bool) -> None:
    """Say by whom a case of a value and a route is decided, and why."""
    day: date = day_of(on) if on else organisations.today()
    found = reads.level(place, value, route, conflicted, on=day)
    if as_json:
        _print(asdict(found))
        return
    names = reads.level_names(organisations.book(place))
    click.echo(f"{found.code}  {names[found.code]}  {found.because}")

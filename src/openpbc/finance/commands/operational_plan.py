"""``openpbc finance operational-plan`` and ``priorities``: what the commissioner promised, and what plans serve."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Any

import click

from openpbc.finance import actions
from openpbc.finance.commands.joint import optional_day
from openpbc.finance.commands.ledger import place_option
from openpbc.finance.commands.printing import print_columns, print_json
from openpbc.finance.reads import commissioning
from openpbc.finance.reads import operational_plan as reads
from openpbc.finance.rules.commissioning import PRIORITY_KINDS
from openpbc.finance.rules.operational_plan import KINDS, OPEN, STATES
from openpbc.kernel.money import pounds
from openpbc.organisations.reads import book as open_book
from openpbc.organisations.reads import standing_day
from openpbc.ui.commands import by_whom

_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group("operational-plan")
def operational_plan() -> None:
    """Pledges, productivity plans and awaited documents: each with action, who acts, and what is missing."""


@operational_plan.command()
@place_option
@click.option("--kind", type=click.Choice(list(KINDS)), help="Only entries of this kind.")
@click.option("--on", type=click.DateTime(["%Y-%m-%d"]), callback=optional_day, help="Day as at which they are late.")
@_json
def show(place: str, kind: str | None, on: date | None, as_json: bool) -> None:
    """List the entries, with those that are late, have no action or wait for something."""
    book = open_book(place)
    as_at = on or standing_day(book)
    found = [each for each in reads.operational_plan(book) if kind in (None, each.kind)]
    if as_json:
        names = ("code", "kind", "title", "action", "owner", "missing", "state", "revision")
        print_json(
            [
                {name: getattr(each, name) for name in names}
                | {"due": each.due.isoformat() if each.due else None, "late": each.late(as_at)}
                for each in found
            ]
        )
        return
    rows = [
        (
            f"{each.code} {each.title}",
            each.action or "no action",
            each.owner or "nobody acts",
            str(each.due) if each.due else "no day",
            "late" if each.late(as_at) else each.state,
            each.missing or "nothing",
        )
        for each in found
    ]
    if rows:
        print_columns(("", "action", "who acts", "due", "state", "missing"), rows)
    else:
        click.echo("Not set: nobody has written an entry down.")


@operational_plan.command()
@place_option
@click.option("--kind", type=click.Choice(list(KINDS)), required=True, help="What kind of entry it is.")
@click.option("--state", type=click.Choice(list(STATES)), default=OPEN, help="How it stands.")
@click.option("--action", default="", help="What is done for it.")
@click.option("--owner", default="", help="Who acts.")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), callback=optional_day, help="Day by which it is done.")
@click.option("--missing", default="", help="Inputs that it waits for.")
@click.option("--code", default="", help="Change this entry in place of adding one.")
@click.option("--revision", type=int, default=0, help="The revision of it that you looked at.")
@click.argument("title")
def write(place: str, **facts: Any) -> None:
    """Add the entry TITLE, or change what is there."""
    code = actions.write_operational_entry(by=by_whom(), place=place, **facts)
    click.echo(f"{code} is written down.")


@click.group()
def priorities() -> None:
    """National, regional and local priorities that plans serve."""


@priorities.command("show")
@place_option
@click.option("--aim", default="", help="Only those that serve this aim of commissioning.")
@_json
def show_priorities(place: str, aim: str, as_json: bool) -> None:
    """List each priority once, with the units whose plans serve it and what their items cost."""
    book = open_book(place)
    found = commissioning.serving(book, aim) if aim else commissioning.priorities(book)
    if as_json:
        print_json([asdict(each) for each in found])
        return
    rows = [
        (f"{each.code} {each.title}", PRIORITY_KINDS[each.kind], ", ".join(each.units) or "no plan", pounds(each.cost))
        for each in found
    ]
    if rows:
        print_columns(("", "kind", "served by", "cost"), rows)
    else:
        click.echo("Nobody has named a priority yet.")


@priorities.command("add")
@place_option
@click.option("--kind", type=click.Choice(list(PRIORITY_KINDS)), required=True, help="Whose priority it is.")
@click.option("--source", "policy_source", default="", help="Code of the policy that it answers to.")
@click.option("--aim", default="", help="Code of the aim of commissioning that it serves.")
@click.argument("title")
def add_priority(place: str, **facts: Any) -> None:
    """Name the priority TITLE; the same words again give the same one."""
    code = actions.add_priority(by=by_whom(), place=place, **facts)
    click.echo(f"{code} is named.")

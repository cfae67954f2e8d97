"""``openpbc organisations``: who sets priorities, who owns functions, and what regulators found, from the shell."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import click

from openpbc.kernel.problems import UserError
from openpbc.organisations import actions, reads
from openpbc.organisations.commands.options import DAY, by_whom, json_option, place_option, read_day, reason_option
from openpbc.organisations.reads import arrangements as found
from openpbc.organisations.reads import bodies
from openpbc.organisations.reads.arrangements import ARRANGED, STANDINGS

_provider = click.option("--provider", required=True, help="Code of the provider.")


@click.command()
@place_option
@click.option("--on", type=DAY, callback=read_day, help="Who held it on this day (else the latest).")
@click.option("--known-on", type=DAY, callback=read_day, help="With the knowledge of this day (else today's).")
@json_option
def arrangements(place: str, on: date | None, known_on: date | None, as_json: bool) -> None:
    """Say which body sets the priorities of each area, and who owns each function."""
    book = reads.book(place)
    held = {kind: found.arrangements(place, kind, on, known_on) for kind in ARRANGED}
    if as_json:
        facts = {kind: {code: asdict(each) for code, each in rows.items()} for kind, rows in held.items()}
        click.echo(json.dumps(facts, default=str, indent=2))
        return
    called = bodies.names(place)
    for kind, rows in held.items():
        for code, name in found.subjects(book, kind).items():
            each = rows.get(code)
            who = called.get(each.holder, each.holder) if each else "not set"
            other = f"; with {called.get(each.other, each.other)}" if each and each.other else ""
            click.echo(f"{kind}  {code}  {name}: {who}{other}")


@click.command()
@place_option
@click.option("--kind", type=click.Choice(list(ARRANGED)), required=True, help="Priorities of an area, or a function.")
@click.option("--subject", required=True, help="Code of the area or the function.")
@click.option("--holder", required=True, help="Who: name or code of the register, or a name in plain words.")
@click.option("--other", default="", help="The hospital trust, or the outside body that performs the function.")
@click.option("--from", "valid_from", type=DAY, callback=read_day, required=True, help="First day.")
@reason_option
def arrange(place: str, kind: str, subject: str, holder: str, other: str, valid_from: date, reason: str) -> None:
    """Say who sets the priorities of an area, or owns a function, from a day on."""
    actions.arrange(
        by=by_whom(),
        place=place,
        kind=kind,
        subject=subject,
        holder=holder,
        other=other,
        valid_from=valid_from,
        reason=reason,
        seen=found.seen(place, kind, subject),
    )
    click.echo(f"Recorded: {found.subject(reads.book(place), kind, subject)}.")


@click.command()
@place_option
@_provider
@json_option
def reviews(place: str, provider: str, as_json: bool) -> None:
    """Say what regulators found of a provider."""
    if not found.is_provider(reads.book(place), provider):
        raise UserError(f"there is no provider '{provider[:30]}'", place, "Look it up in the register.")
    listed = found.reviews(place, provider)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in listed], default=str, indent=2))
        return
    called = bodies.names(place)
    for each in listed:
        regulator = called.get(each.regulator, each.regulator)
        click.echo(f"{each.number}  {each.on}  {regulator}: {STANDINGS[each.status]}. {each.finding}".rstrip())
    if not listed:
        click.echo("Nobody has recorded what a regulator found.")


@click.command("record-review")
@place_option
@_provider
@click.option("--regulator", required=True, help="Code of the regulator in the register.")
@click.option("--status", type=click.Choice(list(STANDINGS)), required=True, help="What it said.")
@click.option("--on", type=DAY, callback=read_day, required=True, help="The day on which it said so.")
@click.option("--finding", default="", help="What it found, in one sentence.")
def record_review(place: str, provider: str, regulator: str, status: str, on: date, finding: str) -> None:
    """Record what a regulator found of a provider."""
    number = actions.record_review(
        by=by_whom(), place=place, provider=provider, regulator=regulator, status=status, on=on, finding=finding
    )
    click.echo(f"Review {number} is recorded.")


@click.command("withdraw-review")
@place_option
@click.option("--number", type=int, required=True, help="Number of the review.")
@reason_option
def withdraw_review(place: str, number: int, reason: str) -> None:
    """Take back a review that was recorded by mistake."""
    actions.withdraw_review(by=by_whom(), place=place, number=number, reason=reason)
    click.echo(f"Review {number} is withdrawn.")

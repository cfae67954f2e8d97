"""``openpbc organisations``: who sets priorities, who owns functions, and what regulators found, from the shell."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date

import click

from openpbc.kernel.money import percent_text
from openpbc.kernel.problems import UserError
from openpbc.organisations import actions, reads
from openpbc.organisations.commands.options import DAY, json_option, place_option, read_day, reason_option
from openpbc.organisations.reads import arrangements as found
from openpbc.organisations.reads import bodies
from openpbc.organisations.reads import cover as coverage
from openpbc.organisations.reads.arrangements import ARRANGED, OF_PRACTICES, STANDINGS
from openpbc.organisations.reads.providing import named_providers
from openpbc.rulebook.values import NotSet
from openpbc.ui.commands import by_whom

_provider = click.option("--provider", required=True, help="Code of the provider.")


@click.command()
@place_option
@click.option("--on", type=DAY, callback=read_day, help="Who held it on this day (else the latest).")
@click.option("--known-on", type=DAY, callback=read_day, help="With the knowledge of this day (else today's).")
@json_option
def arrangements(place: str, on: date | None, known_on: date | None, as_json: bool) -> None:
    """Say which body sets the priorities of each area, and who owns each function."""
    book = reads.book(place)
    held = {kind: found.arrangements(place, kind, on, known_on) for kind in ARRANGED if kind not in OF_PRACTICES}
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
@click.option("--kind", type=click.Choice(list(ARRANGED)), required=True, help="What is told.")
@click.option("--subject", required=True, help="Code of the area, function, group or practice.")
@click.option(
    "--holder",
    required=True,
    help="Who (name or code of the register, or a name in plain words), or the form or level.",
)
@click.option("--other", default="", help="The hospital trust, or the outside body that performs the function.")
@click.option("--from", "valid_from", type=DAY, callback=read_day, required=True, help="First day.")
@reason_option
def arrange(place: str, kind: str, subject: str, holder: str, other: str, valid_from: date, reason: str) -> None:
    """Say who sets an area's priorities, owns a function or arranges a practice's care, or how far that takes part."""
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
@click.option(
    "--on", type=DAY, callback=read_day, help="As it was on this day (else today, or the end of a past year)."
)
@click.option("--known-on", type=DAY, callback=read_day, help="With the knowledge of this day (else today's).")
@json_option
def cover(place: str, on: date | None, known_on: date | None, as_json: bool) -> None:
    """Say how many practices have an arrangement, which have none, and how many take part at each level."""
    book = reads.book(place)
    covered, named = coverage.cover(book, on or reads.standing_day(book), known_on), coverage.levels(book)
    words = {} if isinstance(named, NotSet) else named
    counted = covered.by_level(words)
    if as_json:
        facts = {"practices": len(covered.practices), "arranged": covered.arranged, "share_ppm": covered.share}
        rows = [asdict(each) for each in covered.practices]
        click.echo(json.dumps(facts | {"levels": counted, "rows": rows}, default=str, indent=2))
        return
    many = "not set" if covered.share is None else percent_text(covered.share)
    click.echo(f"{covered.arranged} of {len(covered.practices)} practices have an arrangement: {many}")
    for each in covered.without:
        click.echo(f"without  {each.code}  {each.name}")
    for code, count in counted.items():
        click.echo(f"level  {words.get(code, code) or 'not told'}: {count}")


@click.command()
@place_option
@click.option("--provider", required=True, help="Code of the provider, or of the commissioner.")
@json_option
def reviews(place: str, provider: str, as_json: bool) -> None:
    """Say what regulators found of a provider, or a regional body of a commissioner."""
    if not found.is_provider(reads.book(place), provider) and not found.overseers(place, provider):
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


@click.command()
@place_option
@click.option("--on", type=DAY, callback=read_day, help="By the last word until this day (else today).")
@click.option("--known-on", type=DAY, callback=read_day, help="With the knowledge of this day (else today's).")
@json_option
def accreditations(place: str, on: date | None, known_on: date | None, as_json: bool) -> None:
    """Say of every provider how it stands with each regulator, and since when."""
    said = found.accreditations(place, on or reads.today(), known_on)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in said], default=str, indent=2))
        return
    called = bodies.names(place)
    for each in said:
        regulator, name = called.get(each.regulator, each.regulator), called.get(each.provider, each.provider)
        click.echo(f"{each.provider}  {name}: {STANDINGS[each.status].lower()}, {regulator}, {each.on}")
    for provider in reads.providers(place):
        if provider.code not in {each.provider for each in said}:
            click.echo(f"{provider.code}  {provider.name}: not set")


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


@click.command("record-outcome")
@place_option
@click.option("--commissioner", required=True, help="Code of the commissioner that was reviewed.")
@click.option("--reviewer", required=True, help="Code of the regional body to which it answers.")
@click.option("--on", type=DAY, callback=read_day, required=True, help="The day of the review.")
@click.option("--finding", required=True, help="What came of it, in one sentence.")
def record_outcome(place: str, commissioner: str, reviewer: str, on: date, finding: str) -> None:
    """Record what came of a review of a commissioner."""
    number = actions.record_outcome(
        by=by_whom(), place=place, commissioner=commissioner, regulator=reviewer, on=on, finding=finding
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


@click.command()
@place_option
@json_option
def providers(place: str, as_json: bool) -> None:
    """List everybody that sources name as a provider, with the commissioners of the contract of each."""
    listed = named_providers(reads.book(place))
    if as_json:
        click.echo(json.dumps([asdict(each) for each in listed], indent=2))
        return
    for each in listed:
        coordinator = f"co-ordinated by {each.coordinator}" if each.coordinator else "co-ordinator not set"
        associates = f"; associates {', '.join(each.associates)}" if each.associates else ""
        area = each.area or "area not set"
        click.echo(f"{each.code}  {each.name}  {each.kind}  {area}  {coordinator}{associates}")

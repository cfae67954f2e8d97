"""``openpbc contracts agreements``: the register of agreements with partners and the voluntary sector."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import click

from openpbc.contracts import actions
from openpbc.contracts.reads import agreement_register as reads
from openpbc.contracts.reads.agreement_register import Agreement
from openpbc.contracts.rules.agreements import HOLDERS, OWN, RECORDS, SECTORS, VOLUNTARY
from openpbc.kernel.money import pence_from_text, pounds
from openpbc.organisations.reads import book as open_book
from openpbc.organisations.reads import standing_day
from openpbc.ui.commands import by_whom

_place = click.option("--place", required=True, help="Place, such as west-herts-2008.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON; sums are in pence.")


def _date(ctx: click.Context, parameter: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


def _day(name: str, said: str, *, required: bool = False) -> Any:
    return click.option(name, type=click.DateTime(["%Y-%m-%d"]), callback=_date, required=required, help=said)


@click.group()
def agreements() -> None:
    """Agreements with partners and the voluntary sector: list, add, record a review or check, make active."""


@agreements.command()
@_place
@_day("--on", "Day as at which they are shown, YYYY-MM-DD.")
@click.option("--lapsed", is_flag=True, help="Only those that have run out with nothing in their place.")
@_json
def show(place: str, on: date | None, lapsed: bool, as_json: bool) -> None:
    """List the register, those that end first on top, each with what it lacks."""
    book = open_book(place)
    as_at = on or standing_day(book)
    found = reads.agreements(book)
    if lapsed:
        found = reads.lapsed(found, as_at)
    if as_json:
        body = {"as_at": as_at.isoformat(), "least_months": reads.least_months(book),
                "agreements": [_told(each, as_at) for each in found]}  # fmt: skip
        click.echo(json.dumps(body, indent=2, ensure_ascii=False))
        return
    for each in found:
        sum_a_year = "sum not set" if each.pence_a_year is None else pounds(each.pence_a_year)
        click.echo(f"{each.code}  {each.title}  {each.partner}  to {each.ends or 'not set'}  {sum_a_year}"
                   f"  {each.standing(as_at)}")  # fmt: skip
        for finding in each.lacks(as_at):
            click.echo(f"      {finding.level.word}: {finding.sentence}")
    if not found:
        click.echo("No agreement has lapsed." if lapsed else "No agreement is on the register.")


def _told(each: Agreement, on: date) -> dict[str, Any]:
    names = ("code", "title", "partner", "partner_code", "sector", "holder", "held_with", "months", "pence_a_year",
             "term_reason", "state", "replaced_by", "revision")  # fmt: skip
    days = {"starts": each.starts, "ends": each.ends}
    last = {f"last_{kind}": found.on.isoformat() if (found := each.last(kind)) else None for kind in RECORDS}
    return (
        {name: getattr(each, name) for name in names}
        | {name: value.isoformat() if value else None for name, value in days.items()}
        | last
        | {"standing": each.standing(on), "lacks": [finding.sentence for finding in each.lacks(on)]}
    )


@agreements.command()
@_place
@click.option("--sector", type=click.Choice(list(SECTORS)), default=VOLUNTARY, help="Kind of partner.")
@click.option("--holder", type=click.Choice(list(HOLDERS)), default=OWN, help="Held alone or jointly.")
@click.option("--held-with", default="", help="With whom it is held jointly.")
@_day("--starts", "First day, YYYY-MM-DD.")
@_day("--ends", "Last day, YYYY-MM-DD.")
@click.option("--a-year", default="", help="Sum a year in pounds.")
@click.option("--term-reason", default="", help="Reason for a short term.")
@click.argument("title")
@click.argument("partner")
def add(
    place: str,
    sector: str,
    holder: str,
    held_with: str,
    starts: date | None,
    ends: date | None,
    a_year: str,
    term_reason: str,
    title: str,
    partner: str,
) -> None:
    """Put the agreement TITLE with PARTNER on the register, as a draft."""
    pence = pence_from_text(a_year) if a_year else None
    code = actions.write_agreement(
        by=by_whom(), place=place, title=title, partner=partner, sector=sector, holder=holder, held_with=held_with,
        starts=starts, ends=ends, pence_a_year=pence, term_reason=term_reason,
    )  # fmt: skip
    click.echo(f"{code} is on the register, as a draft.")


@agreements.command()
@_place
@_day("--on", "Day on which it took place, YYYY-MM-DD.", required=True)
@click.option("--in-order/--not-in-order", default=True, help="What was found.")
@click.option("--note", required=True, help="What was found, in a few words.")
@click.argument("code")
@click.argument("kind", type=click.Choice(list(RECORDS)))
def record(place: str, on: date, in_order: bool, note: str, code: str, kind: str) -> None:
    """Record a review, a monitoring meeting or a Compact check (KIND) of the agreement CODE."""
    actions.record_of_agreement(by=by_whom(), place=place, code=code, kind=kind, on=on, in_order=in_order, note=note)
    click.echo(f"{RECORDS[kind]} of {code} is recorded.")


@agreements.command()
@_place
@click.option("--revision", type=int, required=True, help="The revision that you looked at, as the list shows in JSON.")
@click.argument("code")
def activate(place: str, revision: int, code: str) -> None:
    """Make the draft CODE active; refused without a Compact check, days, or the reason for a short term."""
    actions.activate_agreement(by=by_whom(), place=place, code=code, revision=revision)
    click.echo(f"{code} is active.")

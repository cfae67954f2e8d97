"""Providers' own codes from the shell: what is unmapped, what stands for what, map one or a file of them."""

from __future__ import annotations

import csv
import json
import sys
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path

import click
from django.utils import timezone

from openpbc.activity import actions, reads
from openpbc.activity.actions.local_codes import COLUMNS, LARGEST
from openpbc.activity.rules.local_codes import KINDS
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.ui.commands import by_whom

_PLACE = click.option("--place", required=True, help="The place.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def codes() -> None:
    """List codes of providers' own that nobody has mapped, and say what one stands for."""


@codes.command("unmapped")
@click.argument("month", metavar="YYYY-MM")
@_PLACE
@_JSON
def unmapped(month: str, place: str, as_json: bool) -> None:
    """List the codes in the files of a MONTH that are no national ones and are not mapped: most records first."""
    found = reads.unmapped(place, Month.parse(month))
    if as_json:
        body = [asdict(one) | {"records": one.records, "price": one.price} for one in found]
        click.echo(json.dumps(body, indent=2))
        return
    for one in found:
        price = pounds(one.price) if one.price is not None else "not priced"
        click.echo(f"{one.kind:<9}  {one.provider:<6}  {one.code:<12}  {one.records:>9,}  {price}")
    if not found:
        click.echo("Every code is a national one or is mapped.")


@codes.command("list")
@_PLACE
@click.option("--known-on", type=_DAY, help="As it was believed at the end of a day.")
def listed(place: str, known_on: datetime | None) -> None:
    """Print what every code stands for as CSV, in the columns that 'load' reads."""
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(COLUMNS)
    for one in reads.local_codes(place, known_on=known_on.date() if known_on else None):
        last = "" if one.valid_to == date.max else one.valid_to.isoformat()
        reason = reads.code_history(place, one.kind, one.provider, one.code)[-1].reason
        out.writerow([one.kind, one.provider, one.code, one.national, one.valid_from.isoformat(), last, reason])


@codes.command("map")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("provider")
@click.argument("code")
@click.argument("national")
@_PLACE
@click.option("--from", "first", required=True, type=_DAY, help="First day of care for which it holds.")
@click.option("--to", "last", type=_DAY, help="Last day of care; none while it goes on.")
@click.option("--reason", required=True, help="Why; it is kept with the mapping.")
def map_code(
    kind: str, provider: str, code: str, national: str, place: str, first: datetime, last: datetime | None, reason: str
) -> None:
    """Record that a PROVIDER's CODE stands for a NATIONAL one (for nothing, if that is '')."""
    mapping = actions.CodeMapping(kind, provider, code, national, first.date(), last.date() if last else None, reason)
    fresh = actions.map_code(by=by_whom(), place=place, mapping=mapping)
    click.echo(f"{code} of {provider} stands for {national or 'nothing'}{'' if fresh else '; nothing changed'}.")


@codes.command("load")
@click.argument("file", type=click.Path(path_type=Path))
@_PLACE
def load(file: Path, place: str) -> None:
    """Record a CSV FILE of mappings, whole or not at all."""
    try:
        content = file.read_bytes()[: LARGEST + 1]
    except OSError as error:
        raise UserError(f"the file cannot be read ({error.strerror})", where=str(file)) from error
    number = actions.load_codes(by=by_whom(), place=place, content=content)
    click.echo(f"{number:,} mappings are new." if number else "Nothing changed.")


@codes.command("history")
@click.argument("kind", type=click.Choice(list(KINDS)))
@click.argument("provider")
@click.argument("code")
@_PLACE
def history(kind: str, provider: str, code: str, place: str) -> None:
    """Print who said when what a code stands for, and why."""
    for one in reads.code_history(place, kind, provider, code):
        span = f"{one.valid_from} to {one.valid_to or 'now'}"
        when = f"{timezone.localtime(one.known_from):%Y-%m-%d %H:%M}"
        click.echo(f"{when}  {one.recorded_by}: {one.national or 'nothing'}, {span}: {one.reason}")

"""The submission log and the quality of the data, from the shell."""

from __future__ import annotations

import json
from dataclasses import asdict

import click
from django.utils import timezone

from openpbc.activity import actions, reads
from openpbc.activity.reads import Result
from openpbc.kernel.money import percent_text, pounds
from openpbc.kernel.periods import Month
from openpbc.organisations import reads as organisations
from openpbc.ui.commands import by_whom

_MONTH = click.argument("month", metavar="YYYY-MM")
_PLACE = click.option("--place", required=True, help="The place.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.command()
@_MONTH
@_PLACE
@click.option("--provider", default="", help="Only this provider.")
@_JSON
def log(month: str, place: str, provider: str, as_json: bool) -> None:
    """Show what was due for a month, what came on which working day, and what the first submission earns."""
    book = organisations.book(place)
    found = reads.month_log(book, Month.parse(month), provider)
    results = reads.results(book, found)
    if as_json:
        listed = [asdict(each) | {"month": month} for each in results]
        click.echo(json.dumps({"dates": asdict(found.dates), "results": listed}, indent=2, default=str))
        return
    flex, freeze = found.dates.flex or "not set", found.dates.freeze or "not set"
    click.echo(
        f"Flex ends {flex}, freeze {freeze} (calendar: {found.dates.basis}). {found.came} of {found.due} are in."
    )
    for each in results:
        click.echo(_line(each))
    if found.waiting:
        click.echo(f"{found.waiting} files wait for a decision: openpbc activity late list --place {place}")


def _line(result: Result) -> str:
    slot, judged = result.slot, result.judged
    head = f"{slot.provider}  {slot.stream:<3}"
    if judged is None or slot.first is None:
        return f"{head}  {'no complete file' if slot.files else 'nothing came'}"
    came = timezone.localtime(slot.first.submission.arrived_at)
    good = "good" if judged.good else "below the standard"
    amount = "not set" if result.amount is None else pounds(result.amount)
    told = f"{came:%Y-%m-%d %H:%M}  day {judged.working_day:>2}  {judged.timely:<5}  {good}"
    return f"{head}  {told}  {result.paid}: {amount}"


@click.command()
@_MONTH
@_PLACE
@click.option("--provider", required=True, help="The provider.")
@_JSON
def quality(month: str, place: str, provider: str, as_json: bool) -> None:
    """Show how good the fields of a provider's month are: valid, stand-in, invalid, missing."""
    found = reads.provider_quality(organisations.book(place), provider, Month.parse(month))
    if as_json:
        click.echo(json.dumps(asdict(found) | {"month": month}, indent=2, default=str))
        return
    click.echo(f"index {'not set' if found.index is None else percent_text(found.index)}")
    for stream in found.streams:
        for title, counted in stream.fields:
            numbers = (counted.valid, counted.stand_in, counted.invalid, counted.missing)
            click.echo(f"{stream.stream:<3}  {title:<24}" + "".join(f"{number:>10,}" for number in numbers))
    share = f"{found.unmatched.not_valid:,} of {found.unmatched.whole:,}"
    click.echo(f"{share} records find no practice{'; above the limit of unknown ones' if found.flagged else ''}")


@click.command()
@_MONTH
@_PLACE
def measure(month: str, place: str) -> None:
    """Measure the quality of a month's files that were not measured yet, and remember it."""
    by = by_whom()
    click.echo(f"{actions.measure_quality(by=by, place=place, month=Month.parse(month))} files are measured.")

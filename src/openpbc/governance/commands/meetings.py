"""Bodies and meetings from the shell: listed and shown as for the program itself, which sees everything."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from openpbc.governance.reads import items as items_read
from openpbc.governance.reads import meetings as meetings_read
from openpbc.governance.reads import minutes as minutes_read
from openpbc.governance.reads import seats
from openpbc.governance.reads.attending import attending as attend
from openpbc.governance.reads.marks import marks
from openpbc.governance.rules.minutes import written
from openpbc.organisations import reads as organisations


def _said(found: object) -> None:
    click.echo(json.dumps(found, indent=2, default=str))


@click.command()
@click.option("--place", required=True, help="The place whose bodies they are.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def bodies(place: str, as_json: bool) -> None:
    """List bodies with their members of today and the seats that lack."""
    book, today = organisations.book(place), organisations.today()
    found = [
        asdict(each)
        | {
            "members": [asdict(seat) for seat in seats.seats(place, each.code, today)],
            "gaps": seats.membership_gaps(book, each.code, today),
        }
        for each in seats.all_bodies(book).values()
    ]
    if as_json:
        _said(found)
        return
    for each in found:
        click.echo(f"{each['code']}  {each['name']}  {each['power']}")
        for seat in each["members"]:
            click.echo(f"  {seat['capacity']}: {seat['name']} ({seat['kind']})")
        for gap in each["gaps"]:
            click.echo(f"  ! {gap}")


@click.command()
@click.option("--place", required=True, help="The place whose meetings they are.")
@click.option("--body", default="", help="Only those of this body, by code or name.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def meetings(place: str, body: str, as_json: bool) -> None:
    """List meetings, the latest day first."""
    code = seats.find_body(organisations.book(place), body).code if body else ""
    found = meetings_read.meetings(place, code)
    if as_json:
        _said([asdict(each) for each in found])
        return
    for each in found:
        click.echo(f"{each.id}  {each.held_on}  {each.body}  meeting {each.number}  {each.state}  {each.venue}")
    if not found:
        click.echo("No meeting is called.")


@click.command()
@click.argument("number", type=int)
@click.option("--place", required=True, help="The place whose meeting it is.")
@click.option("--json", "as_json", is_flag=True, help="Print the meeting, its roll and its items as JSON.")
def meeting(number: int, place: str, as_json: bool) -> None:
    """Show a meeting with its minutes as the record has them so far."""
    found = meetings_read.meeting(place, number)
    if as_json:
        roll, listed = [asdict(each) for each in meetings_read.roll(number)], items_read.items(place, number)
        marked = marks(place, listed)
        items = [asdict(each) | {"mark": marked.get(each.id, "")} for each in listed]
        _said(asdict(found) | {"roll": roll, "items": items})
        return
    for section in written(minutes_read.held_of(place, number)):
        click.echo(section.heading)
        for line in section.lines:
            click.echo(f"  {line}")


@click.command()
@click.argument("number", type=int)
@click.option("--place", required=True, help="The place whose meeting it is.")
@click.option("--json", "as_json", is_flag=True, help="Print them as JSON.")
def attending(number: int, place: str, as_json: bool) -> None:
    """List who attends meeting NUMBER, deputies too, with the age of their declaration and their interests."""
    found = attend(meetings_read.meeting(place, number))
    if as_json:
        _said([asdict(each) for each in found])
        return
    for each in found:
        standing = ("missing" if each.last is None else "too old") if each.why else "counts"
        click.echo(f"{each.person}  {each.capacity}  last declared: {each.last or 'never'}  {standing}")
        for one in each.interests:
            click.echo(f"  {one.organisation}: {one.role} ({one.nature})")
    if not found:
        click.echo("Nobody has a seat in this body on that day.")

"""Places, memberships and users from the shell."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date

import click

from openpbc.kernel.problems import UserError
from openpbc.organisations import actions, reads
from openpbc.organisations.commands.options import DAY, json_option, place_option, read_day, reason_option
from openpbc.organisations.reads.inviting import awaited
from openpbc.ui.commands import by_whom


@click.group()
def organisations() -> None:
    """Load and show who is who."""


@organisations.command()
@place_option
@json_option
def load(place: str, as_json: bool) -> None:
    """Bring a place's organisations into line with the rulebook; a second run changes nothing."""
    loaded = actions.load_place(by=by_whom(), place=place)
    if as_json:
        click.echo(json.dumps(asdict(loaded)))
        return
    click.echo(f"{place}: {loaded.added} added, {loaded.changed} changed, {loaded.removed} removed.")
    for path in loaded.missing:
        click.echo(f"Not set: {path}.")
    for row in loaded.left_out:
        click.echo(f"Left out, since something else was recorded of that time: {row}.")


@organisations.command()
@place_option
@click.option("--on", type=DAY, callback=read_day, help="Membership of this day (else the latest).")
@click.option("--known-on", type=DAY, callback=read_day, help="With the knowledge of this day (else today's).")
@json_option
def practices(place: str, on: date | None, known_on: date | None, as_json: bool) -> None:
    """List practices and the units to which they belong."""
    found = reads.practices(place, on, known_on)
    if as_json:
        click.echo(json.dumps([asdict(practice) for practice in found], default=str, indent=2))
        return
    for practice in found:
        click.echo(f"{practice.code}  {practice.unit:<12} {practice.name}")


@organisations.command()
@place_option
@click.argument("practice")
@click.argument("unit")
@click.option("--from", "valid_from", type=DAY, callback=read_day, required=True, help="First day of membership.")
@click.option("--to", "valid_to", type=DAY, callback=read_day, help="Last day of membership.")
@click.option("--known-from", type=DAY, callback=read_day, required=True, help="Day on which this became known.")
@reason_option
def member(
    place: str, practice: str, unit: str, valid_from: date, valid_to: date | None, known_from: date, reason: str
) -> None:
    """Record that PRACTICE belongs to UNIT; what was believed before stays readable."""
    unit = reads.unit_by_alias(place, unit).code
    actions.record_membership(
        by=by_whom(),
        place=place,
        practice=practice,
        unit=unit,
        valid_from=valid_from,
        valid_to=valid_to,
        known_from=known_from,
        reason=reason,
    )
    click.echo(f"{practice} belongs to {unit} from {valid_from}.")


@click.group()
def users() -> None:
    """Invite, list and disable users, and give them roles and passwords."""


@users.command("list")
@json_option
def list_users(as_json: bool) -> None:
    """List everybody who may sign in or once could."""
    people = reads.people()
    if as_json:
        click.echo(json.dumps([asdict(person) for person in people], default=str, indent=2))
        return
    waiting = awaited()
    for person in people:
        waits = waiting.get(person.sign_in)
        more = (f"waits for another administrator than {waits.by}",) if waits else ()
        held = ", ".join((*(_held(each) for each in person.assignments), *more))
        click.echo(f"{person.sign_in}  {person.name}  {'active' if person.active else 'DISABLED'}  {held}")


def _held(assignment: reads.Assignment) -> str:
    return f"{assignment.role}@{assignment.place}" + (f"/{assignment.code}" if assignment.code else "")


_scope = click.option(
    "--scope", type=click.Choice(reads.SCOPES), default="place", show_default=True, help="How far the role reaches."
)
_code = click.option("--code", default="", help="Code of the unit, practice or provider.")
_role = click.option("--role", type=click.Choice(list(reads.ROLES)), required=True, help="The role.")
_any_place = click.option("--place", required=True, help="Id of the place, or * for every place.")


@users.command()
@click.argument("sign_in")
@click.argument("name")
@_role
@_any_place
@_scope
@_code
def invite(sign_in: str, name: str, role: str, place: str, scope: str, code: str) -> None:
    """Invite SIGN_IN (in the form of an e-mail address), shown to others as NAME; print the path of the invitation.

    From the shell an invitation gives any role, also that of the first administrator.
    """
    given = {"role": role, "place": place, "scope": scope, "code": code}
    invited = actions.invite_user(by=by_whom(), sign_in=sign_in, display_name=name, **given)
    click.echo(f"/invitation/{invited.token}")
    click.echo(
        f"Give this path, after the site's address, to {invited.sign_in}; it lasts {invited.days} days.", err=True
    )


@users.command()
@click.argument("sign_in")
@_role
@_any_place
@_scope
@_code
@click.option("--reason", default="", help="Why, for the log.")
def role(sign_in: str, role: str, place: str, scope: str, code: str, reason: str) -> None:
    """Give SIGN_IN a role from today on."""
    person = reads.person_by_sign_in(sign_in)
    actions.assign_role(
        by=by_whom(),
        user_id=person.id,
        role=role,
        place=place,
        scope=scope,
        code=code,
        valid_from=reads.today(),
        reason=reason,
    )
    click.echo(f"{person.sign_in} is {reads.ROLES[role]} in {place}.")


@users.command()
@click.argument("sign_in")
@click.argument("other")
@reason_option
def join(sign_in: str, other: str, reason: str) -> None:
    """Record that SIGN_IN and OTHER are one person, who can then not agree to what the same person did."""
    one, two = reads.person_by_sign_in(sign_in), reads.person_by_sign_in(other)
    actions.join_accounts(by=by_whom(), user_id=one.id, with_user_id=two.id, reason=reason)
    click.echo(f"{one.sign_in} and {two.sign_in} are one person.")


@users.command()
@click.argument("sign_in")
@reason_option
def disable(sign_in: str, reason: str) -> None:
    """Stop SIGN_IN from signing in; open sessions end at their next request."""
    actions.disable_user(by=by_whom(), user_id=reads.person_by_sign_in(sign_in).id, reason=reason)
    click.echo(f"{sign_in} is disabled.")


@users.command()
@click.argument("sign_in")
@reason_option
def enable(sign_in: str, reason: str) -> None:
    """Let SIGN_IN sign in again."""
    actions.enable_user(by=by_whom(), user_id=reads.person_by_sign_in(sign_in).id, reason=reason)
    click.echo(f"{sign_in} may sign in again.")


@users.command()
@click.argument("sign_in")
@click.option("--from-stdin", is_flag=True, help="Read the new password from standard input.")
def password(sign_in: str, from_stdin: bool) -> None:
    """Give SIGN_IN a new password; it is asked for, never an argument."""
    person = reads.person_by_sign_in(sign_in)
    new = sys.stdin.readline().rstrip("\n") if from_stdin else click.prompt("New password", hide_input=True, err=True)
    if not new:
        raise UserError("no password was given")
    actions.set_password(by=by_whom(), user_id=person.id, new=new)
    click.echo(f"{person.sign_in} has a new password; all sessions have ended.")

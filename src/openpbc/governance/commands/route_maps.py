"""Route maps from the shell: what is signed with each commissioner, and recording one."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from openpbc.governance import actions
from openpbc.governance.commands.decisions import day_of
from openpbc.governance.reads import route_maps as reads
from openpbc.governance.reads.route_maps import SIGNING_ROLES
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.ui.commands import by_whom

_GROUP = f"UNIT=ROLE, the role one of {', '.join(SIGNING_ROLES)}; once for each group that signed."
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("route-maps")
@click.option("--place", required=True, help="The place whose route maps they are.")
@click.option("--json", "as_json", is_flag=True, help="Print every version as JSON.")
def route_maps(place: str, as_json: bool) -> None:
    """Show for each commissioner of a place the route map for innovation that is signed now."""
    book = organisations.book(place)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in reads.route_maps(place)], indent=2, default=str))
        return
    now = reads.signed_maps(place)
    for code, name in reads.commissioners_of(book).items():
        each = now.get(code)
        state = f"version {each.number}, signed {each.signed_on}, {each.sha256[:12]}" if each else "none signed yet"
        click.echo(f"{code}  {name}  {state}")


@click.command("record-route-map")
@click.argument("file", type=_FILE)
@click.option("--place", required=True, help="The place for which it was signed.")
@click.option("--commissioner", default="", help="The commissioner's code; the place's own unless said.")
@click.option("--signed-on", required=True, help="The day on which it was signed, as YYYY-MM-DD.")
@click.option("--body", required=True, help="The code of the body that signed for the commissioner, such as board.")
@click.option("--group", "groups", multiple=True, required=True, help=_GROUP)
@click.option("--note", default="", help="A note, which is public.")
def record_route_map(
    file: Path, place: str, commissioner: str, signed_on: str, body: str, groups: tuple[str, ...], note: str
) -> None:
    """Record the signed route map in FILE; it is public from then on."""
    signed: dict[str, str] = {}
    for each in groups:
        unit, equals, role = each.partition("=")
        if not equals or unit in signed:
            raise UserError(f"'{each[:60]}' is not UNIT=ROLE for another group", "--group", "Write it once a group.")
        signed[unit] = role
    number = actions.record_route_map(
        by=by_whom(), place=place, commissioner=commissioner or organisations.book(place).place.commissioner,
        signed_on=day_of(signed_on), name=file.name, content=file.read_bytes(), for_commissioner=body,
        for_groups=signed, note=note,
    )  # fmt: skip
    click.echo(f"Version {number} is recorded.")

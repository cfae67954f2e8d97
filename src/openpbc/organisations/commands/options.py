"""What the room's commands ask for in the same way, and who runs them."""

from __future__ import annotations

from datetime import date, datetime

import click

from openpbc.kernel.actor import SYSTEM, Actor

DAY = click.DateTime(["%Y-%m-%d"])
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
place_option = click.option("--place", required=True, help="Id of the place.")
reason_option = click.option("--reason", required=True, help="Why, for the log.")


def by_whom() -> Actor:
    """Give the person for whom a command runs, or the system."""
    return click.get_current_context().find_object(Actor) or SYSTEM


def read_day(ctx: click.Context, parameter: click.Parameter, value: datetime | None) -> date | None:
    """Give the day that was asked for; none for none."""
    return value.date() if value else None

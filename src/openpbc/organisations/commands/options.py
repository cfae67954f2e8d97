"""What the room's commands ask for in the same way."""

from __future__ import annotations

from datetime import date, datetime

import click

DAY = click.DateTime(["%Y-%m-%d"])
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
place_option = click.option("--place", required=True, help="Id of the place.")
reason_option = click.option("--reason", required=True, help="Why, for the log.")


def read_day(ctx: click.Context, parameter: click.Parameter, value: datetime | None) -> date | None:
    """Give the day that was asked for; none for none."""
    return value.date() if value else None

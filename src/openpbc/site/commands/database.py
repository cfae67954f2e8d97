"""The database in the shell: what the application's own role may do in PostgreSQL."""

from __future__ import annotations

import click

from openpbc.site.privileges import grant as grant_to


@click.group()
def database() -> None:
    """Look after the database."""


@database.command()
@click.option("--role", required=True, help="Name of a role that exists in PostgreSQL and owns nothing.")
def grant(role: str) -> None:
    """Give a PostgreSQL role what the site needs and no more: rows of the ledger and the log it can only add.

    Run it as the owner of the tables, after each openpbc migrate; let the site connect as the role.
    """
    granted = grant_to(role)
    click.echo(f"{role} may add to {granted.only_added} tables, and also change {granted.changing} others.")

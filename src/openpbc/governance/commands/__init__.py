"""Governance from the shell."""

import click

from openpbc.governance.commands.decisions import decisions, record


@click.group()
def governance() -> None:
    """Show who decides what, what was decided and who has which interest; record what was decided."""


for command in (decisions, record):
    governance.add_command(command)

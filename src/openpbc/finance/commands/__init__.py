"""Finance from the shell; it needs no database and no settings."""

import click

from openpbc.finance.commands.need import need_shares
from openpbc.finance.commands.papers import paper_command
from openpbc.finance.commands.published import tables
from openpbc.finance.commands.sharing import fair_shares


@click.group()
def finance() -> None:
    """Published tables, fair shares and need shares."""


finance.add_command(tables)
finance.add_command(fair_shares)
finance.add_command(need_shares)
finance.add_command(paper_command)

COMMANDS = [finance]

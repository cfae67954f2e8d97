"""Activity from the shell, a file a noun."""

import click

from openpbc.activity.commands.late import late
from openpbc.activity.commands.reading import read_as
from openpbc.activity.commands.submissions import findings, receive


@click.group()
def activity() -> None:
    """Receive files of activity, and show what was found in them."""


for command in (receive, read_as, findings, late):
    activity.add_command(command)

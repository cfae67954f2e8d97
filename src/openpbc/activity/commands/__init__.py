"""Activity from the shell, a file a noun."""

import click

from openpbc.activity.commands.drafts import errors, mend, preview
from openpbc.activity.commands.late import late
from openpbc.activity.commands.local_codes import codes
from openpbc.activity.commands.log import log, measure, quality
from openpbc.activity.commands.price_lists import tariff
from openpbc.activity.commands.reading import read_as
from openpbc.activity.commands.submissions import findings, receive
from openpbc.activity.commands.supplied import supplied


@click.group()
def activity() -> None:
    """Receive files of activity, show what was found in them, and load price lists."""


for command in (
    receive,
    read_as,
    supplied,
    preview,
    findings,
    errors,
    mend,
    late,
    log,
    measure,
    quality,
    tariff,
    codes,
):
    activity.add_command(command)

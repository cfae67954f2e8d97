"""Governance from the shell."""

import click

from openpbc.governance.commands.decisions import appeals, decisions, record
from openpbc.governance.commands.interests import (
    conflicts,
    declare,
    declare_none,
    end_interest,
    interests,
    late,
    level,
    outstanding,
    parties,
)
from openpbc.governance.commands.meetings import bodies, meeting, meetings
from openpbc.governance.commands.process import check_process, process


@click.group()
def governance() -> None:
    """Show who decides what, what was decided and who has which interest; record what was decided."""


for command in (
    decisions, record, appeals,
    interests, declare, declare_none, end_interest, outstanding, late, conflicts, parties, level,
    bodies, meetings, meeting,
    process, check_process,
):  # fmt: skip
    governance.add_command(command)

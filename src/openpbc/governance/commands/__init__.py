"""Governance from the shell."""

import click

from openpbc.governance.commands.decisions import decisions, record
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


@click.group()
def governance() -> None:
    """Show who decides what, what was decided and who has which interest; record what was decided."""


for command in (
    decisions, record, interests, declare, declare_none, end_interest, outstanding, late, conflicts, parties, level,
    bodies, meetings, meeting,
):  # fmt: skip
    governance.add_command(command)

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
from openpbc.governance.commands.meetings import attending, bodies, meeting, meetings
from openpbc.governance.commands.process import check_process, process
from openpbc.governance.commands.route_maps import record_route_map, route_maps
from openpbc.governance.commands.standard import assess_standard, standard


@click.group()
def governance() -> None:
    """Show who decides what, what was decided and who has which interest; record what was decided."""


for command in (
    decisions, record, appeals,
    interests, declare, declare_none, end_interest, outstanding, late, conflicts, parties, level,
    bodies, meetings, meeting, attending,
    process, check_process,
    standard, assess_standard, route_maps, record_route_map,
):  # fmt: skip
    governance.add_command(command)

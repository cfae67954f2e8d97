"""Redesign from the shell."""

import click

from openpbc.redesign.commands.cases import (
    cases,
    consult,
    consultations,
    intention_state,
    intentions,
    of_conclave,
    serves,
    speed,
    tertiary,
    waits,
)
from openpbc.redesign.commands.milestones import add_milestone, milestones, move_milestone


@click.group()
def redesign() -> None:
    """Show cases of redesign and what each waits for, and note what else belongs to them."""


for command in (
    cases, waits, speed, intentions, serves, intention_state, tertiary, consultations, consult,
    milestones, add_milestone, move_milestone, of_conclave,
):  # fmt: skip
    redesign.add_command(command)

"""What the commands of all rooms ask in the same way."""

from __future__ import annotations

import click

from openpbc.kernel.actor import SYSTEM, Actor


def by_whom() -> Actor:
    """Give the person for whom a command runs, or the system."""
    return click.get_current_context().find_object(Actor) or SYSTEM

"""The room from the shell."""

from openpbc.measures.commands.measures import measures

COMMANDS = [measures]

__all__ = ["COMMANDS", "measures"]

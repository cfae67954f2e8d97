"""The room from the shell."""

from openpbc.measures.commands.measures import measures

__all__ = ["measures"]

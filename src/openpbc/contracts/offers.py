"""What the room offers to the roof."""

from openpbc.contracts.commands import contracts

COMMANDS = [contracts]

"""What the room offers to the roof."""

from openpbc.contracts.commands import contracts
from openpbc.contracts.reads import PREFIX, explain
from openpbc.ui.offers import Tile

COMMANDS = [contracts]
TILES = (Tile("Contracts", "contracts:register"),)
EXPLAIN = {PREFIX: explain}

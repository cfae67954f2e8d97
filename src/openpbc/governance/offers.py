"""What the room offers to the roof."""

from openpbc.governance.commands import governance
from openpbc.ui.offers import Tile

COMMANDS = [governance]
TILES = (Tile("Decisions", "governance:decisions"),)

"""What the room offers to the roof."""

from openpbc.governance.commands import governance
from openpbc.governance.pages import delegation, today
from openpbc.ui.offers import Tile

COMMANDS = [governance]
TILES = (
    Tile("Decisions", "governance:decisions"),
    Tile("Interests", "governance:interests"),
    Tile("Who decides", "governance:delegation"),
    Tile("How a case is decided", "governance:process"),
)
MATTERS = {delegation.MATTER: delegation.matter_page}
WORK = today.work

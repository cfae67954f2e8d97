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
from openpbc.governance.pages import meeting_work
from openpbc.governance.pages.meeting_parts import item_page
from openpbc.governance.reads import items, quorum_explaining
from openpbc.ui.offers import Tile

COMMANDS = [governance]
TILES = (Tile("Meetings", "governance:meetings"), Tile("Decisions", "governance:decisions"))
WORK = meeting_work.work
MATTERS = {items.PREFIX: item_page}
EXPLAIN = {quorum_explaining.PREFIX: quorum_explaining.explain_quorum}

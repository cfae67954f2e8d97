"""What the room offers to the roof."""

from openpbc.contracts.pages import agreements
from openpbc.contracts.pages.finding import finds
from openpbc.contracts.reads import AGREEMENT, PREFIX, explain, explain_agreement
from openpbc.ui.offers import Tile

TILES = (Tile("Contracts", "contracts:register"), Tile("Agreements", "contracts:agreements"))
WORK = agreements.work
EXPLAIN = {PREFIX: explain, AGREEMENT: explain_agreement}
FINDS = finds

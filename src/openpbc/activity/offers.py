"""What the room offers to the roof."""

from openpbc.activity.commands import activity
from openpbc.activity.reads.prices import PREFIX, explain
from openpbc.kernel.steps import Explanation
from openpbc.organisations.reads import Viewer
from openpbc.ui.offers import Tile


def _explain(address: str, viewer: Viewer) -> Explanation:
    return explain(address)


COMMANDS = [activity]
TILES = (Tile("Submissions", "activity:submissions"),)
EXPLAIN = {PREFIX: _explain}

"""What the room offers to the roof."""

from __future__ import annotations

from openpbc.kernel.steps import Explanation
from openpbc.measures import reads
from openpbc.measures.pages.finding import finds
from openpbc.measures.pages.work import work
from openpbc.measures.reads import shifts, waiting
from openpbc.measures.reads.addresses import PREFIX, parse
from openpbc.organisations.reads import Viewer
from openpbc.ui.offers import Tile

SEES_RECORDS = frozenset({"finance_manager", "contract_manager", "analyst"})


def _explain(address: str, viewer: Viewer) -> Explanation:
    """Explain a figure; a small count stays hidden from those who may not see single records."""
    return reads.explain(address, sees_records=bool(viewer.roles_in(parse(address).place) & SEES_RECORDS))


def _explain_waits(address: str, viewer: Viewer) -> Explanation:
    """Explain a figure of waits."""
    return waiting.explain_waits(address)


def _explain_shift(address: str, viewer: Viewer) -> Explanation:
    """Explain a figure of a question about a shift in coding."""
    return shifts.explain_shift(address)


TILES = (Tile("Measures", "measures:listing"), Tile("18 weeks", "measures:waits"))
WORK = work
EXPLAIN = {PREFIX: _explain, waiting.PREFIX: _explain_waits, shifts.PREFIX: _explain_shift}
FINDS = finds

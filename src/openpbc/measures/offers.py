"""What the room offers to the roof."""

from __future__ import annotations

from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation
from openpbc.measures import reads
from openpbc.measures.commands import measures
from openpbc.measures.pages.work import work
from openpbc.measures.reads import shifts, waiting
from openpbc.measures.reads.addresses import PREFIX, parse
from openpbc.measures.reads.small import hidden
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.ui.offers import Tile

SEES_RECORDS = frozenset({"finance_manager", "contract_manager", "analyst"})


def _explain(address: str, viewer: Viewer) -> Explanation:
    """Explain a figure; a small count stays hidden from those who may not see single records."""
    asked = parse(address)
    if asked.cut != "place" and not viewer.roles_in(asked.place) & SEES_RECORDS and _is_small(address):
        raise UserError("the count behind this figure is too small to be shown to your role", do="Ask an analyst.")
    return reads.explain(address)


def _explain_waits(address: str, viewer: Viewer) -> Explanation:
    """Explain a figure of waits."""
    return waiting.explain_waits(address)


def _explain_shift(address: str, viewer: Viewer) -> Explanation:
    """Explain a figure of a question about a shift in coding."""
    return shifts.explain_shift(address)


def _is_small(address: str) -> bool:
    asked = parse(address)
    book = organisations.book(asked.place)
    measure, span = reads.measure_of(book, asked.measure), reads.period(asked.place, asked.period)
    if measure is None or span is None:
        return False
    return asked.code in hidden(book, reads.values(measure, span, asked.cut))


COMMANDS = [measures]
TILES = (Tile("Measures", "measures:listing"), Tile("18 weeks", "measures:waits"))
WORK = work
EXPLAIN = {PREFIX: _explain, waiting.PREFIX: _explain_waits, shifts.PREFIX: _explain_shift}

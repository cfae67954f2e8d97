"""What the room offers to the roof."""

from __future__ import annotations

from openpbc.finance import reads
from openpbc.finance.commands import finance
from openpbc.finance.pages import today
from openpbc.finance.reads.changes import BETWEEN, PREFIX, explain_between, explain_change
from openpbc.kernel.steps import Explanation
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.ui.offers import Tile

COMMANDS = [finance]
HEADLINES = today.headlines
WORK = today.work
TILES = (Tile("Plan", "finance:plan"), Tile("Fair shares", "finance:fair-shares"))


def _place(address: str) -> str:
    return address.partition("?")[0].split("/")[1] if "/" in address else ""


def explain(address: str, viewer: Viewer) -> Explanation:
    """Explain a figure of this room; finance figures hold no records, so every viewer sees the same."""
    special = {PREFIX: explain_change, BETWEEN: explain_between}.get(address.partition("/")[0], reads.explain)
    return special(organisations.book(_place(address)), address)


EXPLAIN = dict.fromkeys(("finance", "fair-shares", "need-shares", "ledger", PREFIX, BETWEEN), explain)

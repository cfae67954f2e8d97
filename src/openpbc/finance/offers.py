"""What the room offers to the roof."""

from __future__ import annotations

from openpbc.finance import reads
from openpbc.finance.pages import today
from openpbc.finance.pages.budget_sets import matter_page
from openpbc.finance.reads import budget_sets, explained_commissioning, plan_versions
from openpbc.finance.reads.changes import BETWEEN, PREFIX, explain_between, explain_change
from openpbc.finance.reads.deposits import STATED
from openpbc.finance.reads.explained_budget_sets import explain_set
from openpbc.finance.reads.explained_groups import explain_group, is_of_group
from openpbc.finance.reads.explained_plan import explain_comparison, explain_plan
from openpbc.finance.reads.explained_settlement import explain_stated
from openpbc.finance.reads.joint import JOINT, explain_joint
from openpbc.finance.reads.pace import PREFIX as PACE
from openpbc.finance.reads.pace import explain_pace
from openpbc.finance.reads.replies import REPLY
from openpbc.finance.reads.submissions import SUBMISSION
from openpbc.kernel.steps import Explanation
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.ui.offers import Tile

HEADLINES = today.headlines
WORK = today.work
MATTERS = dict.fromkeys((budget_sets.PREFIX, "deposit"), matter_page)
TILES = (
    Tile("Plan", "finance:plan"),
    Tile("Fair shares", "finance:fair-shares"),
    Tile("Budgets", "finance:budget-sets"),
    Tile("Ledger", "finance:ledger"),
    Tile("Papers", "finance:papers"),
    Tile("Plans of groups", "finance:plans"),
    Tile("Calendar", "finance:calendar"),
)


def _place(address: str) -> str:
    return address.partition("?")[0].split("/")[1] if "/" in address else ""


def explain(address: str, viewer: Viewer) -> Explanation:
    """Explain a figure of this room; custom groups are explained to who may see them, all else to everybody alike."""
    book, prefix = organisations.book(_place(address)), address.partition("/")[0]
    if is_of_group(address):
        return explain_group(book, address, viewer.actor.id)
    return _OF_ITS_OWN.get(prefix, reads.explain)(book, address)


_OF_ITS_OWN = {
    PACE: explain_pace,
    JOINT: explain_joint,
    budget_sets.PREFIX: explain_set,
    **explained_commissioning.EXPLAIN,
    **dict.fromkeys((STATED, SUBMISSION, REPLY), explain_stated),
    PREFIX: explain_change,
    BETWEEN: explain_between,
    plan_versions.PREFIX: explain_plan,
    plan_versions.COMPARISON: explain_comparison,
}
EXPLAIN = dict.fromkeys(
    ("finance", "fair-shares", "need-shares", "ledger", "multi-year", "scope-item", *_OF_ITS_OWN), explain
)

"""Every write of the room, a file a noun."""

from openpbc.finance.actions.ledger import post, post_many, reverse, virement
from openpbc.finance.actions.plan_claim import PlanChanged
from openpbc.finance.actions.plan_lines import add_line, change_line, remove_line, replace_lines
from openpbc.finance.actions.plan_versions import draft_plan, load_published_plan, submit_plan, withdraw_plan
from openpbc.finance.actions.posting import Posted

__all__ = [
    "PlanChanged",
    "Posted",
    "add_line",
    "change_line",
    "draft_plan",
    "load_published_plan",
    "post",
    "post_many",
    "remove_line",
    "replace_lines",
    "reverse",
    "submit_plan",
    "virement",
    "withdraw_plan",
]

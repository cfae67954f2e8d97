"""What finance remembers, a file a noun; private to the room."""

from openpbc.finance.models.ledger import LedgerAccount, LedgerJournal, LedgerLine
from openpbc.finance.models.plan_versions import PlanChange, PlanVersion, PlanVersionLine

__all__ = [
    "LedgerAccount",
    "LedgerJournal",
    "LedgerLine",
    "PlanChange",
    "PlanVersion",
    "PlanVersionLine",
]

"""What finance remembers, a file a noun; private to the room."""

from openpbc.finance.models.ledger import LedgerAccount, LedgerJournal, LedgerLine
from openpbc.finance.models.plan_versions import PlanChange, PlanVersion, PlanVersionLine
from openpbc.finance.models.planning_calendar import CalendarEntry, CalendarFeed

__all__ = [
    "CalendarEntry",
    "CalendarFeed",
    "LedgerAccount",
    "LedgerJournal",
    "LedgerLine",
    "PlanChange",
    "PlanVersion",
    "PlanVersionLine",
]

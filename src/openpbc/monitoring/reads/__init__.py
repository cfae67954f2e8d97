"""Every question about closed months that others may ask; plain frozen values, money in pence.

What is not known is None and shown as "not set"; months that are not closed are named and never counted as nought.
"""

from openpbc.monitoring.reads.addresses import Selection
from openpbc.monitoring.reads.budgets import BudgetLine, BudgetPosition, budget_position
from openpbc.monitoring.reads.conservation import Conservation, Stage, conservation, verify
from openpbc.monitoring.reads.explaining import explain
from openpbc.monitoring.reads.figures import Measured
from openpbc.monitoring.reads.months import Closing, MonthState, history, manifest, months
from openpbc.monitoring.reads.positions import BY, Position, PositionRow, position
from openpbc.monitoring.reads.records import RecordsPage, records

__all__ = [
    "BY",
    "BudgetLine",
    "BudgetPosition",
    "Closing",
    "Conservation",
    "Measured",
    "MonthState",
    "Position",
    "PositionRow",
    "RecordsPage",
    "Selection",
    "Stage",
    "budget_position",
    "conservation",
    "explain",
    "history",
    "manifest",
    "months",
    "position",
    "records",
    "verify",
]

"""Every question about closed months that others may ask; plain frozen values, money in pence.

What is not known is None and shown as "not set"; months that are not closed are named and never counted as nought.
"""

from openpbc.monitoring.reads.addresses import Selection
from openpbc.monitoring.reads.bases import Period, PeriodEvent, period, period_events
from openpbc.monitoring.reads.budgets import BudgetLine, BudgetPosition, budget_position
from openpbc.monitoring.reads.conservation import Conservation, Stage, conservation, verify
from openpbc.monitoring.reads.explaining import explain
from openpbc.monitoring.reads.figures import Measured
from openpbc.monitoring.reads.holders import Holder, Holders, holders
from openpbc.monitoring.reads.in_year import InYear, InYearRow, in_year
from openpbc.monitoring.reads.in_year_explaining import explain_in_year
from openpbc.monitoring.reads.lines import ServiceLine, service_line, service_lines
from openpbc.monitoring.reads.months import Closing, MonthState, history, manifest, months
from openpbc.monitoring.reads.periods import LockDifference, lock_differences
from openpbc.monitoring.reads.positions import BY, Position, PositionRow, position
from openpbc.monitoring.reads.records import RecordsPage, records

__all__ = [
    "BY",
    "BudgetLine",
    "BudgetPosition",
    "Closing",
    "Conservation",
    "Holder",
    "Holders",
    "InYear",
    "InYearRow",
    "LockDifference",
    "Measured",
    "MonthState",
    "Period",
    "PeriodEvent",
    "Position",
    "PositionRow",
    "RecordsPage",
    "Selection",
    "ServiceLine",
    "Stage",
    "budget_position",
    "conservation",
    "explain",
    "explain_in_year",
    "history",
    "holders",
    "in_year",
    "lock_differences",
    "manifest",
    "months",
    "period",
    "period_events",
    "position",
    "records",
    "service_line",
    "service_lines",
    "verify",
]

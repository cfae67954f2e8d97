"""Every question about closed months that others may ask; plain frozen values, money in pence.

What is not known is None and shown as "not set"; months that are not closed are named and never counted as nought.
"""

from openpbc.monitoring.reads.addresses import Selection
from openpbc.monitoring.reads.amounts import Amount, check_amount
from openpbc.monitoring.reads.bases import Period, PeriodEvent, period, period_events
from openpbc.monitoring.reads.conservation import Conservation, Stage, conservation, verify
from openpbc.monitoring.reads.decisions import reopening, reopening_bodies, reopenings
from openpbc.monitoring.reads.differences import CUTS, Difference, DifferenceRow, difference, flex_and_freeze, pairs
from openpbc.monitoring.reads.division import Division, check_division, division
from openpbc.monitoring.reads.entered import Entered, ProfileSet, cell_of, entries, profiles, upload, uploads
from openpbc.monitoring.reads.explaining import explain
from openpbc.monitoring.reads.figures import Measured
from openpbc.monitoring.reads.following import NoteFound, TaskFound, no_task, notes, packs, task, tasks
from openpbc.monitoring.reads.holders import Holder, Holders, holders
from openpbc.monitoring.reads.in_year import InYear, InYearRow, in_year
from openpbc.monitoring.reads.in_year_explaining import explain_in_year
from openpbc.monitoring.reads.lines import ServiceLine, service_line, service_lines
from openpbc.monitoring.reads.months import Closing, MonthState, history, manifest, months, source_of_measures
from openpbc.monitoring.reads.packs import PackState, due_day, late_packs, pack_areas, pack_states
from openpbc.monitoring.reads.payments import Payment, Payments, payments
from openpbc.monitoring.reads.payments_explaining import explain_payment
from openpbc.monitoring.reads.periods import LockDifference, lock_differences
from openpbc.monitoring.reads.positions import BY, Position, PositionRow, position
from openpbc.monitoring.reads.progress import MonthProgress, month_progress, progress
from openpbc.monitoring.reads.reconciling import Reconciliation, Sender, reconciliation, senders
from openpbc.monitoring.reads.records import RecordsPage, records
from openpbc.monitoring.reads.statements import Reason, Statement, statement

__all__ = [
    "BY",
    "CUTS",
    "Amount",
    "Closing",
    "Conservation",
    "Difference",
    "DifferenceRow",
    "Division",
    "Entered",
    "Holder",
    "Holders",
    "InYear",
    "InYearRow",
    "LockDifference",
    "Measured",
    "MonthProgress",
    "MonthState",
    "NoteFound",
    "PackState",
    "Payment",
    "Payments",
    "Period",
    "PeriodEvent",
    "Position",
    "PositionRow",
    "ProfileSet",
    "Reason",
    "Reconciliation",
    "RecordsPage",
    "Selection",
    "Sender",
    "ServiceLine",
    "Stage",
    "Statement",
    "TaskFound",
    "cell_of",
    "check_amount",
    "check_division",
    "conservation",
    "difference",
    "division",
    "due_day",
    "entries",
    "explain",
    "explain_in_year",
    "explain_payment",
    "flex_and_freeze",
    "history",
    "holders",
    "in_year",
    "late_packs",
    "lock_differences",
    "manifest",
    "month_progress",
    "months",
    "no_task",
    "notes",
    "pack_areas",
    "pack_states",
    "packs",
    "pairs",
    "payments",
    "period",
    "period_events",
    "position",
    "profiles",
    "progress",
    "reconciliation",
    "records",
    "reopening",
    "reopening_bodies",
    "reopenings",
    "senders",
    "service_line",
    "service_lines",
    "source_of_measures",
    "statement",
    "task",
    "tasks",
    "upload",
    "uploads",
    "verify",
]

"""What may be asked of activity: what was received, what was found in it, its records, and why a price is as it is."""

from openpbc.activity.reads.calendar import clock, dates, expected, moment_of
from openpbc.activity.reads.checked import LARGEST_PAGE, Checked, RuleCount, checked, findings, records
from openpbc.activity.reads.drafts import Draft, draft, drafts, mended_from
from openpbc.activity.reads.late import LateDecision, coordinator, late_decision, late_decisions, waiting
from openpbc.activity.reads.log import Logged, MonthLog, Result, Slot, month_log, results, standard
from openpbc.activity.reads.price_lists import (
    PriceTableInForce,
    Weighed,
    admitted_prices,
    explain_listed,
    plain_rows,
    table_named,
    tables_in_force,
    weigh,
)
from openpbc.activity.reads.prices import explain
from openpbc.activity.reads.quality import FileMeasured, ProviderQuality, StreamQuality, measured, provider_quality
from openpbc.activity.reads.reading import FieldRead, ReadAs, UnknownColumn, read_as
from openpbc.activity.reads.recomputed import recomputed
from openpbc.activity.reads.submissions import (
    Submission,
    find,
    frozen,
    members,
    store,
    submission,
    submissions,
    submitted,
    submitted_at,
)
from openpbc.activity.reads.terms import terms, terms_come_from

__all__ = [
    "Checked",
    "Draft",
    "FieldRead",
    "FileMeasured",
    "LARGEST_PAGE",
    "LateDecision",
    "Logged",
    "MonthLog",
    "PriceTableInForce",
    "ProviderQuality",
    "ReadAs",
    "Result",
    "RuleCount",
    "Slot",
    "StreamQuality",
    "Submission",
    "UnknownColumn",
    "Weighed",
    "admitted_prices",
    "checked",
    "clock",
    "coordinator",
    "dates",
    "draft",
    "drafts",
    "expected",
    "explain",
    "explain_listed",
    "find",
    "findings",
    "frozen",
    "late_decision",
    "late_decisions",
    "measured",
    "members",
    "mended_from",
    "moment_of",
    "month_log",
    "plain_rows",
    "provider_quality",
    "read_as",
    "recomputed",
    "records",
    "results",
    "standard",
    "store",
    "submission",
    "submissions",
    "submitted",
    "submitted_at",
    "table_named",
    "tables_in_force",
    "terms",
    "terms_come_from",
    "waiting",
    "weigh",
]

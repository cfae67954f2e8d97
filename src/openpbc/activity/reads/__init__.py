"""What may be asked of activity: what was received, what was found in it, its records, and why a price is as it is."""

from openpbc.activity.reads.checked import LARGEST_PAGE, Checked, RuleCount, checked, findings, records
from openpbc.activity.reads.prices import explain
from openpbc.activity.reads.submissions import (
    Submission,
    find,
    members,
    store,
    submission,
    submissions,
    submitted,
)

__all__ = [
    "LARGEST_PAGE",
    "Checked",
    "RuleCount",
    "Submission",
    "checked",
    "explain",
    "find",
    "findings",
    "members",
    "records",
    "store",
    "submission",
    "submissions",
    "submitted",
]

"""Every question about governance that others may ask."""

from openpbc.governance.reads.decisions import (
    APPROVED,
    BODIES,
    DEFERRED,
    NOTED,
    OUTCOMES,
    PREFIX,
    REFUSED,
    WITHDRAWN,
    Decision,
    approval,
    bodies,
    decision,
    decisions,
)

__all__ = [
    "APPROVED",
    "BODIES",
    "DEFERRED",
    "NOTED",
    "OUTCOMES",
    "PREFIX",
    "REFUSED",
    "WITHDRAWN",
    "Decision",
    "approval",
    "bodies",
    "decision",
    "decisions",
]

"""Every write of the room."""

from openpbc.governance.actions.decisions import record_decision
from openpbc.governance.actions.interests import (
    confirm_interests,
    declare_interest,
    declare_none,
    end_interest,
    record_household,
    record_owner,
)
from openpbc.governance.actions.matters import open_paper, rule_on_interest, set_parties

__all__ = [
    "confirm_interests",
    "declare_interest",
    "declare_none",
    "end_interest",
    "open_paper",
    "record_decision",
    "record_household",
    "record_owner",
    "rule_on_interest",
    "set_parties",
]

"""Every write of the room."""

from openpbc.governance.actions.decisions import record_decision

__all__ = ["record_decision"]

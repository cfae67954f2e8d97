"""What activity remembers, a file a noun; private to the room."""

from openpbc.activity.models.submissions import FrozenMonth, LateDecision, MonthRun, Submission

__all__ = ["FrozenMonth", "LateDecision", "MonthRun", "Submission"]

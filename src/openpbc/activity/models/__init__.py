"""What activity remembers, a file a noun; private to the room."""

from openpbc.activity.models.submissions import MonthRun, Submission

__all__ = ["MonthRun", "Submission"]

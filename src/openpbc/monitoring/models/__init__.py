"""What the room remembers, a file a noun; private to the room."""

from openpbc.monitoring.models.entries import Entry, Profile, Upload
from openpbc.monitoring.models.following import Note, Task
from openpbc.monitoring.models.months import MonthEvent, PublishedMonth
from openpbc.monitoring.models.periods import PackSent, PeriodBook, PeriodEvent

__all__ = [
    "Entry",
    "MonthEvent",
    "Note",
    "PackSent",
    "PeriodBook",
    "PeriodEvent",
    "Profile",
    "PublishedMonth",
    "Task",
    "Upload",
]

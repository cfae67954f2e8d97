"""What activity remembers, a file a noun; private to the room."""

from openpbc.activity.models.codes import LocalCodeRecord
from openpbc.activity.models.drafts import Draft, Mending
from openpbc.activity.models.people import OptOut, OptOutList
from openpbc.activity.models.quality import FileQuality
from openpbc.activity.models.submissions import FrozenMonth, LateDecision, MonthRun, Submission
from openpbc.activity.models.unmasking import Unmasking

__all__ = [
    "Draft",
    "FileQuality",
    "FrozenMonth",
    "LateDecision",
    "LocalCodeRecord",
    "Mending",
    "MonthRun",
    "OptOut",
    "OptOutList",
    "Submission",
    "Unmasking",
]

"""Every write of the room."""

from openpbc.monitoring.actions.closing import CLOSED, REOPENED, Closed, Reopened, close, reopen
from openpbc.monitoring.actions.demonstration import show_in_year
from openpbc.monitoring.actions.dividing import divide_budget
from openpbc.monitoring.actions.entering import Made, correct_entry, enter, enter_many
from openpbc.monitoring.actions.following import close_task, note_variance, send_pack, set_task
from openpbc.monitoring.actions.periods import Locked, lock_position, reopen_position
from openpbc.monitoring.actions.profiling import set_profile
from openpbc.monitoring.actions.uploads import Uploaded, bring_entries, enter_upload, upload_entries

__all__ = [
    "CLOSED",
    "REOPENED",
    "Closed",
    "Locked",
    "Made",
    "Reopened",
    "Uploaded",
    "bring_entries",
    "close",
    "close_task",
    "correct_entry",
    "divide_budget",
    "enter",
    "enter_many",
    "enter_upload",
    "lock_position",
    "note_variance",
    "reopen",
    "reopen_position",
    "send_pack",
    "set_profile",
    "set_task",
    "show_in_year",
    "upload_entries",
]

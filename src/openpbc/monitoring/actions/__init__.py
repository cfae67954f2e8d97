"""Every write of the room."""

from openpbc.monitoring.actions.closing import CLOSED, REOPENED, Closed, Reopened, close, reopen
from openpbc.monitoring.actions.entering import Made, correct_entry, enter, enter_many
from openpbc.monitoring.actions.periods import Locked, lock_position, reopen_position

__all__ = [
    "CLOSED",
    "REOPENED",
    "Closed",
    "Locked",
    "Made",
    "Reopened",
    "close",
    "correct_entry",
    "enter",
    "enter_many",
    "lock_position",
    "reopen",
    "reopen_position",
]

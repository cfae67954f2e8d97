"""Every write of the room; each file is one noun."""

from openpbc.measures.actions.agreeing import agree_peers, agree_target, end_task, enter_value, set_task
from openpbc.measures.actions.demonstration import show_waits
from openpbc.measures.actions.measuring import Measured, measure
from openpbc.measures.actions.returning import receive_returns
from openpbc.measures.actions.shifting import answer_shift
from openpbc.measures.actions.waiting import WaitsReceived, receive_waits

__all__ = [
    "Measured",
    "WaitsReceived",
    "agree_peers",
    "agree_target",
    "answer_shift",
    "end_task",
    "enter_value",
    "measure",
    "receive_returns",
    "receive_waits",
    "set_task",
    "show_waits",
]

"""Every write of the room; each file is one noun."""

from openpbc.measures.actions.agreeing import agree_peers, agree_target, end_task, enter_value, set_task
from openpbc.measures.actions.measuring import Measured, measure

__all__ = ["Measured", "agree_peers", "agree_target", "end_task", "enter_value", "measure", "set_task"]

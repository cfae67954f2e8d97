"""What the room remembers; each file is one noun."""

from openpbc.measures.models.months import MeasuredMonth
from openpbc.measures.models.peers import PeerGroup
from openpbc.measures.models.returns import ReceivedReturn
from openpbc.measures.models.shifts import ShiftReason
from openpbc.measures.models.tasks import VarianceTask
from openpbc.measures.models.values import EnteredValue, LocalTarget
from openpbc.measures.models.waits import WaitingFile, WaitingRow

__all__ = [
    "EnteredValue",
    "LocalTarget",
    "MeasuredMonth",
    "PeerGroup",
    "ReceivedReturn",
    "ShiftReason",
    "VarianceTask",
    "WaitingFile",
    "WaitingRow",
]

"""What may be asked of measures: values, peers, targets, trends, and why each figure is as it is."""

from openpbc.measures.flow import Source
from openpbc.measures.reads.board import BoardRow, board
from openpbc.measures.reads.casemix import case_mix
from openpbc.measures.reads.entered import Entered, Task, base_of, entered, target_of, tasks, told_by, without_target
from openpbc.measures.reads.explaining import explain
from openpbc.measures.reads.measured import MonthRelease, Period, left_out, measured_months, period, releases
from openpbc.measures.reads.peers import Peers, Standing, peer_versions, peers, standing
from openpbc.measures.reads.trends import Trend, trend
from openpbc.measures.reads.values import Value, measure_of, measures, names, small_base, values, whole

__all__ = [
    "BoardRow",
    "Entered",
    "MonthRelease",
    "Peers",
    "Period",
    "Source",
    "Standing",
    "Task",
    "Trend",
    "Value",
    "base_of",
    "board",
    "case_mix",
    "entered",
    "explain",
    "left_out",
    "measure_of",
    "measured_months",
    "measures",
    "names",
    "peer_versions",
    "peers",
    "period",
    "releases",
    "small_base",
    "standing",
    "target_of",
    "tasks",
    "told_by",
    "trend",
    "values",
    "whole",
    "without_target",
]

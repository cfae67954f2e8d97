"""The room from the shell: months and positions."""

from openpbc.monitoring.commands.in_year import monitoring
from openpbc.monitoring.commands.months import month

__all__ = ["month", "monitoring"]

"""The room from the shell: months, positions, and what contracts pay."""

from openpbc.monitoring.commands.in_year import monitoring
from openpbc.monitoring.commands.months import month
from openpbc.monitoring.commands.payments import payments

monitoring.add_command(payments)

COMMANDS = [month, monitoring]

__all__ = ["COMMANDS", "month", "monitoring"]

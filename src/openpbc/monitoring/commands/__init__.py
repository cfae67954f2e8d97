"""The room from the shell: months, positions, and what contracts pay."""

from openpbc.monitoring.commands.in_year import monitoring
from openpbc.monitoring.commands.payments import payments

monitoring.add_command(payments)

"""Contracts from the shell."""

from openpbc.contracts.commands.agreement_register import agreements
from openpbc.contracts.commands.contract_register import contracts

contracts.add_command(agreements)

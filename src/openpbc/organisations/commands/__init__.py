"""Organisations and users from the shell."""

from openpbc.organisations.commands import arrangements
from openpbc.organisations.commands.people import organisations, users
from openpbc.organisations.commands.register import register, who

organisations.add_command(register)
organisations.add_command(who)
organisations.add_command(arrangements.arrangements)
organisations.add_command(arrangements.arrange)
organisations.add_command(arrangements.cover)
organisations.add_command(arrangements.reviews)
organisations.add_command(arrangements.accreditations)
organisations.add_command(arrangements.providers)
organisations.add_command(arrangements.record_review)
organisations.add_command(arrangements.record_outcome)
organisations.add_command(arrangements.withdraw_review)
COMMANDS = [organisations, users]

__all__ = ["COMMANDS", "organisations"]

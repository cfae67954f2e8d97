"""Organisations and users from the shell."""

from openpbc.organisations.commands.people import organisations
from openpbc.organisations.commands.register import register, who

organisations.add_command(register)
organisations.add_command(who)

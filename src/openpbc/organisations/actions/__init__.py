"""Every write of the room."""

from openpbc.organisations.actions.arrangements import arrange, record_outcome, record_review, withdraw_review
from openpbc.organisations.actions.arrangements_demonstration import demonstrate_arrangements
from openpbc.organisations.actions.demonstration import create_demo_users
from openpbc.organisations.actions.invitations import Invited, accept_invitation, invite_user
from openpbc.organisations.actions.people import (
    assign_role,
    change_password,
    disable_user,
    enable_user,
    end_role,
    join_accounts,
    set_password,
)
from openpbc.organisations.actions.register import Loaded, load_place, record_membership
from openpbc.organisations.actions.register_files import bring_register, receive_register, take_register
from openpbc.organisations.actions.sign_in import forget_attempts, record_sign_in, record_sign_out, refuse_sign_in

__all__ = [
    "Invited",
    "Loaded",
    "accept_invitation",
    "arrange",
    "assign_role",
    "bring_register",
    "change_password",
    "create_demo_users",
    "demonstrate_arrangements",
    "disable_user",
    "enable_user",
    "end_role",
    "forget_attempts",
    "invite_user",
    "join_accounts",
    "load_place",
    "receive_register",
    "record_membership",
    "record_outcome",
    "record_review",
    "record_sign_in",
    "record_sign_out",
    "refuse_sign_in",
    "set_password",
    "take_register",
    "withdraw_review",
]

"""Every write of the room, a file a noun."""

from openpbc.contracts.actions.agreement_demonstration import demonstrate_agreements
from openpbc.contracts.actions.agreements import activate_agreement, record_of_agreement, write_agreement
from openpbc.contracts.actions.contract_register import PlanLoaded, RegisterLoaded, load_plan, load_register

__all__ = [
    "PlanLoaded",
    "RegisterLoaded",
    "activate_agreement",
    "demonstrate_agreements",
    "load_plan",
    "load_register",
    "record_of_agreement",
    "write_agreement",
]

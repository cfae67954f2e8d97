"""What is remembered of contracts, a file a noun."""

from openpbc.contracts.models.agreements import Agreement, AgreementRecord
from openpbc.contracts.models.contract_register import ActivityPlan, Contract, LocalPrice, PlanLine

__all__ = ["ActivityPlan", "Agreement", "AgreementRecord", "Contract", "LocalPrice", "PlanLine"]

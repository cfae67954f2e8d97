"""Django's entry for the room."""

from django.apps import AppConfig


class FinanceConfig(AppConfig):
    """Allocation, plan, fair shares, budgets and the ledger."""

    name = "openpbc.finance"
    label = "finance"

"""Django's entry for the room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import AppConfig

Terms = Mapping[str, tuple[Sequence[str], Sequence[Sequence[Any]]]]


class ContractsConfig(AppConfig):
    """Contracts and their activity plans."""

    name = "openpbc.contracts"
    label = "contracts"

    def contract_terms(self, place: str, year: str) -> Terms:
        """Give the terms that pricing needs to the room that prices, which asks every room for them by this name."""
        from openpbc.contracts.reads import terms

        return terms(place, year)

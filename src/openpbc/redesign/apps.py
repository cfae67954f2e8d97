"""Django's entry for the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from openpbc.finance.reads.schemes import Scheme
    from openpbc.rulebook.reader import Book


class RedesignConfig(AppConfig):
    """Cases of redesign, their papers and their way to a decision."""

    name = "openpbc.redesign"
    label = "redesign"

    def assessment_services(self, book: Book) -> tuple[Scheme, ...]:
        """Give the register of assessment services to the room that shows the plans of groups and asks by this name."""
        from openpbc.redesign.reads.registers import services

        return services(book)

"""Django's entry for the room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.apps import AppConfig

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

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

    def agenda_marks(self, book: Book, matters: Collection[str]) -> Mapping[str, str]:
        """Give the mark of each case among some matters that is in no plan, to the room of meetings."""
        from openpbc.redesign.reads.registers import plan_marks

        return plan_marks(book, matters)

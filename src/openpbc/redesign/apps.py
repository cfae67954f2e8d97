"""Django's entry for the room."""

from django.apps import AppConfig


class RedesignConfig(AppConfig):
    """Cases of redesign, their papers and their way to a decision."""

    name = "openpbc.redesign"
    label = "redesign"

    def ready(self) -> None:
        """Hand the register of assessment services to the room that shows each group's plan."""
        from openpbc.finance.reads.schemes import schemes_come_from
        from openpbc.redesign.reads.registers import schemes

        schemes_come_from(schemes)

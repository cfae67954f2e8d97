"""The step of a migration that puts the database's own guards on tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.migrations.operations.base import Operation


class Guards(Operation):
    """Make the triggers that a function gives for the database in use.

    A function of Django's own kind would be handed every model as it then was, which nobody looks at here and which
    takes a third of the time that a new home needs.
    """

    reversible = False

    def __init__(self, statements: Callable[[str], Iterable[str]]) -> None:
        """Take the function that gives the statements for ``sqlite`` or ``postgresql``."""
        self.statements = statements

    @classmethod
    def either(cls, sqlite: Iterable[str], postgresql: Iterable[str]) -> Guards:
        """Make guards that are written out for both."""
        return cls(lambda vendor: sqlite if vendor == "sqlite" else postgresql)

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models stay as they are."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Make the triggers."""
        for statement in self.statements(schema_editor.connection.vendor):
            schema_editor.execute(statement, params=None)

    def describe(self) -> str:
        """Say what is done."""
        return "Put the database's own guards on tables"

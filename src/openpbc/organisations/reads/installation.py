"""Where this installation keeps what it is sent and what it makes of it."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings

from openpbc.warehouse.store import Store


def store() -> Store:
    """Give the warehouse of this installation."""
    return Store(Path(settings.HOME) / "warehouse")

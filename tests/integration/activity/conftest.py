"""A place with its organisations, and a warehouse of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.unit.activity.rows import PLACE

HES = Path(__file__).parents[2] / "fixtures" / "hes_artificial"


@pytest.fixture
def place(db, settings, tmp_path) -> str:
    from openpbc.kernel.actor import SYSTEM
    from openpbc.organisations import actions as organisations

    settings.HOME = tmp_path / "home"
    organisations.load_place(by=SYSTEM, place=PLACE)
    return PLACE


@pytest.fixture
def receive(place) -> Callable[..., Any]:
    """Receive a file for the place."""
    from openpbc.activity import actions
    from openpbc.kernel.actor import SYSTEM

    def received(path: Path, **said: Any) -> Any:
        return actions.receive(by=SYSTEM, place=said.pop("place", place), path=path, **said)

    return received

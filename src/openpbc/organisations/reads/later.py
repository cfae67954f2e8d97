"""How a room asks something of a room that comes after it, which it may not import."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps


def asked_of_later(question: str) -> Callable[..., Any] | None:
    """Give the method by which a later room answers, none where no room of this installation does.

    A room answers through its entry of the framework, by a method of the question's name that loads what it needs when
    it is asked: so no start has to load both rooms to join them.
    """
    return next((ask for room in apps.get_app_configs() if (ask := getattr(room, question, None))), None)

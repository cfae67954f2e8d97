"""What counts as activity of a commissioner."""

from __future__ import annotations

COUNTED = ("LOCAL", "NO_PRICE", "PRICED")
"""Statuses of priced units that the commissioner answers for; excluded and unpriced units are kept, and shown apart."""


def counts(status: str, commissioner: str, own: str) -> bool:
    """Tell whether a unit of activity counts in the position of the commissioner ``own``."""
    return status in COUNTED and commissioner == own

"""How often somebody may be shown who a patient is, and how long that stays in sight."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

WINDOW = timedelta(hours=1)
IN_SIGHT = timedelta(minutes=15)


def must_wait(asked_at: Iterable[datetime], now: datetime, most: int) -> datetime | None:
    """Give the moment from which one more may be asked for, or None where it may be now."""
    recent = sorted(at for at in asked_at if at > now - WINDOW)
    return recent[-most] + WINDOW if most and len(recent) >= most else now + WINDOW if not most else None


def in_sight(asked_at: datetime, now: datetime) -> bool:
    """Tell whether what was asked for is still shown."""
    return now < asked_at + IN_SIGHT

"""Texts that are days of the calendar as the checks take them, and texts that only look like it."""

from __future__ import annotations

from datetime import date

TEXTS = (
    *(
        f"{year:04d}-{month:02d}-{day:02d}"
        for year in (1, 1799, 1800, 1804, 1900, 1996, 2000, 2007, 2008, 2100, 2199, 2200)
        for month in range(14)
        for day in (0, 1, 28, 29, 30, 31, 32)
    ),
    *("2008-6-01", "2008-06-01 ", "20080601", "2008-06", "2008-06-0a", "", "2008-06-011", "2008-6-1", " 2008-06-1"),
    *("+2008-06-1", "2008/06/01", "2008-06-01T00:00", "2008 06 01", "02008-06-01", "-2008-06-01", "2008-06-01 (BC)"),
    *("infinity", "-infinity", "epoch", "now", "today", "\u0662008-06-01", "2008-06-01\n", "\ufeff2008-06-01"),
)


def is_day(text: str) -> bool:
    """Tell it by Python's calendar."""
    try:
        return len(text) == 10 and 1800 <= date.fromisoformat(text).year <= 2199
    except ValueError:
        return False

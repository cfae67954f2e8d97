"""When the invented providers send their files, and how much of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

from openpbc.kernel.periods import Month, working_day
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

SUBJECT, HOLIDAYS = "synth.arrivals", "calendar.bank_holidays"
LOCAL = ZoneInfo("Europe/London")
WHOLE = 100


@dataclass(frozen=True)
class Sent:
    """One sending of a file: when it arrived (none: now), and how many per cent of its records it holds."""

    arrived: datetime | None
    percent: int = WHOLE

    def of(self, whole: Path) -> Path:
        """Give the file that is sent: the whole one, or one beside it with its first records."""
        if self.percent == WHOLE:
            return whole
        head, *records = whole.read_text(encoding="utf-8").splitlines(keepends=True)
        part = whole.parent / f"{self.percent}-per-cent" / whole.name
        part.parent.mkdir(exist_ok=True)
        part.write_text("".join([head, *records[: max(1, len(records) * self.percent // WHOLE)]]), encoding="utf-8")
        return part


def arrivals(book: Book, provider: str, month: Month, stream: str) -> tuple[Sent, ...]:
    """Give the sendings of one file in their order; a file of which nothing is said is sent once, now."""
    listed, holidays = book.table(SUBJECT), book.table(HOLIDAYS)
    rows = (
        [] if isinstance(listed, NotSet) else [r for r in listed if (r["provider"], r["stream"]) == (provider, stream)]
    )
    own = [row for row in rows if row["month"] == str(month)] or [row for row in rows if not row["month"]]
    days = frozenset() if isinstance(holidays, NotSet) else frozenset(date.fromisoformat(h["date"]) for h in holidays)
    return tuple(
        Sent(
            datetime.combine(
                working_day(month, int(row["working_day"]), days), time.fromisoformat(row["time"]), tzinfo=LOCAL
            ),
            int(row["percent"]),
        )
        for row in own
    ) or (Sent(None),)

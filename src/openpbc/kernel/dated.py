"""A date as a paper gives it: to the day, or to the month alone. A month is never given a day of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from openpbc.kernel.periods import Month, day_text
from openpbc.kernel.problems import UserError

_MONTH_LONG = len("YYYY-MM")


@dataclass(frozen=True, order=True)
class Dated:
    """A day, or with ``to_month`` a whole month, of which ``last`` is the last day.

    It is put in order by its last day, so that nothing that has to come after it can fall into the month itself.
    """

    last: date
    to_month: bool = False

    @classmethod
    def of(cls, month: Month) -> Dated:
        """Give a month as a date."""
        return cls(month.last, True)

    @classmethod
    def kept(cls, last: date, to_month: bool | None) -> Dated:
        """Give what was kept as a day and whether it stands for its month; one of a month is always its last day."""
        return cls.of(Month.of(last)) if to_month else cls(last)

    @classmethod
    def parse(cls, text: str) -> Dated:
        """Read ``2007-09`` or ``2007-09-04``; anything else is a person's mistake."""
        text = text.strip()
        try:
            return cls.of(Month.parse(text)) if len(text) == _MONTH_LONG else cls(date.fromisoformat(text))
        except (ValueError, UserError) as problem:
            raise UserError(f"'{text[:20]}' is not a date", do="Write it as YYYY-MM-DD, or YYYY-MM.") from problem

    def __str__(self) -> str:
        """Give the form used in files: ``2007-09-04``, or ``2007-09`` where no day is known."""
        return str(Month.of(self.last)) if self.to_month else self.last.isoformat()

    @property
    def name(self) -> str:
        """The form that people read: ``4 September 2007``, or ``September 2007`` where no day is known."""
        return Month.of(self.last).name if self.to_month else day_text(self.last)

    @property
    def first(self) -> date:
        """The first day that it may mean."""
        return Month.of(self.last).first if self.to_month else self.last

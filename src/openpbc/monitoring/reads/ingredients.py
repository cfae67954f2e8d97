"""Everything that the positions of a month are made of, read once: budgets, activity, entries and profiles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from openpbc.kernel.periods import Month, working_days
from openpbc.kernel.problems import UserError
from openpbc.monitoring.reads.actuals import charges
from openpbc.monitoring.reads.bases import Basis, basis_of
from openpbc.monitoring.reads.entered import (
    ACCRUAL,
    ACTUAL,
    FORECAST,
    Entered,
    ProfileSet,
    entries,
    profiles,
)
from openpbc.monitoring.reads.funds import GROUP as GROUP_FUND
from openpbc.monitoring.reads.funds import PRACTICE as PRACTICE_FUND
from openpbc.monitoring.reads.funds import Fund, Funds, funds
from openpbc.monitoring.reads.holders import GROUP, HELD, Holder, Holders, holders
from openpbc.monitoring.reads.lines import (
    EVERY_OTHER,
    UNDIVIDED,
    ServiceLine,
    lines_of_pods,
    service_lines,
)
from openpbc.monitoring.rules import profiles as rule
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

HOLIDAYS = "calendar.bank_holidays"
Key = tuple[Holder, str]
Series = dict[Key, dict[str, int]]


@dataclass(frozen=True, eq=False)
class Ingredients:
    """What is known of a place's year up to one month."""

    book: Book
    month: Month
    basis: Basis
    lines: tuple[ServiceLine, ...]
    holders: Holders
    funds: Funds
    entries: tuple[Entered, ...]
    before: tuple[Entered, ...]
    profiles: Mapping[str, ProfileSet]

    @property
    def now_funds(self) -> Funds:
        """The budgets as they are now, whether or not this month is locked."""
        return funds(self.book) if self.basis.funds else self.funds

    @property
    def months(self) -> tuple[Month, ...]:
        """April to the month."""
        return self.book.place.year.months[: self.month.number]

    @cached_property
    def activity(self) -> Series:
        """Charge by holder, service line and month, from the published runs."""
        pods, found = lines_of_pods(self.book), Series()
        own = self.book.place.commissioner
        for (unit, practice, pod, month), charge in charges(self.basis.runs, own).items():
            line = pods.get(pod, pods[EVERY_OTHER])
            for holder in self.holders.of(unit, practice):
                _add(found, (holder, line), month, charge)
        return found

    @cached_property
    def entered(self) -> Series:
        """Entered actuals by holder, service line and month."""
        return self._summed(self.entries, ACTUAL)

    @cached_property
    def accrued(self) -> Series:
        """Accruals by holder, service line and the month in which they were made."""
        return self._summed(self.entries, ACCRUAL)

    @cached_property
    def forecasts(self) -> Series:
        """Entered forecasts by holder, service line and the month in which they were made."""
        return self._summed(self.entries, FORECAST)

    @cached_property
    def last_year(self) -> Series:
        """Last year's actuals by holder, service line and month of last year."""
        return self._summed(self.before, ACTUAL)

    def _summed(self, rows: tuple[Entered, ...], kind: str) -> Series:
        found = Series()
        for row in rows:
            if row.kind == kind:
                for holder in self.holders.of(row.unit, row.practice):
                    _add(found, (holder, row.service_line), row.month, row.pence)
        return found

    @cached_property
    def shared(self) -> Mapping[Key, tuple[Fund, ...]]:
        """The funds of each holder by service line."""
        found: dict[Key, tuple[Fund, ...]] = {}
        for fund in self.funds.funds:
            for holder in self._fund_holders(fund):
                key = (holder, fund.line or UNDIVIDED)
                found[key] = (*found.get(key, ()), fund)
        return found

    def _fund_holders(self, fund: Fund) -> tuple[Holder, ...]:
        if fund.kind in (GROUP_FUND, PRACTICE_FUND):
            return self.holders.of(fund.unit, fund.practice)
        return (Holder(HELD),)

    def weights(self, line: str) -> tuple[int, ...]:
        """The profile of a service line as twelve whole numbers; twelfths where the one set cannot be used."""
        found = self.profiles.get(line)
        weights = self._weights(found) if found else ()
        return weights if rule.usable(weights) else (1,) * rule.MONTHS

    def profile_usable(self, line: str) -> bool:
        """Tell whether the profile that is set for a line can spread a budget."""
        return rule.usable(self._weights(self.profiles[line]))

    def _weights(self, found: ProfileSet) -> tuple[int, ...]:
        year = self.book.place.year
        if found.method == rule.WORKING_DAYS:
            listed = self.book.table(HOLIDAYS)
            rows = () if isinstance(listed, NotSet) else listed.rows
            days = frozenset(date.fromisoformat(row["date"]) for row in rows)
            return tuple(working_days(month, days) for month in year.months)
        if found.method == rule.LAST_YEAR:
            sums: dict[str, int] = {}
            for (holder, line), by_month in self.last_year.items():
                if line == found.service_line and holder.kind in (GROUP, HELD):
                    for month, pence in by_month.items():
                        sums[month] = sums.get(month, 0) + pence
            return tuple(sums.get(str(_year_before(month)), 0) for month in year.months)
        return found.points if found.method == rule.ENTERED else (1,) * rule.MONTHS


def _year_before(month: Month) -> Month:
    return Month(month.year - 1, month.month)


def _add(found: Series, key: Key, month: str, pence: int) -> None:
    months = found.setdefault(key, {})
    months[month] = months.get(month, 0) + pence


def ingredients(place: str, month: Month, basis: Basis | None = None, beside: Ingredients | None = None) -> Ingredients:
    """Read everything for a month of the place's year; a month of another year is a person's mistake.

    ``beside`` lends what does not change from month to month to another position made at the same moment.
    """
    book = organisations.book(place)
    if month.year_of != book.place.year:
        raise UserError(f"{month} lies outside {book.place.year.label}", where=place, do="Choose a month of that year.")
    known = basis or basis_of(place, month)
    year = book.place.year
    return Ingredients(
        book=book,
        month=month,
        basis=known,
        lines=service_lines(book),
        holders=beside.holders if beside else holders(book),
        funds=known.funds or (beside.now_funds if beside else funds(book)),
        entries=entries(place, [str(each) for each in year.months[: month.number]], known.last_entry),
        before=entries(place, [str(each) for each in year.previous.months], known.last_entry),
        profiles=profiles(book, known.profiles),
    )

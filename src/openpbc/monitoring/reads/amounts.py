"""An amount that somebody wants to enter, and the sentences that refuse it before anything is written."""

from __future__ import annotations

from dataclasses import dataclass, replace

from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.monitoring.reads.entered import ACTUAL, KINDS
from openpbc.monitoring.reads.holders import Holders
from openpbc.monitoring.reads.lines import service_line
from openpbc.rulebook.reader import Book

LARGEST = 10**13  # pence: above any health economy, below what any later sum could not hold


@dataclass(frozen=True)
class Amount:
    """An amount to be entered. ``seen`` is the number of the cell's last entry that the person knew of."""

    month: Month
    unit: str
    practice: str
    service_line: str
    kind: str
    pence: int
    source: str
    seen: int = 0


def check_amount(book: Book, known: Holders, amount: Amount) -> Amount:
    """Give the amount as it will be kept, or raise the sentence that says what is wrong with it."""
    line = service_line(book, amount.service_line)
    if amount.kind not in KINDS:
        raise UserError(
            f"'{amount.kind[:20]}' is no kind of entry", where="kind", do=f"Choose one of {', '.join(KINDS)}."
        )
    year = book.place.year
    if amount.month.year_of not in (year, year.previous):
        raise UserError(
            f"{amount.month.name} lies outside {year.label} and the year before",
            where="month",
            do=f"Give a month of {year.label}, or one of {year.previous.label} for the comparison.",
        )
    if amount.month.year_of != year and amount.kind != ACTUAL:
        raise UserError(
            f"only actuals are entered for {year.previous.label}", where="kind", do="Choose the kind 'actual'."
        )
    if amount.month.year_of == year and amount.kind == ACTUAL and not line.is_entered:
        raise UserError(
            f"the actual of '{line.title}' comes from the published months",
            where="service_line",
            do="Enter an accrual, or choose another line.",
        )
    _check_holder(known, amount)
    if abs(amount.pence) > LARGEST:
        raise UserError("the amount is larger than any budget", where="amount", do="Give pounds and pence.")
    source = " ".join(amount.source.split())
    if not source:
        raise UserError(
            "an entry needs a source",
            where="source",
            do="Say where the amount comes from, such as a statement and date.",
        )
    return replace(amount, source=source[:300])


def _check_holder(known: Holders, amount: Amount) -> None:
    if amount.unit and amount.unit not in known.groups:
        raise UserError(
            f"there is no group '{amount.unit[:40]}'", where="unit", do=f"Choose one of {', '.join(known.groups)}."
        )
    if amount.practice and known.unit_of.get(amount.practice) != amount.unit:
        raise UserError(
            f"the practice '{amount.practice[:20]}' is not in the group '{amount.unit[:40]}'",
            where="practice",
            do="Give the group that the practice belongs to.",
        )

"""Rates that a plan's lines may name as their source, and what a what-if on them does to a version."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from openpbc.finance.reads import cells
from openpbc.finance.reads.assumptions import Changes, assumptions, rate
from openpbc.finance.reads.plan_versions import Version
from openpbc.finance.rules.inflation import Combination
from openpbc.finance.rules.plan_line import COMPUTED, PlanLine
from openpbc.finance.rules.plan_versions import Totals, repriced, totals
from openpbc.kernel.citations import Citation
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

# No what-if: every rate as the rulebook has it.
AS_SET = Changes()
EFFICIENCY = "finance.tariff_efficiency"
# Single values of the rulebook that a line may be priced by, beside the rates of the plan.
_VALUES = ("finance.national_growth", "finance.contingency_rate", "finance.dental_expected_change")


@dataclass(frozen=True)
class RateSource:
    """Where a line's rate comes from: its code, what it is, the rate in parts per million, and its explanation."""

    code: str
    title: str
    ppm: int
    citation: Citation
    address: str


def rate_sources(book: Book, changes: Changes = AS_SET) -> tuple[RateSource | NotSet, ...]:
    """Give every rate that a line may name, under a what-if if one is given."""
    codes = tuple(assumptions(book, changes).rates)
    return tuple(_source(book, code, changes) for code in (*codes, *_VALUES))


def source_codes(book: Book) -> tuple[str, ...]:
    """The codes of every rate that a line may name, whether it is set or not."""
    return (*assumptions(book).rates, *_VALUES)


def rate_source(book: Book, code: str, changes: Changes = AS_SET) -> RateSource:
    """Give one rate; a gap raises the sentence that names the file to fill."""
    if code not in source_codes(book):
        raise UserError(f"'{code[:60]}' is no rate of the plan", "rate_source", "Choose one from the list.")
    found = _source(book, code, changes)
    if isinstance(found, NotSet):
        raise found.problem
    return found


def _source(book: Book, code: str, changes: Changes) -> RateSource | NotSet:
    if code in _VALUES:
        value = book.value(code)
        if isinstance(value, NotSet):
            return value
        address = cells.cell_address(book, "value", code, "value")
        return RateSource(code, value.meaning, value.ppm, value.citation, address)
    found = rate(book, code, changes)
    if isinstance(found, NotSet):
        return found
    return RateSource(code, found.title, found.ppm, found.parts[0].citation, found.address)


def rates_by_source(book: Book, lines: Iterable[PlanLine], changes: Changes = AS_SET) -> dict[str, int]:
    """Give the rate of every source that lines name; one that is not set is left out, so its lines stay."""
    named = {line.rate_source for line in lines if line.rate_source and line.method in COMPUTED}
    found = (each for each in rate_sources(book, changes) if isinstance(each, RateSource))
    return {each.code: each.ppm for each in found if each.code in named}


@dataclass(frozen=True)
class WhatIf:
    """What a person tries: another efficiency (parts per million), another way to put two parts of a rate together."""

    efficiency: int | None = None
    combination: str = ""

    @property
    def query(self) -> dict[str, str]:
        """The what-if as parts of an address; empty ones are left out."""
        found = {"efficiency": "" if self.efficiency is None else str(self.efficiency), "combination": self.combination}
        return {name: text for name, text in found.items() if text}

    @property
    def changes(self) -> Changes:
        """The what-if as a change of assumptions."""
        rates = {} if self.efficiency is None else {EFFICIENCY: self.efficiency}
        return Changes(rates, Combination(self.combination) if self.combination else None)

    @classmethod
    def parse(cls, query: dict[str, str]) -> WhatIf:
        """Read :attr:`query` back; anything else is a person's mistake."""
        efficiency, combination = query.get("efficiency", ""), query.get("combination", "")
        wrong = set(query) - {"efficiency", "combination"} or not (efficiency.isdecimal() or not efficiency)
        if wrong or combination not in ("", *Combination):
            raise UserError("the address names no what-if of a plan", do="Open the figure from its page again.")
        return cls(int(efficiency) if efficiency else None, combination)


@dataclass(frozen=True)
class Repriced:
    """A version under a what-if: only lines that name a changed rate differ."""

    version: Version
    tried: WhatIf
    lines: tuple[PlanLine, ...]

    @property
    def moved(self) -> tuple[tuple[PlanLine, PlanLine], ...]:
        """The lines that the what-if moves, as they are and as they would be."""
        pairs = zip(self.version.lines, self.lines, strict=True)
        return tuple((line, tried) for line, tried in pairs if line.amount != tried.amount)

    @property
    def totals(self) -> Totals:
        """What the plan would come to."""
        return totals(self.lines)


def reprice(book: Book, version: Version, tried: WhatIf) -> Repriced:
    """Price a version's lines under a what-if: those whose rate the what-if does not touch stay as they are."""
    as_is, changed = (rates_by_source(book, version.lines, changes) for changes in (AS_SET, tried.changes))
    touched = {source: rate for source, rate in changed.items() if as_is.get(source) != rate}
    lines = tuple(repriced((line,), touched)[0] if line.rate_source in touched else line for line in version.lines)
    return Repriced(version, tried, lines)

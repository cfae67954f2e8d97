"""The incentive scheme: its competencies, what each group has shown, earned and been credited."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.finance import models
from openpbc.finance.reads.ledger import ledger_balances
from openpbc.finance.rules.incentives import Competency, Earned, earned, missing
from openpbc.finance.rules.ledger import INCENTIVE
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Unit
from openpbc.rulebook.reader import Book

PREFIX = "incentive"


@dataclass(frozen=True)
class SchemeLine:
    """A competency as it stands in the scheme, with the revision to hand back."""

    rule: Competency
    revision: int


@dataclass(frozen=True)
class Shown:
    """What a unit has shown of a competency: the newest record."""

    code: str
    level: str
    evidence: str
    recorded_by: str


@dataclass(frozen=True)
class UnitResult:
    """What one unit has shown and earned; money in pence. ``number`` is the last line of its account, as seen."""

    unit: Unit
    shown: tuple[Shown, ...]
    result: Earned
    not_looked_at: tuple[str, ...]
    patients: int | None
    credited: int
    credited_address: str
    number: int
    address: str

    @property
    def earned(self) -> int:
        """What the unit has earned."""
        return self.result.pence

    @property
    def to_credit(self) -> int:
        """What it earned and was not credited yet."""
        return max(self.earned - self.credited, 0)


def account_of(unit: str) -> str:
    """The ledger's account of a unit's incentives."""
    return f"{INCENTIVE}/{unit}"


def unit_of(book: Book, unit: str) -> Unit:
    """Find a unit by its code; an unknown one is a person's mistake."""
    return organisations.unit_by_alias(book.place.id, unit)


def scheme(book: Book) -> tuple[SchemeLine, ...]:
    """The scheme's competencies in order; none while nobody has entered any."""
    rows = models.SchemeCompetency.objects.filter(place=book.place.id, year=str(book.place.year))
    return tuple(
        SchemeLine(Competency(row.code, row.title, row.basis, row.amount, row.part_pays), row.revision) for row in rows
    )


def results(book: Book) -> tuple[UnitResult, ...]:
    """What every unit has shown and earned."""
    return tuple(result_of(book, unit) for unit in organisations.units(book.place.id))


def result_of(book: Book, unit: Unit) -> UnitResult:
    """What one unit has shown and earned."""
    place, year = book.place.id, str(book.place.year)
    rules = [line.rule for line in scheme(book)]
    rows = models.Achievement.objects.filter(competency__place=place, competency__year=year, unit=unit.code)
    newest = {row.competency.code: row for row in rows.select_related("competency").order_by("pk")}
    shown = tuple(Shown(code, row.level, row.evidence, row.recorded_by) for code, row in sorted(newest.items()))
    patients = _patients(book, unit)
    balances = [each for each in ledger_balances(place, year, kind=INCENTIVE) if each.account.unit == unit.code]
    credited = sum(pence for _, _, pence in credits(book, unit.code))
    return UnitResult(
        unit=unit,
        shown=shown,
        result=earned(rules, {each.code: each.level for each in shown}, patients),
        not_looked_at=missing(rules, newest),
        patients=patients,
        credited=credited,
        credited_address=f"{PREFIX}/{place}/{unit.code}/credited",
        number=balances[0].number if balances else 0,
        address=f"{PREFIX}/{place}/{unit.code}/earned",
    )


def source_of(unit: str) -> str:
    """What a journal that credits a unit names as its source."""
    return f"incentive-scheme/{unit}"


def credits(book: Book, unit: str) -> tuple[tuple[int, str, int], ...]:
    """The journals that credited a unit, reversals with them: number, day, pence.

    Money that was paid out since has left the account, and does not count against what was credited.
    """
    lines = models.LedgerLine.objects.filter(
        account__place=book.place.id,
        account__year=str(book.place.year),
        account__code=account_of(unit),
        journal__source=source_of(unit),
    )
    rows = lines.order_by("journal__number").values_list("journal__number", "journal__on", "amount")
    return tuple((number, on.isoformat(), amount) for number, on, amount in rows)


def _patients(book: Book, unit: Unit) -> int | None:
    """The registered list of a unit at the end of the year; none where a practice's list is not known."""
    found = organisations.practices(book.place.id, on=book.place.year.last)
    sizes = [each.list_size for each in found if each.unit == unit.code]
    known = [size for size in sizes if size is not None]
    return sum(known) if known and len(known) == len(sizes) else None

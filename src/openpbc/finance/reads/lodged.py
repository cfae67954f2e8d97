"""What each group has lodged: as the ledger holds it once it does, or as a scenario that was asked for gives it up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.finance.models import LedgerJournal, Reserve, ReserveCall
from openpbc.finance.reads import cells
from openpbc.finance.reads.budget_sets import budget_set_in_force
from openpbc.finance.reads.comparing import Choice, published
from openpbc.finance.reads.ledger import Balance, ledger_balances, ledger_years
from openpbc.finance.reads.scenario_library import choice
from openpbc.finance.reads.scenarios import SHARES, FairShares, Settings, fair_shares
from openpbc.finance.rules.reserve import Call
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

DEPOSIT = "deposit"
LEDGER, AS_MADE = "ledger", "As made (ledger)"


@dataclass(frozen=True)
class Lodged:
    """The deposit by group, in pence.

    ``year`` is that of the ledger which holds it, empty while it is only what ``choice`` gives up. ``printed`` is what
    the published tables print for it, empty where they do not.
    """

    by_unit: Mapping[str, int]
    names: Mapping[str, str]
    budgets: Mapping[str, int]
    year: str
    choice: Choice
    result: FairShares
    balances: tuple[Balance, ...]
    printed: Mapping[str, int]

    is_set = True

    @property
    def total(self) -> int:
        """The whole deposit."""
        return sum(self.by_unit.values())

    @property
    def in_ledger(self) -> bool:
        """Whether the deposit was made, and not only planned."""
        return bool(self.year)


@dataclass(frozen=True)
class Schedule:
    """The calls that people wrote down, and the revision at which they stand; ``told`` says who changed it last."""

    calls: tuple[Call, ...]
    journals: Mapping[int, tuple[str, int]]
    revision: int
    told: str


def schedule(book: Book) -> Schedule:
    """Give the calls on the reserve of a place's year that were not taken back."""
    reserve = Reserve.objects.filter(place=book.place.id, year=str(book.place.year)).first()
    if reserve is None:
        return Schedule((), {}, 0, "")
    rows = list(ReserveCall.objects.filter(reserve=reserve, withdrawn=False))
    undone = _reversed(book.place.id, rows)
    posted = {
        row.number: (row.journal_year, row.journal)
        for row in rows
        if row.journal is not None and (row.journal_year, row.journal) not in undone
    }
    calls = tuple(_call(row, row.number in posted) for row in rows)
    return Schedule(calls, posted, reserve.revision, reserve.change)


def _call(row: ReserveCall, posted: bool) -> Call:
    """Give a call as the rules know it."""
    return Call(row.number, row.unit, row.returned_in, row.kind, row.purpose, row.title, row.pence, posted)


def _reversed(place: str, rows: list[ReserveCall]) -> set[tuple[str, int]]:
    """The journals of calls that were reversed since, by year and number: what they returned stays lodged."""
    named = [f"{place}/{row.journal_year}/{row.journal}" for row in rows if row.journal is not None]
    found = LedgerJournal.objects.filter(pk__in=named, reversed_by__isnull=False)
    return set(found.values_list("year", "number"))


def lodged(book: Book, code: str = "") -> Lodged | NotSet:
    """Give the deposit by group under the scenario that is named, and without one as the ledger holds it.

    What the ledger has given back by calls counts as lodged. While it holds none, the first scenario that gives
    something up stands for it. Never both: the ledger's deposit beside another scenario's plan counts money twice.
    """
    year, balances = ("", ()) if code else _in_ledger(book)
    chosen = choice(book, code) if code else _as_made(book) if year else _first_with_deposit(book)
    if isinstance(chosen, NotSet):
        return chosen
    result = fair_shares(book, chosen.settings)
    if isinstance(result, NotSet):
        return result
    by_unit = _held(book, balances) if year else {one.code: one.deposit for one in result.groups if one.deposit}
    names = {row["code"]: row["name"] for row in book.need_table(SHARES)}
    return Lodged(
        by_unit=by_unit,
        names=names | {unit: unit for unit in by_unit if unit not in names},
        budgets={one.code: one.total for one in result.groups},
        year=year,
        choice=chosen,
        result=result,
        balances=balances,
        printed=_printed(book, result),
    )


def to_return(book: Book, code: str = "") -> Lodged | NotSet:
    """Give the deposit that can come back: the ledger's once one was made, until then that of a scenario."""
    return lodged(book, "" if deposit_year(book) else code)


def deposit_year(book: Book) -> str:
    """The year of the ledger in which a deposit was made; empty while none was."""
    return _in_ledger(book)[0]


def _held(book: Book, balances: tuple[Balance, ...]) -> dict[str, int]:
    held = {each.account.unit: each.pence for each in balances}
    for call in schedule(book).calls:
        if call.posted:
            held[call.unit] = held.get(call.unit, 0) + call.pence
    return {unit: pence for unit, pence in held.items() if pence}


def _as_made(book: Book) -> Choice | NotSet:
    """What the ledger's deposit stands beside: the settings of the set in force, else the first that has a deposit."""
    found = budget_set_in_force(book.place.id, str(book.place.year))
    first = _first_with_deposit(book)
    if isinstance(first, NotSet):
        return first
    settings = Settings.parse(found.facts.settings) if found else first.settings
    return Choice("", AS_MADE, LEDGER, settings)


def _first_with_deposit(book: Book) -> Choice | NotSet:
    """The first scenario of the papers that gives something up, else the first."""
    listed = published(book)
    for each in listed:
        result = fair_shares(book, each.settings)
        if isinstance(result, FairShares) and result.deposit:
            return each
    if listed:
        return listed[0]
    found = book.table("finance.scenarios")
    assert isinstance(found, NotSet)
    return found


def _in_ledger(book: Book) -> tuple[str, tuple[Balance, ...]]:
    """The newest ledger in which a deposit was ever made, with its deposit accounts."""
    for year in reversed(ledger_years(book.place.id)):
        balances = ledger_balances(book.place.id, year, kind=DEPOSIT)
        if any(each.pence for each in balances):
            return year, balances
    return "", ()


def _printed(book: Book, result: FairShares) -> Mapping[str, int]:
    """What the published totals without and with the deposit print between them, where both are printed."""
    first = fair_shares(book)
    tables = [each.scenario.printed for each in (first, result) if isinstance(each, FairShares)]
    if result.settings.changed or len(tables) < 2 or not all(tables) or tables[0] == tables[1]:
        return {}
    before, after = (cells.column_of(book, f"{table}.total") for table in tables)
    if isinstance(before, NotSet) or isinstance(after, NotSet):
        return {}
    return {code: pence - after[code] for code, pence in before.items() if code in after}

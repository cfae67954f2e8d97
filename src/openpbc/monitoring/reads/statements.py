"""A budget statement: what there is, what was used, what it will come to, why, and where the budget came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from openpbc.finance import reads as finance
from openpbc.kernel.periods import Month
from openpbc.kernel.steps import Step
from openpbc.monitoring.reads.addresses import Selection
from openpbc.monitoring.reads.figures import Measured
from openpbc.monitoring.reads.following import notes
from openpbc.monitoring.reads.funds import FREED, LEDGER
from openpbc.monitoring.reads.holders import GROUP, PCT, PRACTICE, Holder
from openpbc.monitoring.reads.in_year import InYear, InYearRow, in_year
from openpbc.monitoring.reads.lines import EVERY_OTHER, lines_of_pods
from openpbc.monitoring.reads.positions import position_by
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

MOST_REASONS = 3
OVER = "ytd-variance-charge"


@dataclass(frozen=True)
class Reason:
    """One line that moves the result: how far it is from its budget, where most of that lies, what its owner says."""

    row: InYearRow
    part: str
    part_figure: Measured | None
    said: str


@dataclass(frozen=True)
class Origin:
    """One link of the chain from the money received to this budget."""

    words: str
    figure: Measured
    signed: bool = False


@dataclass(frozen=True)
class ByMonth:
    """The statement's figures to date after one month of the year."""

    month: Month
    budget: Measured
    actual: Measured
    variance: Measured


@dataclass(frozen=True)
class Statement:
    """Everything on one statement."""

    position: InYear
    reasons: tuple[Reason, ...]
    origins: tuple[Origin, ...]
    months: tuple[ByMonth, ...]


def statement(place: str, month: Month, holder: Holder) -> Statement:
    """Give the budget statement of a group or practice after a month."""
    found = in_year(place, month, holder)
    return Statement(
        position=found,
        reasons=tuple(_reasons(found)),
        origins=tuple(_origins(found)),
        months=tuple(_by_month(found)),
    )


def _reasons(found: InYear) -> Iterator[Reason]:
    """The lines furthest from their budgets, the largest first."""
    unit = found.holder.code if found.holder.kind == GROUP else found.found.holders.unit_of[found.holder.code]
    said = {note.service_line: f"{note.text} ({note.by})" for note in notes(found.place, found.month, unit)}
    rows = [row for row in found.rows if row.figures["variance"].value]
    rows.sort(key=lambda row: (-abs(row.figures["variance"].value or 0), row.line))
    for row in rows[:MOST_REASONS]:
        name, figure = _largest_part(found, row)
        yield Reason(row, name, figure, said.get(row.line, ""))


def _largest_part(found: InYear, row: InYearRow) -> tuple[str, Measured | None]:
    """The point of delivery furthest from the hospital plan, in the same direction as the line itself."""
    book, gap = found.found.book, row.figures["variance"].value or 0
    listed = next((line for line in found.found.lines if line.code == row.line), None)
    if found.holder.kind != GROUP or listed is None or listed.is_entered:
        return "", None
    pods = lines_of_pods(book)
    cut = position_by(book, found.month, "pod", Selection(budget_line=found.holder.code))
    own = [part for part in cut.rows if pods.get(part.code, pods[EVERY_OTHER]) == row.line]
    same = [part for part in own if (part.figures[OVER].value or 0) * gap > 0]
    if not same:
        return "", None
    largest = max(same, key=lambda part: (abs(part.figures[OVER].value or 0), part.code))
    return largest.name, largest.figures[OVER]


def _origins(found: InYear) -> Iterator[Origin]:
    """From what was received over what is kept above the groups to the group, and on to the practice."""
    book, holder = found.found.book, found.holder
    unit = holder.code if holder.kind == GROUP else found.found.holders.unit_of[holder.code]
    group = found if holder.kind == GROUP else in_year(found.place, found.month, Holder(GROUP, unit), beside=found)
    moves: tuple[Step, ...] = ()
    if found.funds.source == LEDGER:
        yield from _received(book)
        whole = in_year(found.place, found.month, Holder(PCT), beside=found)
        for row in whole.rows:
            if row.holder.kind not in (GROUP, PRACTICE):
                yield Origin("is kept above the groups", row.figures["budget"])
        moves = _moves(book, unit, group.total.figures["budget"].value)
    yield from _fair_share(book, unit, tuple(accumulate(step.effect for step in moves)))
    for fund in found.funds.deposits:
        if fund.unit == unit:
            words = f"is lodged as a {book.word('deposit')}, returnable to the group; its budget is already without it"
            yield Origin(words, Measured(fund.pence, "pence", fund.address))
    for fund in found.funds.beside:
        if fund.kind == FREED and fund.unit == unit:
            words = "was freed up by the group and is its own to use again, beside this budget"
            yield Origin(words, Measured(fund.pence, "pence", fund.address))
    for at, step in enumerate(moves):
        words = "came first" if at == 0 else "came later" if step.effect > 0 else "went later"
        yield Origin(f"{words}: {step.label}", Measured(step.effect, "pence", step.address), signed=at > 0)
    yield Origin(f"is the budget of {group.name}", group.total.figures["budget"])
    if holder.kind == PRACTICE:
        yield Origin(f"of it is the indicative budget of {found.name}", found.total.figures["budget"])


def _received(book: Book) -> Iterator[Origin]:
    received = finance.money_received(book)
    if isinstance(received, finance.Budget):
        figure = Measured(received.pence, "pence", received.address)
        yield Origin(f"was received by the {book.word('commissioner_short')}", figure)


def _moves(book: Book, unit: str, budget: int | None) -> tuple[Step, ...]:
    """Every journal that changed the group's budget; none where they do not come to the budget that is stated."""
    held = finance.budget_of(book, unit=unit)
    if not isinstance(held, finance.Budget) or held.pence != budget:
        return ()
    return finance.explain(book, held.address).steps


def _fair_share(book: Book, unit: str, sums: tuple[int, ...]) -> Iterator[Origin]:
    """The group's fair share by the settings of the budget set in force, else by those that the papers have.

    How far the set left the group from it is told where both together are the budget after one of the journals.
    """
    chosen = finance.budget_set_in_force(book.place.id, str(book.place.year))
    settings = finance.Settings.parse(chosen.facts.settings) if chosen else finance.Settings()
    shares = finance.fair_shares(book, settings)
    if isinstance(shares, NotSet) or unit not in {group.code for group in shares.groups}:
        return
    group, word = shares.group(unit), book.word("fair_share")
    by = f"by budget set {chosen.facts.number}, {chosen.facts.title}" if chosen else f"by “{shares.scenario.title}”"
    address = shares.address(unit, "fair_share")
    yield Origin(f"is the group's {word}, {by}", Measured(group.fair_share, "pence", address))
    if group.distance and group.fair_share + group.distance in sums:
        far = Measured(group.distance, "pence", shares.address(unit, "distance"))
        way = "above" if group.distance > 0 else "below"
        yield Origin(f"is how far it was put {way} its {word}", far, signed=True)


def _by_month(found: InYear) -> Iterator[ByMonth]:
    for month in found.found.months:
        total = in_year(found.place, month, found.holder, beside=found).total.figures
        yield ByMonth(month, total["compared"], total["actual-to-date"], total["variance"])

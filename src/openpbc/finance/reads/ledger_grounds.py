"""What one entry of the ledger rests on: the budget set that made it, the entry it undoes, or what was held before."""

from __future__ import annotations

from collections.abc import Iterable

from openpbc.finance.reads.budget_sets import ALL, PREFIX, BudgetSet, budget_set
from openpbc.finance.reads.ledger import Journal, JournalEntry, journal
from openpbc.finance.reads.ledger_addresses import BALANCE, LINE, Part, ledger_address
from openpbc.finance.rules.ledger import ALLOCATION, DEPOSIT, GROUP, HELD, PRACTICE, UNALLOCATED
from openpbc.kernel.steps import Step
from openpbc.rulebook.reader import Book

RULE = "ledger"
# What money that is not yet shared out was given for: the journal's kind, the figure of the set, and its sign.
_SHARED_OUT = {
    ALLOCATION: ("allocation", 1),
    "top-slice": (HELD, -1),
    "budget": ("total", -1),
    "deposit": (DEPOSIT, -1),
}


def of_another_practice(own: JournalEntry, entry: JournalEntry) -> bool:
    """Whether an entry is a practice's and the one that is explained another's, who need not know of it."""
    return own.account.kind == PRACTICE == entry.account.kind and own.account.practice != entry.account.practice


def grounds(book: Book, found: Journal, own: JournalEntry, part: Part) -> tuple[Step, ...]:
    """Tell an entry by what decided it; nothing is told that would not add up to the entry."""
    if found.reverses:
        steps = _undone(found, own, part)
    elif _is_of_set(book, found):
        steps = tuple(_of_sets(book, found, own))
    else:
        steps = tuple(_held_before(found, own, part))
    return steps if sum(step.effect for step in steps) == own.pence else ()


def _undone(found: Journal, own: JournalEntry, part: Part) -> tuple[Step, ...]:
    """A reversal is the opposite of the entry that it undoes."""
    before = journal(found.place, found.year, found.reverses)
    return tuple(
        Step(
            RULE,
            f"Less: journal {before.number}, {before.reason}",
            -entry.pence,
            address=ledger_address(found.place, LINE, entry.account.code, journal=before.number, part=part),
        )
        for entry in before.entries
        if entry.account.code == own.account.code
    )


def _is_of_set(book: Book, found: Journal) -> bool:
    """Whether an approved set posted the journal; a person who names a set as the source has no such key."""
    return (
        found.source.startswith(f"{PREFIX}/")
        and found.key == f"{found.source}/{found.kind}"
        and found.year == str(book.place.year)
    )


def _of_sets(book: Book, found: Journal, own: JournalEntry) -> Iterable[Step]:
    """What the set gives the account, less what the set before it had given."""
    standing = budget_set(book.place.id, found.year, int(found.source.rpartition("/")[2]))
    yield from _of_set(standing, found.kind, own, "", 1)
    if standing.facts.supersedes is not None:
        before = budget_set(book.place.id, found.year, standing.facts.supersedes)
        yield from _of_set(before, found.kind, own, "Less: ", -1)


def _of_set(standing: BudgetSet, kind: str, own: JournalEntry, words: str, sign: int) -> Iterable[Step]:
    facts, code = standing.facts, own.account.code
    if code == ALLOCATION:
        address = facts.address(ALL, "allocation")
        yield Step(PREFIX, f"{words}{facts.name}, the allocation", -sign * facts.allocation, address=address)
        return
    lines = [line for line in standing.lines if line.account.code == code]
    if code == UNALLOCATED and facts.supersedes is None and not lines:
        figure, way = _SHARED_OUT[kind]
        sums = {"allocation": facts.allocation, HELD: standing.sums.held, "total": standing.pence(ALL, GROUP)}
        pence = sums.get(figure, standing.sums.deposits)
        yield Step(PREFIX, f"{words}{facts.name}, {figure}", sign * way * pence, address=facts.address(ALL, figure))
    for line in lines:
        label = f"{words}{facts.name}, {line.title}: {line.figure.replace('-', ' ')}"
        yield Step(PREFIX, label, sign * line.pence, address=facts.address(line.owner, line.figure))


def _held_before(found: Journal, own: JournalEntry, part: Part) -> Iterable[Step]:
    """Money moved within the ledger: who gave held it before, and what is left or went to others is taken off."""
    others = [entry for entry in found.entries if entry is not own]
    givers = [own] if own.pence < 0 else [entry for entry in others if entry.pence < 0]
    if any(entry.account.kind == ALLOCATION for entry in givers):
        return
    sign = -1 if own.pence < 0 else 1
    for entry in givers:
        if entry is own or not of_another_practice(own, entry):
            yield from _before_and_after(found, entry, part, sign)
    if own.pence > 0:
        yield from _went_elsewhere(own, others)


def _before_and_after(found: Journal, entry: JournalEntry, part: Part, sign: int) -> Iterable[Step]:
    upto = Part(part.year, upto=entry.number - 1)
    address = ledger_address(found.place, BALANCE, entry.account.code, part=upto) if entry.number > 1 else ""
    before = entry.balance_after - entry.pence
    yield Step(RULE, f"{entry.account.title}, held before journal {found.number}", sign * before, address=address)
    if entry.balance_after:
        left = f"{'Left' if sign < 0 else 'Less: left'} on {entry.account.title}"
        yield Step(RULE, left, -sign * entry.balance_after)


def _went_elsewhere(own: JournalEntry, others: list[JournalEntry]) -> Iterable[Step]:
    """What the givers' money became beside the entry: one step for what others got."""
    hidden = [entry for entry in others if of_another_practice(own, entry)]
    got = [entry for entry in others if entry.pence > 0 and entry not in hidden]
    went = sum(entry.pence for entry in (*got, *hidden))
    if went:
        yield Step(RULE, f"Less: to {len(got) + len(hidden)} other accounts in the same journal", -went)

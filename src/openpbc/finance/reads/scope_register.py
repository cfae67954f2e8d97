"""The scope register: budget items by group, where each stands, and what moving it changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from openpbc.finance.models import ScopeItem, ScopeProposal
from openpbc.finance.reads.evidence import book_evidence, no_figure, shown
from openpbc.finance.reads.scenarios import SHARES, FairShares, Settings, fair_shares
from openpbc.finance.reads.settings import scope_text
from openpbc.finance.rules.scope_moves import (
    ACTUAL,
    CAPITATION,
    IN,
    OUT,
    SCOPES,
    Changes,
    ItemAmounts,
    changed,
    net,
    shared_again,
    standing,
)
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation, Step
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Table

PREFIX = "scope-item"
ATTACHMENTS = "finance.missing_attachments"
BASIS = "finance.provider_services_basis"
ALL = "all"
YEARS = ("last", "this")
WORDS = {
    OUT: "move it out of scope",
    IN: "move it into scope",
    CAPITATION: "share it by capitation",
    ACTUAL: "share it by actual budget",
}


@dataclass(frozen=True)
class Proposal:
    """What somebody proposed for an item, and what became of it."""

    number: int
    wanted: str
    reason: str
    unit: str
    by_name: str
    at: datetime
    state: str
    decided_by_name: str
    decided_at: datetime | None
    decision_reason: str

    @property
    def words(self) -> str:
        """The proposal in words."""
        return WORDS[self.wanted]


@dataclass(frozen=True)
class Item:
    """A budget item. ``entered`` are its amounts as the draft budgets have them; ``basis`` may share them anew."""

    number: int
    title: str
    note: str
    scope_first: str
    scope: str
    basis_first: str
    basis: str
    entered: Mapping[str, ItemAmounts]
    weights: Mapping[str, int]
    revision: int
    changed_by_name: str
    changed_at: datetime
    withdrawn: bool
    proposals: tuple[Proposal, ...]

    @property
    def amounts(self) -> Mapping[str, ItemAmounts]:
        """What each group has of it now."""
        return _shared(self, self.basis)

    @property
    def changes(self) -> Changes:
        """What the moves agreed so far change."""
        first = standing(_shared(self, self.basis_first), self.scope_first)
        return changed(first, standing(self.amounts, self.scope))

    @property
    def open(self) -> Proposal | None:
        """The proposal that waits for a decision."""
        return next((each for each in self.proposals if each.state == "open"), None)

    @property
    def may_be(self) -> tuple[str, ...]:
        """What may be proposed: the other scope, and the other basis."""
        return (OUT if self.scope == IN else IN, CAPITATION if self.basis == ACTUAL else ACTUAL)

    def after(self, wanted: str) -> Item:
        """The item as it would be if a proposal were agreed."""
        return replace(self, scope=wanted) if wanted in SCOPES else replace(self, basis=wanted)

    def total(self, year: str) -> int:
        """What all groups have of it, ``last`` year or ``this``."""
        return sum(int(getattr(each, year)) for each in self.amounts.values())


def _shared(item: Item, basis: str) -> Mapping[str, ItemAmounts]:
    return item.entered if basis == ACTUAL else shared_again(item.entered, item.weights)


def items(book: Book) -> tuple[Item, ...]:
    """Every item of a place's year that was not taken off the register."""
    rows = ScopeItem.objects.filter(place=book.place.id, year=str(book.place.year), withdrawn=False)
    weights = _weights(book)
    return tuple(_item(row, weights) for row in rows.prefetch_related("amounts", "proposals"))


def item(book: Book, number: int) -> Item:
    """Give one item; an unknown one is a person's mistake."""
    row = ScopeItem.objects.filter(place=book.place.id, year=str(book.place.year), number=number).first()
    if row is None:
        raise UserError(f"there is no item {number} in the scope register", do="Choose one from the list.")
    return _item(row, _weights(book))


def _weights(book: Book) -> Mapping[str, int]:
    shares = book.table(SHARES)
    return {row["code"]: int(row["weight"]) for row in shares} if isinstance(shares, Table) else {}


def _item(row: ScopeItem, weights: Mapping[str, int]) -> Item:
    return Item(
        number=row.number,
        title=row.title,
        note=row.note,
        scope_first=row.scope_first,
        scope=row.scope,
        basis_first=row.basis_first,
        basis=row.basis,
        entered={each.unit: ItemAmounts(each.last, each.this) for each in row.amounts.all()},
        weights=weights,
        revision=row.revision,
        changed_by_name=row.changed_by_name,
        changed_at=row.changed_at,
        withdrawn=row.withdrawn,
        proposals=tuple(_proposal(each) for each in row.proposals.all()),
    )


def _proposal(row: ScopeProposal) -> Proposal:
    return Proposal(
        row.number,
        row.wanted,
        row.reason,
        row.unit,
        row.by_name,
        row.at,
        row.state,
        row.decided_by_name,
        row.decided_at,
        row.decision_reason,
    )


def agreed(book: Book) -> Changes:
    """What all moves agreed so far change, by group."""
    return net(each.changes for each in items(book))


def settings_of(changes: Changes, scenario: str = "") -> Settings:
    """A scenario with moves in it."""
    return Settings(scenario, scope=scope_text(changes))


@dataclass(frozen=True)
class Effect:
    """Fair shares before and after a change of the register; their figures are explained where they stand."""

    before: FairShares
    after: FairShares


def effect(book: Book, changes: Changes, before: Changes | None = None) -> Effect | NotSet:
    """Work out what changes do to each group, beyond what is agreed already; nonsense is a person's mistake."""
    found = [fair_shares(book, settings_of(each)) for each in (before or {}, changes)]
    one, other = found
    if isinstance(one, NotSet):
        return one
    return other if isinstance(other, NotSet) else Effect(one, other)


def effect_of(book: Book, one: Item, wanted: str) -> Effect | NotSet:
    """What agreeing to a proposal would change, on top of all that is agreed."""
    others = [each.changes for each in items(book) if each.number != one.number]
    return effect(book, net([*others, one.after(wanted).changes]), net([*others, one.changes]))


def missing_attachments(book: Book) -> tuple[tuple[str, str], ...]:
    """The attachments that would fill the register and were not supplied: what, and what it is needed for."""
    found = book.table(ATTACHMENTS)
    rows = found.rows if isinstance(found, Table) else ()
    return tuple((row["attachment"], row["needed_for"]) for row in rows if "scope" in row["needed_for"])


def address(book: Book, number: int, figure: str) -> str:
    """Where a figure of an item is explained: ``last-UNIT``, ``this-UNIT``, or of ``all``."""
    return f"{PREFIX}/{book.place.id}/{number}/{figure}"


def explain_item(book: Book, full: str, rest: str) -> Explanation:
    """Explain ``<item>/<last or this>-<group or all>``."""
    number, _, figure = rest.partition("/")
    year, _, unit = figure.partition("-")
    if not number.isdecimal() or year not in YEARS:
        raise no_figure(full)
    one = item(book, int(number))
    if unit not in (*one.amounts, ALL):
        raise no_figure(full)
    if unit == ALL:
        steps = tuple(
            Step(PREFIX, code, int(getattr(each, year)), (), None, address(book, one.number, f"{year}-{code}"))
            for code, each in one.amounts.items()
        )
    else:
        steps = (_amount_step(one, year, unit),)
    return Explanation(
        address=full,
        title=f"{one.title}: {'all groups' if unit == ALL else unit}, {year} year",
        value=sum(step.effect for step in steps),
        unit="pence",
        formula="As entered." if one.basis == ACTUAL else "The total as entered, shared by the weights of fair shares.",
        steps=steps,
        evidence=book_evidence(book, book.need_table(SHARES).path),
        notes=(f"Entered or changed last by {one.changed_by_name}, revision {one.revision}.",),
        statuses=("draft",),
    )


def _amount_step(one: Item, year: str, unit: str) -> Step:
    amount = int(getattr(one.amounts[unit], year))
    if one.basis == ACTUAL:
        return Step(PREFIX, "As entered", amount)
    inputs = (
        ("total as entered", shown(one.total(year), "pence")),
        ("weight", str(one.weights[unit])),
        ("all weights", str(sum(one.weights.values()))),
    )
    return Step(PREFIX, "Shared by weight", amount, inputs)

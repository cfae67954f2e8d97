"""What a budget set takes from each who holds money when it comes into force: told before, and posted then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.finance.models import LedgerJournal
from openpbc.finance.reads.budget_sets import BudgetSet, budget_set_in_force
from openpbc.finance.reads.ledger import Balance, ledger_balances
from openpbc.finance.rules import indicative as rule
from openpbc.finance.rules.ledger import GROUP, PRACTICE, Entry, group_account
from openpbc.kernel.money import pounds
from openpbc.kernel.problems import UserError

ISSUED = "indicative"
_METHOD = "method/"


@dataclass(frozen=True)
class Lowered:
    """A line that a set lowers: by how much, what its own account gives, and what comes back from each below it.

    ``missing`` is what all of them together do not hold; ``methods`` say how their budgets were issued.
    """

    own: Balance
    title: str
    pence: int
    back: tuple[tuple[Balance, int], ...]
    missing: int
    methods: tuple[str, ...]

    @property
    def from_own(self) -> int:
        """What the line's own account gives of what it holds before anything comes back."""
        return self.pence - self.missing - self.from_below

    @property
    def from_below(self) -> int:
        """What comes back from those who hold its parts."""
        return sum(pence for _, pence in self.back)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The journal that takes back; none where the line's own account holds enough."""
        given = tuple(Entry(held.account.code, -pence) for held, pence in self.back)
        return (Entry(self.own.account.code, self.from_below), *given) if given else ()

    @property
    def told(self) -> str:
        """Say what is missing; empty when nothing is."""
        if not self.missing:
            return ""
        below = " and those below it hold" if self.own.account.kind == GROUP else " holds"
        return (
            f"{self.title}{below} {pounds(self.pence - self.missing)} in the ledger; the set takes {pounds(self.pence)}"
        )


def lowered(found: BudgetSet) -> tuple[Lowered, ...]:
    """Give every line that the set lowers against the one in force, with who gives the money, to the penny."""
    place, year = found.facts.place, found.facts.year
    before = budget_set_in_force(place, year)
    if before is None or before.facts.number == found.facts.number or not found.facts.is_open:
        return ()
    lines = {**before.amounts, **found.amounts}
    less = {code: before.amounts.get(code, 0) - found.amounts.get(code, 0) for code in sorted(lines)}
    balances = {each.account.code: each for each in ledger_balances(place, year)}
    return tuple(
        _lowered(found, balances, code, pence, lines) for code, pence in less.items() if pence > 0 and code in balances
    )


def check_covered(found: tuple[Lowered, ...]) -> None:
    """Refuse a set that takes more than is there, line by line."""
    told = [each.told for each in found if each.missing]
    if told:
        raise UserError("; ".join(told), do="Move the money back first, or let a set be decided on that takes less.")


def _lowered(
    found: BudgetSet, balances: Mapping[str, Balance], code: str, pence: int, lines: Mapping[str, int]
) -> Lowered:
    own = balances[code]
    below = {name: each for name, each in balances.items() if name not in lines and _line_of(each, lines) == code}
    back = rule.taken_back(pence, own.pence, {name: each.pence for name, each in below.items()})
    missing = max(0, pence - own.pence - sum(each.pence for each in below.values()))
    given = tuple((below[name], share) for name, share in back.items())
    methods = _methods(found.facts.place, found.facts.year, [*back]) if back else ()
    return Lowered(own, own.account.title, pence, given, missing, methods)


def _line_of(held: Balance, lines: Mapping[str, int]) -> str:
    """The line of the set that an account below it is a part of: of its service line, else of its scope."""
    account = held.account
    if account.kind not in (GROUP, PRACTICE):
        return ""
    narrow = group_account(account.unit, account.scope, account.service_line)
    return narrow if narrow in lines else group_account(account.unit, account.scope)


def _methods(place: str, year: str, codes: list[str]) -> tuple[str, ...]:
    """How what comes back was issued, in the words of the methods."""
    rows = LedgerJournal.objects.filter(
        place=place, year=year, kind=ISSUED, source__startswith=_METHOD, reversed_by__isnull=True
    )
    found = rows.filter(entries__account__code__in=codes).values_list("source", flat=True)
    return tuple(sorted({source.removeprefix(_METHOD) for source in found}))

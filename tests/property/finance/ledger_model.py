"""A ledger as a child would keep it: a number for each account, and a list of what was done. No lines, no database."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice

from openpbc.finance.rules.ledger import Draft, Entry

GROUPS = tuple(f"group/{unit}/{scope}" for unit in ("EAST", "WEST") for scope in ("in-scope", "out-of-scope"))
PRACTICES = tuple(f"practice/{code}/in-scope" for code in ("P00001", "P00002", "P00003"))
HELD = ("held/unallocated", "held/contingency", "held/risk-pool")
FUND, SPENT = "innovation/fund", ("spent/innovation/one", "spent/innovation/two")
DAY = date(2008, 4, 1)


@dataclass
class Model:
    """What each account holds, and every journal that was taken, by number; those that may be reversed, in order."""

    chance: random.Random
    holds: dict[str, int] = field(default_factory=dict)
    taken: list[tuple[Entry, ...]] = field(default_factory=list)
    open: dict[int, None] = field(default_factory=dict)

    def would_take(self, draft: Draft) -> bool:
        """Whether it may be posted: it gives what it takes, and nothing but the allocation goes below nought."""
        if sum(entry.pence for entry in draft.entries) or len(draft.entries) < 2:
            return False
        return all(
            entry.account == "allocation" or self.holds.get(entry.account, 0) + entry.pence >= 0
            for entry in draft.entries
        )

    def take(self, draft: Draft) -> None:
        """Do it."""
        for entry in draft.entries:
            self.holds[entry.account] = self.holds.get(entry.account, 0) + entry.pence
        self.taken.append(draft.entries)
        if draft.reverses:
            self.open.pop(draft.reverses, None)
        else:
            self.open[len(self.taken)] = None

    def drafts(self, count: int) -> Iterator[Draft]:
        """Make up journals of every kind; some take more than there is, some do not add up."""
        kinds = (self._money, self._budget, self._virement, self._virement, self._indicative, self._fund, self._deposit)
        for _ in range(count):
            if self.open and self.chance.random() < 0.1:
                yield self._reversal()
            else:
                yield self.chance.choice(kinds)()

    def _pence(self, account: str) -> int:
        """Mostly a part of what the account holds, sometimes more than that."""
        most = self.holds.get(account, 0)
        return self.chance.randint(1, max(most, 1)) if self.chance.random() < 0.9 else most + self.chance.randint(1, 99)

    def _draft(self, kind: str, *entries: tuple[str, int]) -> Draft:
        made = tuple(Entry(account, pence) for account, pence in entries)
        if self.chance.random() < 0.02:  # a slip of the pen
            made = (*made[:-1], Entry(made[-1].account, made[-1].pence + 1))
        return Draft(kind, made, DAY, "SYNTHETIC")

    def _money(self) -> Draft:
        pence = self.chance.randint(1, 10**9)
        return self._draft("allocation", ("allocation", -pence), ("held/unallocated", pence))

    def _budget(self) -> Draft:
        parts = [(group, self.chance.randint(1, 10**7)) for group in self.chance.sample(GROUPS, 2)]
        return self._draft("budget", ("held/unallocated", -sum(pence for _, pence in parts)), *parts)

    def _virement(self) -> Draft:
        source, target = self.chance.sample((*GROUPS, *HELD, *PRACTICES), 2)
        pence = self._pence(source)
        return self._draft("virement", (source, -pence), (target, pence))

    def _indicative(self) -> Draft:
        group = self.chance.choice(GROUPS)
        pence = self._pence(group) + 2
        first = self.chance.randint(1, pence - 1)
        one, two = self.chance.sample(PRACTICES, 2)
        return self._draft("indicative", (group, -pence), (one, first), (two, pence - first))

    def _fund(self) -> Draft:
        if self.chance.random() < 0.5:
            pence = self._pence("held/unallocated")
            return self._draft("innovation", ("held/unallocated", -pence), (FUND, pence))
        pence = self._pence(FUND)
        return self._draft("innovation", (FUND, -pence), (self.chance.choice(SPENT), pence))

    def _deposit(self) -> Draft:
        unit = self.chance.choice(("EAST", "WEST"))
        group, deposit = f"group/{unit}/in-scope", f"deposit/{unit}"
        if self.chance.random() < 0.5:
            pence = self._pence(group)
            return self._draft("deposit", (group, -pence), (deposit, pence))
        pence = self._pence(deposit)
        return self._draft("deposit-return", (deposit, -pence), (group, pence))

    def _reversal(self) -> Draft:
        number = self.chance.choice(list(islice(reversed(self.open), 50)))
        entries = tuple(Entry(entry.account, -entry.pence) for entry in self.taken[number - 1])
        return Draft("reversal", entries, DAY, "SYNTHETIC", reverses=number)

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
UNITS, LINE = ("EAST", "WEST"), "acute"
OUTSIDE = ("allocation", "allocation/partners")
POOL = ("pool/beds/county", "pool/beds/health")
DAY = date(2008, 4, 1)


@dataclass
class Model:
    """What each account holds, every journal that was taken, by number, and those that may be reversed, in order."""

    chance: random.Random
    holds: dict[str, int] = field(default_factory=dict)
    taken: list[tuple[Entry, ...]] = field(default_factory=list)
    open: dict[int, None] = field(default_factory=dict)
    kinds: set[str] = field(default_factory=set)

    def would_take(self, draft: Draft) -> bool:
        """Whether it may be posted: it gives what it takes, and only what came from outside goes below nought."""
        if sum(entry.pence for entry in draft.entries) or len(draft.entries) < 2:
            return False
        return all(
            entry.account in OUTSIDE or self.holds.get(entry.account, 0) + entry.pence >= 0 for entry in draft.entries
        )

    def take(self, draft: Draft) -> None:
        """Do it."""
        self.kinds.add(draft.kind)
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
        kinds += (self._above, self._division, self._incentive, self._pool, self._freed, self._freed_use)
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

    def _pay(self, kind: str, source: str, target: str) -> Draft:
        pence = self._pence(source)
        return self._draft(kind, (source, -pence), (target, pence))

    def _above(self) -> Draft:
        """Opening balances, what is kept above the groups, and what is called from a reserve."""
        kind = self.chance.choice(("opening", "top-slice", "reserve"))
        if kind == "opening":
            pence = self.chance.randint(1, 10**6)
            return self._draft(kind, ("allocation", -pence), ("held/contingency", pence))
        source, target = self.chance.sample(HELD if kind == "top-slice" else (*HELD, *GROUPS), 2)
        return self._pay(kind, source, target)

    def _division(self) -> Draft:
        group = self.chance.choice(GROUPS)
        return self._pay("division", *self.chance.sample((group, f"{group}/{LINE}"), 2))

    def _incentive(self) -> Draft:
        own = f"incentive/{self.chance.choice(UNITS)}"
        way = ("held/contingency", own) if self.chance.random() < 0.5 else (own, "spent/incentive/one")
        return self._pay("incentive", *way)

    def _pool(self) -> Draft:
        """Ours and a partner's share: paid in, and spent by both."""
        county, health = POOL
        way = self.chance.choice(("theirs", "ours", "spent"))
        if way == "theirs":
            pence = self.chance.randint(1, 10**6)
            return self._draft("pool", ("allocation/partners", -pence), (county, pence))
        if way == "ours":
            return self._pay("pool", "held/contingency", health)
        first, second = self._pence(county), self._pence(health)
        return self._draft("pool", (county, -first), (health, -second), ("spent/pool/hoists", first + second))

    def _freed(self) -> Draft:
        unit = self.chance.choice(UNITS)
        pence = self._pence(f"group/{unit}/in-scope") + 1
        kept = self.chance.randint(1, pence - 1)
        back = ("held/unallocated", pence - kept)
        return self._draft("freed", (f"group/{unit}/in-scope", -pence), (f"freed/{unit}", kept), back)

    def _freed_use(self) -> Draft:
        unit = self.chance.choice(UNITS)
        target = self.chance.choice((f"group/{unit}/in-scope", "spent/freed/nurse"))
        return self._pay("freed-use", f"freed/{unit}", target)

    def ended(self, carries: set[str]) -> tuple[dict[str, int], dict[str, int]]:
        """What the year holds after its end, and what the next begins with, if these kinds of account carry."""
        old, new = {}, {}
        for code, pence in self.holds.items():
            kind = code.split("/")[0]
            if kind in ("allocation", "spent"):
                old[code] = old.get(code, 0) + pence
                continue
            side = OUTSIDE[code == POOL[0]]
            old[side] = old.get(side, 0) + pence
            if kind in carries:
                new[code], new[side] = pence, new.get(side, 0) - pence
        return tuple({code: pence for code, pence in each.items() if pence} for each in (old, new))

    def _reversal(self) -> Draft:
        number = self.chance.choice(list(islice(reversed(self.open), 50)))
        entries = tuple(Entry(entry.account, -entry.pence) for entry in self.taken[number - 1])
        return Draft("reversal", entries, DAY, "SYNTHETIC", reverses=number)

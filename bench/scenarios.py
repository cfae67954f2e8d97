"""A thousand scenarios of groups: what-ifs on a place's published figures, and the bare rule on many groups.

Both sides are run in turn in this process; each takes at most a second for a thousand.
"""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

SCENARIOS = 1_000
MOST_SECONDS = 1.0
PLACE = "west-herts-2008"
MANY_GROUPS = 50
TIMES = 5
PENCE = 10_000_000_000


@dataclass(frozen=True)
class Shared:
    """Seconds for a thousand scenarios, the median of several goes: through the reads, and by the rule alone."""

    place: str
    groups: int
    what_ifs: float
    many_groups: int
    rule: float


def measure() -> Shared:
    """Run both; what-ifs differ in floor, cap, pot and items moved, drawn with a fixed seed."""
    from openpbc.site.cli import django_setup

    django_setup()
    from openpbc.finance import reads
    from openpbc.finance.rules.capping import cap
    from openpbc.finance.rules.fair_shares import Claim, FairShareParameters, allocate
    from openpbc.rulebook.reader import open_book

    book = open_book(PLACE)
    chance = random.Random(1)
    tried = [
        reads.Settings(
            chance.choice(["no_deposit", "deposit_as_budgeted"]),
            floor=chance.randrange(60_000),
            cap=chance.randrange(20_000, 120_000),
            pot=chance.randrange(47_000_000_000, 50_000_000_000),
            scope=f"WATCOM.-{chance.randrange(1, 10**8)}.{chance.randrange(10**8)}.{chance.randrange(10**8)}",
        )
        for _ in range(SCENARIOS)
    ]
    bases = [chance.randrange(PENCE // 2, PENCE) for _ in range(MANY_GROUPS)]
    claims = [Claim(f"G{at:02}", base, base + base // chance.randrange(8, 20)) for at, base in enumerate(bases)]
    pots = [sum(bases) + chance.randrange(sum(bases) // 10) for _ in range(SCENARIOS)]
    rates = FairShareParameters(45_000, 45_000)
    return Shared(
        place=PLACE,
        groups=len(reads.fair_shares(book).groups),
        what_ifs=_median(lambda: [reads.fair_shares(book, settings) for settings in tried]),
        many_groups=MANY_GROUPS,
        rule=_median(lambda: [cap(allocate(claims, pot, rates), 70_000) for pot in pots]),
    )


def _median(work: Callable[[], object]) -> float:
    work()
    taken = []
    for _ in range(TIMES):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return statistics.median(taken)

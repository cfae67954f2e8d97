"""What the fair-shares rule promises, on random cases, beside a naive implementation.

``OPENPBC_SOAK=1`` runs 100,000 cases; ``make soak`` does too.
"""

from __future__ import annotations

import os
import random
from dataclasses import dataclass
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openpbc.finance.rules.capping import cap, least_release, release
from openpbc.finance.rules.fair_shares import Allocation, Claim, FairShareParameters, Stage, allocate
from openpbc.finance.rules.share_steps import capped_steps, share_steps
from openpbc.kernel.money import PPM
from tests.property.finance import naive

SOAK = os.environ.get("OPENPBC_SOAK") == "1"
CASES = 100_000 if SOAK else 10_000
LOTS = 10


@dataclass(frozen=True)
class Case:
    claims: tuple[Claim, ...]
    pot: int
    parameters: FairShareParameters
    growth_limit: int


def random_case(chance: random.Random) -> Case:
    """A case near the interesting borders: pots around the floors, around step 2 and around the targets."""
    size = chance.choice([10, 1_000, 10**6, 10**11])
    count = chance.choice([1, 2, 3, 4, 4, 5, 8, 12])
    parameters = FairShareParameters(
        chance.choice([0, 45_000, 45_000, chance.randrange(200_000)]),
        chance.choice([0, 45_000, 45_000, chance.randrange(200_000)]),
    )
    bases = [chance.randrange(1, size + 1) for _ in range(count)]
    if chance.random() < 0.2:
        bases[chance.randrange(count)] = chance.choice([0, size])
    spread = chance.choice([0, 5, 20, 100])
    targets = [base + base * chance.randint(-spread, spread) // 100 + chance.randint(-3, 3) for base in bases]
    if chance.random() < 0.1:
        bases, targets = [bases[0]] * count, [targets[0]] * count
    # Codes out of order, so that an answer that leans on the order of rows shows.
    codes = chance.sample([f"G{number:02d}" for number in range(40)], count)
    claims = tuple(Claim(*row) for row in zip(codes, bases, targets, strict=True))
    return Case(claims, random_pot(chance, claims, parameters), parameters, chance.randrange(150_000))


def random_pot(chance: random.Random, claims: tuple[Claim, ...], parameters: FairShareParameters) -> int:
    floors = sum(claim.base for claim in claims) * (PPM + parameters.minimum_growth) // PPM
    goals = sum(max(claim.target, claim.base) for claim in claims)
    near = chance.choice([floors, goals, (floors + goals) // 2, floors // 2, goals * 2])
    return max(0, near + chance.randint(-len(claims) - 2, len(claims) + 2))


def hold(case: Case) -> Allocation:
    """Check every promise of ``allocate`` on one case."""
    allocation = allocate(case.claims, case.pot, case.parameters)
    exact, unallocated = naive.fair_shares(
        {claim.code: Fraction(claim.base) for claim in case.claims},
        {claim.code: Fraction(claim.target) for claim in case.claims},
        Fraction(case.pot),
        Fraction(case.parameters.minimum_growth, PPM),
        Fraction(case.parameters.extra_growth, PPM),
    )
    assert sum(allocation.amounts.values()) + allocation.unallocated == case.pot
    assert allocation.unallocated >= 0
    for claim in case.claims:
        floor = Fraction(claim.base * (PPM + case.parameters.minimum_growth), PPM)
        amount = allocation.amounts[claim.code]
        assert abs(amount - exact[claim.code]) < 1
        assert amount <= max(claim.target, -(-floor // 1))
        if allocation.stage is not Stage.BELOW_FLOORS:
            assert amount >= floor // 1
    hold_floors(case, allocation, exact)
    floors = sum(Fraction(claim.base * (PPM + case.parameters.minimum_growth), PPM) for claim in case.claims)
    assert ("FS-01" in {finding.rule for finding in allocation.findings}) == (case.pot < floors)
    assert abs(allocation.unallocated - unallocated) < len(case.claims)
    assert (allocation.unallocated > 0) <= (unallocated > 0)
    return allocation


def hold_floors(case: Case, allocation: Allocation, exact: dict[str, Fraction]) -> None:
    """Nobody falls below the exact floor by a fraction of a unit while another is rounded up or money is left."""
    if allocation.stage is Stage.BELOW_FLOORS:
        return
    floors = {c.code: Fraction(c.base * (PPM + case.parameters.minimum_growth), PPM) for c in case.claims}
    below = [code for code, amount in allocation.amounts.items() if amount < floors[code]]
    if below:
        pinned = {code for code, share in exact.items() if share // 1 < floors[code]}
        up = {code for code, amount in allocation.amounts.items() if amount > exact[code]}
        assert up <= pinned
        assert not allocation.unallocated


def hold_cap(case: Case, allocation: Allocation) -> None:
    """Check the promises of ``cap`` and ``release`` on one case."""
    capped = cap(allocation, case.growth_limit)
    assert sum(capped.amounts.values()) + capped.release + allocation.unallocated == case.pot
    for claim in case.claims:
        limit = naive.capped(
            Fraction(allocation.amounts[claim.code]), Fraction(claim.base), Fraction(case.growth_limit, PPM)
        )
        assert abs(capped.amounts[claim.code] - limit) <= Fraction(1, 2)
        assert capped.amounts[claim.code] <= allocation.amounts[claim.code]
    wanted = max(capped.release, least_release(allocation))
    solved = release(allocation, wanted)
    assert solved.release == wanted
    assert all(solved.amounts[code] <= amount for code, amount in allocation.amounts.items())


def hold_steps(case: Case, allocation: Allocation) -> None:
    """The steps rebuild every figure."""
    capped = cap(allocation, case.growth_limit)
    for code, amount in allocation.amounts.items():
        assert sum(step.effect for step in share_steps(allocation, code)) == amount
        assert sum(step.effect for step in capped_steps(capped, code)) == capped.amounts[code]


def run_lot(lot: int, cases: int) -> None:
    chance = random.Random(f"fair shares {lot}")
    for _ in range(cases):
        case = random_case(chance)
        allocation = hold(case)
        hold_cap(case, allocation)
        shuffled = allocate(chance.sample(case.claims, len(case.claims)), case.pot, case.parameters)
        assert shuffled.amounts == allocation.amounts
        assert shuffled.unallocated == allocation.unallocated
        hold_steps(case, allocation)


@pytest.mark.parametrize("lot", range(LOTS))
def test_promises_hold_on_random_cases(lot: int) -> None:
    run_lot(lot, CASES // LOTS)


@pytest.mark.soak
@pytest.mark.parametrize("lot", range(LOTS, 2 * LOTS))
def test_promises_hold_on_a_hundred_thousand_cases(lot: int) -> None:
    run_lot(lot, 100_000 // LOTS)


@pytest.mark.parametrize("count", [100, 1_000])
def test_promises_hold_for_as_many_groups_as_there_are_practices(count: int) -> None:
    chance = random.Random(count)
    bases = [chance.randrange(10**8) for _ in range(count)]
    claims = tuple(
        Claim(f"P{n:04d}", base, base + chance.randrange(-(10**7), 2 * 10**7)) for n, base in enumerate(bases)
    )
    for near in (sum(bases), sum(claim.target for claim in claims), sum(bases) * 2):
        case = Case(claims, near, FairShareParameters(45_000, 45_000), 70_000)
        hold_cap(case, hold(case))


amounts = st.integers(0, 10**13)
rates = st.integers(0, 2 * PPM)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    bases = draw(st.lists(amounts, min_size=1, max_size=9))
    targets = [draw(st.integers(-(10**13), 2 * 10**13)) for _ in bases]
    claims = tuple(Claim(f"G{n}", base, target) for n, (base, target) in enumerate(zip(bases, targets, strict=True)))
    return Case(claims, draw(amounts), FairShareParameters(draw(rates), draw(rates)), draw(rates))


@settings(max_examples=100_000 if SOAK else 500)
@given(cases())
def test_promises_hold_on_sought_cases(case: Case) -> None:
    allocation = hold(case)
    hold_cap(case, allocation)
    hold_steps(case, allocation)


@settings(max_examples=200)
@given(cases(), st.integers(0, PPM))
def test_a_wider_cap_releases_no_more(case: Case, wider: int) -> None:
    allocation = allocate(case.claims, case.pot, case.parameters)
    assert cap(allocation, case.growth_limit + wider).release <= cap(allocation, case.growth_limit).release


@settings(max_examples=200)
@given(cases(), st.integers(1, 10**12))
def test_more_money_gives_nobody_less_than_a_unit_less(case: Case, more: int) -> None:
    # Largest remainder may move single units between groups; the exact shares never fall.
    before = allocate(case.claims, case.pot, case.parameters)
    after = allocate(case.claims, case.pot + more, case.parameters)
    assert all(after.amounts[code] >= amount - 1 for code, amount in before.amounts.items())


def test_nonsense_is_a_fault_of_the_program() -> None:
    rates = FairShareParameters(45_000, 45_000)
    for claims, pot in (
        ([], 1), ([Claim("A", 1, 1)], -1), ([Claim("A", -1, 1)], 1), ([Claim("A", 1, 1), Claim("A", 2, 2)], 1),
    ):  # fmt: skip
        with pytest.raises(ValueError, match="may be negative|must be groups"):
            allocate(claims, pot, rates)
    allocation = allocate([Claim("A", 100, 110), Claim("New", 0, 5)], 115, rates)
    with pytest.raises(ValueError, match="no cap releases"):
        release(allocation, 1)
    with pytest.raises(ValueError, match="no cap releases"):
        release(allocation, 10**6)
    with pytest.raises(ValueError, match="below nothing"):
        cap(allocation, -PPM - 1)

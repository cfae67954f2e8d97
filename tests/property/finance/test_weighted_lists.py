"""Weighted lists beside a naive implementation of the same text, and what must hold whatever the numbers are."""

from __future__ import annotations

import random
from fractions import Fraction

import pytest

from openpbc.finance.rules.weighted_lists import (
    SHARE_UNIT,
    Area,
    CostCurve,
    PracticeList,
    WeightedLists,
    group_shares,
    weighted_lists,
)
from openpbc.kernel.money import MFF_UNIT, PPM
from tests.property.finance import naive_lists

LOTS, EACH = 10, 1_000
BANDS = tuple((age, sex) for age in ("0-14", "15-64", "65-84", "85+") for sex in ("male", "female"))


def inputs(chance: random.Random) -> tuple[list[PracticeList], list[Area], list[CostCurve]]:
    areas = [
        Area(f"C{n}", chance.choice([1, 999, 250_000, 1_000_003]), chance.randint(9, 13) * MFF_UNIT // 10)
        for n in range(chance.randint(1, 3))
    ]
    curves = [
        CostCurve(f"k{n}", chance.choice([1, 10, 79, 1_000_000]), {band: chance.randint(1, 900) for band in BANDS})
        for n in range(chance.randint(1, 3))
    ]
    quarters = chance.choice([1, 2, 4])
    practices = []
    for n in range(chance.randint(1, 6)):
        held = chance.sample(BANDS, chance.randint(0, len(BANDS)))
        lists = tuple({band: chance.randint(0, chance.choice([1, 4_000])) for band in held} for _ in range(quarters))
        need = tuple(chance.choice([PPM, chance.randint(1, 3 * PPM)]) for _ in curves)
        practices.append(PracticeList(f"A{n:05d}", chance.choice(areas).code, lists, need))
    for area in areas:  # a commissioner without a single patient cannot be normalised; that is tested below
        mine = [each for each in practices if each.commissioner == area.code]
        if mine and not any(sum(quarter.values()) for each in mine for quarter in each.quarters):
            at = practices.index(mine[0])
            practices[at] = PracticeList(mine[0].code, area.code, ({BANDS[0]: 7},) * quarters, mine[0].need)
    return practices, areas, curves


def half_up(value: Fraction) -> int:
    return int(value + Fraction(1, 2))


def expected(practices, areas, curves) -> dict[str, naive_lists.Naive]:
    return naive_lists.weighted_lists(
        {each.code: each.quarters for each in practices},
        {each.code: each.commissioner for each in practices},
        {area.code: area.residents for area in areas},
        {area.code: Fraction(area.mff, MFF_UNIT) for area in areas},
        {each.code: [Fraction(value, PPM) for value in each.need] for each in practices},
        [curve.costs for curve in curves],
        [curve.weight for curve in curves],
    )


@pytest.mark.parametrize("lot", range(LOTS))
def test_the_rule_is_the_text(lot: int) -> None:
    chance = random.Random(f"lists {lot}")
    for _ in range(EACH):
        practices, areas, curves = inputs(chance)
        found = weighted_lists(chance.sample(practices, len(practices)), areas, curves)
        wanted = expected(practices, areas, curves)
        assert [each.code for each in found.practices] == sorted(wanted)
        for each in found.practices:
            naive = wanted[each.code]
            assert each.listed == half_up(naive.listed)
            assert each.normalised == half_up(naive.normalised)
            assert [factor.age for factor in each.factors] == [
                None if age is None else half_up(age * PPM) for age in naive.ages
            ]
            assert [factor.weighted for factor in each.factors] == [half_up(w) for w in naive.weighted]
            assert each.weighted == half_up(naive.whole)
            assert each.index == (half_up(naive.whole / naive.normalised * PPM) if naive.normalised else None)
            assert abs(each.share - naive.share * SHARE_UNIT) < 1
            assert Fraction(each.claim, sum(found.claims.values())) == naive.share
        assert sum(each.share for each in found.practices) == SHARE_UNIT
        budget = chance.randint(0, 10**13)
        assert sum(found.targets(budget).values()) == budget


def one(code: str, patients: int, need: int = PPM, area: str = "C0") -> PracticeList:
    return PracticeList(code, area, ({BANDS[0]: patients},), (need,))


FLAT = [CostCurve("all", 1, dict.fromkeys(BANDS, 1))]


def test_all_weights_one_gives_shares_by_list() -> None:
    chance = random.Random("flat")
    for _ in range(200):
        sizes = {f"A{n:05d}": chance.randint(1, 20_000) for n in range(chance.randint(1, 30))}
        found = weighted_lists([one(code, size) for code, size in sizes.items()], [Area("C0", 77_777)], FLAT)
        for each in found.practices:
            assert abs(each.share - Fraction(sizes[each.code] * SHARE_UNIT, sum(sizes.values()))) < 1
            assert each.index == each.factors[0].age == PPM


def exact_share(found: WeightedLists, *codes: str) -> Fraction:
    return Fraction(sum(found.claims[code] for code in codes), sum(found.claims.values()))


def test_a_merger_keeps_every_total() -> None:
    """The successor holds both lists and the need of all its people; nobody else's share moves."""
    chance = random.Random("mergers")
    for _ in range(300):
        practices, areas, curves = inputs(chance)
        first = practices[0]
        second = PracticeList("A99999", first.commissioner, tuple({BANDS[1]: 5} for _ in first.quarters), first.need)
        together = tuple(
            {band: a.get(band, 0) + b.get(band, 0) for band in {*a, *b}}
            for a, b in zip(first.quarters, second.quarters, strict=True)
        )
        merged = PracticeList(first.code, first.commissioner, together, first.need)
        before = weighted_lists([*practices, second], areas, curves)
        after = weighted_lists([merged, *practices[1:]], areas, curves)
        assert exact_share(before, first.code, second.code) == exact_share(after, first.code)
        for other in practices[1:]:
            assert exact_share(before, other.code) == exact_share(after, other.code)


def test_a_move_between_groups_keeps_the_total() -> None:
    chance = random.Random("moves")
    for _ in range(300):
        found = weighted_lists(*inputs(chance))
        member = {each.code: chance.choice(["EAST", "WEST"]) for each in found.practices}
        moving = chance.choice(found.practices)
        moved = member | {moving.code: "NORTH"}
        before, after = group_shares(found, member), group_shares(found, moved)
        assert sum(before.values()) == sum(after.values()) == SHARE_UNIT
        assert before[member[moving.code]] - after.get(member[moving.code], 0) == moving.share == after["NORTH"]
        assert group_shares(found, {}) == {"": SHARE_UNIT}


def test_market_forces_drop_out_within_one_commissioner() -> None:
    practices = [one("A00001", 100), one("A00002", 300, need=2 * PPM)]
    plain = weighted_lists(practices, [Area("C0", 500)], FLAT)
    dear = weighted_lists(practices, [Area("C0", 500, 12_345_678)], FLAT)
    assert [each.share for each in plain.practices] == [each.share for each in dear.practices]
    assert [each.index for each in plain.practices] == [each.index for each in dear.practices]


def test_what_cannot_be_weighed_is_refused() -> None:
    area = Area("C0", 100)
    for practices, curves, what in (
        ([], FLAT, "quarters"),
        ([one("A00001", 1), PracticeList("A00002", "C0", ({}, {}), (PPM,))], FLAT, "quarters"),
        ([one("A00001", 0)], FLAT, "no patients"),
        ([one("A00001", 1)], [*FLAT, *FLAT], "need index"),
        ([one("A00001", 1)], [CostCurve("none", 1, dict.fromkeys(BANDS, 0))], "nobody needs"),
    ):
        with pytest.raises(ValueError, match=what):
            weighted_lists(practices, [area], curves)


def test_a_practice_without_patients_has_no_index_and_no_share() -> None:
    found = weighted_lists([one("A00001", 4), one("A00002", 0)], [Area("C0", 8)], FLAT)
    empty = found.practices[1]
    assert (empty.share, empty.index, empty.factors[0].age, empty.weighted) == (0, None, None, 0)
    assert found.practices[0].normalised == 8

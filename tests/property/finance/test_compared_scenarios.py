"""Any what-if on the published figures, against a naive way through the same tables: every figure of a comparison."""

from __future__ import annotations

import os
import random
from fractions import Fraction

import pytest

from openpbc.finance import reads
from openpbc.finance.reads.changes import between
from openpbc.finance.rules.scope_moves import ScopeChange
from openpbc.kernel.money import PPM
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book, open_book
from tests.property.finance import naive

CASES = 20_000 if os.environ.get("OPENPBC_SOAK") == "1" else 2_000
THOUSAND = 100_000
# Per scenario: the tables of bases and of money out of scope, before and after, and the cap that it has by itself.
TABLES = {"no_deposit": ("T4", "T4", None), "deposit_as_budgeted": ("T4", "T5", 70_000)}


@pytest.fixture(scope="module")
def book() -> Book:
    return open_book("west-herts-2008")


@pytest.fixture(scope="module")
def printed(book: Book) -> dict[str, dict[str, dict[str, int]]]:
    names = {"T4": "finance.group_budgets_no_deposit", "T5": "finance.group_budgets_capped"}
    columns = ("in07", "ex07", "ex08", "share")
    return {
        table: {
            row["code"]: {name: int(row[name]) * THOUSAND for name in columns if name in row}
            for row in book.need_table(id).rows
            if row["role"] == "group"
        }
        for table, id in names.items()
    }


def random_settings(chance: random.Random) -> reads.Settings:
    """Settings near and far from the published ones; some cannot be worked out."""
    moves = {
        code: ScopeChange(*(chance.choice([0, chance.randint(-(10**8), 10**8)]) for _ in range(3)))
        for code in ("WATCOM", "DATCOM", "STAHCOM", "HERTSMERE")
        if chance.random() < 0.3
    }
    return reads.Settings(
        chance.choice(list(TABLES)),
        floor=chance.choice([None, 0, chance.randrange(150_000)]),
        extra=chance.choice([None, 0, chance.randrange(150_000)]),
        cap=chance.choice([None, chance.randrange(150_000)]),
        pot=chance.choice([None, chance.randrange(40_000_000_000, 60_000_000_000)]),
        scope="~".join(f"{c}.{m.base}.{m.excluded_before}.{m.excluded}" for c, m in moves.items()),
    )


def test_every_what_if_is_that_of_the_naive_way(book: Book, printed) -> None:
    chance = random.Random(20_080_124)
    worked = 0
    for _ in range(CASES):
        settings = random_settings(chance)
        try:
            result = reads.fair_shares(book, settings)
        except UserError:
            continue
        worked += 1
        hold(result, printed)
    assert worked > CASES * 0.9


def hold(result: reads.FairShares, printed) -> None:
    settings = result.settings
    before_table, after_table, own_cap = TABLES[settings.scenario]
    moves = settings.scope_changes
    none = ScopeChange()
    rows, after = printed[before_table], printed[after_table]
    bases = {code: Fraction(row["in07"] + moves.get(code, none).base) for code, row in rows.items()}
    taken = {code: row["ex08"] + moves.get(code, none).excluded for code, row in rows.items()}
    left_out = {code: after[code]["ex08"] + moves.get(code, none).excluded for code in rows}
    weights = {code: row["share"] for code, row in rows.items()}
    pot = settings.pot if settings.pot is not None else 495_679 * THOUSAND
    total = pot + 205_764 * THOUSAND
    pot -= sum(each.excluded for each in moves.values())
    whole = sum(weights.values())
    # The targets are whole pence; each lies within a penny of its exact share.
    targets = {one.code: Fraction(one.target) for one in result.groups}
    for code, target in targets.items():
        assert abs(target - (Fraction(total * weights[code], whole) - taken[code])) < 1
    floor = Fraction(45_000 if settings.floor is None else settings.floor, PPM)
    extra = Fraction(45_000 if settings.extra is None else settings.extra, PPM)
    shares, _ = naive.fair_shares(bases, targets, Fraction(pot), floor, extra)
    cap = settings.cap if settings.cap is not None else own_cap
    for one in result.groups:
        share = shares[one.code]
        amount = share if cap is None else naive.capped(share, bases[one.code], Fraction(cap, PPM))
        assert abs(one.amount - amount) <= 1
        assert one.total == one.amount + left_out[one.code]
        assert one.deposit == one.share - one.amount + taken[one.code] - left_out[one.code]
        assert one.base_total == bases[one.code] + rows[one.code]["ex07"] + moves.get(one.code, none).excluded_before
        assert abs(Fraction(one.distance) - (one.total - Fraction(result.total * weights[one.code], whole))) < 1
        growth = Fraction(one.total - one.base_total, one.base_total) * PPM
        assert abs(one.total_growth - growth) <= Fraction(1, 2)
    assert result.amount + result.released + result.unallocated == pot
    assert sum(one.distance for one in result.groups) == 0


def test_differences_between_scenarios_turn_round_and_add_up(book: Book) -> None:
    chance = random.Random(7)
    results = []
    while len(results) < 6:
        try:
            results.append(reads.fair_shares(book, random_settings(chance)))
        except UserError:
            continue
    for one in results:
        for other in results:
            for figure in ("amount", "total", "distance"):
                values = [between(one, other, group.code, figure).value for group in one.groups]
                assert sum(values) == between(one, other, "all", figure).value
                assert [-value for value in values] == [
                    between(other, one, group.code, figure).value for group in one.groups
                ]

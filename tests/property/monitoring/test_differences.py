"""Why two runs differ: the statement says of all units what the rule says of each, and causes add up to the penny."""

from __future__ import annotations

import random
from collections import Counter

import pytest

from openpbc.monitoring.reads.differences import SQL
from openpbc.monitoring.rules.differences import CAUSES, Counted, Line, effects
from openpbc.warehouse.session import Session, statement_text
from openpbc.warehouse.subset import breaches

COLUMNS = {
    **dict.fromkeys(("stream", "provider", "file"), "VARCHAR"), "line": "BIGINT",
    **dict.fromkeys(("key", "practice", "unit", "budget_line", "commissioner", "pod", "hrg", "status"), "VARCHAR"),
    **dict.fromkeys(("charge", "price", "los", "excess_bed_days", "episodes"), "BIGINT"),
}  # fmt: skip
Key = tuple[str, str, str]


def draw(dice: random.Random, key: Key) -> Counted:
    stream, provider, _ = key
    unit = dice.choice(("WATCOM", "DATCOM", ""))
    line = Line(
        unit, unit, dice.choice(("E82901", "E82902")), dice.choice(("5P4", "5P3")), provider, stream,
        dice.choice(("DC", "EL")), dice.choice(("PRICED", "NO_PRICE", "EXCLUDED")),
    )  # fmt: skip
    charge = dice.choice((0, 50_000, 50_001, 123_45))
    days = dice.randint(0, 2)
    return Counted(line, dice.choice(("B01", "F71")), days, max(0, days - 1), 1, charge, charge + charge // 8)


def drawn(seed: int) -> tuple[dict[Key, Counted], dict[Key, Counted]]:
    """Two runs of some units: most are in both, and of those some stay as they are."""
    dice = random.Random(seed)
    before, after = {}, {}
    for number in range(dice.randint(1, 60)):
        key = dice.choice(("apc", "op")), dice.choice(("RWG", "RWH")), f"k{number}"
        fate = dice.random()
        if fate < 0.85:
            before[key] = draw(dice, key)
        if fate > 0.15:
            same = key in before and dice.random() < 0.4
            after[key] = before[key] if same else draw(dice, key)
    return before, after


def row(at: int, key: Key, unit: Counted) -> tuple:
    line = unit.line
    return (
        *key[:2], "0123456789ab", at, key[2], line.practice, line.unit, line.budget_line, line.commissioner, line.pod,
        unit.hrg, line.status, unit.charge, unit.price, unit.los, unit.excess_bed_days, unit.episodes,
    )  # fmt: skip


def by_rule(before: dict[Key, Counted], after: dict[Key, Counted]) -> Counter:
    found: Counter = Counter()
    for key in before.keys() | after.keys():
        for each in effects(before.get(key), after.get(key)):
            for name in ("activity", "charge", "price"):
                found[each.cause, each.line, name] += getattr(each, name)
    return Counter({key: value for key, value in found.items() if value})


def by_statement(before: dict[Key, Counted], after: dict[Key, Counted]) -> Counter:
    found: Counter = Counter()
    with Session(threads=1) as session:
        for name, units in (("old_unit", before), ("new_unit", after)):
            listed = [row(at, key, unit) for at, (key, unit) in enumerate(units.items())]
            session.table(name, COLUMNS, listed)
        session.script(SQL, "difference.sql")
        for each in session.records("select * from effect"):
            line = Line(**{name: each[name] for name in Line.__dataclass_fields__})
            found.update({(each["cause"], line, name): each[name] for name in ("activity", "charge", "price")})
    return Counter({key: value for key, value in found.items() if value})


@pytest.mark.parametrize("seed", range(40))
def test_statement_and_rule_agree(seed: int) -> None:
    before, after = drawn(seed)
    assert dict(by_statement(before, after)) == dict(by_rule(before, after))


@pytest.mark.parametrize("seed", range(200))
def test_causes_add_up_to_the_difference_of_every_line(seed: int) -> None:
    before, after = drawn(seed)
    wanted: Counter = Counter()
    for units, sign in ((before, -1), (after, 1)):
        for unit in units.values():
            wanted[unit.line] += sign * unit.charge
    found: Counter = Counter()
    for (cause, line, name), value in by_rule(before, after).items():
        assert cause in CAUSES
        found[line] += value if name == "charge" else 0
    assert {k: v for k, v in found.items() if v} == {k: v for k, v in wanted.items() if v}
    moved = sum(
        v for (cause, _, name), v in by_rule(before, after).items() if (cause, name) == ("reattributed", "charge")
    )
    assert moved == 0, "attributing to another takes from one line what it gives to the other"


def test_the_statement_is_in_the_shared_subset() -> None:
    assert breaches(statement_text(SQL, "difference.sql")) == []

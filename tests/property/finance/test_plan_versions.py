"""What holds for every plan: budgets are traced to the penny, and two versions differ by exactly their differences."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from openpbc.finance.rules import plan_versions as rule
from openpbc.finance.rules.plan_line import (
    COMPUTED,
    METHODS,
    ORIGINS,
    RECURRENCES,
    SCOPES,
    SECTIONS,
    PlanLine,
    amount_of,
)

pence = st.integers(-(10**12), 10**12)
rates = st.one_of(st.none(), st.integers(-200_000, 200_000))


@st.composite
def plans(draw: st.DrawFn) -> tuple[PlanLine, ...]:
    codes = draw(st.lists(st.integers(0, 12), unique=True, max_size=10))
    lines = []
    for code in codes:
        line = PlanLine(
            f"line_{code}",
            f"Line {code}",
            draw(st.sampled_from(SECTIONS)),
            draw(st.sampled_from(METHODS)),
            draw(st.sampled_from(RECURRENCES)),
            draw(st.booleans()),
            draw(pence),
            draw(pence),
            draw(rates),
            draw(st.sampled_from(("", "tariff", "prescribing", "pay"))),
            draw(st.sampled_from(ORIGINS)),
            scope=draw(st.sampled_from(SCOPES)),
            heading=draw(st.sampled_from(("", "Acute", "Prescribing"))),
        )
        lines.append(replace(line, amount=amount_of(line)))
    return tuple(lines)


@given(plans())
def test_base_and_typed_adjustments_make_the_draft_to_the_penny(lines):
    found = rule.trace(lines)
    assert found.base + sum(found.adjustments.values()) == found.draft == rule.totals(lines).committed
    assert set(found.adjustments) == set(rule.ADJUSTMENTS)


@given(plans())
def test_every_grouping_adds_up_to_the_whole(lines):
    sums, totals = rule.by_section(lines), rule.totals(lines)
    assert sum(sums.values()) == sum(line.amount for line in lines)
    assert totals.balance == totals.uncommitted - totals.deposit == sum(line.effect for line in lines)
    assert sum(rule.by_scope(lines).values()) == totals.committed
    by_recurrence = rule.by_recurrence(lines)
    money = sum(amount for (side, _), amount in by_recurrence.items() if side == "money")
    assert money == totals.allocation
    assert sum(rule.by_origin(lines).values()) == sums["cost pressure"] + sums["investment"]


@given(plans(), plans())
def test_a_comparison_is_complete_and_antisymmetric(before, after):
    there, back = rule.differences(before, after), rule.differences(after, before)
    assert {each.code for each in there} == {line.code for line in (*before, *after)}
    assert len({each.code for each in there}) == len(there)
    assert sum(each.effect for each in there) == rule.totals(after).balance - rule.totals(before).balance
    opposite = {rule.ADDED: rule.REMOVED, rule.REMOVED: rule.ADDED, rule.CHANGED: rule.CHANGED, rule.SAME: rule.SAME}
    turned = {each.code: (opposite[each.kind], -each.effect, each.fields) for each in back}
    assert {each.code: (each.kind, each.effect, each.fields) for each in there} == turned
    assert all(each.effect == 0 for each in there if each.kind == rule.SAME)


@given(plans())
def test_a_plan_does_not_differ_from_itself(lines):
    assert rule.changed(rule.differences(lines, lines)) == ()


@given(plans(), st.integers(0, 100_000))
def test_a_rate_moves_only_the_lines_that_name_it(lines, rate):
    for was, now in zip(lines, rule.repriced(lines, {"tariff": rate}), strict=True):
        touched = was.method in COMPUTED and was.rate_source == "tariff" and was.recurrence != "non-recurrent"
        assert (now.rate, now.amount) == ((rate, amount_of(now)) if touched else (was.rate, was.amount))


@given(plans(), st.integers(0, 12))
def test_moving_a_line_out_of_scope_moves_its_amount_and_nothing_else(lines, chosen):
    moved = tuple(
        replace(line, scope="out") if number == chosen and line.scope == "in" else line
        for number, line in enumerate(lines)
    )
    before, after = rule.by_scope(lines), rule.by_scope(moved)
    assert after["in"] - before["in"] == -(after["out"] - before["out"])
    assert after[""] == before[""]

"""Splitting a case never makes it smaller, in whatever order its parts come; no scheme hands down a conflict."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from openpbc.governance.rules import delegation as rule
from openpbc.governance.rules.delegation import Case, Facts

START = date(2008, 4, 1)
parts = st.lists(st.integers(0, 10**9), min_size=1, max_size=6)


@given(parts, st.lists(st.integers(0, 364), min_size=6, max_size=6), st.randoms(use_true_random=False))
def test_the_last_part_is_judged_by_the_whole(sums: list[int], offsets: list[int], random) -> None:
    days = sorted(offsets[: len(sums)])
    cases = [
        Case(f"case/x/{number}", "DACCOM", "respiratory", pence, START + timedelta(days=day))
        for number, (pence, day) in enumerate(zip(sums, days, strict=True))
    ]
    shuffled = list(cases)
    random.shuffle(shuffled)
    assert {rule.effective(each, shuffled, 12) for each in cases} == {sum(sums)}


@given(parts, st.integers(1, 1000), st.sampled_from(["unit", "specialty", "late"]))
def test_another_groups_case_another_specialty_or_one_long_ago_is_another(sums, days, how) -> None:
    own = Case("case/x/own", "DACCOM", "respiratory", 5, START)
    unit = "Other" if how == "unit" else own.unit
    specialty = "Other" if how == "specialty" else own.specialty
    day = START + timedelta(days=366 + days) if how == "late" else START
    others = [Case(f"case/x/{number}", unit, specialty, pence, day) for number, pence in enumerate(sums)]
    assert rule.effective(own, others, 12) == 5
    for other in others:
        assert rule.near(other, [own], 12) == ()


@given(st.sampled_from(rule.LEVELS), st.booleans(), st.booleans())
def test_no_level_below_the_committee_decides_what_is_conflicted_or_disputed(level, conflicted, disputed) -> None:
    found, why = rule.raised(level, Facts(1, "tender", conflicted=conflicted, disputed=disputed))
    assert rule.LEVELS.index(found) >= rule.LEVELS.index(level)
    if conflicted or disputed:
        assert found in (rule.COMMITTEE, rule.BOARD)
    assert bool(why) == (found != level)

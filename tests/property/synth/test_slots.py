"""Slots are shared out whole: every draw finds exactly one choice, and weights are kept to one slot."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from openpbc.synth.shares import slots

weights = st.dictionaries(
    st.text("ABCDEF0123456789", min_size=1, max_size=4), st.integers(0, 10**12), min_size=1
).filter(lambda given: any(given.values()))


@given(weights=weights, size=st.sampled_from([1, 64, 1024, 8192]))
def test_slots_leave_no_gap_and_no_overlap(weights: dict[str, int], size: int):
    runs = slots(size, weights)
    assert runs[0][1] == 0 and runs[-1][2] == size
    assert all(one[2] == two[1] for one, two in zip(runs, runs[1:], strict=False))
    total = sum(weights.values())
    for code, low, high in runs:
        assert abs((high - low) * total - size * weights[code]) <= total

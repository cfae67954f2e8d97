"""What may not be told to the public: each sentence says why, and what to do or when it can be told."""

from __future__ import annotations

import pytest

from openpbc.redesign.rules.public import ending_refusal, refusal
from openpbc.redesign.rules.transitions import APPROVED, LIVE, REJECTED

REFUSED = (
    (refusal("drafting", "Plain.", is_published=False), "only an approved case", "once it is approved"),
    (refusal(APPROVED, " ", is_published=False), "has no plain summary", "Write one"),
    (refusal(LIVE, "Plain.", is_published=True), "on the public page already", "Take it off before"),
    (ending_refusal(APPROVED, is_told=False), "neither refused nor withdrawn", "once it has"),
    (ending_refusal(REJECTED, is_told=True), "on the public page already", "Take that off before"),
)


@pytest.mark.parametrize(("sentence", "why", "what"), REFUSED)
def test_what_may_not_be_told_says_why_and_what_to_do(sentence: str, why: str, what: str) -> None:
    said, _, do = sentence.partition(". ")
    assert why in said
    assert what in do


def test_what_may_be_told_is_not_refused() -> None:
    assert refusal(APPROVED, "Plain.", is_published=False) == ending_refusal(REJECTED, is_told=False) == ""

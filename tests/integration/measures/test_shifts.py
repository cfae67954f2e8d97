"""Shifts in coding: a synthetic rise in one group is asked about, a normal month and growth of everything are not."""

from __future__ import annotations

import pytest

from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.steps import recompute
from openpbc.measures import actions
from openpbc.measures.reads import shifts as reads
from openpbc.measures.rules.shifts import Counts, ShiftLaw, is_shift
from openpbc.organisations import reads as organisations
from tests.integration.monitoring.invented import unit, write_run

JUNE = Month(2008, 6)
USUAL = {"A01": 400, "B01": 300, "C01": 20}


def measured(place: str, month: str, groups: dict[str, int]) -> None:
    """Leave a month as measuring would, from a run of invented stays."""
    from django.utils import timezone

    from openpbc.measures.models import MeasuredMonth

    hrgs = [hrg for hrg, count in groups.items() for _ in range(count)]
    run = write_run(month, [unit(line, hrg=hrg, charge=50_000) for line, hrg in enumerate(hrgs, start=1)])
    MeasuredMonth.objects.create(
        place=place, month=month, number=1, source_run=run, run_id=run, by="a test", at=timezone.now()
    )


def ask(place: str, groups: dict[str, int]) -> tuple[reads.Shift, ...]:
    for month in ("2008-04", "2008-05"):
        measured(place, month, USUAL)
    measured(place, str(JUNE), groups)
    return reads.shifts(organisations.book(place), JUNE)


def test_a_rise_of_thirty_in_a_hundred_is_asked_about(place: str) -> None:
    (found,) = ask(place, USUAL | {"A01": 520, "B01": 300})
    assert (found.provider, found.hrg, found.base_words) == ("RWG", "A01", "April 2008 to May 2008")
    assert found.pence == (520 - found.expected) * 50_000
    for figure in reads.FIGURES:
        told = reads.explain_shift(reads.shift_address(place, JUNE, found, figure))
        assert recompute(told) == told.value
    before = audit.head().sequence
    given = {"place": place, "month": JUNE, "provider": "RWG"}
    with pytest.raises(UserError, match="no question about B01"):
        actions.answer_shift(by=SYSTEM, hrg="B01", reason="SYNTHETIC", **given)
    assert audit.head().sequence == before
    actions.answer_shift(by=SYSTEM, hrg="A01", reason="SYNTHETIC: a ward moved here", **given)
    (answered,) = reads.shifts(organisations.book(place), JUNE)
    assert answered.reason == "SYNTHETIC: a ward moved here"
    with pytest.raises(Stale, match="answered already"):
        actions.answer_shift(by=SYSTEM, hrg="A01", reason="Another", **given)


@pytest.mark.parametrize(
    ("groups", "why"),
    [
        (USUAL, "a normal month"),
        ({"A01": 412, "B01": 289, "C01": 24}, "a month with its chance"),
        ({"A01": 520, "B01": 390, "C01": 26}, "everything grew alike"),
        (USUAL | {"C01": 29}, "too few records to look at"),
    ],
)
def test_nothing_is_asked_about(place: str, groups: dict[str, int], why: str) -> None:
    assert ask(place, groups) == (), why


def test_a_rise_must_be_more_than_chance_and_more_than_the_threshold() -> None:
    law = ShiftLaw(200_000, 30)
    assert is_shift(Counts(520, 10_000, 400, 10_000), law)
    assert not is_shift(Counts(470, 10_000, 400, 10_000), law)  # less than the threshold
    assert not is_shift(Counts(40, 10_000, 30, 10_000), law)  # a third more, and no more than chance
    assert not is_shift(Counts(520, 10_000, 0, 0), law)  # nothing to compare with
    assert not is_shift(Counts(520, 10_000, 0, 9_000), law)  # a new group has no rise; it is seen in the groups

"""Measuring a closed month, what people settle about measures, and who sees what."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from openpbc.audit import reads as audit
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.steps import recompute
from openpbc.measures import actions, reads
from openpbc.measures.models import MeasuredMonth
from openpbc.measures.reads.addresses import FIGURES, Address
from openpbc.measures.reads.marks import marks
from openpbc.measures.rules.quartiles import quantile
from openpbc.monitoring import reads as monitoring
from openpbc.organisations import reads as organisations

pytestmark = pytest.mark.one_database

APRIL, MAY = Month(2008, 4), Month(2008, 5)
VALUE = {"measure": "M-ASI", "period": "2008-05", "numerator": 6, "denominator": 100_000, "source": "SYNTHETIC"}


def test_a_measured_county(measured: str) -> None:
    _every_measure_accounts_for_every_record_it_looks_at(measured)
    _every_figure_is_explained(measured)
    _a_period_that_is_not_measured_is_a_sentence(measured)
    _stays_are_followed_once_the_next_month_is_at_hand(measured)
    _a_month_is_measured_once_and_comes_out_the_same(measured)


def _a_month_is_measured_once_and_comes_out_the_same(measured: str) -> None:
    before = audit.head().sequence
    again = actions.measure(
        by=SYSTEM, place=measured, month=MAY, source=monitoring.source_of_measures(measured, MAY), threads=2
    )
    assert again.already
    assert audit.head().sequence == before
    alone = replace(monitoring.source_of_measures(measured, MAY), earlier=())
    other = actions.measure(by=SYSTEM, place=measured, month=MAY, source=alone, threads=1)
    assert not other.already
    assert MeasuredMonth.objects.filter(place=measured, month=str(MAY)).count() == 2
    (event,) = audit.events(after=before)
    assert event.action == "measures.measure"


def _every_measure_accounts_for_every_record_it_looks_at(measured: str) -> None:
    book, period = organisations.book(measured), reads.period(measured)
    assert period is not None
    assert period.months[0].month == APRIL
    for measure in (each for each in reads.measures(book) if each.computed):
        whole = reads.whole(measure, period)
        left_out = sum(reads.left_out(period.runs, measure.code).values())
        looked_at, _ = marks(period, measure.code, "all", "", 0, 0)
        assert looked_at == whole.sums.records + left_out
        for cut in ("provider", "tfc", "hrg", "practice", "unit"):
            parts = reads.values(measure, period, cut).values()
            assert sum(part.sums.numerator for part in parts) == whole.sums.numerator, (measure.code, cut)


def _every_figure_is_explained(measured: str) -> None:
    book, period = organisations.book(measured), reads.period(measured)
    assert period is not None
    explained = 0
    for measure in (each for each in reads.measures(book) if each.computed):
        holders = [("place", ""), *(("provider", code) for code in list(reads.values(measure, period, "provider"))[:2])]
        for cut, code in holders:
            for figure in FIGURES:
                address = str(Address(measured, str(period), measure.code, cut, code, figure))
                try:
                    found = reads.explain(address, sees_records=True)
                except UserError:
                    continue
                assert recompute(found) == found.value, address
                explained += 1
    assert explained > 100
    with pytest.raises(UserError, match="names no figure"):
        reads.explain(f"measure/{measured}/{period}/M-NOT/place/all/value", sees_records=True)


def _stays_are_followed_once_the_next_month_is_at_hand(measured: str) -> None:
    april, may = (reads.period(measured, str(month)) for month in (APRIL, MAY))
    assert april is not None and may is not None
    measure = reads.measure_of(organisations.book(measured), "M-READX")
    assert measure is not None
    came_back, all_followed = reads.whole(measure, april).sums, reads.left_out(april.runs, "M-READX")
    assert came_back.numerator < came_back.denominator == came_back.records
    assert "NOT-FOLLOWED" not in all_followed
    assert reads.whole(measure, may).sums.denominator == 0 < reads.left_out(may.runs, "M-READX")["NOT-FOLLOWED"]


def _a_period_that_is_not_measured_is_a_sentence(measured: str) -> None:
    with pytest.raises(UserError, match="July 2008 is not measured"):
        reads.period(measured, "2008-07")


def test_choose_and_book_issues_are_judged_by_their_target(place: str) -> None:
    actions.enter_value(by=SYSTEM, place=place, **VALUE)
    row = next(each for each in reads.board(organisations.book(place), None) if each.measure.code == "M-ASI")
    assert row.entered is not None
    rate = row.entered.rate(row.measure)
    assert rate is not None
    assert rate * 1_000 == Fraction("0.06")
    assert row.verdict == "met"
    actions.enter_value(by=SYSTEM, place=place, **VALUE | {"numerator": 7}, seen=1)
    row = next(each for each in reads.board(organisations.book(place), None) if each.measure.code == "M-ASI")
    assert row.verdict == "missed"


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"period": "2008-13"}, "period"),
        ({"provider": "XXX"}, "provider"),
        ({"measure": "M-NCMP", "numerator": 200_000}, "numerator"),
        ({"denominator": 0}, "denominator"),
    ],
)
def test_a_wrong_value_is_refused_with_a_sentence(place: str, wrong: dict, where: str) -> None:
    before = audit.head().sequence
    with pytest.raises(UserError) as refused:
        actions.enter_value(by=SYSTEM, place=place, **VALUE | wrong)
    assert refused.value.where == where
    assert audit.head().sequence == before


def test_peers_are_versioned_and_change_the_threshold(measured: str) -> None:
    book, period = organisations.book(measured), reads.period(measured)
    assert period is not None
    measure = reads.measure_of(book, "M-NFU")
    assert measure is not None
    proposed = reads.standing(book, measure, period)
    assert not proposed.group.agreed
    facts = {"title": "Two trusts", "providers": ["RWG", "RWH"], "method": "inclusive", "reason": "SYNTHETIC"}
    assert actions.agree_peers(by=SYSTEM, place=measured, seen=0, **facts) == 1
    agreed = reads.standing(book, measure, period)
    assert set(agreed.peers) == {code for code in ("RWG", "RWH") if agreed.own[code].rate is not None}
    assert agreed.threshold == quantile(list(agreed.peers.values()), Fraction(1, 4))
    with pytest.raises(Stale, match="agreed version 1"):
        actions.agree_peers(by=SYSTEM, place=measured, seen=0, **facts)
    with pytest.raises(UserError, match="two providers"):
        actions.agree_peers(by=SYSTEM, place=measured, seen=1, **facts | {"providers": ["RWG"]})
    _a_base_year_compares_with_entered_values(measured)


def _a_base_year_compares_with_entered_values(measured: str) -> None:
    for at, provider in enumerate(("RWG", "RWH", "RVL", "RC9"), start=1):
        value = {"measure": "M-NFU", "period": "2007/08", "numerator": at, "denominator": 1, "source": "SYNTHETIC"}
        actions.enter_value(by=SYSTEM, place=measured, provider=provider, **value)
    actions.agree_peers(
        by=SYSTEM, place=measured, title="Base year", providers=["RWG", "RWH", "RVL", "RC9"], method="inclusive",
        reason="SYNTHETIC", seen=1, first=Month(2007, 4), last=Month(2008, 3),
    )  # fmt: skip
    book, period = organisations.book(measured), reads.period(measured)
    assert period is not None
    measure = reads.measure_of(book, "M-NFU")
    assert measure is not None
    assert reads.standing(book, measure, period).threshold == Fraction("1.75")


def test_a_target_is_agreed_waived_and_followed_by_an_action(place: str) -> None:
    given = {"measure": "M-DNA", "provider": "RWG"}
    reason = {"reason": "SYNTHETIC minutes"}
    actions.agree_target(by=SYSTEM, place=place, kind="at-most", rate=Fraction("0.08"), seen=0, **given, **reason)
    target = reads.target_of(organisations.book(place), "M-DNA", "RWG")
    assert target is not None
    assert target.rate == Fraction("0.08")
    with pytest.raises(UserError, match="takes no number"):
        actions.agree_target(by=SYSTEM, place=place, kind="waived", rate=Fraction(1), seen=1, **given, **reason)
    book = organisations.book(place)
    assert "M-DNA" not in reads.without_target(book, "RWG")
    assert {"M-DNA", "M-CAB"} <= set(reads.without_target(book, "RWH"))
    waiver = {"measure": "M-CAB", "provider": "RWH", "kind": "waived", "rate": None, "seen": 0}
    actions.agree_target(by=SYSTEM, place=place, **waiver, **reason)
    assert "M-CAB" not in reads.without_target(book, "RWH")
    number = actions.set_task(
        by=SYSTEM, place=place, month="2008-05", what="Text reminders", owner="contracts", due=date(2008, 9, 1), **given
    )
    actions.end_task(by=SYSTEM, place=place, number=number, outcome="Reminders are sent", **given)
    with pytest.raises(Stale, match="ended it already"):
        actions.end_task(by=SYSTEM, place=place, number=number, outcome="Again", **given)
    assert [each.open for each in reads.tasks(place)] == [False]

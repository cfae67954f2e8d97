"""What holds for every spell, whatever its facts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import cache

from hypothesis import given
from hypothesis import strategies as st

from openpbc.activity.rules.law import PricingLaw
from openpbc.activity.rules.pricing import price_spell
from openpbc.activity.rules.scheme import Status
from openpbc.activity.rules.spells import Spell
from tests.property.pricing.records import rich_law

_ADMITTED = date(2008, 5, 1)
_groups = sorted(rich_law().tariff.admitted)

spells = st.builds(
    Spell,
    key=st.just("RWG/1"), file=st.just("f"), line=st.just(1), provider=st.sampled_from(("RWG", "RVL", "RC9", "RNO")),
    adm_method=st.sampled_from(("11", "12", "21", "22", "2A", "31", "81", "99", "")),
    patient_class=st.sampled_from(("1", "2", "3", "4", "5", "8")), age=st.none() | st.integers(0, 110),
    adm_date=st.just(_ADMITTED), dis_date=st.integers(0, 200).map(lambda days: _ADMITTED + timedelta(days=days)),
    ready_date=st.none() | st.integers(0, 200).map(lambda days: _ADMITTED + timedelta(days=days)),
    tfc=st.sampled_from(("100", "303", "420")), hrg=st.sampled_from(_groups), critical_care=st.integers(0, 9),
    rehabilitation=st.integers(0, 9), palliative=st.integers(0, 9),
    unbundled=st.lists(st.sampled_from(("XU1", "XU2", "XU3", "XU9"))).map(tuple),
    clinical_codes=st.lists(st.sampled_from(("Q210", "M545", "I10X"))).map(tuple),
)  # fmt: skip


@cache
def _law() -> PricingLaw:
    return rich_law()


@given(spells)
def test_the_steps_make_the_price_and_the_parts_make_the_sum(spell: Spell) -> None:
    priced = price_spell(spell, _law())
    assert sum(step.effect for step in priced.steps) == (priced.price or 0)
    if priced.status is Status.PRICED:
        assert priced.base is not None and priced.pre_mff is not None and priced.charge is not None
        assert priced.pre_mff == priced.base + priced.topup + priced.long_stay + priced.unbundled  # type: ignore[operator]
        assert priced.charge == priced.pre_mff <= (priced.price or 0)


@given(spells)
def test_a_stay_is_never_both_short_and_long(spell: Spell) -> None:
    priced = price_spell(spell, _law())
    assert not (priced.pod == "NELST" and priced.excess_bed_days)


@given(spells, st.integers(1, 60))
def test_a_longer_stay_never_costs_less_once_it_is_not_short(spell: Spell, more: int) -> None:
    law = _law()
    assert spell.dis_date is not None
    longer = replace(spell, dis_date=spell.dis_date + timedelta(days=more), ready_date=None)
    one, other = price_spell(replace(spell, ready_date=None), law), price_spell(longer, law)
    if one.status is other.status is Status.PRICED and one.pod == other.pod:
        assert (one.price or 0) <= (other.price or 0)


@given(spells)
def test_the_order_of_codes_is_irrelevant(spell: Spell) -> None:
    turned = replace(spell, unbundled=spell.unbundled[::-1], clinical_codes=spell.clinical_codes[::-1])
    one, other = price_spell(spell, _law()), price_spell(turned, _law())
    assert replace(one, steps=()) == replace(other, steps=())


@given(spells)
def test_who_pays_the_factor_changes_the_charge_and_nothing_else(spell: Spell) -> None:
    law = _law()
    paid = replace(law, scheme=replace(law.scheme, mff_payer="COMMISSIONER"))
    one, other = price_spell(spell, law), price_spell(spell, paid)
    assert other.charge == other.price
    assert replace(one, charge=None, steps=()) == replace(other, charge=None, steps=())

"""The price of an admitted spell: class, days, resource group, base, reductions and additions, factor, charge.

The law for one record. ``sql/price_*.sql`` is its copy for millions, held equal to the penny by the property tests.
"""

from __future__ import annotations

from dataclasses import replace

from openpbc.activity.rules.classing import PODS, AdmissionClass, Stay, class_of, excess_bed_days
from openpbc.activity.rules.law import PricingLaw
from openpbc.activity.rules.priced import (
    Parts,
    Priced,
    Unit,
    best_practice,
    by_contract,
    by_tariff,
    element_steps,
    elements_of,
    grouped,
    refused,
)
from openpbc.activity.rules.scheme import Status, domain_notes
from openpbc.activity.rules.spells import Spell
from openpbc.activity.rules.tariff import AdmittedPrice, setting_price, trim_point
from openpbc.kernel.money import apply_ppm, percent_text, pounds
from openpbc.kernel.steps import Step

_CLASSING = domain_notes("Payment by Results, class of admission", "S")
_HRG = domain_notes("Payment by Results, resource group of the spell", "P")
_STAY = domain_notes("Payment by Results, length of stay", "D")
_SHORT_STAY = domain_notes("Payment by Results, short-stay emergency", "S")
_TOP_UP = domain_notes("Payment by Results, specialist top-ups", "S")
_DEDUCTION = domain_notes("Payment by Results, local unbundling", "P")
_SETTINGS = {
    AdmissionClass.DAY_CASE: "DC", AdmissionClass.ELECTIVE: "EL", AdmissionClass.EMERGENCY: "NEL",
    AdmissionClass.NON_EMERGENCY: "NEL",
}  # fmt: skip


def price_spell(spell: Spell, law: PricingLaw) -> Priced:
    """Price one admitted spell under the law of its year."""
    stay = spell.stay
    kind = class_of(spell.adm_method, spell.patient_class, stay.unadjusted if stay else None, law.codes, law.scheme)
    unit = Unit(spell.provider, PODS[kind], spell.hrg, "APPROXIMATE" if spell.approximate else "")
    if stay is None:
        if spell.dis_date is None:
            return refused(unit, Status.UNPRICED, "X-OPEN", "The spell has no discharge date")
        return refused(unit, Status.UNPRICED, "N-DATES", "The dates do not give a length of stay")
    unit = replace(unit, los=stay.qualifying, excess_bed_days=0, steps=_known(spell, kind, stay))
    if stop := _not_payable(spell, kind, law):
        return refused(unit, *stop)
    if line := law.terms.line_for(spell.provider, "apc", unit.pod, spell.hrg, spell.tfc):
        return by_contract(unit, line)
    if stop := _outside_tariff(spell, kind, law):
        return refused(unit, *stop)
    row = law.tariff.admitted.get(spell.hrg, AdmittedPrice(spell.hrg))
    full = setting_price(kind, row)
    if full is None:
        return refused(unit, Status.NO_PRICE, "X-NOPRICE", "The tariff has no price for this group in this setting")
    return _by_row(spell, kind, stay, row, full, unit, law)


def _known(spell: Spell, kind: AdmissionClass, stay: Stay) -> tuple[Step, ...]:
    method = (("admission method", spell.adm_method), ("patient classification", spell.patient_class))
    days = (
        ("from admission to discharge", str(stay.unadjusted)), ("critical care", str(spell.critical_care)),
        ("rehabilitation", str(spell.rehabilitation)), ("palliative", str(spell.palliative)),
    )  # fmt: skip
    origin = "chosen from the episodes, APPROXIMATE" if spell.approximate else "as supplied"
    parts = (("episodes", str(spell.episodes)), ("excluded", str(spell.excluded_episodes)), ("group", origin))
    return (
        Step("price.class", f"Class of admission {kind.value}", 0, method, _CLASSING),
        Step("price.hrg", f"Resource group {spell.hrg or 'missing'}", 0, parts, _HRG),
        Step("price.stay", f"Length of stay {stay.qualifying} days", 0, days, _STAY),
    )


def _not_payable(spell: Spell, kind: AdmissionClass, law: PricingLaw) -> tuple[Status, str, str] | None:
    if spell.dis_date is None or spell.dis_date not in law.period:
        return Status.UNPRICED, "N-YEAR", "The discharge lies outside the year of the tariff"
    if spell.exclusion:
        return Status.EXCLUDED, spell.exclusion, "Every episode is outside the scheme"
    if kind is AdmissionClass.UNKNOWN:
        return Status.UNPRICED, "N-CLASS", "The admission cannot be classed"
    return None


def _outside_tariff(spell: Spell, kind: AdmissionClass, law: PricingLaw) -> tuple[Status, str, str] | None:
    if kind in (AdmissionClass.REGULAR_DAY, AdmissionClass.REGULAR_NIGHT):
        return Status.EXCLUDED, "X-REG", "Regular attenders are outside the tariff"
    return grouped(spell.hrg, law.scheme.hrg_format, law.scheme)


def _by_row(
    spell: Spell, kind: AdmissionClass, stay: Stay, row: AdmittedPrice, full: int, unit: Unit, law: PricingLaw
) -> Priced:
    reduced, reduction = _short_stay(spell, kind, stay, row, full, law)
    earned, best = best_practice(row.hrg, _SETTINGS[kind], spell.bpt_flag, reduced, law)
    topup, top_up_step = _top_up(spell, full, earned, law)
    base, deducted = _done_elsewhere(spell, earned, law)
    trim = trim_point(kind, row)
    excess = excess_bed_days(stay, trim, law.scheme)
    long_stay = excess * (row.per_day or 0)
    elements = elements_of(spell.unbundled, law)
    parts = Parts(base, topup, long_stay, sum(each.amount for each in elements))
    days = (
        ("trim point", "none" if trim is None else str(trim)), ("days of delay", str(stay.delayed)),
        ("days paid", str(excess)), ("a day", pounds(row.per_day or 0)),
    )  # fmt: skip
    source = law.tariff.source("admitted")
    steps = (
        *unit.steps,
        Step("price.base", f"Price of {row.hrg} {row.name}".strip(), full, (("POD", unit.pod),), source),
        *reduction,
        *best,
        *deducted,
        *top_up_step,
        Step("price.long_stay", "Days beyond the trim point", long_stay, days, source),
        *element_steps(elements, law),
    )
    pod = "NELST" if reduction else unit.pod
    unit = replace(unit, pod=pod, excess_bed_days=excess, steps=steps, elements=elements)
    return by_tariff(unit, parts, law)


def _short_stay(
    spell: Spell, kind: AdmissionClass, stay: Stay, row: AdmittedPrice, full: int, law: PricingLaw
) -> tuple[int, tuple[Step, ...]]:
    """Reduce an adult's short emergency stay to the row's reduced price, or to its share of the full one."""
    scheme = law.scheme
    los = stay.qualifying if scheme.sse_los == "ADJUSTED" else stay.unadjusted
    if kind is not AdmissionClass.EMERGENCY or not row.sse_applies or los >= scheme.sse_below_days:
        return full, ()
    if spell.age is None or spell.age < scheme.sse_age_from:
        return full, ()
    if row.sse_price is not None:
        base, how = row.sse_price, pounds(row.sse_price)
    elif row.sse_ppm is not None:
        base, how = apply_ppm(full, row.sse_ppm), percent_text(row.sse_ppm)
    else:
        return full, ()
    inputs = (("age", str(spell.age)), ("days", str(los)), ("reduced to", how))
    return base, (Step("price.short_stay", "Short-stay emergency", base - full, inputs, _SHORT_STAY),)


def _top_up(spell: Spell, full: int, base: int, law: PricingLaw) -> tuple[int, tuple[Step, ...]]:
    """Add the single highest top-up for which the provider is eligible and the spell has a trigger code."""
    topups = law.tariff.topups
    rates = [
        (topups.rates[area], area)
        for code, area in topups.triggers
        if (spell.provider, area) in topups.providers and any(c.startswith(code) for c in spell.clinical_codes)
    ]
    if not rates:
        return 0, ()
    ppm, area = max(rates)
    of = base if law.scheme.topup_base == "AFTER_SSE" else full
    amount = apply_ppm(of, ppm)
    inputs = (("area", area), ("rate", percent_text(ppm)), ("of", pounds(of)))
    return amount, (Step("price.top_up", "Specialist top-up", amount, inputs, _TOP_UP),)


def _done_elsewhere(spell: Spell, earned: int, law: PricingLaw) -> tuple[int, tuple[Step, ...]]:
    """Take off what the contract leaves out for elements that another provider did; never below nothing."""
    left, steps = earned, []
    for each in law.terms.unbundled_from(spell.provider, spell.hrg):
        if each.element in spell.elsewhere:
            off = min(left, each.deduction)
            left -= off
            inputs = (("element", each.element), ("deduction", pounds(each.deduction)))
            steps.append(Step("price.unbundle", f"Element {each.element} done elsewhere", -off, inputs, _DEDUCTION))
    return left, tuple(steps)

"""The price of an A&E attendance: its resource group, or the type of department, gives a band; a band has one price."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from openpbc.activity.rules.exclusions import exclusion_of, facts_of
from openpbc.activity.rules.law import PricingLaw
from openpbc.activity.rules.priced import Parts, Priced, Unit, by_contract, by_tariff, grouped, refused
from openpbc.activity.rules.scheme import Status, domain_notes
from openpbc.kernel.steps import Step

_RULES = domain_notes("Payment by Results, A&E", "R")
POD = "AE"


@dataclass(frozen=True)
class Arrival:
    """One accepted A&E attendance; text is empty and the date None where not given."""

    file: str
    line: int
    key: str
    provider: str
    commissioner: str
    csn: str
    admin_category: str
    arrival_date: date | None
    department_type: str
    disposal: str
    hrg: str


def arrival_of(row: Mapping[str, Any]) -> Arrival:
    """Read an accepted A&E row (typed, by canonical column names)."""
    names = "file provider commissioner csn admin_category department_type disposal hrg".split()
    return Arrival(
        line=int(row["line"]),
        key=str(row.get("attendance_id") or ""),
        arrival_date=row.get("arrival_date"),
        **{name: str(row.get(name) or "") for name in names},
    )


def price_arrival(arrival: Arrival, law: PricingLaw) -> Priced:
    """Price one A&E attendance under the law of its year."""
    unit = Unit(arrival.provider, POD, arrival.hrg)
    if stop := _not_payable(arrival, law):
        return refused(unit, *stop)
    if line := law.terms.line_for(arrival.provider, "ae", POD, arrival.hrg, ""):
        return by_contract(unit, line)
    by_department = law.codes.ae_departments.get(arrival.department_type, "")
    if not by_department and (stop := grouped(arrival.hrg, law.scheme.ae_hrg_format, law.scheme)):
        return refused(unit, *stop)
    band = by_department or law.tariff.ae_bands.get(arrival.hrg, "")
    price = law.tariff.band_prices.get(band)
    if price is None:
        return refused(unit, Status.NO_PRICE, "X-NOPRICE", "The tariff has no band or price for this attendance")
    how = "type of department" if by_department else "resource group"
    inputs = (("band", band), ("by", how), ("group", arrival.hrg), ("department", arrival.department_type))
    step = Step("price.band", f"A&E attendance, band {band}", price, inputs, law.tariff.source("emergency"))
    return by_tariff(replace(unit, steps=(step,)), Parts(price), law)


def _not_payable(arrival: Arrival, law: PricingLaw) -> tuple[Status, str, str] | None:
    if arrival.arrival_date is None or arrival.arrival_date not in law.period:
        return Status.UNPRICED, "N-YEAR", "The attendance lies outside the year of the tariff"
    facts = facts_of(arrival.admin_category, arrival.commissioner, "", arrival.csn)
    if reason := exclusion_of(facts, law.exclusions):
        return Status.EXCLUDED, reason, "The attendance is outside the scheme"
    pays = law.terms.left_before_treatment.get(arrival.provider, law.scheme.pay_left_before_treatment)
    if arrival.disposal in law.codes.ae_left and not pays:
        return Status.EXCLUDED, "X-LEFT", "The patient left before treatment"
    return None

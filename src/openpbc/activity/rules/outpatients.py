"""The price of an out-patient attendance.

Paid only if the patient was seen, at the tariff only if a consultant leads the clinic and, unless the year's tariff
prices other contacts too, face to face; a procedure with a price of its own takes the place of the attendance.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from openpbc.activity.rules.exclusions import exclusion_of, facts_of
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
from openpbc.activity.rules.scheme import Codes, PaymentScheme, Status, domain_notes
from openpbc.activity.rules.spells import unbundled_codes
from openpbc.kernel.steps import Step

_RULES = domain_notes("Payment by Results, out-patients", "R")
_FIRST = ("FIRST", "TELE_FIRST")


@dataclass(frozen=True)
class Appointment:
    """One accepted out-patient appointment; text is empty and age and date None where not given."""

    file: str
    line: int
    key: str
    provider: str
    commissioner: str
    csn: str
    admin_category: str
    appointment_date: date | None
    age: int | None
    first_attendance: str
    attended_or_dna: str
    multi_professional_ind: str
    main_spec: str
    tfc: str
    hrg: str
    unbundled: tuple[str, ...] = ()
    bpt_flag: str = ""


def appointment_of(row: Mapping[str, Any]) -> Appointment:
    """Read an accepted out-patient row (typed, by canonical column names)."""
    names = (
        "file provider commissioner csn admin_category first_attendance attended_or_dna multi_professional_ind "
        "main_spec tfc hrg"
    ).split()
    return Appointment(
        line=int(row["line"]),
        key=str(row.get("attendance_id") or ""),
        appointment_date=row.get("appointment_date"),
        age=row.get("age"),
        unbundled=unbundled_codes(str(row.get("unbundled_hrg") or "")),
        bpt_flag=str(row.get("bpt_flag") or ""),
        **{name: str(row.get(name) or "") for name in names},
    )


def pod_of(contact: str, consultant_led: bool, several: bool) -> str:
    """Give the national point-of-delivery code of a kind of contact; an unknown kind is OTHER."""
    if contact.startswith("TELE_"):
        return "NF2FFA" if contact in _FIRST else "NF2FFUP"
    if contact not in ("FIRST", "FOLLOW_UP"):
        return "OTHER"
    turn = "FA" if contact in _FIRST else "FUP"
    return f"OP{turn}{'M' if several else 'S'}P{'CL' if consultant_led else 'NCL'}"


def is_child(age: int | None, tfc: str, codes: Codes, scheme: PaymentScheme) -> bool:
    """Tell whether an attendance is paid as a child's: by age, or by a treatment function for children."""
    return tfc in codes.child_functions or (age is not None and age < scheme.child_below_age)


def price_attendance(appointment: Appointment, law: PricingLaw) -> Priced:
    """Price one out-patient appointment under the law of its year."""
    codes = law.codes
    contact = codes.first_attendance.get(appointment.first_attendance, "")
    consultant_led = appointment.main_spec not in codes.not_consultant_led
    several = (
        appointment.multi_professional_ind in codes.multi_professional
        and appointment.provider in law.terms.multi_professional
    )
    steps = (_known(appointment, contact, consultant_led, several),)
    unit = Unit(appointment.provider, pod_of(contact, consultant_led, several), appointment.hrg, steps=steps)
    if stop := _not_payable(appointment, contact, law):
        return refused(unit, *stop)
    if line := law.terms.line_for(unit.provider, "op", unit.pod, appointment.hrg, appointment.tfc):
        return by_contract(unit, line)
    remote = contact.startswith("TELE_")
    if not consultant_led or (remote and not law.scheme.nf2f_by_tariff):
        return refused(unit, Status.NO_PRICE, "X-NOPRICE", "The tariff has no price for this kind of clinic or contact")
    if not remote and (procedure := _procedure(appointment, contact, unit, law)):
        return procedure
    return _attendance(appointment, contact, several, unit, law)


def _known(appointment: Appointment, contact: str, consultant_led: bool, several: bool) -> Step:
    inputs = (
        ("attended", appointment.attended_or_dna),
        ("contact", contact or "unknown"),
        ("main specialty", appointment.main_spec),
        ("consultant-led", "yes" if consultant_led else "no"),
        ("several professions paid", "yes" if several else "no"),
    )
    return Step("price.contact", f"Kind of contact {contact or 'unknown'}", 0, inputs, _RULES)


def _not_payable(appointment: Appointment, contact: str, law: PricingLaw) -> tuple[Status, str, str] | None:
    attended = law.codes.attendance.get(appointment.attended_or_dna, "")
    if not attended:
        return Status.UNPRICED, "N-ATTENDED", "Whether the patient attended is not recorded"
    if attended == "FUTURE":
        return Status.UNPRICED, "N-FUTURE", "The appointment is still to come"
    if attended == "MISSED":
        return Status.EXCLUDED, "X-DNA", "The patient was not seen"
    if appointment.appointment_date is None or appointment.appointment_date not in law.period:
        return Status.UNPRICED, "N-YEAR", "The appointment lies outside the year of the tariff"
    return _outside_scheme(appointment, contact, law)


def _outside_scheme(appointment: Appointment, contact: str, law: PricingLaw) -> tuple[Status, str, str] | None:
    facts = facts_of(appointment.admin_category, appointment.commissioner, appointment.tfc, appointment.csn)
    if reason := exclusion_of(facts, law.exclusions):
        return Status.EXCLUDED, reason, "The attendance is outside the scheme"
    if contact == "ADMIN":
        return Status.EXCLUDED, "X-ADMIN", "The entry is no attendance"
    if not contact:
        return Status.UNPRICED, "N-FIRST", "First or follow-up is not recorded"
    return None


def _procedure(appointment: Appointment, contact: str, unit: Unit, law: PricingLaw) -> Priced | None:
    """Pay a procedure whose resource group has an out-patient price, whatever the attendance would cost."""
    hrg = appointment.hrg
    if not hrg or re.fullmatch(law.scheme.op_attendance_hrgs, hrg) or grouped(hrg, law.scheme.hrg_format, law.scheme):
        return None
    row = law.tariff.admitted.get(hrg)
    if row is None or row.op_procedure is None:
        return None
    pod = "OPPROCFA" if contact in _FIRST else "OPPROCFUP"
    label = f"Out-patient procedure {row.hrg} {row.name}".strip()
    step = Step("price.procedure", label, row.op_procedure, (("POD", pod),), law.tariff.source("admitted"))
    price, best = best_practice(row.hrg, "OPPROC", appointment.bpt_flag, row.op_procedure, law)
    return _closed(appointment, replace(unit, pod=pod, steps=(*unit.steps, step, *best)), price, law)


def _attendance(appointment: Appointment, contact: str, several: bool, unit: Unit, law: PricingLaw) -> Priced:
    child = is_child(appointment.age, appointment.tfc, law.codes, law.scheme)
    key = (appointment.tfc, contact, "MULTI" if several else "SINGLE", "CHILD" if child else "ADULT")
    price = law.tariff.attendances.get(key)
    if price is None:
        return refused(unit, Status.NO_PRICE, "X-NOPRICE", "The tariff has no price for this function and contact")
    inputs = (("function", key[0]), ("contact", key[1]), ("professions", key[2]), ("age", key[3]))
    step = Step("price.attendance", f"Attendance in function {key[0]}", price, inputs, law.tariff.source("attendances"))
    return _closed(appointment, replace(unit, steps=(*unit.steps, step)), price, law)


def _closed(appointment: Appointment, unit: Unit, price: int, law: PricingLaw) -> Priced:
    """Add the unbundled elements, each a line of its own, and close the attendance with its tariff price."""
    elements = elements_of(appointment.unbundled, law)
    unit = replace(unit, steps=(*unit.steps, *element_steps(elements, law)), elements=elements)
    return by_tariff(unit, Parts(price, unbundled=sum(each.amount for each in elements)), law)

"""What kind of admission a spell is, and how many of its days count."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from openpbc.activity.rules.scheme import Codes, PaymentScheme


class AdmissionClass(StrEnum):
    """The classes that payment knows; UNKNOWN cannot be priced."""

    DAY_CASE = "DC"
    ELECTIVE = "EL"
    EMERGENCY = "EM"
    NON_EMERGENCY = "NE"
    REGULAR_DAY = "REGDAY"
    REGULAR_NIGHT = "REGNIGHT"
    UNKNOWN = "UNKNOWN"


PODS: Mapping[AdmissionClass, str] = {
    AdmissionClass.DAY_CASE: "DC",
    AdmissionClass.ELECTIVE: "EL",
    AdmissionClass.EMERGENCY: "NEL",
    AdmissionClass.NON_EMERGENCY: "NELNE",
    AdmissionClass.REGULAR_DAY: "RADAY",
    AdmissionClass.REGULAR_NIGHT: "RANIGHT",
    AdmissionClass.UNKNOWN: "OTHER",
}
"""National point-of-delivery code of each class."""

_BY_METHOD = {"EMERGENCY": AdmissionClass.EMERGENCY, "NON_EMERGENCY": AdmissionClass.NON_EMERGENCY}
_REGULAR = {"REGULAR_DAY": AdmissionClass.REGULAR_DAY, "REGULAR_NIGHT": AdmissionClass.REGULAR_NIGHT}


@dataclass(frozen=True)
class Stay:
    """The days of a spell: as dated, as counted for payment, and waited for discharge. All whole days."""

    unadjusted: int
    qualifying: int
    delayed: int


def class_of(
    adm_method: str, patient_class: str, unadjusted_days: int | None, codes: Codes, scheme: PaymentScheme
) -> AdmissionClass:
    """Class an admission by its method and patient classification; the first test that fits decides.

    A day case that stays overnight, and a regular attender who stays past 24 hours, count as ordinary.
    ``unadjusted_days`` is None while the spell is open.
    """
    kind = _kept_as_recorded(codes.patient_classes.get(patient_class, ""), unadjusted_days or 0, scheme)
    if kind in _REGULAR:
        return _REGULAR[kind]
    method = codes.admission_methods.get(adm_method, "")
    if method == "ELECTIVE" and kind == "DAY_CASE":
        return AdmissionClass.DAY_CASE
    if method == "ELECTIVE" and kind == "ORDINARY":
        return AdmissionClass.ELECTIVE
    return _BY_METHOD.get(method, AdmissionClass.UNKNOWN)


def _kept_as_recorded(kind: str, unadjusted_days: int, scheme: PaymentScheme) -> str:
    if kind == "DAY_CASE" and unadjusted_days >= scheme.day_case_ordinary_from_days:
        return "ORDINARY"
    if kind in _REGULAR and unadjusted_days >= scheme.regular_attender_ordinary_from_days:
        return "ORDINARY"
    return kind


def stay_of(admitted: date, discharged: date, ready: date | None, adjusted_days: int) -> Stay:
    """Count the days of a stay; ``adjusted_days`` (critical care, rehabilitation, palliative) do not qualify."""
    unadjusted = (discharged - admitted).days
    delayed = (discharged - ready).days if ready else 0
    return Stay(unadjusted, max(0, unadjusted - adjusted_days), max(0, delayed))


def excess_bed_days(stay: Stay, trim_point: int | None, scheme: PaymentScheme) -> int:
    """Count the qualifying days beyond the trim point, less days of delayed discharge if the scheme relieves them."""
    if trim_point is None:
        return 0
    beyond = max(0, stay.qualifying - trim_point)
    return max(0, beyond - stay.delayed) if scheme.delayed_discharge_relief else beyond

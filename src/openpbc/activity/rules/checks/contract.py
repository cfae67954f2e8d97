"""The checks of a line of contract monitoring: the contract's totals, and the patient's lines, drugs and devices.

What a point of delivery may leave out, and which lists the codes are of, is data (``data.contract.pods``).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from openpbc.activity.rules.checks.fields import bad_day, missing, stand_in, unlisted
from openpbc.activity.rules.checks.record import Check, Record
from openpbc.kernel import codes

NO_ACTIVITY, NO_HRG, NO_PATIENT = "pod.no_activity", "pod.no_hrg", "pod.no_patient"
TOTALS = "acm"
PATIENTS = "plcm"
DRUGS, DEVICES = "drplcm", "deplcm"
# What tells one line of totals from another: everything but its measures.
KEY = (
    "provider site commissioner practice gp_practice residence_org fin_month fin_year created_at reporting_type tfc"
    " main_spec sub_spec ward service_category service_code mh_category pod pod_detail pod_detail_words local_pod"
    " local_pod_words local_contract local_contract_words local_monitoring local_monitoring_words detail detail_words"
    " tariff_code national_tariff csn prov_ref line_no"
).split()
_YEAR = re.compile(r"(20[0-9]{2})([0-9]{2})")
_FIRST_YEAR, _LAST_YEAR = 2005, 2050
_CREATED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]")
_ACTIVITY = re.compile(r"-?[0-9]{1,10}([.][0-9]{1,3})?")
_POUNDS = re.compile(r"-?[0-9]{1,13}([.][0-9]{1,4})?")
_NOUGHT = re.compile(r"-?0+([.]0+)?")


def _year_wrong(record: Record) -> bool:
    """A financial year is two calendar years that follow each other, from 2005/06 to 2050/51."""
    match = _YEAR.fullmatch(record.text("fin_year") or "")
    if match is None:
        return True
    first = int(match[1])
    return not _FIRST_YEAR <= first <= _LAST_YEAR or int(match[2]) != (first + 1) % 100


def _month_wrong(record: Record) -> bool:
    number = record.number("fin_month")
    return number is None or number > 13


def _other_month(record: Record) -> bool:
    """A line of the months 1 to 12 belongs to the month of its file; 0 and 13 belong to the year."""
    month, number = record.file.month, record.number("fin_month")
    if month is None or _month_wrong(record) or _year_wrong(record) or number in (0, 13):
        return False
    label = f"{month.year_of.first.year}{(month.year_of.first.year + 1) % 100:02}"
    return record.text("fin_year") != label or number != (month.first.month - 4) % 12 + 1


def _of_pods(record: Record, kind: str) -> bool:
    return record.text("pod") in record.lists.codes.get(kind, {})


def _misshapen(field: str, shape: str) -> Check:
    def test(record: Record) -> bool:
        text = record.text(field)
        return text is not None and not codes.matches(shape, text)

    return Check("CM-05", field, test)


def _site_unwanted(record: Record) -> bool:
    return record.has("site") and _of_pods(record, NO_ACTIVITY)


def _no_function(record: Record) -> bool:
    return not record.has("tfc") and not _of_pods(record, NO_ACTIVITY)


def _no_group(record: Record) -> bool:
    code, shape = record.text("tariff_code"), record.lists.group
    if code is None or shape is None or _of_pods(record, NO_HRG):
        return False
    return re.match(f"({shape})", code) is None


def _activity_wrong(record: Record) -> bool:
    return _ACTIVITY.fullmatch(record.text("activity") or "") is None


def _activity_unwanted(record: Record) -> bool:
    text = record.text("activity")
    return (
        text is not None and _of_pods(record, NO_ACTIVITY) and not (_activity_wrong(record) or _NOUGHT.fullmatch(text))
    )


def _no_pounds(field: str) -> Check:
    return Check("CM-12", field, lambda record: _POUNDS.fullmatch(record.text(field) or "") is None)


def _nhs_number(record: Record) -> bool:
    given = record.text("nhs_number")
    return given is not None and not codes.nhs_number_ok(given)


_HEADER: tuple[Check, ...] = (
    Check("CM-01", "provider", lambda record: (record.text("provider") or "").endswith("00")),
    Check("CM-02", "fin_month", _month_wrong),
    Check("CM-02", "fin_year", _year_wrong),
    Check("CM-03", "fin_month", _other_month),
    Check("CM-04", "created_at", lambda record: _CREATED.fullmatch(record.text("created_at") or "") is None),
    _misshapen("site", codes.SITE),
    _misshapen("commissioner", codes.COMMISSIONER),
    _misshapen("residence_org", codes.COMMISSIONER),
)
_LINE: tuple[Check, ...] = (
    Check("CM-06", "site", _site_unwanted),
    Check("CM-07", "tfc", _no_function),
    missing("CM-08", "service_category"),
    missing("CM-09", "pod"),
    Check("CM-10", "tariff_code", _no_group),
    Check("CM-11", "national_tariff", lambda record: not record.one_of("national_tariff", ("Y", "N"))),
    Check("CM-13", "activity", _activity_unwanted),
)
_LISTED = ("tfc", "main_spec", "service_category", "pod")
_PATIENT: tuple[Check, ...] = (
    Check("V-ALL-03", "nhs_number", _nhs_number),
    bad_day("dob"),
    bad_day("activity_date"),
    missing("CM-14", "practice"),
    *(unlisted("V-ALL-10", field) for field in ("sex", "ethnic")),
    *(stand_in(field) for field in ("sex", "ethnic")),
)


def _of_contract(parties: Sequence[Check], own: Sequence[Check]) -> tuple[Check, ...]:
    return (*parties, *_HEADER, *(unlisted("V-ALL-10", field) for field in _LISTED), *own)


def contract_checks(parties: Sequence[Check]) -> dict[str, tuple[Check, ...]]:
    """Give the checks of every stream of contract monitoring; ``parties`` are those of who sent it and who pays."""
    item = (missing("CM-15", "item_name"), missing("CM-16", "activity_date"), _no_pounds("total_cost"))
    money = (Check("CM-12", "activity", _activity_wrong), _no_pounds("price"), _no_pounds("mff"))
    return {
        TOTALS: _of_contract(parties, (*_LINE, *money)),
        PATIENTS: _of_contract(parties, (*_LINE, *money, *_PATIENT)),
        DRUGS: _of_contract(parties, (*_PATIENT, *item)),
        DEVICES: _of_contract(parties, (*_PATIENT, *item)),
    }


def repeated_totals(records: Sequence[Record]) -> set[int]:
    """Give the places of lines of totals that repeat an earlier one in everything but its measures (CM-17)."""
    seen: set[tuple[str | None, ...]] = set()
    again: set[int] = set()
    for at, record in enumerate(records):
        if record.stream != TOTALS:
            continue
        key = tuple(record.text(field) for field in KEY)
        if key in seen:
            again.add(at)
        seen.add(key)
    return again

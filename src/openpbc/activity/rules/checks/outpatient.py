"""The checks of an outpatient record."""

from __future__ import annotations

from openpbc.activity.rules.checks.fields import bad_day, missing, outside_month, unlisted
from openpbc.activity.rules.checks.parties import of_parties
from openpbc.activity.rules.checks.record import Check, Record, after

_SEEN = ("5", "6")
_FUTURE = "0"
_ADMINISTRATIVE = "5"
_FIRST = ("1", "3")


def _seen(record: Record) -> bool:
    return record.one_of("attended_or_dna", _SEEN)


def _seen_later(record: Record) -> bool:
    month = record.file.month
    return _seen(record) and month is not None and after(record.day("appointment_date"), month.last)


def _not_future(record: Record) -> bool:
    month, day = record.file.month, record.day("appointment_date")
    future = record.one_of("attended_or_dna", (_FUTURE,))
    return future and month is not None and day is not None and day <= month.last


def _first_or_not(record: Record) -> bool:
    if not record.has("first_attendance"):
        return _seen(record)
    return record.one_of("first_attendance", (_ADMINISTRATIVE,)) and record.has("proc_01")


def _no_source(record: Record) -> bool:
    return record.one_of("first_attendance", _FIRST) and not record.has("source_of_referral")


OUTPATIENT: tuple[Check, ...] = (
    *of_parties(()),
    outside_month("appointment_date"),
    *(
        unlisted("V-ALL-10", field)
        for field in ("first_attendance", "attended_or_dna", "outcome", "priority_type", "source_of_referral")
    ),
    unlisted("V-ALL-11", "tfc", needed=True),
    unlisted("V-ALL-11", "main_spec"),
    Check("V-OP-01", "appointment_date", _seen_later),
    Check("V-OP-02", "first_attendance", _first_or_not),
    Check(
        "V-OP-03",
        "referral_received_date",
        lambda record: after(record.day("referral_received_date"), record.day("appointment_date")),
    ),
    Check("V-OP-04", "outcome", lambda record: _seen(record) and not record.has("outcome")),
    Check("V-OP-05", "attended_or_dna", _not_future),
    Check("V-OP-06", "source_of_referral", _no_source),
    bad_day("referral_received_date"),
    Check("T-03", "appointment_date", lambda record: record.day("appointment_date") is None),
    missing("T-04", "attendance_id"),
)

"""The checks of an A&E record. Clock times without a date count on from the arrival, over midnight where need be."""

from __future__ import annotations

from openpbc.activity.rules.checks.fields import bad_day, bad_time, missing, outside_month, unlisted
from openpbc.activity.rules.checks.parties import of_parties
from openpbc.activity.rules.checks.record import Check, Record, after

_DAY = 24 * 60
_WEEK = 7 * _DAY
_BROUGHT_IN_DEAD, _DIED = "70", "10"
_BETWEEN = ("initial_assessment_time", "seen_time", "conclusion_time")
_TIMES = ("arrival_time", "departure_time", *_BETWEEN)
_LISTS = ("attendance_category", "arrival_mode", "department_type", "patient_group", "referral_source", "disposal")


def stay_of(record: Record) -> int | None:
    """Count the minutes in the department; without a date of departure, to the next such time on the clock."""
    came, went = record.minute("arrival_time"), record.minute("departure_time")
    if came is None or went is None:
        return None
    if not record.has("departure_date"):
        return (went - came) % _DAY
    arrived, left = record.day("arrival_date"), record.day("departure_date")
    return None if arrived is None or left is None else (left - arrived).days * _DAY + went - came


def _left_too_early(record: Record) -> bool:
    stay = stay_of(record)
    return stay is not None and stay < 0


def _left_on_an_earlier_day(record: Record) -> bool:
    """Where times are missing, the days can still contradict each other."""
    return stay_of(record) is None and after(record.day("arrival_date"), record.day("departure_date"))


def _out_of_order(field: str) -> Check:
    def test(record: Record) -> bool:
        stay, came, at = stay_of(record), record.minute("arrival_time"), record.minute(field)
        if stay is None or came is None or at is None or stay < 0:
            return False
        return (at - came) % _DAY > stay

    return Check("V-AE-01", field, test)


def _long(record: Record) -> bool:
    stay = stay_of(record)
    return stay is not None and stay > _WEEK


def _dead_but_left(record: Record) -> bool:
    return record.one_of("patient_group", (_BROUGHT_IN_DEAD,)) and not record.one_of("disposal", (_DIED,))


EMERGENCY: tuple[Check, ...] = (
    *of_parties(("attendance_category", "referral_source", "disposal")),
    outside_month("arrival_date"),
    *(unlisted("V-ALL-10", field) for field in _LISTS),
    missing("V-AE-01", "arrival_date"),
    missing("V-AE-01", "arrival_time"),
    Check("V-AE-01", "departure_date", _left_on_an_earlier_day),
    Check("V-AE-01", "departure_time", _left_too_early),
    *(_out_of_order(field) for field in _BETWEEN),
    Check("V-AE-02", "departure_date", _long),
    Check("V-AE-04", "disposal", _dead_but_left),
    bad_day("departure_date"),
    Check("T-03", "arrival_date", lambda record: record.day("arrival_date") is None),
    missing("T-04", "attendance_id"),
    *(bad_time(field) for field in _TIMES),
)

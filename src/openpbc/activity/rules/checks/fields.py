"""Checks of one field that streams have in common: how it is written, whether it is listed, whether it is there."""

from __future__ import annotations

from openpbc.activity.rules.checks.record import Check, Record


def outside_month(field: str) -> Check:
    """Check that a date lies in the file's month (V-ALL-07)."""

    def test(record: Record) -> bool:
        day, month = record.day(field), record.file.month
        return day is not None and month is not None and day not in month

    return Check("V-ALL-07", field, test)


def unlisted(rule: str, field: str, *, needed: bool = False) -> Check:
    """Check that a code stands in its national list on the activity date; ``needed`` ones may not be missing."""

    def test(record: Record) -> bool:
        if not record.has(field):
            return needed
        return record.active is not None and record.listed(field, record.active) is None

    return Check(rule, field, test)


def stand_in(field: str) -> Check:
    """Find a code that stands for not known (D-01)."""

    def test(record: Record) -> bool:
        found = record.listed(field, record.active)
        return found is not None and found.stands_in

    return Check("D-01", field, test)


def bad_day(field: str) -> Check:
    """Find a date that is filled and is none (T-01)."""
    return Check("T-01", field, lambda record: record.has(field) and record.day(field) is None)


def bad_number(field: str) -> Check:
    """Find a number that is filled and is none (T-02)."""
    return Check("T-02", field, lambda record: record.has(field) and record.number(field) is None)


def bad_time(field: str) -> Check:
    """Find a time of day that is filled and is none (T-06)."""
    return Check("T-06", field, lambda record: record.has(field) and record.minute(field) is None)


def missing(rule: str, field: str) -> Check:
    """Find a field that is not filled."""
    return Check(rule, field, lambda record: not record.has(field))

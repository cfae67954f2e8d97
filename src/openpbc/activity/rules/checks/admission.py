"""Holds A&E against admitted care of the same run: who is said to have been admitted must have a stay (V-AE-03)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from openpbc.activity.rules.checks.record import Broken, Record
from openpbc.kernel.codes import NHS_NUMBER, clean_nhs_number, provider_match

NO_STAY: Broken = ("V-AE-03", "disposal")
_ADMITTED, _DELETES = ("01",), ("1",)
_DAY = timedelta(days=1)
Person = tuple[str, str, str]  # provider, kind of number, number


def without_stay(attendances: Sequence[Record], episodes: Sequence[Record]) -> list[bool]:
    """Tell of each A&E attendance whether it ended in an admission to which no stay of the patient belongs.

    A stay belongs to it when it begins at the same provider on the day of leaving, the day before or the day after;
    times of admission are often not given. A provider is judged only where its admitted care is in the run, in files
    that also hold stays that go on, and not for those who left on the last day of the month: their stay may begin in
    the next.
    """
    silent = {_provider(each) for each in episodes if NO_STAY[0] in each.file.without}
    telling = {_provider(each) for each in episodes} - silent - {None}  # who names no provider is judged for that
    begun = {
        (person, admitted)
        for each in episodes
        if (admitted := each.day("adm_date")) is not None and not each.one_of("update_type", _DELETES)
        for person in _persons(each)
    }
    return [_lacks_stay(each, telling, begun) for each in attendances]


def _lacks_stay(record: Record, telling: set[str | None], begun: set[tuple[Person, date]]) -> bool:
    if not record.one_of("disposal", _ADMITTED) or record.one_of("update_type", _DELETES):
        return False
    left, month, persons = (
        record.day("departure_date") or record.day("arrival_date"),
        record.file.month,
        _persons(record),
    )
    if left is None or month is None or left >= month.last or not persons or _provider(record) not in telling:
        return False
    return not any((person, left + beside) in begun for person in persons for beside in (-_DAY, 0 * _DAY, _DAY))


def _provider(record: Record) -> str | None:
    given = record.text("provider")
    return None if given is None else provider_match(given)


def _persons(record: Record) -> list[Person]:
    """Say by which numbers a provider knows the patient: the national one, and its own."""
    provider, number = _provider(record), clean_nhs_number(record.text("nhs_number") or "")
    national = number if re.fullmatch(NHS_NUMBER, number) else None
    found = (("national", national), ("own", record.text("local_patient_id")))
    return [(provider or "", kind, known) for kind, known in found if known is not None]

"""V-AE-03: whoever is said to have been admitted from A&E has a stay at the same provider, on that day or beside it."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from openpbc.activity.rules.checks import NO_STAY, FileFacts
from openpbc.kernel.periods import Month
from tests.property.activity.engines import Row, by_law, by_sql
from tests.spec.activity.tables import clean, levels, lists

JUNE = Month(2008, 6)
AE, APC = "a" * 12, "b" * 12
OWN = FileFacts("RWG", True, JUNE)
ADMITTED = {"disposal": "01", "arrival_date": "2008-06-12", "departure_date": None, "local_patient_id": "P1"}
STAY = {"adm_date": "2008-06-12", "local_patient_id": "P1"}
NOBODY = {"nhs_number": None, "nhs_number_status": "03"}


# what differs in the attendance, what differs in the stay (None: there is none), what is known of the stay's file
@pytest.mark.parametrize(
    ("attendance", "stay", "file", "found"),
    [
        ({}, {}, OWN, False),
        ({}, {"adm_date": "2008-06-11"}, OWN, False),
        ({}, {"adm_date": "2008-06-13"}, OWN, False),
        ({}, {"adm_date": "2008-06-14"}, OWN, True),
        ({}, {"adm_date": "2008-06-10"}, OWN, True),
        ({"departure_date": "2008-06-13"}, {"adm_date": "2008-06-14"}, OWN, False),
        ({}, {"local_patient_id": "P2"}, OWN, False),  # the same NHS number
        (NOBODY, {"nhs_number": "9990000026"}, OWN, False),  # the same local number
        ({"nhs_number": "999 000 0018"}, {"local_patient_id": None}, OWN, False),
        (NOBODY, {"local_patient_id": "P2"}, OWN, True),
        (NOBODY | {"local_patient_id": None}, {}, OWN, False),  # nobody can tell who it was
        ({"disposal": "03"}, {"adm_date": "2008-06-01"}, OWN, False),
        ({}, {"provider": "RWH"}, OWN, False),  # RWG's admitted care is not in the run
        ({}, {"adm_date": "2008-06-01"}, FileFacts("RWG", True, JUNE, frozenset({"V-AE-03"})), False),
        ({"arrival_date": "2008-06-30"}, {}, OWN, False),  # the stay may begin in July
        ({"arrival_date": "2008-06-29"}, {}, OWN, True),
        ({}, {"update_type": "1"}, OWN, True),
        ({"update_type": "1"}, {"adm_date": "2008-06-01"}, OWN, False),
    ],
)
def test_who_was_admitted_has_a_stay(
    attendance: Mapping[str, str | None], stay: Mapping[str, str | None], file: FileFacts, found: bool
) -> None:
    rows = [
        Row("ae", AE, 1, clean("ae") | ADMITTED | attendance),
        Row("apc", APC, 1, clean("apc") | STAY | stay),
    ]
    for engine in (by_law, by_sql):
        judged = engine(rows, {AE: OWN, APC: file}, lists(), levels())
        assert (NO_STAY in judged["ae", AE, 1].broken) == found, engine

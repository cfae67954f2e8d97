"""Readmissions: the law for one provider and its copy over a run give the same pence."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest

from openpbc.activity.flow import adjusting
from openpbc.activity.flow.adjusting import COLUMNS
from openpbc.activity.rules.adjustments import (
    AdjustmentLaw,
    Admission,
    ReadmissionExclusion,
    ReadmissionLaw,
    not_paid,
    readmissions,
)
from openpbc.warehouse.session import Session

ONE_THREAD = partial(Session, threads=1)
_START = date(2011, 4, 1)
_EXCLUSIONS = (
    ReadmissionExclusion("status", "NO_PRICE", "NO_PRICE", "no national price"),
    ReadmissionExclusion("hrg", "NZ", "NZ", "maternity"),
    ReadmissionExclusion("age", "000", "003", "a child under four"),
    ReadmissionExclusion("diag_first", "C00", "D48", "cancer"),
    ReadmissionExclusion("diag_second", "V01", "V99", "a transport accident"),
    ReadmissionExclusion("index_dis_method", "2", "2", "left against advice"),
    ReadmissionExclusion("adm_method", "2B", "2B", "an emergency transfer"),
)
_STATUSES = ("PRICED",) * 8 + ("NO_PRICE", "LOCAL", "UNPRICED", "EXCLUDED")
LAWS = {
    "same provider": ReadmissionLaw(30, True, _EXCLUSIONS),
    "any provider, a week": ReadmissionLaw(7, False, _EXCLUSIONS[2:]),
}
THRESHOLDS = {"RAA": 10_000, "RBB": 250_000}


def invented(seed: int, number: int) -> list[Admission]:
    """Draw admissions that reach every branch; the same seed gives the same ones."""
    draw = random.Random(seed)
    made = []
    for at in range(number):
        admitted = _START + timedelta(days=draw.randrange(120))
        discharged = admitted + timedelta(days=draw.choice((0, 0, 1, 2, 5, 12)))
        made.append(
            Admission(
                id=f"f{draw.randrange(3)}:{at}", provider=draw.choice(("RAA", "RAA", "RBB", "RCC")),
                person=draw.choice(("", *(f"P{draw.randrange(number // 4)}" for _ in range(5)))),
                kind=draw.choice(("EM", "EM", "EM", "NE", "EL", "DC", "")),
                adm_date=None if draw.randrange(60) == 0 else admitted,
                dis_date=None if draw.randrange(20) == 0 else discharged, age=draw.choice((0, 3, 4, 50, 104, None)),
                hrg=draw.choice(("AA22C", "NZ30A", "")), tfc="100", adm_method=draw.choice(("21", "2B", "11")),
                dis_method=draw.choice(("1", "1", "1", "2", "")), diagnoses=_diagnoses(draw),
                status=draw.choice(_STATUSES), charge=draw.randrange(1_000_000),
            )
        )  # fmt: skip
    return made


def _diagnoses(draw: random.Random) -> str:
    """A first one, two at the next places, and one at the last of thirteen."""
    first = draw.choice(("C509", "D489", "E10", "J18"))
    second, third = draw.choice(("", "V892", "I10")), draw.choice(("", "V01", "W01"))
    return ";".join((first, second, third, *[""] * 9, draw.choice(("", "", "V475", "C509"))))


def by_sql(
    listed: list[Admission], law: AdjustmentLaw, opened: Callable[[], Session] = ONE_THREAD
) -> tuple[list[tuple[object, ...]], ...]:
    """Give the readmissions, and what was settled by provider, from the copy."""
    with opened() as session:
        adjusting.begin(session, law)
        session.table("admission", COLUMNS, [[getattr(each, name) for name in COLUMNS] for each in listed])
        adjusting.settle(session, THRESHOLDS)
        return (
            session.rows(
                "select id, provider, index_id, index_kind, days, reason, charge from readmission order by id"
            ),
            session.rows("select * from readmission_settled order by provider"),
        )


@pytest.mark.parametrize("name", LAWS)
def test_readmissions_agree(name: str) -> None:
    listed = invented(15, 8_000)
    law = AdjustmentLaw(readmission=LAWS[name], kinds=adjusting.KINDS)
    found = readmissions(listed, LAWS[name])
    lines, settled = by_sql(listed, law)
    assert [(r.id, r.provider, r.index, r.index_kind, r.days, r.reason, r.charge) for r in found] == lines
    assert len(found) > 200 and {r.reason for r in found} >= {
        "",
        "no price",
        "a child under four",
        "cancer",
        "a transport accident",
    }
    for provider, *amounts in settled:
        discharges = sum(
            each.provider == provider and each.kind in ("EM", "NE") and each.dis_date is not None for each in listed
        )
        own = not_paid([r for r in found if r.provider == provider], discharges, THRESHOLDS.get(provider))
        expected = [
            own.after_elective, own.value, own.cases, own.allowed, own.beyond, own.after_non_elective,
        ]  # fmt: skip
        assert amounts == expected
        assert own.after_non_elective is None or 0 <= own.after_non_elective <= own.value
    assert {provider for provider, *_ in settled} == {"RAA", "RBB", "RCC"}
    assert [row for row in settled if row[-1] is None][0][0] == "RCC", "no threshold is agreed with RCC"

"""The test of a contract's totals: the law and the warehouse agree, pence are kept, and what is held is bounded."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as some

from openpbc.activity.flow import reconciling
from openpbc.activity.rules.reconciliation import (
    AGREES,
    CARE,
    TOTALS,
    UNBACKED,
    Agreement,
    Amount,
    reconcile,
    shares_of_care,
)
from openpbc.warehouse.session import Session

NO_PATIENT = ("BLOCK", "CQUIN")
PODS = ("DC", "EL", "ELXBD", "DRUG", "BLOCK", "CQUIN")
STREAMS = (TOTALS, "plcm", "drplcm", "deplcm")
lines = some.builds(
    Amount,
    provider=some.sampled_from(("RWG", "RWH")),
    commissioner=some.sampled_from(("5P3", "5P4")),
    pod=some.sampled_from(PODS),
    category=some.sampled_from(("12", "21", "")),
    source=some.sampled_from((*STREAMS, TOTALS)),
    pence=some.sampled_from((0, 1, -1, 2, 100, 101, -100, 10_000, 9_999)),
    outside_tariff=some.booleans(),
)
care = some.tuples(
    some.sampled_from(("RWG", "RWH", "RXX")),
    some.sampled_from(("5P3", "5P4")),
    some.sampled_from(("DC", "EL")),
    some.integers(-1_000, 10_000),
    some.sampled_from((0, 0, 333, 1_000)),
    some.integers(0, 9_000),
)
Care = tuple[str, str, str, int, int, int]


def by_law(listed: Sequence[Amount], units: Sequence[Care], tolerance: int) -> list[Agreement]:
    shares = [
        Amount(provider, commissioner, own, "", CARE, pence)
        for provider, commissioner, pod, charge, long_stay, pre_mff in units
        for own, pence in shares_of_care(pod, charge, long_stay, pre_mff)
    ]
    return reconcile([*listed, *shares], NO_PATIENT, tolerance)


def by_sql(session: Session, listed: Sequence[Amount], units: Sequence[Care], tolerance: int) -> list[Agreement]:
    text = dict.fromkeys(("provider", "commissioner", "pod"), "VARCHAR")
    session.table(
        "priced",
        {**text, "charge": "BIGINT", "long_stay": "BIGINT", "pre_mff": "BIGINT", "stream": "VARCHAR"},
        [(*unit, "apc") for unit in units],
    )
    session.table(
        "accepted_contract",
        {
            **text,
            "service_category": "VARCHAR",
            "stream": "VARCHAR",
            "price": "BIGINT",
            "outside_tariff": "BOOLEAN",
            "mff": "BIGINT",
        },
        [
            (one.provider, one.commissioner, one.pod, one.category, one.source, one.pence - 7, one.outside_tariff, 7)
            for one in listed
        ],
    )
    session.table(
        "check_code",
        {"field": "VARCHAR", "code": "VARCHAR"},
        [("pod.no_patient", code) for code in NO_PATIENT],
    )
    reconciling.lay_settings(session, "apart", tolerance)
    reconciling.reconcile(session)
    names = ", ".join(Agreement.__dataclass_fields__)
    return [Agreement(*row) for row in session.rows(f"select {names} from reconciliation order by 1, 2, 3")]


def test_the_law_and_its_copy_agree() -> None:
    with Session(threads=1) as session:

        @settings(max_examples=60, deadline=None)
        @given(some.lists(lines, max_size=25), some.lists(care, max_size=10), some.sampled_from((0, 1, 100)))
        def held(listed: list[Amount], units: list[Care], tolerance: int) -> None:
            assert by_sql(session, listed, units, tolerance) == by_law(listed, units, tolerance)

        held()


@given(some.lists(lines, max_size=40), some.sampled_from((0, 1, 100)))
def test_pence_are_kept_and_steps_lead_to_the_residual(listed: list[Amount], tolerance: int) -> None:
    found = reconcile(listed, NO_PATIENT, tolerance)
    assert sum(one.acm for one in found) == sum(one.pence for one in listed if one.source == TOTALS)
    for one in found:
        assert sum(step.effect for step in one.steps) == one.residual
        assert (one.verdict == AGREES) == (abs(one.residual) <= tolerance)
        assert 0 <= one.held <= max(0, one.residual)
        assert one.held == 0 or (one.verdict == UNBACKED and one.held <= one.outside_tariff)


@given(some.lists(lines, max_size=20), some.randoms(use_true_random=False))
def test_order_is_irrelevant(listed: list[Amount], dice: object) -> None:
    shuffled = list(listed)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert reconcile(shuffled, NO_PATIENT, 1) == reconcile(listed, NO_PATIENT, 1)


def test_a_charge_without_backing_data_is_held() -> None:
    charged = [
        Amount("RWG", "5P4", "DRUG", "12", TOTALS, 150_000, outside_tariff=True),
        Amount("RWG", "5P4", "DRUG", "12", "drplcm", 100_000),
        Amount("RWG", "5P4", "DC", "12", TOTALS, 50_000),
        Amount("RWG", "5P4", "BLOCK", "12", TOTALS, 9_000, outside_tariff=True),
    ]
    block, day_case, drug = reconcile(charged, NO_PATIENT, 1)
    assert (drug.residual, drug.held, drug.verdict) == (50_000, 50_000, UNBACKED)
    assert (day_case.residual, day_case.held, day_case.verdict) == (50_000, 0, UNBACKED)  # within tariff: a difference
    assert (block.residual, block.held, block.verdict) == (0, 0, AGREES)


def test_a_penny_agrees_and_two_do_not() -> None:
    for pence, verdict in ((100, AGREES), (101, AGREES), (99, AGREES), (102, UNBACKED)):
        (one,) = reconcile(
            [Amount("RWG", "5P4", "DC", "12", TOTALS, pence), Amount("RWG", "5P4", "DC", "", CARE, 100)], (), 1
        )
        assert one.verdict == verdict, pence

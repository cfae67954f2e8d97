"""Explains one price: whose care it was and every step from the record to the money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from openpbc.activity.rules.attribution import Geography
from openpbc.activity.rules.law import PricingLaw
from openpbc.activity.rules.units import Row, UnitOfCare, unit_of
from openpbc.kernel.citations import Citation
from openpbc.kernel.money import pounds
from openpbc.kernel.steps import Explanation

FORMULA = "price = (base + top-up + days beyond the trim point + unbundled elements) x market forces factor"
_NAMES = {"apc": "Admitted spell", "op": "Out-patient appointment", "ae": "A&E attendance"}


def explain_price(
    address: str,
    stream: str,
    rows: Sequence[Row],
    law: PricingLaw,
    places: Geography,
    run_month: str,
    stored: Mapping[str, Any] | None = None,
    evidence: tuple[tuple[str, str], ...] = (),
    statuses: tuple[str, ...] = (),
    elsewhere: frozenset[str] = frozenset(),
) -> Explanation:
    """Explain the price of one unit from its accepted rows (a spell's episodes, or one row), in pence.

    ``stored`` is the unit's record in the table ``priced``; where the law now gives another answer, a note says so. A
    unit without a price is explained as 0 with a note that tells why none is stated.
    """
    unit = unit_of(stream, rows, law, places, run_month, elsewhere)
    steps = (*unit.attributed.steps, *unit.priced.steps)
    return Explanation(
        address=address,
        title=f"{_NAMES[stream]} {unit.key}: {unit.priced.pod}, {unit.priced.status.value}",
        value=unit.priced.price or 0,
        unit="pence",
        formula=FORMULA,
        steps=steps,
        citations=_citations(step.citation for step in steps if step.citation),
        evidence=evidence,
        notes=(*_told(unit, law), *_differences(unit, stored)),
        statuses=statuses,
    )


def _citations(cited: Iterable[Citation]) -> tuple[Citation, ...]:
    return tuple(dict.fromkeys(cited))


def _told(unit: UnitOfCare, law: PricingLaw) -> tuple[str, ...]:
    """Say what the status means for the figure, and the sentence of its reason."""
    priced = unit.priced
    reason = law.reasons.get(priced.reason)
    notes = [reason.sentence] if reason else []
    if priced.price is None:
        notes.append("No price is stated; the figure counts as 0 in sums.")
    elif priced.charge is not None and priced.charge != priced.price:
        notes.append(f"The budget is charged {pounds(priced.charge)}; the factor is paid by {law.scheme.mff_payer}.")
    return tuple(notes)


def _differences(unit: UnitOfCare, stored: Mapping[str, Any] | None) -> tuple[str, ...]:
    if stored is None:
        return ()
    record = unit.record()
    return tuple(
        f"The published run holds {name} = {_shown(stored[name])}; the law as it stands gives {_shown(record[name])}."
        for name in record
        if name in stored and stored[name] != record[name]
    )


def _shown(value: object) -> str:
    return "none" if value is None or value == "" else str(value)

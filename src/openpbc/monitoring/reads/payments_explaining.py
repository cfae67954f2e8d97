"""Explain what a contract pays: every figure of a payment as the sum of its steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from openpbc.contracts.reads import MECHANISMS
from openpbc.kernel.citations import Citation
from openpbc.kernel.money import percent_text, pounds
from openpbc.kernel.periods import Month
from openpbc.kernel.steps import Explanation, Step
from openpbc.monitoring.reads.addresses import Address, Selection, nowhere
from openpbc.monitoring.reads.payments import (
    ACTIVITY,
    DUE,
    FIGURES,
    MARGINAL,
    MECHANISM,
    PREFIX,
    READMISSION,
    Payment,
    Payments,
    payment_address,
    payments,
)
from openpbc.organisations import reads as organisations

_ADJUSTMENTS = Citation("openpbc-domain-notes", "Payment by Results, contract-level adjustments", "S")
_MECHANISMS = Citation("openpbc-domain-notes", "NHS Payment Scheme", "S")
FORMULAS: Mapping[str, str] = {
    ACTIVITY: "sum of the charge of every counted record of the closed months, by point of delivery",
    MECHANISM: "fixed part of the closed months + variable part",
    MARGINAL: "emergencies above the baseline to date x (marginal rate - 1)",
    READMISSION: "-(readmissions after elective care + what lies above the threshold of the others)",
    DUE: "by the mechanism + marginal rate + readmissions",
}


def explain_payment(address: str) -> Explanation:
    """Explain ``payment/<place>/<month>/<provider>/<figure>``; one that cannot be told says what to fill."""
    parts = address.split("/")
    if len(parts) != 5 or parts[0] != PREFIX or parts[4] not in FIGURES:
        raise nowhere(address)
    place, month, provider, figure = parts[1], Month.parse(parts[2]), parts[3], parts[4]
    if month.year_of != organisations.book(place).place.year:
        raise nowhere(address)
    found = payments(place, month)
    row = found.of(provider)
    value = row.figure(figure) if row else None
    if row is None or value is None:
        raise nowhere(address)
    steps = _STEPS[figure](found, row)
    names = {each.code: each.short_name for each in organisations.providers(place)}
    return Explanation(
        address=address,
        title=f"{FIGURES[figure]}, {names.get(provider, provider)}, April to {month.name}",
        value=value,
        unit="pence",
        formula=FORMULAS[figure],
        steps=steps,
        citations=tuple(dict.fromkeys(step.citation for step in steps if step.citation)),
        evidence=(("place", place), ("book", found.book.hash), *(("run", run) for _, run in found.published.runs)),
        notes=_notes(found, row, figure),
        statuses=tuple(sorted({str(held.status) for held in found.adjustments.held})),
    )


def _notes(found: Payments, row: Payment, figure: str) -> tuple[str, ...]:
    told = []
    if found.published.missing:
        told.append(f"Not closed yet, so not counted: {', '.join(each.name for each in found.published.missing)}.")
    if figure in row.off:
        told.append("This does not apply to the contract in this year.")
    return tuple(told)


def _activity(found: Payments, row: Payment) -> tuple[Step, ...]:
    def shown(pod: str) -> str:
        cut = Selection(provider=row.provider, pod=pod)
        return str(Address(found.book.place.id, found.month, cut, "ytd-actual-charge"))

    return tuple(
        Step("payment.activity", f"Charge of {pod}", charge, (("point of delivery", pod),), None, shown(pod))
        for pod, charge in sorted(row.by_pod.items())
    )


def _mechanism(found: Payments, row: Payment) -> tuple[Step, ...]:
    words = MECHANISMS.get(row.mechanism, "no contract in the register: activity is paid at its price")
    agreed = found.terms.agreed.get(row.provider)
    source = found.terms.citations.get("contracts.agreed_values")
    yearly = "none" if agreed is None or agreed.fixed is None else pounds(agreed.fixed)
    past = ", ".join(pounds(each) for each in agreed.past) if agreed and agreed.past else "none"
    months = (("agreed for the year", yearly), ("past years", past), ("closed months", str(len(found.published.runs))))
    activity = payment_address(found.book.place.id, found.month, row.provider, ACTIVITY)
    pods = found.terms.variable_pods if row.mechanism == "API" else None
    named = "all" if pods is None else ", ".join(sorted(pods & row.by_pod.keys())) or "none"
    each = (("points of delivery", named),)
    return (
        Step("payment.fixed", f"Fixed part ({words})", row.paid.fixed or 0, months, source or _MECHANISMS),
        Step("payment.variable", "Variable part", row.paid.variable or 0, each, _MECHANISMS, activity),
    )


def _marginal(found: Payments, row: Payment) -> tuple[Step, ...]:
    seen = row.emergencies
    if MARGINAL in row.off or seen is None or seen.baseline is None or not row.marginal:
        compared = (
            () if seen is None else (("emergencies", pounds(seen.actual)), ("baseline", pounds(seen.baseline or 0)))
        )
        return (Step("payment.marginal", "Nothing is taken off", 0, compared, _ADJUSTMENTS),)
    excess = seen.actual - seen.baseline
    inputs = (("emergencies at full price", pounds(seen.actual)), ("baseline to date", pounds(seen.baseline)))
    return (
        Step("payment.marginal_excess", "Emergencies above the baseline", -excess, inputs, _ADJUSTMENTS),
        Step(
            "payment.marginal_paid", "Paid of it at the marginal rate", excess + row.marginal,
            (("rate", percent_text(seen.rate_ppm)),), _ADJUSTMENTS,
        ),
    )  # fmt: skip


def _readmission(found: Payments, row: Payment) -> tuple[Step, ...]:
    settled = (found.readmissions.by_provider or {}).get(row.provider)
    if READMISSION in row.off or settled is None:
        return (Step("payment.readmission", "Nothing is taken off", 0, (), _ADJUSTMENTS),)
    own = [each for each in found.readmissions.lines if each.provider == row.provider and not each.reason]
    lines = tuple(
        Step(
            "payment.readmission_elective", "Emergency admission after elective care", -each.charge,
            (("days after discharge", str(each.days)),), _ADJUSTMENTS, each.address,
        )
        for each in own
        if each.index_kind in ("EL", "DC")
    )  # fmt: skip
    pooled = (
        ("value of the others", pounds(settled.value)), ("number", str(settled.cases)),
        ("allowed by the threshold", str(settled.allowed)), ("above it", str(settled.beyond)),
    )  # fmt: skip
    rest = -(settled.after_non_elective or 0)
    return (*lines, Step("payment.readmission_pool", "Above the threshold", rest, pooled, _ADJUSTMENTS))


def _due(found: Payments, row: Payment) -> tuple[Step, ...]:
    return tuple(
        Step(
            f"payment.{name}", FIGURES[name], row.figure(name) or 0, (), None,
            payment_address(found.book.place.id, found.month, row.provider, name),
        )
        for name in (MECHANISM, MARGINAL, READMISSION)
    )  # fmt: skip


_STEPS: Mapping[str, Callable[[Payments, Payment], tuple[Step, ...]]] = {
    ACTIVITY: _activity, MECHANISM: _mechanism, MARGINAL: _marginal, READMISSION: _readmission, DUE: _due,
}  # fmt: skip

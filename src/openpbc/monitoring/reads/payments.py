"""What contracts pay for the year to date: by their mechanism, less the marginal rate and readmissions.

The prices of records and the budgets' charge are not touched; this is what the commissioner and the provider settle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.activity import reads as activity
from openpbc.activity.reads import ReadmissionsFound, YearsAdjustments
from openpbc.contracts import reads as contracts
from openpbc.contracts.reads import Paid, PaymentTerms
from openpbc.kernel.periods import Month
from openpbc.monitoring.reads.actuals import actuals
from openpbc.monitoring.reads.addresses import Selection
from openpbc.monitoring.reads.months import Published, published
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

PREFIX = "payment"
ACTIVITY, MECHANISM, MARGINAL, READMISSION, DUE = "activity", "mechanism", "marginal", "readmission", "due"
FIGURES: Mapping[str, str] = {
    ACTIVITY: "Activity at full price",
    MECHANISM: "By the contract's mechanism",
    MARGINAL: "Marginal rate for emergencies",
    READMISSION: "Readmissions not paid",
    DUE: "To pay",
}
# Only what is paid by the tariff is adjusted by the tariff's rules.
ADJUSTED = frozenset({"PBR_TARIFF"})


@dataclass(frozen=True)
class Emergencies:
    """Emergencies of a provider against its baseline to date, in pence; no baseline agreed is None."""

    actual: int
    baseline: int | None
    rate_ppm: int


@dataclass(frozen=True)
class Payment:
    """One provider's payment to date, in pence. A figure that is None cannot be told: ``missing`` names what to fill.

    ``mechanism`` is empty where the register has no contract. A figure of ``off`` does not apply here.
    """

    provider: str
    mechanism: str
    by_pod: Mapping[str, int]
    paid: Paid
    emergencies: Emergencies | None
    marginal: int | None
    readmission: int | None
    off: frozenset[str]
    missing: Mapping[str, str]

    @property
    def due(self) -> int | None:
        """What is to be paid, None while a part of it cannot be told."""
        if self.paid.value is None or self.marginal is None or self.readmission is None:
            return None
        return self.paid.value + self.marginal + self.readmission

    def figure(self, name: str) -> int | None:
        """Give one of the figures."""
        return {
            ACTIVITY: sum(self.by_pod.values()), MECHANISM: self.paid.value, MARGINAL: self.marginal,
            READMISSION: self.readmission, DUE: self.due,
        }[name]  # fmt: skip


@dataclass(frozen=True)
class Payments:
    """Every provider's payment from April to a month, over the months that are closed."""

    book: Book
    month: Month
    published: Published
    adjustments: YearsAdjustments
    terms: PaymentTerms
    readmissions: ReadmissionsFound
    rows: tuple[Payment, ...]

    def of(self, provider: str) -> Payment | None:
        """Give one provider's payment."""
        return next((row for row in self.rows if row.provider == provider), None)


def payments(place: str, month: Month) -> Payments:
    """Settle what every contract pays from April to a month, over its closed months."""
    book, known = organisations.book(place), published(place, month)
    found, terms = activity.years_adjustments(place), contracts.payment_terms(place)
    returned = activity.readmissions_to_date(place, [(str(at), run) for at, run in known.runs], terms.thresholds)
    mechanisms = {each.provider: each.mechanism for each in contracts.register(place, str(month.year_of))}
    seen = actuals(known, book.place.commissioner, "provider", Selection()).codes
    base = Payments(book, month, known, found, terms, returned, ())
    rows = tuple(_payment(base, provider, mechanisms.get(provider, "")) for provider in sorted({*mechanisms, *seen}))
    return Payments(book, month, known, found, terms, returned, rows)


def _payment(base: Payments, provider: str, mechanism: str) -> Payment:
    by_pod = _charges(base, Selection(provider=provider))
    missing: dict[str, str] = {}
    paid = _paid(base, provider, mechanism, by_pod)
    if paid.missing:
        missing[MECHANISM] = paid.missing
    off = set()
    emergencies, marginal = _marginal(base, provider)
    readmission = _readmission(base, provider)
    law = base.adjustments.law
    if mechanism not in ADJUSTED or (law and law.marginal_ppm is None):
        off.add(MARGINAL)
        marginal = 0
    if mechanism not in ADJUSTED or (law and law.readmission is None):
        off.add(READMISSION)
        readmission = 0
    unset = "payment.{}_applies" if law is None else ""
    if marginal is None:
        missing[MARGINAL] = unset.format("marginal_rate") or "contracts.marginal_baselines"
    if readmission is None:
        missing[READMISSION] = unset.format("readmission") or "contracts.readmission_thresholds"
    return Payment(
        provider, mechanism, by_pod, paid, emergencies, marginal, readmission, frozenset(off), missing
    )  # fmt: skip


def _charges(base: Payments, cut: Selection) -> dict[str, int]:
    found = actuals(base.published, base.book.place.commissioner, "pod", cut)
    return {pod: found.to_date(pod, base.published.keys).charge for pod in found.codes}


def _paid(base: Payments, provider: str, mechanism: str, by_pod: Mapping[str, int]) -> Paid:
    if not mechanism:
        return Paid(0, sum(by_pod.values()))
    return contracts.paid_to_date(
        mechanism,
        len(base.published.runs),
        by_pod,
        base.terms.agreed.get(provider, contracts.Agreed()),
        base.terms.variable_pods,
        base.terms.low_volume_years,
    )


def _marginal(base: Payments, provider: str) -> tuple[Emergencies | None, int | None]:
    law = base.adjustments.law
    if law is None or law.marginal_ppm is None:
        return None, None
    by_status = {
        pod: actuals(base.published, base.book.place.commissioner, "status", Selection(provider=provider, pod=pod))
        for pod in law.marginal_pods
    }
    actual = sum(found.to_date("PRICED", base.published.keys).charge for found in by_status.values())
    year = base.terms.baselines.get(provider)
    baseline = None if year is None else activity.baseline_to_date(year, len(base.published.runs))
    adjustment = None if baseline is None else activity.marginal_adjustment(actual, baseline, law.marginal_ppm)
    return Emergencies(actual, baseline, law.marginal_ppm), adjustment


def _readmission(base: Payments, provider: str) -> int | None:
    law = base.adjustments.law
    if law is None or law.readmission is None:
        return None
    settled = (base.readmissions.by_provider or {}).get(provider)
    if settled is None:
        return 0
    return None if settled.amount is None else -settled.amount


def payment_address(place: str, month: Month, provider: str, figure: str) -> str:
    """Give the address of a figure of a payment."""
    return "/".join((PREFIX, place, str(month), provider, figure))

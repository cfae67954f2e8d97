"""What a contract pays for a year to date, by the mechanism that it names; the prices of records are not touched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.kernel.money import round_div
from openpbc.kernel.problems import UserError

PBR_TARIFF, ACTIVITY, API, LVA, LOCAL, BLOCK = "PBR_TARIFF", "ACTIVITY", "API", "LVA", "LOCAL", "BLOCK"
MECHANISMS: Mapping[str, str] = {
    PBR_TARIFF: "national tariff",
    ACTIVITY: "unit prices for all activity",
    API: "aligned payment: a fixed part and a variable part",
    LVA: "low-volume block, the average of past years",
    LOCAL: "local prices",
    BLOCK: "block sum",
}
MONTHS = 12


@dataclass(frozen=True)
class Agreed:
    """What a contract pays whatever is done, in pence a year; None where no sum is agreed. ``past`` are past years."""

    fixed: int | None = None
    past: tuple[int, ...] = ()


@dataclass(frozen=True)
class Paid:
    """What is paid to date: the fixed and the variable part in pence; None where a part cannot be told, and why."""

    fixed: int | None
    variable: int | None
    missing: str = ""

    @property
    def value(self) -> int | None:
        """Both parts together."""
        return None if self.fixed is None or self.variable is None else self.fixed + self.variable


def paid_to_date(
    mechanism: str,
    months: int,
    by_pod: Mapping[str, int],
    agreed: Agreed,
    variable_pods: frozenset[str] | None,
    low_volume_years: int | None,
) -> Paid:
    """Value the first months of a year.

    ``by_pod`` is the charge of the activity to date. ``variable_pods`` (of an aligned payment) and ``low_volume_years``
    are None where the year's scheme does not set them.
    """
    whole = sum(by_pod.values())
    if mechanism in (PBR_TARIFF, ACTIVITY):
        return Paid(0, whole)
    if mechanism == LOCAL:
        return Paid(0 if agreed.fixed is None else _part(agreed.fixed, months), whole)
    if mechanism == BLOCK:
        return _fixed(agreed, months, 0)
    if mechanism == API:
        if variable_pods is None:
            return Paid(None, None, "payment.variable_pods")
        return _fixed(agreed, months, sum(amount for pod, amount in by_pod.items() if pod in variable_pods))
    if mechanism == LVA:
        return _low_volume(agreed, months, low_volume_years)
    raise UserError(f"'{mechanism[:20]}' is no payment mechanism", do=f"Use {', '.join(MECHANISMS)}.")


def _part(year: int, months: int) -> int:
    return round_div(year * months, MONTHS)


def _fixed(agreed: Agreed, months: int, variable: int) -> Paid:
    if agreed.fixed is None:
        return Paid(None, variable, "contracts.agreed_values")
    return Paid(_part(agreed.fixed, months), variable)


def _low_volume(agreed: Agreed, months: int, years: int | None) -> Paid:
    if years is None:
        return Paid(None, 0, "payment.low_volume_years")
    if len(agreed.past) != years:
        return Paid(None, 0, "contracts.agreed_values")
    return Paid(round_div(sum(agreed.past) * months, years * MONTHS), 0)

"""What every priced unit shares: its parts, market forces factor, charge and steps, and how a refusal is told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from openpbc.activity.rules.law import PricingLaw
from openpbc.activity.rules.scheme import ContractLine, PaymentScheme, Status, domain_notes
from openpbc.kernel.money import apply_mff, pounds
from openpbc.kernel.steps import Step

_UNBUNDLED = domain_notes("Payment by Results, pricing of admitted spells", "P")
_BEST_PRACTICE = domain_notes("Payment by Results, pricing of admitted spells", "S")
_MFF = domain_notes("Payment by Results, market forces factor", "R")
_EXCLUSIONS = domain_notes("Payment by Results, exclusions", "S")
_LOCAL = domain_notes("Payment by Results, exclusions (local prices and blocks)", "P")


@dataclass(frozen=True)
class Element:
    """An unbundled element as a line of its own: how often it was done, its price (None: there is none), the sum."""

    code: str
    times: int
    price: int | None

    @property
    def amount(self) -> int:
        """What the element adds to the unit, in pence."""
        return self.times * (self.price or 0)


@dataclass(frozen=True)
class Parts:
    """The parts of a tariff price before the market forces factor, in pence; ``base`` is after any reduction."""

    base: int
    topup: int = 0
    long_stay: int = 0
    unbundled: int = 0

    @property
    def pre_mff(self) -> int:
        """The sum of the parts."""
        return self.base + self.topup + self.long_stay + self.unbundled


@dataclass(frozen=True)
class Priced:
    """What pricing made of one unit of activity.

    Money is pence. It is None where there is no price to state (UNPRICED, NO_PRICE, a local price not agreed) and 0
    where nothing is paid (EXCLUDED) or where the tariff's price is 0. ``price`` includes the market forces factor,
    ``charge`` is what the commissioner pays. ``los`` and ``excess_bed_days`` are days, None where there is no stay. The
    effects of ``steps`` add up to ``price`` (to 0 where there is none).
    """

    status: Status
    reason: str
    pod: str
    hrg: str
    base: int | None = None
    topup: int | None = None
    long_stay: int | None = None
    unbundled: int | None = None
    pre_mff: int | None = None
    mff_amount: int | None = None
    price: int | None = None
    charge: int | None = None
    los: int | None = None
    excess_bed_days: int | None = None
    steps: tuple[Step, ...] = ()
    elements: tuple[Element, ...] = ()


@dataclass(frozen=True)
class Unit:
    """What the closing steps need to know of a unit: who gave it, what it is, what was decided so far."""

    provider: str
    pod: str
    hrg: str
    reason: str = ""
    los: int | None = None
    excess_bed_days: int | None = None
    steps: tuple[Step, ...] = ()
    elements: tuple[Element, ...] = ()


def refused(unit: Unit, status: Status, reason: str, told: str) -> Priced:
    """Close a unit that gets no tariff price: nothing is paid if excluded, and no price is stated otherwise.

    The closing step takes back what earlier steps had added, so that the steps still add up to nothing.
    """
    added = sum(step.effect for step in unit.steps)
    step = Step(f"price.{status.value.lower()}", f"{told} ({reason})", -added, (("status", status.value),), _EXCLUSIONS)
    steps = (*unit.steps, step)
    if status is not Status.EXCLUDED:
        return Priced(
            status, reason, unit.pod, unit.hrg, los=unit.los, excess_bed_days=unit.excess_bed_days, steps=steps
        )
    return Priced(status, reason, unit.pod, unit.hrg, 0, 0, 0, 0, 0, 0, 0, 0, unit.los, unit.excess_bed_days, steps)


def by_contract(unit: Unit, line: ContractLine) -> Priced:
    """Close a unit that a contract line pays: nothing beside a block, else the local price, without MFF."""
    if line.arrangement == "BLOCK":
        return refused(unit, Status.EXCLUDED, "X-LOCAL", "The contract pays the service as a block")
    if line.price is None:
        return refused(unit, Status.LOCAL, "LOCAL-UNSET", "The contract pays this locally but no amount is agreed")
    price = line.price
    inputs = (("provider", line.provider), ("POD", line.pod or "any"), ("code", line.code or "any"))
    steps = (*unit.steps, Step("price.local", "Local price of the contract", price, inputs, _LOCAL))
    return Priced(
        Status.LOCAL, "LOCAL", unit.pod, unit.hrg, price, 0, 0, 0, price, 0, price, price,
        unit.los, unit.excess_bed_days, steps,
    )  # fmt: skip


def by_tariff(unit: Unit, parts: Parts, law: PricingLaw) -> Priced:
    """Close a unit with its tariff price: apply the provider's market forces factor once, then decide the charge."""
    mff = law.mff.get(unit.provider)
    if mff is None:
        return refused(unit, Status.UNPRICED, "N-MFF", "The provider has no market forces factor")
    price = apply_mff(parts.pre_mff, mff)
    amount = price - parts.pre_mff
    charge = price if law.scheme.commissioner_pays_mff else parts.pre_mff
    steps = (
        *unit.steps,
        Step(
            "price.mff", "Market forces factor", amount,
            (("before", pounds(parts.pre_mff)), ("factor", f"{mff // 10**7}.{mff % 10**7:07d}")), _MFF,
        ),
        Step(
            "price.charge", f"The commissioner is charged {pounds(charge)}", 0,
            (("price", pounds(price)), ("factor paid by", law.scheme.mff_payer)), _MFF,
        ),
    )  # fmt: skip
    return Priced(
        Status.PRICED, unit.reason, unit.pod, unit.hrg, parts.base, parts.topup, parts.long_stay, parts.unbundled,
        parts.pre_mff, amount, price, charge, unit.los, unit.excess_bed_days, steps, unit.elements,
    )  # fmt: skip


def elements_of(codes: Sequence[str], law: PricingLaw) -> tuple[Element, ...]:
    """Count the unbundled elements of a unit and look their prices up."""
    return tuple(Element(code, codes.count(code), law.tariff.unbundled.get(code)) for code in sorted(set(codes)))


def element_steps(elements: Sequence[Element], law: PricingLaw) -> tuple[Step, ...]:
    """Tell each unbundled element; one without a national price adds nothing and says so."""
    return tuple(
        Step(
            "price.unbundled", f"Unbundled element {each.code}", each.amount,
            (
                ("group", each.code), ("times", str(each.times)),
                ("price", "no national price" if each.price is None else pounds(each.price)),
            ),
            law.tariff.source("unbundled") or _UNBUNDLED,
        )
        for each in elements
    )  # fmt: skip


def best_practice(hrg: str, setting: str, flag: str, base: int, law: PricingLaw) -> tuple[int, tuple[Step, ...]]:
    """Replace the price by the one for best practice, or add to it, where the record earns it."""
    found = law.tariff.best_practice_of(hrg, setting, flag)
    if found is None:
        return base, ()
    after = found.amount if found.how == "REPLACE" else base + found.amount
    inputs = (("setting", setting), ("flag", flag or "none needed"), ("manner", found.how.lower()))
    source = law.tariff.source("best_practice") or _BEST_PRACTICE
    return after, (Step("price.best_practice", "Best practice price", after - base, inputs, source),)


def grouped(hrg: str, shape: str, scheme: PaymentScheme) -> tuple[Status, str, str] | None:
    """Say why a resource group cannot be looked up (missing, ungrouped, of another shape), or None if it can."""
    if not hrg:
        return Status.UNPRICED, "N-HRG", "The record has no resource group"
    if re.fullmatch(scheme.hrg_ungrouped, hrg):
        return Status.EXCLUDED, "X-UNG", "The record could not be grouped"
    if not re.fullmatch(shape, hrg):
        return Status.UNPRICED, "N-FORMAT", "The resource group does not have the shape of this year's codes"
    return None

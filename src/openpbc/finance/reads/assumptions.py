"""The assumptions behind a plan: each with its source and status, and the rates that are made of two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openpbc.finance.reads import cells
from openpbc.finance.rules.inflation import Combination, combined, net_of_efficiency, uplifted
from openpbc.kernel.citations import Citation
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Step
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value

COMBINATION = "finance.inflation_combination"
RULE = "inflation"


@dataclass(frozen=True)
class _Recipe:
    """Which values make a rate; ``less`` takes the second off the first, otherwise two parts are combined."""

    title: str
    parts: tuple[str, ...]
    less: bool = False


_RATES = {
    "tariff": _Recipe("Tariff, net of efficiency", ("finance.tariff_uplift_gross", "finance.tariff_efficiency"), True),
    "prescribing": _Recipe(
        "Prescribing", ("finance.inflation_prescribing_price", "finance.inflation_prescribing_growth")
    ),
    "gms": _Recipe("General medical services", ("finance.inflation_gms_price", "finance.inflation_gms_list_growth")),
    "pay": _Recipe("Pay", ("finance.inflation_pay",)),
    "non_pay": _Recipe("Other costs than pay", ("finance.inflation_non_pay",)),
}

# Facts beside the rates that an assumptions page shows, in its order.
_FACTS = (
    "finance.national_growth",
    "finance.business_case_real_growth",
    "finance.contingency_rate",
    "finance.extra_cost_pressures",
    "finance.dental_expected_change",
    "finance.distance_over_weighted_share",
    "finance.minimum_planned_underspend",
    "finance.deposit_asked",
    "finance.deposit_assumed",
    "finance.deposit_agreed",
    "finance.forecast_basis_month",
    "finance.provider_services_basis",
    "finance.recurrent_commitments",
    "finance.deposit_return_date",
    "finance.deposit_interest",
    "finance.deposit_call_procedure",
)


@dataclass(frozen=True)
class Changes:
    """A what-if on assumptions: rates in parts per million by the id of the value, and how two parts combine."""

    rates: Mapping[str, int] = field(default_factory=dict)
    combination: Combination | None = None


@dataclass(frozen=True)
class Part:
    """One value that a rate is made of; ``changed`` says that a what-if replaced it."""

    id: str
    meaning: str
    ppm: int
    changed: bool
    status: str
    citation: Citation
    address: str


@dataclass(frozen=True)
class Rate:
    """One rate of the plan in parts per million, and how it is made. ``how`` is add, compound, less or alone."""

    code: str
    title: str
    ppm: int
    how: str
    parts: tuple[Part, ...]
    address: str

    is_set = True

    @property
    def steps(self) -> tuple[Step, ...]:
        """The rate as steps; compounding has a step of its own."""
        first, *others = self.parts
        sign = -1 if self.how == "less" else 1
        steps = [Step(RULE, first.meaning, first.ppm, (), first.citation, first.address)]
        steps += [Step(RULE, part.meaning, sign * part.ppm, (), part.citation, part.address) for part in others]
        rest = self.ppm - sum(step.effect for step in steps)
        if rest:
            steps.append(Step(RULE, "One part on top of the other", rest))
        return tuple(steps)

    def on(self, amount: int) -> int:
        """Give an amount in pence after this rate."""
        return uplifted(amount, self.ppm)


@dataclass(frozen=True)
class RealGrowth:
    """Growth of the allocation beside prices and the business case, in parts per million."""

    nominal: int
    price: int
    business_case: int

    @property
    def real(self) -> int:
        """Growth less prices, in percentage points."""
        return self.nominal - self.price

    @property
    def over_business_case(self) -> int:
        """Real growth over what the business case assumed."""
        return self.real - self.business_case


@dataclass(frozen=True)
class Assumptions:
    """Everything that an assumptions page shows; gaps are "not set" and name the file to fill."""

    combination: Value | NotSet
    rates: Mapping[str, Rate | NotSet]
    facts: tuple[Value | NotSet, ...]
    real_growth: RealGrowth | NotSet

    @property
    def gaps(self) -> tuple[NotSet, ...]:
        """All that is not set."""
        return tuple(found for found in (*self.rates.values(), *self.facts) if isinstance(found, NotSet))


def assumptions(book: Book, changes: Changes = Changes()) -> Assumptions:
    """Give the assumptions of the plan, under a what-if if one is given."""
    _refuse_unknown(changes)
    rates = {code: rate(book, code, changes) for code in _RATES}
    return Assumptions(
        combination=book.value(COMBINATION),
        rates=rates,
        facts=tuple(book.value(id) for id in _FACTS),
        real_growth=_real_growth(book, rates["tariff"]),
    )


def _refuse_unknown(changes: Changes) -> None:
    known = {part for recipe in _RATES.values() for part in recipe.parts}
    for id in changes.rates:
        if id not in known:
            raise UserError(f"'{id[:60]}' is no rate of the plan", do=f"Choose one of {', '.join(sorted(known))}.")


def rate(book: Book, code: str, changes: Changes = Changes()) -> Rate | NotSet:
    """Put one rate together from its parts; an unknown code is a person's mistake."""
    if code not in _RATES:
        raise UserError(f"the plan has no rate '{code[:40]}'", do=f"Choose one of {', '.join(_RATES)}.")
    recipe, parts = _RATES[code], []
    for id in recipe.parts:
        part = _part(book, id, changes)
        if isinstance(part, NotSet):
            return part
        parts.append(part)
    address = cells.cell_address(book, "assumptions", code, "rate")
    first, *others = parts
    if not others:
        return Rate(code, recipe.title, first.ppm, "alone", (first,), address)
    (second,) = others
    if recipe.less:
        net = net_of_efficiency(first.ppm, second.ppm)
        return Rate(code, recipe.title, net, "less", (first, second), address)
    how = _combination(book, changes)
    if isinstance(how, NotSet):
        return how
    return Rate(code, recipe.title, combined(first.ppm, second.ppm, how), str(how), (first, second), address)


def _part(book: Book, id: str, changes: Changes) -> Part | NotSet:
    found = book.value(id)
    if isinstance(found, NotSet):
        return found
    address = cells.cell_address(book, "value", id, "value")
    changed = id in changes.rates
    return Part(
        id, found.meaning, changes.rates.get(id, found.ppm), changed, str(found.status), found.citation, address
    )


def _combination(book: Book, changes: Changes) -> Combination | NotSet:
    if changes.combination is not None:
        return changes.combination
    found = book.value(COMBINATION)
    if isinstance(found, NotSet):
        return found
    if found.text not in set(Combination):
        raise UserError(f"'{found.text}' combines nothing", where=found.path, do="Write add or compound.")
    return Combination(found.text)


def _real_growth(book: Book, tariff: Rate | NotSet) -> RealGrowth | NotSet:
    nominal, case = book.value("finance.national_growth"), book.value("finance.business_case_real_growth")
    for found in (nominal, tariff, case):
        if isinstance(found, NotSet):
            return found
    assert isinstance(nominal, Value) and isinstance(tariff, Rate) and isinstance(case, Value)
    return RealGrowth(nominal.ppm, tariff.ppm, case.ppm)

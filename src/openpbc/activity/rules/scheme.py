"""What a year's payment scheme says, as parameters: the law takes these and knows no year and no place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property

from openpbc.kernel.citations import Citation
from openpbc.kernel.periods import FinancialYear


def domain_notes(section: str, mark: str) -> Citation:
    """Cite the project's notes on the domain, with the evidence mark of the fact."""
    return Citation("openpbc-domain-notes", section, mark)


class Status(StrEnum):
    """What pricing made of one unit of activity; only the first carries a tariff price."""

    PRICED = "PRICED"
    LOCAL = "LOCAL"
    NO_PRICE = "NO_PRICE"
    EXCLUDED = "EXCLUDED"
    UNPRICED = "UNPRICED"


COUNTED = frozenset({Status.PRICED, Status.LOCAL, Status.NO_PRICE})
"""The statuses whose units are activity that the commissioner answers for; the others are kept but not counted."""


def _rule(name: str, read_as: str = "text") -> dict[str, str]:
    return {"rule": f"payment.{name}", "as": read_as}


@dataclass(frozen=True)
class PaymentScheme:
    """The single values of a year's scheme. Shapes are regular expressions for the whole code; ages in years."""

    mff_payer: str = field(metadata=_rule("mff_payer"))
    sse_los: str = field(metadata=_rule("sse_los"))
    sse_below_days: int = field(metadata=_rule("sse_below_days", "int"))
    sse_age_from: int = field(metadata=_rule("sse_age_from", "int"))
    delayed_discharge_relief: bool = field(metadata=_rule("delayed_discharge_relief", "flag"))
    topup_base: str = field(metadata=_rule("topup_base"))
    hrg_format: str = field(metadata=_rule("hrg_format"))
    hrg_ungrouped: str = field(metadata=_rule("hrg_ungrouped"))
    ae_hrg_format: str = field(metadata=_rule("ae_hrg_format"))
    op_attendance_hrgs: str = field(metadata=_rule("op_attendance_hrgs"))
    nf2f_by_tariff: bool = field(metadata=_rule("nf2f_by_tariff", "flag"))
    child_below_age: int = field(metadata=_rule("child_below_age", "int"))
    day_case_ordinary_from_days: int = field(metadata=_rule("day_case_ordinary_from_days", "int"))
    regular_attender_ordinary_from_days: int = field(metadata=_rule("regular_attender_ordinary_from_days", "int"))
    pay_left_before_treatment: bool = field(metadata=_rule("pay_left_before_treatment", "flag"))
    assign_on: str = field(metadata=_rule("assign_on"))

    @property
    def commissioner_pays_mff(self) -> bool:
        """Whether the charge includes the market forces factor."""
        return self.mff_payer == "COMMISSIONER"


CHOICES: Mapping[str, tuple[str, ...]] = {
    "mff_payer": ("DH", "COMMISSIONER"),
    "sse_los": ("ADJUSTED", "SPELL"),
    "topup_base": ("AFTER_SSE", "FULL"),
    "assign_on": ("ADMISSION", "DISCHARGE"),
}
"""The words that a value of the scheme may be; anything else is a mistake in the pack."""


@dataclass(frozen=True)
class Codes:
    """The code lists of a year: each maps a code to what payment makes of it."""

    admission_methods: Mapping[str, str] = field(default_factory=dict)
    patient_classes: Mapping[str, str] = field(default_factory=dict)
    attendance: Mapping[str, str] = field(default_factory=dict)
    first_attendance: Mapping[str, str] = field(default_factory=dict)
    not_consultant_led: frozenset[str] = frozenset()
    child_functions: frozenset[str] = frozenset()
    multi_professional: frozenset[str] = frozenset()
    ae_departments: Mapping[str, str] = field(default_factory=dict)
    ae_left: frozenset[str] = frozenset()


@dataclass(frozen=True)
class ExclusionRule:
    """A field whose code, lying from first to last as text, takes a record out of the scheme."""

    field: str
    first: str
    last: str
    reason: str


@dataclass(frozen=True)
class ContractLine:
    """A contract's own arrangement with a provider for a stream: a LOCAL price, or a BLOCK that pays for all.

    ``pod`` and ``code`` (a resource group or a treatment function) narrow it; empty means any. ``price`` is pence, or
    None where no amount is agreed yet.
    """

    provider: str
    stream: str
    pod: str
    code: str
    arrangement: str
    price: int | None


@dataclass(frozen=True)
class Unbundling:
    """An element that a provider's price of a group leaves out when another provider did it on the same pathway.

    ``deduction`` is pence off the price, which never falls below nothing.
    """

    provider: str
    hrg: str
    element: str
    deduction: int


@dataclass(frozen=True)
class ContractTerms:
    """What contracts say on pricing: their lines, and the providers with terms that differ from the scheme."""

    lines: tuple[ContractLine, ...] = ()
    unbundlings: tuple[Unbundling, ...] = ()
    multi_professional: frozenset[str] = frozenset()
    left_before_treatment: Mapping[str, bool] = field(default_factory=dict)

    @cached_property
    def _by_key(self) -> dict[tuple[str, str, str, str], ContractLine]:
        return {(line.provider, line.stream, line.pod, line.code): line for line in self.lines}

    def line_for(self, provider: str, stream: str, pod: str, hrg: str, tfc: str) -> ContractLine | None:
        """Find the line that fits best: by resource group, then treatment function, then any; own POD before any."""
        for code in (*(code for code in (hrg, tfc) if code), ""):
            for own in (pod, ""):
                if line := self._by_key.get((provider, stream, own, code)):
                    return line
        return None

    def unbundled_from(self, provider: str, hrg: str) -> tuple[Unbundling, ...]:
        """List what may be taken off a provider's price of a resource group, by element."""
        own = (each for each in self.unbundlings if (each.provider, each.hrg) == (provider, hrg))
        return tuple(sorted(own, key=lambda each: each.element))


@dataclass(frozen=True)
class Period:
    """The days, both included, whose care one tariff prices."""

    first: date
    last: date

    @classmethod
    def of(cls, year: FinancialYear) -> Period:
        """Give the days of a financial year."""
        return cls(year.first, year.last)

    def __contains__(self, day: date) -> bool:
        """Tell whether a day lies in the period."""
        return self.first <= day <= self.last

"""The whole law of pricing for a run: filled from the rulebook and the contracts, and fixed by the run's hashes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from openpbc.activity.rules.exclusions import ReasonRule
from openpbc.activity.rules.scheme import Codes, ContractTerms, ExclusionRule, PaymentScheme, Period
from openpbc.activity.rules.tariff import Tariff


@dataclass(frozen=True)
class PricingLaw:
    """Everything that pricing needs to know.

    ``mff`` is each provider's market forces factor in ten-millionths.
    """

    period: Period
    scheme: PaymentScheme
    codes: Codes = field(default_factory=Codes)
    exclusions: tuple[ExclusionRule, ...] = ()
    tariff: Tariff = field(default_factory=Tariff)
    mff: Mapping[str, int] = field(default_factory=dict)
    terms: ContractTerms = field(default_factory=ContractTerms)
    reasons: Mapping[str, ReasonRule] = field(default_factory=dict)

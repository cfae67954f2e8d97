"""What takes a record out of the scheme, and how a decision without a tariff price is told as a finding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from openpbc.activity.rules.scheme import ExclusionRule
from openpbc.kernel.findings import Finding, Level, Place


@dataclass(frozen=True)
class ReasonRule:
    """How one reason is told: the weight of its finding (None: it is no finding) and the sentence."""

    code: str
    level: Level | None
    sentence: str


def exclusion_of(facts: Mapping[str, str], rules: Iterable[ExclusionRule]) -> str:
    """Give the reason of the first rule whose field's code lies in its range, or an empty text.

    ``facts`` has ``admin_category``, ``commissioner``, ``tfc`` and ``csn_last``, the last character of the serial
    number; an empty code never excludes.
    """
    for rule in rules:
        code = facts.get(rule.field, "")
        if code and rule.first <= code <= rule.last:
            return rule.reason
    return ""


def facts_of(admin_category: str, commissioner: str, tfc: str, csn: str) -> dict[str, str]:
    """Gather what the exclusion rules look at from the fields of a record."""
    return {
        "admin_category": admin_category,
        "commissioner": commissioner,
        "tfc": tfc,
        "csn_last": csn.rstrip()[-1:],
    }


def finding_of(reason: str, rules: Mapping[str, ReasonRule], place: Place) -> Finding | None:
    """Tell a decision as a finding about a record; a plain tariff price (no reason) gives none."""
    rule = rules.get(reason)
    if rule is None or rule.level is None:
        return None
    return Finding(rule.code, rule.level, place, rule.sentence)

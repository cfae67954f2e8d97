"""The law of checks, for one record, one spell or one set of equal keys; ``sql/check_*.sql`` is its copy for millions.

A broken check is a pair of rule and field. Which rules weigh how much is data (``data.checks``), so is every code list.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from openpbc.activity.rules.checks.admitted import ADMITTED
from openpbc.activity.rules.checks.emergency import EMERGENCY
from openpbc.activity.rules.checks.outpatient import OUTPATIENT
from openpbc.activity.rules.checks.record import Broken, Check, FileFacts, Lists, Record, Span
from openpbc.activity.rules.checks.spell import broken_in_spell
from openpbc.kernel.findings import Level

__all__ = [
    "CHECKS",
    "Broken",
    "Check",
    "FileFacts",
    "Lists",
    "Record",
    "Span",
    "broken",
    "broken_in_spell",
    "outcome",
    "repeated",
]

CHECKS: Mapping[str, Sequence[Check]] = {"apc": ADMITTED, "op": OUTPATIENT, "ae": EMERGENCY}
EXCLUDES = "X"


def broken(stream: str, fields: Mapping[str, str | None], lists: Lists, file: FileFacts) -> set[Broken]:
    """Give every check that one record by itself breaks; missing fields are None."""
    record = Record(stream, fields, lists, file)
    return {(check.rule, check.field) for check in CHECKS[stream] if check.test(record)}


def repeated(keys: Sequence[tuple[str | None, str | None, str]]) -> set[int]:
    """Give the places of records whose key an equal or earlier one has (V-ALL-08).

    ``keys`` are (provider, record key, whole content), one a record; of each set the first by content stays, and of
    equal contents the first in order.
    """
    first: dict[tuple[str, str], tuple[str, int]] = {}
    for at, (provider, key, content) in enumerate(keys):
        if provider is not None and key is not None:
            known = first.get((provider, key))
            first[provider, key] = min(known, (content, at)) if known else (content, at)
    keepers = {at for _, at in first.values()}
    return {
        at
        for at, (provider, key, _) in enumerate(keys)
        if provider is not None and key is not None and at not in keepers
    }


def outcome(found: Iterable[Broken], levels: Mapping[str, str]) -> tuple[str, str]:
    """Decide what becomes of a record: a fatal check rejects it; failing that, an exclusion excludes it.

    ``levels`` gives each rule's weight: F, E, W, or X for a rule that excludes. The reason is the first rule by name.
    """
    rules = sorted({rule for rule, _ in found})
    for weight, word in ((Level.FATAL.value, "rejected"), (EXCLUDES, "excluded")):
        reasons = [rule for rule in rules if levels.get(rule) == weight]
        if reasons:
            return word, reasons[0]
    return "accepted", ""

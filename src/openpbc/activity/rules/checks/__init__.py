"""The law of checks, for one record, one spell or one set of equal keys; ``sql/check_*.sql`` is its copy for millions.

A broken check is a pair of rule and field. Which rules weigh how much is data (``data.checks``), so is every code list.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from openpbc.activity.rules.checks.admission import NO_STAY, without_stay
from openpbc.activity.rules.checks.admitted import ADMITTED
from openpbc.activity.rules.checks.contract import contract_checks, repeated_totals
from openpbc.activity.rules.checks.emergency import EMERGENCY
from openpbc.activity.rules.checks.outpatient import OUTPATIENT
from openpbc.activity.rules.checks.parties import OF_SENDER
from openpbc.activity.rules.checks.record import Broken, Check, FileFacts, Lists, Record, Span
from openpbc.activity.rules.checks.spell import broken_in_spell
from openpbc.activity.rules.checks.writing import Kind, Writing, canonical, misshapen
from openpbc.kernel.codes import provider_match
from openpbc.kernel.findings import Level

__all__ = [
    "CHECKS",
    "DELETION",
    "NO_STAY",
    "Broken",
    "Check",
    "FileFacts",
    "Kind",
    "Lists",
    "Record",
    "Span",
    "Writing",
    "broken",
    "broken_in_spell",
    "canonical",
    "judged",
    "misshapen",
    "outcome",
    "repeated",
    "without_stay",
]

CHECKS: Mapping[str, Sequence[Check]] = {
    "apc": ADMITTED,
    "op": OUTPATIENT,
    "ae": EMERGENCY,
    **contract_checks(OF_SENDER),
}
EXCLUDES = "X"
DELETION: Broken = ("X-DEL", "update_type")


def broken(stream: str, fields: Mapping[str, str | None], lists: Lists, file: FileFacts) -> set[Broken]:
    """Give every check that one record by itself breaks; missing fields are None."""
    return _broken_alone(Record(stream, fields, lists, file))


def _broken_alone(record: Record) -> set[Broken]:
    return {(check.rule, check.field) for check in CHECKS[record.stream] if check.test(record)}


def judged(records: Sequence[Record]) -> list[set[Broken]]:
    """Give what each record of one stream breaks, by itself and beside the others of its run.

    ``records`` stand in the order of file and line, each with its whole text as field ``content``. A record that
    repeats another, or deletes one, is no episode of its own; nothing else is asked of one that deletes.
    Checks that a file's layout cannot be held to are left out.
    """
    found = [_broken_alone(record) for record in records]
    again = repeated(
        [
            (_provider_of(record), record.text("cds_unique_id"), _content_of(record), record.text("applicable_at"))
            for record in records
        ]
    )
    for at, keeper in again.items():
        found[at].add(("X-NET" if _renews(records[keeper].file, records[at].file) else "V-ALL-08", "cds_unique_id"))
    for at in repeated_totals(records):
        found[at].add(("CM-17", "pod"))
    for places in _spells(records, again):
        own = broken_in_spell([records[at].fields for at in places])
        for at, more in zip(places, own, strict=True):
            found[at] |= more
    return [
        {DELETION} & own or {(rule, field) for rule, field in own if rule not in record.file.without}
        for record, own in zip(records, found, strict=True)
    ]


def _deletes(record: Record) -> bool:
    return record.one_of("update_type", ("1",))


def _renews(keeper: FileFacts, other: FileFacts) -> bool:
    """Tell whether a record gives way to one of another file because that file changes what was sent."""
    return keeper.changes and keeper.file != other.file


def _provider_of(record: Record) -> str | None:
    given = record.text("provider")
    return None if given is None else provider_match(given)


def _content_of(record: Record) -> str:
    return record.text("content") or ""


def _spells(records: Sequence[Record], again: Collection[int]) -> Iterable[list[int]]:
    """Put the places of episodes together by provider and spell number."""
    spells: dict[tuple[str | None, str], list[int]] = {}
    for at, record in enumerate(records):
        spell = record.text("spell_no")
        if record.stream == "apc" and spell is not None and at not in again and not _deletes(record):
            spells.setdefault((_provider_of(record), spell), []).append(at)
    return spells.values()


def repeated(keys: Sequence[tuple[str | None, str | None, str, str | None]]) -> dict[int, int]:
    """Give the places of records whose key a winning one has, each with the place of that one (V-ALL-08, X-NET).

    ``keys`` are (provider, record key, whole content, applicable moment), one a record; of each set the latest
    applicable stays (one without a moment comes last), then the first by content, and of equal contents the first in
    order.
    """
    sets: dict[tuple[str, str], list[int]] = {}
    for at, (provider, key, _, _) in enumerate(keys):
        if provider is not None and key is not None:
            sets.setdefault((provider, key), []).append(at)
    again: dict[int, int] = {}
    for places in sets.values():
        moments = [moment for at in places if (moment := keys[at][3]) is not None]
        newest = max(moments) if moments else None
        keeper = min((at for at in places if keys[at][3] == newest), key=lambda at: (keys[at][2], at))
        again |= dict.fromkeys(set(places) - {keeper}, keeper)
    return again


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

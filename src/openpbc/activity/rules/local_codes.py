"""Codes of a provider's own that stand for national ones: which mapping is believed, and what a record then says.

Mappings are only ever added. Of those of one code the later one holds for the days that it names, and the others keep
theirs; one without a national code says that the code stands for nothing from then on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from openpbc.kernel.codes import provider_match
from openpbc.kernel.periods import Month

# Each kind of code with the fields that may hold it, the first one filled being the one that counts. A mapped code is
# written into the first.
KINDS: Mapping[str, tuple[str, ...]] = {
    "pod": ("pod", "local_pod"),
    "site": ("site",),
    "tfc": ("tfc",),
    "main_spec": ("main_spec",),
}
WORDS: Mapping[str, str] = {
    "pod": "Point of delivery",
    "site": "Site",
    "tfc": "Treatment function",
    "main_spec": "Main specialty",
}


@dataclass(frozen=True, order=True)
class LocalCode:
    """What a provider's own code stands for between two days, both included; an empty ``national`` is nothing."""

    kind: str
    provider: str
    code: str
    valid_from: date
    valid_to: date
    national: str

    def holds(self, day: date) -> bool:
        """Tell whether it says something of a day."""
        return self.valid_from <= day <= self.valid_to


def believed(recorded: Iterable[LocalCode]) -> list[LocalCode]:
    """Give what is believed after all that was recorded, in the order of recording: spans that never overlap."""
    found: list[LocalCode] = []
    for new in recorded:
        found = [rest for old in found for rest in _outside(old, new)]
        found.append(new)
    return sorted(one for one in found if one.national)


def _outside(old: LocalCode, new: LocalCode) -> list[LocalCode]:
    """Give what is left of a span when a later one is laid over it."""
    apart = new.valid_from > old.valid_to or new.valid_to < old.valid_from
    if apart or (old.kind, old.provider, old.code) != (new.kind, new.provider, new.code):
        return [old]
    rest = []
    if old.valid_from < new.valid_from:
        rest.append(replace(old, valid_to=new.valid_from - timedelta(days=1)))
    if old.valid_to > new.valid_to:
        rest.append(replace(old, valid_from=new.valid_to + timedelta(days=1)))
    return rest


def of_month(spans: Iterable[LocalCode], month: Month) -> list[LocalCode]:
    """Give the spans that say something of a month: those alone can change its figures."""
    return [one for one in spans if one.valid_from <= month.last and one.valid_to >= month.first]


def mapped(
    fields: Mapping[str, str | None], month: Month | None, day: date | None, spans: Sequence[LocalCode]
) -> dict[str, str]:
    """Give the fields of a record that are written anew.

    A record of a file belongs to the file's month: where its own ``day`` of care lies outside it, or is none, the
    nearest day of the month decides.
    """
    on = day
    if month is not None:
        on = month.first if day is None else min(max(day, month.first), month.last)
    provider = provider_match(fields.get("provider") or "")
    if on is None or not provider:
        return {}
    found = {}
    for kind, names in KINDS.items():
        code = next((text for name in names if (text := fields.get(name))), None)
        for one in spans:
            if (one.kind, one.provider, one.code) == (kind, provider, code) and one.holds(on):
                found[names[0]] = one.national
    return found

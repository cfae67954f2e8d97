"""Who sets an area's priorities, who owns a function, what a regulator may find, and which kinds a text names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

PRIORITIES, FUNCTION, FORM = "priorities", "function", "form"
ARRANGED: Mapping[str, str] = {
    PRIORITIES: "Who sets the priorities",
    FUNCTION: "Who owns the function",
    FORM: "What form the group has",
}
# A form in law that a group may have taken. One that is a company is advised to have standing orders of its own.
FORMS: Mapping[str, str] = {"group": "No company", "company": "Company"}
EVERY = "every"
# What a regulator may have found. The words are this project's own: no source gives a list.
STANDINGS: Mapping[str, str] = {
    "accredited": "Accredited",
    "conditions": "Accredited with conditions",
    "refused": "Not accredited",
    "ended": "Accreditation ended",
    "reviewed": "Reviewed",
}
ACCREDITED = frozenset({"accredited", "conditions"})


@dataclass(frozen=True)
class ProviderKind:
    """A kind of provider, how a text writes it, and which kinds of organisation are of it."""

    code: str
    name: str
    written: tuple[str, ...]
    bodies: frozenset[str]


def named(text: str, kinds: Iterable[ProviderKind]) -> frozenset[str]:
    """Give the kinds of provider that a text names, as whole words and whatever the case."""
    return frozenset(kind.code for kind in kinds if any(_says(text, phrase) for phrase in kind.written))


def _says(text: str, phrase: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text, re.IGNORECASE) is not None

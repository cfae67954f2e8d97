"""What is arranged and by whom, what a regulator may find, and to which kinds of provider something falls."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

PRIORITIES, FUNCTION, FORM, COVER, LEVEL = "priorities", "function", "form", "cover", "level"
ARRANGED: Mapping[str, str] = {
    PRIORITIES: "Who sets the priorities",
    FUNCTION: "Who owns the function",
    FORM: "What form the group has",
    COVER: "Who arranges care where no group does",
    LEVEL: "How far the practice takes part",
}
# What is said of single practices: through whom care is bought for their people, and how far they take part themselves.
OF_PRACTICES = (COVER, LEVEL)
NOBODY = "none"  # from a day on there is no such arrangement, or no level is told
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
REVIEWED = "reviewed"
ON_ACCREDITATION = frozenset(STANDINGS) - {REVIEWED}
# Who may write down, and take back, what came of a review of a commissioner, and of a provider.
OVERSEEING, CONTRACTING = frozenset({"sha_manager"}), frozenset({"contract_manager", "administrator"})


@dataclass(frozen=True)
class ProviderKind:
    """A kind of provider, how a text and how a title writes it, and which kinds of organisation are of it."""

    code: str
    name: str
    written: tuple[str, ...]
    titled: tuple[str, ...]
    bodies: frozenset[str]


def named(text: str, kinds: Iterable[ProviderKind]) -> frozenset[str]:
    """Give the kinds of provider that a text names, as whole words and whatever the case."""
    return frozenset(kind.code for kind in kinds if any(_says(text, phrase) for phrase in kind.written))


def falls_to(title: str, affected: str, kinds: Iterable[ProviderKind]) -> frozenset[str]:
    """Give the kinds to which something falls: of those that its cell of providers names, those of its title too.

    Where the title names none of them, it falls to all. A cell that is printed once beside several titles, such as
    "Emergency admissions: ambulance" and "Emergency admissions: nursing homes", names each kind for one of them only.
    """
    known = tuple(kinds)
    all_named = named(affected, known)
    by_title = {each.code for each in known if any(_says(title, phrase) for phrase in each.titled)}
    return all_named & by_title or all_named


# A year's intentions are held against the same phrases at every search and on every page that lists them.
@lru_cache(maxsize=2**16)
def _says(text: str, phrase: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(phrase)}(?!\w)", text, re.IGNORECASE) is not None

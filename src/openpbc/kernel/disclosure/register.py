"""Holds what is to be released against what was: two groups of people that differ by a few give those few away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from openpbc.kernel.disclosure.profiles import Profile


@dataclass(frozen=True)
class Past:
    """One released group of people: what it was called, and the marks of the people in it, which are pseudonyms."""

    name: str
    people: frozenset[str]


@dataclass(frozen=True)
class Difference:
    """Why a group may not be released: the released groups whose sums with it leave only a few people."""

    among: tuple[str, ...]
    few: int

    @property
    def sentence(self) -> str:
        """What to tell the person who asked; how few they are is not said."""
        names = " and ".join(f"'{name}'" for name in self.among)
        return f"the group differs by a few people only from what was released of {names}"


def differences(people: frozenset[str], past: Sequence[Past], profile: Profile) -> Difference | None:
    """Give the first reason to refuse a group of people, or None.

    Looked at are the differences to each released group in either direction, what is left of the group beside every
    two released groups that lie apart inside it, and what is left of a released group beside this and another.
    """
    for one in past:
        for left in (people - one.people, one.people - people):
            if people & one.people and profile.is_small(len(left)):
                return Difference((one.name,), len(left))
    for whole, parts, names in _triples(people, past):
        left = whole - parts
        if parts <= whole and profile.is_small(len(left)):
            return Difference(names, len(left))
    return None


def _triples(
    people: frozenset[str], past: Sequence[Past]
) -> Iterable[tuple[frozenset[str], frozenset[str], tuple[str, ...]]]:
    for one, other in combinations(past, 2):
        names = (one.name, other.name)
        if not one.people & other.people:
            yield people, one.people | other.people, names
        for whole, part in ((one, other), (other, one)):
            if not part.people & people:
                yield whole.people, part.people | people, names

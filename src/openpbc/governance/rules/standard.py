"""The minimum operating standard: its points, and what a group said of itself held against them as they are now."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MET, PARTLY, NOT_MET, NOT_ANSWERED = "met", "partly", "not met", "not answered"
RESULTS = (MET, PARTLY, NOT_MET)
"""What a group may say of a point; of what it did not answer nothing is kept but that it was asked."""


@dataclass(frozen=True)
class Point:
    """One point of the standard: its short name, and what is asked in words."""

    key: str
    words: str


@dataclass(frozen=True)
class Said:
    """What a group said of a point as it was asked: one of the results or not answered, with its note."""

    point: Point
    result: str = NOT_ANSWERED
    note: str = ""


def fingerprint(points: Iterable[Point]) -> str:
    """Give the SHA-256 of the points in their order: a form tells by it which ones it asked."""
    told = json.dumps([[each.key, each.words] for each in points], ensure_ascii=False)
    return hashlib.sha256(told.encode()).hexdigest()


def held_against(points: Sequence[Point], said: Iterable[Said]) -> tuple[Said, ...]:
    """Give for each point as it is now what was said of it; one that was not asked in these words is not answered."""
    known = {each.point: each for each in said}
    return tuple(known.get(point, Said(point)) for point in points)


def not_asked(points: Iterable[Point], said: Iterable[Said]) -> int:
    """Count the points as they are now that were not asked in these words."""
    asked = {each.point for each in said}
    return sum(point not in asked for point in points)


def counted(said: Iterable[Said]) -> Mapping[str, int]:
    """Count each result, those not answered too."""
    found = dict.fromkeys((*RESULTS, NOT_ANSWERED), 0)
    for each in said:
        found[each.result] += 1
    return found

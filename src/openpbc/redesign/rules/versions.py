"""A case as it was handed in: its text in one form, the hash of that form, and what differs between two."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SAME, CHANGED, ADDED, REMOVED = "same", "changed", "added", "removed"


@dataclass(frozen=True)
class Difference:
    """One line of a part in two versions; ``kind`` says what became of it."""

    part: str
    before: str
    after: str
    kind: str


def body_hash(body: Mapping[str, Any]) -> str:
    """The SHA-256 of a body in its one form: names sorted, no blanks, letters as they are."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def differences(parts: tuple[str, ...], before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Difference, ...]:
    """Every line of the parts named, side by side: lines are met by their longest common run."""
    return tuple(
        Difference(part, old, new, kind)
        for part in parts
        for old, new, kind in _side_by_side(before.get(part, ()), after.get(part, ()))
    )


def _side_by_side(before: Any, after: Any) -> list[tuple[str, str, str]]:
    old, new = [str(line) for line in before], [str(line) for line in after]
    kept = _common(old, new)
    rows: list[tuple[str, str, str]] = []
    at_old = at_new = 0
    for here_old, here_new in [*kept, (len(old), len(new))]:
        rows += _changed(old[at_old:here_old], new[at_new:here_new])
        if here_old < len(old):
            rows.append((old[here_old], new[here_new], SAME))
        at_old, at_new = here_old + 1, here_new + 1
    return rows


def _common(old: list[str], new: list[str]) -> list[tuple[int, int]]:
    """Positions of the longest common run of lines, as pairs."""
    length = [[0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for one in reversed(range(len(old))):
        for two in reversed(range(len(new))):
            longer = max(length[one + 1][two], length[one][two + 1])
            length[one][two] = length[one + 1][two + 1] + 1 if old[one] == new[two] else longer
    found, one, two = [], 0, 0
    while one < len(old) and two < len(new):
        if old[one] == new[two]:
            found.append((one, two))
            one, two = one + 1, two + 1
        elif length[one + 1][two] >= length[one][two + 1]:
            one += 1
        else:
            two += 1
    return found


def _changed(old: list[str], new: list[str]) -> list[tuple[str, str, str]]:
    paired = min(len(old), len(new))
    rows = [(old[at], new[at], CHANGED) for at in range(paired)]
    rows += [(line, "", REMOVED) for line in old[paired:]]
    return rows + [("", line, ADDED) for line in new[paired:]]

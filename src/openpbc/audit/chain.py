"""The hash chain over audit events: how an event is hashed, and how a run of them is verified.

Standard library only, so that an exported log can be verified anywhere, by this file alone::

    python chain.py events.jsonl [--head SEQUENCE:HASH]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

GENESIS = "0" * 64
_NOTED = re.compile(r"(?<![0-9A-Za-z])([0-9]{1,18}):([0-9a-f]{64})(?![0-9A-Za-z])")
FIELDS = (
    "sequence",
    "event_id",
    "root_id",
    "at",
    "actor_id",
    "actor_name",
    "acting_for",
    "roles",
    "action",
    "subject",
    "before",
    "after",
    "reason",
)


def canonical(value: object) -> str:
    """Write a JSON value in the one form that is hashed: sorted keys, no spaces, ASCII."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=str)


def event_hash(event: Mapping[str, object], previous_hash: str) -> str:
    """Hash one event (every field of ``FIELDS``) together with the hash of the event before it."""
    body = {name: event[name] for name in FIELDS} | {"previous_hash": previous_hash}
    return hashlib.sha256(canonical(body).encode("ascii")).hexdigest()


@dataclass(frozen=True)
class Head:
    """The last event of a chain: how many events there are, and the hash that stands for all of them."""

    sequence: int = 0
    hash: str = GENESIS

    def __str__(self) -> str:
        """Give the form that people note down outside the system."""
        return f"{self.sequence}:{self.hash}"

    @classmethod
    def parse(cls, text: str) -> Head:
        """Read ``SEQUENCE:HASH``; raises ValueError for anything else."""
        sequence, _, digest = text.strip().partition(":")
        if len(digest) != len(GENESIS) or set(digest) - set("0123456789abcdef"):
            raise ValueError(f"'{text[:80]}' is not SEQUENCE:HASH")
        return cls(int(sequence), digest)

    @classmethod
    def found_in(cls, text: str) -> tuple[Head, ...]:
        """Every head that stands in a text, such as a kept page, feed or note; each once, in order of sequence."""
        found = {cls(int(sequence), digest) for sequence, digest in _NOTED.findall(text)}
        return tuple(sorted(found, key=lambda each: (each.sequence, each.hash)))


@dataclass(frozen=True)
class Verdict:
    """What verification found: how many events hold, and the first break if there is one."""

    events: int
    head: Head
    problem: str = ""

    @property
    def intact(self) -> bool:
        """True when nothing was changed, removed, inserted or reordered."""
        return not self.problem


def verify(events: Iterable[Mapping[str, object]], head: Head | None = None, anchors: Iterable[Head] = ()) -> Verdict:
    """Walk the chain from its first event and report the first break.

    ``head`` is the last event as recorded apart from the events; without it a cut tail cannot be seen. ``anchors`` are
    heads noted outside the system at any earlier time: each must lie on the chain.
    """
    reached = Head()
    wanted: dict[int, set[str]] = {}
    for anchor in anchors:
        wanted.setdefault(anchor.sequence, set()).add(anchor.hash)
    for event in events:
        problem = _broken_link(event, reached)
        if problem:
            return Verdict(reached.sequence, reached, problem)
        reached = Head(reached.sequence + 1, str(event["hash"]))
        if wanted.pop(reached.sequence, {reached.hash}) != {reached.hash}:
            return Verdict(reached.sequence, reached, f"event {reached.sequence} is not the one that was anchored")
    if head is not None and head != reached:
        return Verdict(reached.sequence, reached, f"the chain ends at event {reached.sequence}, its head says {head}")
    if wanted:
        return Verdict(reached.sequence, reached, f"the anchored event {min(wanted)} is missing")
    return Verdict(reached.sequence, reached)


def _broken_link(event: Mapping[str, object], reached: Head) -> str:
    place = reached.sequence + 1
    absent = [name for name in (*FIELDS, "previous_hash", "hash") if name not in event]
    if absent:
        return f"event {place} lacks {', '.join(absent)}"
    if event["sequence"] != place:
        return f"event {place} is missing or out of order (found {event['sequence']})"
    if event["previous_hash"] != reached.hash:
        return f"event {place} does not follow event {reached.sequence}"
    if event["hash"] != event_hash(event, reached.hash):
        return f"event {place} was changed"
    return ""


def main(arguments: list[str]) -> int:
    """Verify an exported log (one JSON object a line); exit code 0 when intact, 1 when broken."""
    parser = argparse.ArgumentParser(description="Verify an exported audit log.")
    parser.add_argument("events", type=Path)
    parser.add_argument("--head", type=Head.parse, default=None, metavar="SEQUENCE:HASH")
    chosen = parser.parse_args(arguments)
    with chosen.events.open(encoding="utf-8") as lines:
        verdict = verify((json.loads(line) for line in lines), chosen.head)
    verdict_line = json.dumps({"events": verdict.events, "head": str(verdict.head), "problem": verdict.problem})
    sys.stdout.write(verdict_line + "\n")
    return 0 if verdict.intact else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

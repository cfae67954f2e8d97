"""Scores what a checker found in SYNTHETIC files against the key of the faults that were planted in them.

The checker may be this system or any other: it hands in a CSV file with a row for each finding.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpbc.kernel.money import PPM
from openpbc.kernel.problems import UserError
from openpbc.synth.making import FAULTS

NEEDED = ("file", "line")
TOLD_APART = ("rule", "field")


@dataclass(frozen=True, order=True)
class Mark:
    """A record's place with a rule and a field; either is empty where the checker does not say."""

    file: str
    line: int
    rule: str = ""
    field: str = ""

    @property
    def record(self) -> tuple[str, int]:
        """The record's place."""
        return self.file, self.line

    def meets(self, planted: Mark) -> bool:
        """Tell whether this finding is about what was planted: same record, and nothing said that differs."""
        return (
            self.record == planted.record
            and self.rule in ("", planted.rule)
            and (self.field in ("", planted.field) or not planted.field)
        )


@dataclass(frozen=True)
class FaultScore:
    """How many of one kind of fault were planted, and how many of them were found."""

    fault: str
    rule: str
    planted: int
    found: int


@dataclass(frozen=True)
class Score:
    """What was found of what was planted, and what was found beside it.

    ``missed`` names each fault not found; ``unscored`` counts planted things that no check is meant to find. Findings
    that met no fault are ``beside`` one where their record holds a planted fault, which may well be its consequence,
    and ``alarms`` where it holds none; both count by rule, and ``examples`` names an alarm of each.
    """

    faults: tuple[FaultScore, ...]
    missed: tuple[tuple[str, Mark], ...]
    unscored: Mapping[str, int]
    beside: Mapping[str, int]
    alarms: Mapping[str, int]
    examples: Mapping[str, Mark]

    @property
    def planted(self) -> int:
        """How many faults a check is meant to find."""
        return sum(each.planted for each in self.faults)

    @property
    def found(self) -> int:
        """How many of them were found."""
        return sum(each.found for each in self.faults)

    @property
    def found_ppm(self) -> int:
        """The share that was found, in parts per million, rounded down: 99 % means at least 99 %."""
        return self.found * PPM // self.planted if self.planted else PPM

    @property
    def false_alarms(self) -> int:
        """How many findings stand on records in which nothing was planted."""
        return sum(self.alarms.values())


def score(key: Iterable[tuple[str, Mark]], findings: Iterable[Mark]) -> Score:
    """Hold findings against the key, which gives (fault, where it was planted); equal findings count once."""
    planted = list(key)
    meant = [(fault, mark) for fault, mark in planted if mark.rule]
    spoiled: dict[tuple[str, int], list[Mark]] = defaultdict(list)
    for _, mark in planted:
        spoiled[mark.record].append(mark)
    met: set[Mark] = set()
    beside: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    examples: dict[str, Mark] = {}
    for each in sorted(set(findings)):
        hits = [mark for mark in spoiled.get(each.record, ()) if each.meets(mark)]
        met.update(hits)
        if hits:
            continue
        if each.record in spoiled:
            beside[each.rule] += 1
        else:
            alarms[each.rule] += 1
            examples.setdefault(each.rule, each)
    return Score(
        faults=_by_fault(meant, met),
        missed=tuple((fault, mark) for fault, mark in meant if mark not in met),
        unscored=Counter(fault for fault, mark in planted if not mark.rule),
        beside=beside,
        alarms=alarms,
        examples=examples,
    )


def _by_fault(meant: Sequence[tuple[str, Mark]], met: set[Mark]) -> tuple[FaultScore, ...]:
    planted = Counter((fault, mark.rule) for fault, mark in meant)
    found = Counter((fault, mark.rule) for fault, mark in meant if mark in met)
    return tuple(FaultScore(*kind, number, found[kind]) for kind, number in sorted(planted.items()))


def read_key(folder: Path) -> list[tuple[str, Mark]]:
    """Read the key that lies beside the files of a county."""
    path = folder / FAULTS
    if not path.is_file():
        raise UserError(
            f"the folder holds no {FAULTS}", str(folder), "Name the folder that 'openpbc synth make' filled."
        )
    return [(row["fault"], _mark(row, path, number)) for number, row in _rows(path, ("fault", *NEEDED, *TOLD_APART))]


def read_findings(path: Path) -> list[Mark]:
    """Read a checker's findings: CSV with the columns file and line, and rule and field where it tells them apart.

    ``file`` is the name of a file of the county, ``line`` counts its lines of data from 1. A line of 0 or none is about
    the whole file, which no planted fault is, so it is passed over.
    """
    marks = [_mark(row, path, number) for number, row in _rows(path, NEEDED)]
    return [mark for mark in marks if mark.line > 0]


def _rows(path: Path, needed: Sequence[str]) -> Iterable[tuple[int, Mapping[str, str]]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            missing = [name for name in needed if name not in (reader.fieldnames or ())]
            if missing:
                raise UserError(
                    f"there is no column {missing[0]}", path.name, f"The first line must name {', '.join(needed)}."
                )
            yield from enumerate(reader, start=2)
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"this cannot be read as CSV: {error}", path.name, "Give a CSV file in UTF-8.") from error


def _mark(row: Mapping[str, str], path: Path, number: int) -> Mark:
    line = (row["line"] or "0").strip()
    if not line.isascii() or not line.isdigit() or len(line) > 12:
        raise UserError("the line is not a whole number", f"{path.name} row {number}", "Count a file's lines from 1.")
    name = (row["file"] or "").strip().replace("\\", "/").rsplit("/", 1)[-1]
    return Mark(name, int(line), (row.get("rule") or "").strip(), (row.get("field") or "").strip())

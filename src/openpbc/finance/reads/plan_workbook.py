"""Workbooks of a plan that people sent back: where they are kept, and what each would change."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from openpbc.finance.reads.plan_versions import Change, Version, links
from openpbc.finance.rules.plan_line import PlanLine
from openpbc.finance.rules.plan_versions import SAME, Difference, changed, differences, totals
from openpbc.finance.rules.plan_workbook import Origin, ReadPlan, origin_of, read_plan, refuse_unless_of, settled
from openpbc.kernel.findings import Finding
from openpbc.kernel.problems import UserError
from openpbc.kernel.sheets import ReadWorkbook
from openpbc.organisations.reads.installation import store
from openpbc.rulebook.reader import Book

CONTENT, SLIP = "workbook.xlsx", "received.json"
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Received:
    """A workbook as it was received, under the hash of its bytes."""

    sha256: str
    name: str
    content: bytes

    @property
    def short(self) -> str:
        """The first 12 hex digits, by which people name the file."""
        return self.sha256[:12]


def workbook_folder(place: str, year: str, version: int, sha256: str) -> Path:
    """Give the folder of a workbook; a file that comes twice, for the same version, is kept once."""
    return store().root / "workbooks" / place / year / str(version) / sha256


def received_workbook(place: str, year: str, version: int, sha256: str) -> Received:
    """Give a workbook that was sent for a version of a plan."""
    folder = workbook_folder(place, year, version, sha256)
    if not _HASH.fullmatch(sha256) or not (folder / CONTENT).is_file():
        do = "Send it again; it may have been sent for another version."
        raise UserError("no such workbook was received for this version", do=do)
    slip: Mapping[str, str] = json.loads((folder / SLIP).read_text(encoding="utf-8"))
    return Received(sha256, slip["name"], (folder / CONTENT).read_bytes())


@dataclass(frozen=True)
class Preview:
    """What a workbook would do to a version. ``since`` are the changes made after the workbook was handed out."""

    version: Version
    origin: Origin
    read: ReadPlan
    lines: tuple[PlanLine, ...]
    differences: tuple[Difference, ...]
    since: tuple[Change, ...]

    @property
    def stale(self) -> bool:
        """Whether somebody changed the version since the workbook was handed out."""
        facts = self.version.facts
        return facts is not None and self.origin.revision not in (None, facts.revision)

    @property
    def fit(self) -> bool:
        """Whether the lines may be taken: none at fault, nobody faster, something to change, a draft to change."""
        return self.read.fit and not self.stale and bool(self.differences) and self.version.is_draft

    @property
    def effect(self) -> int:
        """What the differences do to the balance."""
        return sum(each.effect for each in self.differences)

    @property
    def balance(self) -> int:
        """What the balance would be."""
        return totals(self.lines).balance

    def count(self, kind: str) -> int:
        """How many lines would be added, changed or removed."""
        return sum(each.kind == kind for each in self.differences)

    @property
    def same(self) -> int:
        """How many lines stay as they are."""
        return sum(each.kind == SAME for each in differences(self.version.lines, self.lines))

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is to be told: every error, and warnings about the workbook and about lines that change."""
        moving = {each.code for each in self.differences}
        told = [
            each
            for each in self.read.warnings
            if not each.rule.startswith("PV") or self.read.places.get(each.place.line) in moving
        ]
        return (*self.read.errors, *told)


def preview(book: Book, version: Version, workbook: ReadWorkbook) -> Preview:
    """Say what a workbook would change; one that is of another plan, or has no lines to read, is refused."""
    assert version.facts is not None, "only a drafted version is changed"
    facts, origin = version.facts, origin_of(workbook)
    refuse_unless_of(origin, facts.place, facts.year, facts.number)
    read = read_plan(workbook, links(book))
    lines = settled(version.lines, read.lines) if read.fit else version.lines
    seen = facts.revision if origin.revision is None else origin.revision
    since = tuple(each for each in version.changes if each.revision > seen)
    return Preview(version, origin, read, lines, changed(differences(version.lines, lines)), since)

"""Reads the specification pages of the checks: what is given in every example, and the tables of cases."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path

from openpbc.activity.flow import reference
from openpbc.activity.flow.canonical import CONTRACT, FIELDS
from openpbc.activity.rules.checks import Broken, FileFacts, Lists, Span
from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import Book, open_book
from tests.property.activity.engines import Row
from tests.spec.pricing.tables import tables

HERE = Path(__file__).parent
PAGES = sorted((HERE / "rules").glob("*.md"))
LAYOUTS, LINES, GIVEN = HERE / "layouts.md", HERE / "lines.md", HERE / "given.md"
_STREAMS = {
    "apc": "Admitted episode (apc)",
    "op": "Outpatient attendance (op)",
    "ae": "A&E attendance (ae)",
    **{stream: f"Contract monitoring ({stream})" for stream in CONTRACT},
}
_OUTCOME = re.compile(r"(accepted|rejected|excluded)(?: \((.+)\))?")


@dataclass(frozen=True)
class Section:
    """One table of a page with the heading above it and the settings between."""

    page: str
    heading: str
    settings: dict[str, str]
    rows: list[dict[str, str]]

    @property
    def given(self) -> dict[str, str]:
        """What holds in every line: pairs of name and text, the text empty where nothing is given."""
        pairs = (pair.strip().partition(" ") for pair in self.settings.get("given", "").split(",") if pair.strip())
        return {name: text for name, _, text in pairs}


@dataclass(frozen=True)
class Case:
    """One record of a page, the facts of its file, and what must be found."""

    page: str
    heading: str
    name: str
    row: Row
    facts: FileFacts
    broken: frozenset[Broken]
    outcome: tuple[str, str] | None


def sections(path: Path) -> list[Section]:
    """Split a page at its second-level headings; those without a table are left out."""
    found = []
    for part in re.split(r"^(?=## )", path.read_text(encoding="utf-8"), flags=re.MULTILINE):
        settings = dict(re.findall(r"^(stream|given|layout): (.*)$", part, flags=re.MULTILINE))
        found += [Section(path.stem, heading, settings, rows) for heading, rows in tables(part).items()]
    return found


def text_of(cell: str) -> str | None:
    """Read a cell: empty is nothing, a middle dot a blank."""
    return cell.replace("·", " ") or None


def broken_of(cell: str) -> frozenset[Broken]:
    """Read marks such as ``V-ALL-01:provider``."""
    return frozenset((mark.partition(":")[0], mark.partition(":")[2]) for mark in cell.split())


def outcome_of(cell: str) -> tuple[str, str]:
    """Read an outcome such as ``rejected (V-ALL-01)``."""
    match = _OUTCOME.fullmatch(cell)
    assert match, f"'{cell}' is no outcome"
    return match[1], match[2] or ""


@cache
def book() -> Book:
    """The book of the shipped place."""
    return open_book("west-herts-2008")


@cache
def levels() -> dict[str, str]:
    """The weight of every rule, as shipped."""
    return {rule.code: rule.level for rule in reference.check_rules(book()).values()}


@cache
def lists() -> Lists:
    """The shipped code lists with the organisations of the specification."""
    at = tables(GIVEN.read_text(encoding="utf-8"))
    practices: dict[str, tuple[Span, ...]] = {}
    for row in at["Practices of the place"]:
        span = Span(_day(row["first day"], date.min), _day(row["last day"], date.max))
        practices[row["practice"]] = (*practices.get(row["practice"], ()), span)
    providers = frozenset(row["provider"] for row in at["Providers of the place"])
    return replace(reference.lists_of(book(), [], by_place=True), providers=providers, practices=practices)


def _day(text: str, otherwise: date) -> date:
    return date.fromisoformat(text) if text else otherwise


@cache
def clean(stream: str) -> dict[str, str]:
    """The record of a stream in which nothing is found."""
    rows = tables(GIVEN.read_text(encoding="utf-8"))[_STREAMS[stream]]
    return {row["field"]: row["text"] for row in rows}


def cases(path: Path) -> list[Case]:
    """Read all cases of one page."""
    return [case for number, section in enumerate(sections(path), 1) for case in _cases(section, number)]


def _cases(section: Section, number: int) -> Iterator[Case]:
    stream = section.settings["stream"]
    for line, own in enumerate(section.rows, 1):
        told = section.given | own
        place = f"{section.page}/{number}/{told.get('set') or line}"
        key = f"{section.page}/{number}/{line}"
        own_number = "spell_no" if stream == "apc" else "local_contract" if stream in CONTRACT else "attendance_id"
        numbered = {"cds_unique_id": key, own_number: key}
        texts = numbered | clean(stream) | {name: text for name, text in told.items() if name in FIELDS[stream]}
        strange = told.keys() - set(FIELDS[stream]) - {"case", "set", "=> broken", "=> outcome"}
        assert all(name.startswith("file.") for name in strange), f"{section.heading}: {strange}"
        fields = {name: text_of(texts.get(name, "")) for name in FIELDS[stream]}
        yield Case(
            page=section.page,
            heading=section.heading,
            name=own["case"],
            row=Row(stream, place, line, fields),
            facts=_facts(told),
            broken=broken_of(own["=> broken"]),
            outcome=outcome_of(own["=> outcome"]) if "=> outcome" in own else None,
        )


def _facts(told: dict[str, str]) -> FileFacts:
    month = told.get("file.month", "2008-06")
    return FileFacts(
        sender=told.get("file.sender", "RWG") or None,
        by_place=told.get("file.coverage", "place") == "place",
        month=Month.parse(month) if month else None,
        without=frozenset(told.get("file.without", "").split()),
        changes=told.get("file.changes", "no") == "yes",
    )

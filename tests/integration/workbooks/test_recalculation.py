"""LibreOffice computes every formula that we hand out anew, and comes to the same pence."""

from __future__ import annotations

import io
import random
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from openpbc.finance.pages.group_sheet import Sharing, sharing_sheet
from openpbc.finance.pages.plan_sheets import Handed, plan_sheet, plan_workbook, totals_sheet
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.reads.plan_versions import Version
from openpbc.finance.rules.capping import cap
from openpbc.finance.rules.fair_shares import Claim, FairShareParameters, Stage, allocate
from openpbc.finance.rules.plan_line import PlanLine, amount_of
from openpbc.finance.rules.plan_versions import changed, differences
from openpbc.finance.rules.plan_workbook import read_plan, settled, totals_of
from openpbc.kernel.money import PPM
from openpbc.kernel.sheets import Kind, ReadWorkbook, SheetCell, SheetRow, pence_of
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import Book
from openpbc.ui.workbooks import form_bytes, read_workbook
from tests.integration.workbooks import office

pytestmark = pytest.mark.one_database

FINEST = 1e-8  # of a thousand pounds: a thousandth of a penny, on the way to a figure
# Remainders are compared to a ten-thousandth of a penny; one that lies between two of them may be either.
ONE_STEP, ORDER = 1.1e-4, "column 10"
# In pence. Above it a double no longer tells half a penny from a millionth of a penny below it.
EXACT_BELOW = 10**10


@pytest.fixture(scope="module")
def book() -> Book:
    return open_book("west-herts-2008")


def formulas(handed: ReadWorkbook, saved: ReadWorkbook) -> Iterator[tuple[str, SheetCell, SheetCell]]:
    """Every formula cell that was handed out, with what LibreOffice made of it."""
    for ours, theirs in zip(handed.sheets, saved.sheets, strict=True):
        rows = {row.number: row for row in theirs.rows}
        for row in ours.rows:
            for place, cell in enumerate(row.cells):
                if cell.formula:
                    yield f"{ours.name}, row {row.number}, column {place}", cell, rows[row.number].at(place)


def without_values(content: bytes) -> bytes:
    """The same workbook with no value kept beside any formula, so that nothing can be taken over from us."""
    opened = openpyxl.load_workbook(io.BytesIO(content))
    out = io.BytesIO()
    opened.save(out)
    return out.getvalue()


def recomputed(content: bytes, folder: Path) -> tuple[ReadWorkbook, ReadWorkbook]:
    handed = read_workbook(content, "handed.xlsx")
    bare = without_values(content)
    assert not [cell for _, cell, _ in formulas(read_workbook(bare, "b.xlsx"), handed) if cell.kind is not Kind.EMPTY]
    return handed, read_workbook(office.converted(bare, "xlsx", folder), "saved.xlsx")


def differing(handed: ReadWorkbook, saved: ReadWorkbook) -> tuple[int, list[tuple[str, str, str, str]]]:
    """Count the formulas, and give those of which LibreOffice makes something else."""
    found, count = [], 0
    for where, ours, theirs in formulas(handed, saved):
        count += 1
        same = ours.text == theirs.text
        if ours.number is not None and theirs.number is not None:
            same = abs(ours.number - theirs.number) < (ONE_STEP if where.endswith(ORDER) else FINEST)
        if not same:
            found.append((where, ours.formula, ours.text, theirs.text))
    return count, found


def test_the_published_plan(book: Book, tmp_path: Path):
    version = reads.version(book, "book")
    handed, saved = recomputed(plan_workbook(book, version), tmp_path)
    count, found = differing(handed, saved)
    assert found == []
    assert count > 90
    read = read_plan(saved)
    assert read.fit
    assert changed(differences(version.lines, settled(version.lines, read.lines))) == ()
    assert not [each for each in read.findings if each.rule.startswith("WB")]


def half_pennies(count: int) -> list[PlanLine]:
    """Lines whose exact amount lies on half a penny, or a millionth of a penny or three from it."""
    chance, lines = random.Random(1), list[PlanLine]()
    while len(lines) < count:
        rate = chance.choice((5_000, 25_000, 45_000, 1, 999_999, chance.randrange(1, PPM)))
        base = chance.choice((-1, 1)) * chance.randrange(10 ** chance.randrange(3, 12))
        base += next((step for step in range(2_000) if abs((base + step) * rate % PPM - PPM // 2) <= 3), 0)
        line = PlanLine(f"line_{len(lines)}", "Line", "inflation", "uplift", base=base, rate=rate)
        if abs(amount_of(line)) < EXACT_BELOW:
            lines.append(replace(line, amount=amount_of(line)))
    return lines


def test_base_times_rate_to_the_penny(book: Book, tmp_path: Path):
    lines = half_pennies(1_000)
    handed = Handed(book, Version("here", "1", "Halves", tuple(lines)))
    ours, saved = recomputed(form_bytes("Halves", [plan_sheet(handed), totals_sheet(handed)]), tmp_path)
    assert differing(ours, saved)[1] == []
    totals = {row.at(0).text: row.at(2) for row in saved.sheets[1].rows}
    assert pence_of(totals["inflation"], 5) == totals_of(lines)["inflation"]


def sharings(count: int) -> list[Sharing]:
    """Results of every stage, small and large, capped and not."""
    chance, made = random.Random(2), list[Sharing]()
    while len(made) < count:
        size = 10 ** chance.randrange(5, 11)
        claims = [
            Claim(f"G{n:02}", chance.choice((0, 1, 1, 1, 1)) * chance.randrange(size), chance.randrange(-5, size))
            for n in range(chance.randrange(2, 12))
        ]
        bases, targets = sum(each.base for each in claims), sum(max(each.target, 0) for each in claims)
        pot = chance.choice((bases * 9 // 10, bases * 105 // 100, bases * 11 // 10, targets * 2, bases + targets // 2))
        if not pot or not bases:
            continue
        rates = FairShareParameters(chance.choice((0, 45_000, 45_123)), chance.choice((0, 10_000, 20_001)))
        allocation = allocate(claims, pot, rates)
        limit = chance.choice((None, 70_000, 123_456))
        capped = None if limit is None else cap(allocation, limit)
        amounts = capped.amounts if capped else allocation.amounts
        made.append(Sharing(allocation, amounts, {each.code: each.code for each in claims}, limit))
    return made


def test_groups_are_shared_to_the_penny(tmp_path: Path):
    made = sharings(45)
    assert {each.allocation.stage for each in made} == set(Stage)
    sheets = [sharing_sheet(f"S{n}", "Shares", "Group", each) for n, each in enumerate(made)]
    handed, saved = recomputed(form_bytes("Shares", sheets), tmp_path)
    count, found = differing(handed, saved)
    assert found == []
    assert count > 45 * 15 * 2
    for sheet, sharing in zip(saved.sheets, made, strict=True):
        assert shares(sheet.rows) == dict(sharing.amounts)


def shares(rows: Sequence[SheetRow]) -> dict[str, int]:
    """The amounts under the cap by group, as LibreOffice makes them."""
    of_groups = [row for row in rows if row.at(0).text.startswith("G") and row.at(12).kind is Kind.NUMBER]
    return {row.at(0).text: pence_of(row.at(12), 5) for row in of_groups}

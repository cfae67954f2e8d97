"""Weighted lists from tables: of a place's own book, of the SYNTHETIC example, or of files of the same shape."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from openpbc.finance.reads.need import WeightRow
from openpbc.finance.rules.weighted_lists import (
    Area,
    Band,
    CostCurve,
    PracticeList,
    WeightedList,
    WeightedLists,
    weighted_lists,
)
from openpbc.kernel.citations import Citation
from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.money import MFF_UNIT, scaled_from_text
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Table

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "lists": ("practice", "commissioner", "quarter", "sex", "age_band", "patients"),
    "curve": ("component", "age_band", "sex", "cost"),
    "components": ("code", "title", "percent"),
    "need": ("practice", "component", "index"),
    "residents": ("code", "residents", "mff"),
}
"""What the five tables of the method hold."""
OWN: Mapping[str, str] = {
    "lists": "fair_shares.age_sex_lists",
    "curve": "fair_shares.age_sex_curve",
    "components": "fair_shares.component_weights",
    "need": "fair_shares.practice_need",
    "residents": "fair_shares.residents",
}
EXAMPLE: Mapping[str, str] = {name: f"need_example.{name}" for name in COLUMNS}
ALL = "ALL"
COST_DECIMALS, MIX_DECIMALS = 20, 4
_AGES = re.compile(r"(\d{1,3})(?:[-_](\d{1,3})|\+)")
_OLDEST = 999
Rows = Sequence[WeightRow]


@dataclass(frozen=True)
class Weighting:
    """Weighted lists with the titles of their components, what was odd in the tables, and where they stand."""

    lists: WeightedLists
    titles: tuple[str, ...]
    percents: tuple[str, ...]
    findings: tuple[Finding, ...]
    citations: tuple[Citation, ...] = ()
    paths: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ()
    synthetic: bool = False

    is_set = True

    def practice(self, code: str) -> WeightedList:
        """Find one practice; an unknown one is a person's mistake."""
        for each in self.lists.practices:
            if each.code == code:
                return each
        raise UserError(f"there is no weighted list of '{code[:20]}'", do="Choose a practice of the lists.")


def weighting(book: Book) -> Weighting | NotSet:
    """Weigh the lists of a place by its own tables; the first gap answers "not set"."""
    return _of_book(book, tuple(OWN.items()))


def example_weighting(book: Book) -> Weighting | NotSet:
    """Weigh the lists of the SYNTHETIC example by which the method is shown."""
    return _of_book(book, tuple(EXAMPLE.items()))


@lru_cache(maxsize=8)
def _of_book(book: Book, subjects: tuple[tuple[str, str], ...]) -> Weighting | NotSet:
    tables: dict[str, Table] = {}
    for name, subject in subjects:
        found = book.table(subject)
        if isinstance(found, NotSet):
            return found
        tables[name] = found
    given = {
        name: tuple(WeightRow(line, cells) for line, cells in enumerate(table, start=1))
        for name, table in tables.items()
    }
    made = weigh(given, {name: table.path for name, table in tables.items()})
    citations = tuple(table.citation for table in tables.values())
    return Weighting(
        made.lists,
        made.titles,
        made.percents,
        made.findings,
        citations=tuple(dict.fromkeys(citations)),
        paths=tuple(table.path for table in tables.values()),
        statuses=tuple(dict.fromkeys(str(table.status) for table in tables.values())),
        synthetic=any(citation.mark == "SYN" for citation in citations),
    )


def weigh(given: Mapping[str, Rows], names: Mapping[str, str]) -> Weighting:
    """Weigh the lists in five tables; every cell that cannot be read is told, and then nothing is weighed.

    ``names`` says what to call each table when something is wrong with it.
    """
    for name, columns in COLUMNS.items():
        missing = [column for column in columns if column not in (given[name][0].cells if given[name] else {})]
        if missing:
            what = f"there is no column '{missing[0]}'" if given[name] else "there is no row"
            raise UserError(what, where=names[name], do=f"The columns are {', '.join(columns)}.")
    reader = _Reader(names)
    components = [(row.cells["code"], row.cells["title"]) for row in given["components"]]
    mix = [reader.number("components", row, "percent", MIX_DECIMALS) for row in given["components"]]
    curves = _curves(reader, given["curve"], [code for code, _ in components])
    lists, findings = _lists(reader, given["lists"], curves)
    needs = _needs(reader, given["need"], [code for code, _ in components], lists)
    areas = _areas(reader, given["residents"], lists)
    reader.refuse()
    practices = [
        PracticeList(code, commissioner, tuple(quarters), needs[code])
        for code, (commissioner, quarters) in sorted(lists.items())
    ]
    costs = [CostCurve(code, weight, curves[code]) for (code, _), weight in zip(components, mix, strict=True)]
    try:
        made = weighted_lists(practices, areas, costs)
    except ValueError as problem:
        raise UserError(str(problem), where=names["lists"], do="Complete the tables.") from problem
    titles = tuple(title for _, title in components)
    return Weighting(made, titles, tuple(row.cells["percent"] for row in given["components"]), tuple(findings))


class _Reader:
    """Reads cells and keeps every problem, so that all of them can be told at once."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names
        self.problems: list[str] = []

    def number(self, table: str, row: WeightRow, column: str, decimals: int) -> int:
        """Read a number of nought or more; nought stands for what cannot be read, as the problem is kept."""
        text = row.cells[column]
        try:
            value = scaled_from_text(text, decimals)
        except UserError as problem:
            self.wrong(table, row, column, problem.what)
            return 0
        if value < 0:
            self.wrong(table, row, column, f"'{text[:20]}' is negative")
        return max(value, 0)

    def wrong(self, table: str, row: WeightRow, column: str, what: str) -> None:
        """Keep a problem with its table, row and column."""
        self.problems.append(f"{self.names[table]}, row {row.line}, column {column}: {what}")

    def refuse(self) -> None:
        """Tell all problems, the first twenty one by one."""
        if not self.problems:
            return
        more = f"; and {len(self.problems) - 20} more" if len(self.problems) > 20 else ""
        told = "; ".join(self.problems[:20])
        raise UserError(f"{told}{more}", do="Mend the tables; nothing was weighed.")


def _ages(text: str) -> tuple[int, int] | None:
    """Read ``5-9``, ``5_9`` or ``95+``."""
    match = _AGES.fullmatch(text.strip())
    return (int(match[1]), int(match[2]) if match[2] else _OLDEST) if match else None


def _curves(reader: _Reader, rows: Rows, components: Sequence[str]) -> dict[str, dict[Band, int]]:
    curves: dict[str, dict[Band, int]] = {code: {} for code in components}
    for row in rows:
        code, band = row.cells["component"], (row.cells["age_band"], row.cells["sex"].casefold())
        if code not in curves:
            continue  # a curve of a component that has no part in the whole
        if _ages(band[0]) is None:
            reader.wrong("curve", row, "age_band", f"'{band[0][:20]}' is no age band")
        if band in curves[code]:
            reader.wrong("curve", row, "age_band", f"{band[0]} {band[1]} stands twice for {code}")
        curves[code][band] = reader.number("curve", row, "cost", COST_DECIMALS)
    for code, curve in curves.items():
        if not curve:
            reader.problems.append(f"{reader.names['curve']}: there is no cost by age and sex for {code}")
    return curves


_Lists = dict[str, tuple[str, list[dict[Band, int]]]]


def _lists(reader: _Reader, rows: Rows, curves: dict[str, dict[Band, int]]) -> tuple[_Lists, list[Finding]]:
    """Give each practice's patients by quarter in the bands of the list, and widen the curves to these bands."""
    quarters = sorted({row.cells["quarter"] for row in rows})
    lists: _Lists = {}
    totals: dict[tuple[str, str], tuple[int, WeightRow]] = {}
    for row in rows:
        code, quarter = row.cells["practice"], row.cells["quarter"]
        band = (row.cells["age_band"], row.cells["sex"].casefold())
        patients = reader.number("lists", row, "patients", 0)
        commissioner, held = lists.setdefault(code, (row.cells["commissioner"], [{} for _ in quarters]))
        if commissioner != row.cells["commissioner"]:
            reader.wrong("lists", row, "commissioner", f"{code} already belongs to {commissioner}")
        if ALL.casefold() in (band[1], band[0].casefold()):
            if ALL.casefold() == band[1] == band[0].casefold():
                totals[code, quarter] = (patients, row)
            continue
        at = quarters.index(quarter)
        if band in held[at]:
            reader.wrong("lists", row, "age_band", f"{band[0]} {band[1]} of {code} stands twice in {quarter}")
        held[at][band] = patients
        _widen(reader, row, band, curves)
    return lists, [*_absent(lists, quarters), *_control(lists, quarters, totals)]


def _widen(reader: _Reader, row: WeightRow, band: Band, curves: dict[str, dict[Band, int]]) -> None:
    """Give a band of the list the cost of the band of the curve in which it lies."""
    for code, curve in curves.items():
        if band in curve:
            continue
        ages = _ages(band[0])
        found = [
            cost
            for (text, sex), cost in curve.items()
            if ages and sex == band[1] and (wide := _ages(text)) and wide[0] <= ages[0] and ages[1] <= wide[1]
        ]
        if not found:
            reader.wrong("lists", row, "age_band", f"{band[0]} {band[1]} lies in no band of the curve of {code}")
        curve[band] = found[0] if found else 0


def _absent(lists: _Lists, quarters: Sequence[str]) -> Iterable[Finding]:
    """A practice without a list in a quarter counts with nobody in it: its patients are with another by then."""
    for code, (_, held) in sorted(lists.items()):
        for quarter, bands in zip(quarters, held, strict=True):
            if not bands:
                sentence = f"Practice {code} has no list in quarter {quarter}; nobody counts there."
                yield Finding("WL-01", Level.WARNING, Place(field=code), sentence)


def _control(
    lists: _Lists, quarters: Sequence[str], totals: Mapping[tuple[str, str], tuple[int, WeightRow]]
) -> Iterable[Finding]:
    """A printed total that differs from its parts is kept out and told."""
    for (code, quarter), (total, row) in totals.items():
        parts = sum(lists[code][1][quarters.index(quarter)].values())
        if parts != total:
            sentence = f"The list of {code} adds up to {parts:,}; the file's own total is {total:,}. The parts count."
            yield Finding("WL-02", Level.ERROR, Place(line=row.line, field="patients"), sentence)


def _needs(reader: _Reader, rows: Rows, components: Sequence[str], lists: _Lists) -> dict[str, tuple[int, ...]]:
    given: dict[tuple[str, str], int] = {}
    for row in rows:
        key = (row.cells["practice"], row.cells["component"])
        if key in given:
            reader.wrong("need", row, "practice", f"{key[0]} stands twice for {key[1]}")
        given[key] = reader.number("need", row, "index", 6)
    for code in lists:
        for component in components:
            if (code, component) not in given:
                reader.problems.append(f"{reader.names['need']}: there is no need index of {code} for {component}")
    return {code: tuple(given.get((code, component), 0) for component in components) for code in lists}


def _areas(reader: _Reader, rows: Rows, lists: _Lists) -> list[Area]:
    areas = {}
    for row in rows:
        mff = reader.number("residents", row, "mff", 7) if row.cells["mff"] else MFF_UNIT
        areas[row.cells["code"]] = Area(row.cells["code"], reader.number("residents", row, "residents", 0), mff)
    for commissioner in sorted({each for each, _ in lists.values()} - set(areas)):
        reader.problems.append(f"{reader.names['residents']}: there are no residents of {commissioner}")
    return list(areas.values())

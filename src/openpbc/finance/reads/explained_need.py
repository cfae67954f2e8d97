"""Explains need shares: whole people by practice, shares of the selection, and need indices."""

from __future__ import annotations

from dataclasses import dataclass, replace

from openpbc.finance.reads.england import BY, england_need, england_rows
from openpbc.finance.reads.evidence import book_evidence, no_figure
from openpbc.finance.reads.explained_lists import LISTS, SHOWN, explain_list
from openpbc.finance.reads.need import SCALE, NeedReport, NeedRows, WeightRow, people, place_need, place_rows
from openpbc.finance.reads.need_on import need_on, parse_clocks, rows_on
from openpbc.finance.rules.need_shares import PlaceNeed
from openpbc.kernel.money import PPM, round_div
from openpbc.kernel.steps import Explanation, Ratio, Step
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

ALL = "all"
POPULATION = "population"
OF_PLACE = "share-of-place"
RULE = "need-shares"
# More practices than this are told by the part of a board in which they are.
MOST_STEPS = 400
PART = "CCG21"


@dataclass(frozen=True)
class _Asked:
    """What an address asks about: the report, the rows behind it, and the unit in that report."""

    report: NeedReport
    rows: NeedRows
    unit: str

    @property
    def need(self) -> PlaceNeed:
        """The unit's own need, or that of the whole selection."""
        return self.report.shares.selection if self.unit == ALL else self.report.place(self.unit)


def explain_need(book: Book, address: str, rest: str) -> Explanation:
    """Explain ``<unit or all>/<population|weighted|share|index>/<column number>``.

    The column number counts the weighted columns from 0; ``population`` stands for the unweighted people. A unit
    ``<column>~<code>`` is an area of England's file, ``lists~<code>`` a practice's weighted list; ``?on= &known_on=``
    asks for the units of a day.
    """
    path, _, query = rest.partition("?")
    parts = path.split("/")
    kind, _, code = parts[0].partition("~")
    if kind in (LISTS, SHOWN) and len(parts) > 1:
        return explain_list(book, address, kind, code, parts[1:])
    asked = _asked(book, parts[0], query)
    if len(parts) == 2 and parts[1] == POPULATION:
        return _people(book, asked, address, None)
    columns = asked.report.columns.weighted
    if len(parts) != 3 or not parts[2].isdecimal() or int(parts[2]) >= len(columns):
        raise no_figure(address)
    figure, number = parts[1], int(parts[2])
    explainer = {"weighted": _people, "share": _share, "index": _index, OF_PLACE: _of_place}.get(figure)
    if explainer is None:
        raise no_figure(address)
    return explainer(book, asked, address, number)


def _asked(book: Book, unit: str, query: str) -> _Asked:
    by, tilde, code = unit.partition("~")
    on, known_on = parse_clocks(query)
    if tilde:
        report, rows = england_need(book, by), england_rows(book)
    elif on:
        report, rows, code = need_on(book, on, known_on), rows_on(book, on, known_on), unit
    else:
        report, rows, code = place_need(book), place_rows(book), unit
    for found in (report, rows):
        if isinstance(found, NotSet):
            raise found.problem
    assert isinstance(report, NeedReport) and isinstance(rows, NeedRows)
    return _Asked(report, rows, code)


def _title(asked: _Asked, number: int | None) -> str:
    report = asked.report
    name = "The whole selection" if asked.unit == ALL else report.names[asked.need.place]
    area = f"{BY[report.by]} " if report.by in BY and asked.unit != ALL else ""
    return f"{area}{name}: {'population' if number is None else report.columns.weighted[number].title}"


def _people(book: Book, asked: _Asked, address: str, number: int | None) -> Explanation:
    need, report = asked.need, asked.report
    value = need.population if number is None else need.components[number].weighted
    column = report.columns.population if number is None else report.columns.weighted[number].column
    rows = [row for row in asked.rows.rows if asked.unit in (ALL, row.cells[report.by])]
    steps = person_steps(rows, asked.rows, column)
    formula = f"Sum of {column} over {need.practices} practices, rounded once to whole people."
    return _made(book, asked, address, _title(asked, number), value, "count", formula, steps)


def person_steps(rows: list[WeightRow], source: NeedRows, column: str) -> tuple[Step, ...]:
    """Add people up practice by practice (or, where there are very many, part by part) to whole people.

    Each step takes the exact sum so far to the next whole person, so that the steps add up to the rounded sum.
    """
    coarse = len(rows) > MOST_STEPS and PART in rows[0].cells
    label = PART if coarse else source.columns.practice
    sums: dict[str, int] = {}
    for row in rows:
        sums[row.cells[label]] = sums.get(row.cells[label], 0) + people(row, column)
    given = {} if coarse else {row.cells[label]: ((column, row.cells[column]),) for row in rows}
    steps = []
    before = exact = 0
    for name, part in sums.items():
        exact += part
        level = round_div(exact, SCALE)
        steps.append(Step(RULE, name, level - before, given.get(name, ()), source.citation))
        before = level
    return tuple(steps)


def _share(book: Book, asked: _Asked, address: str, number: int) -> Explanation:
    report = asked.report
    part = asked.need.components[number]
    whole = sum(place.components[number].weighted for place in report.shares.places)
    inputs = (
        ("weighted people of the place", f"{part.weighted:,}"),
        ("weighted people of all places", f"{whole:,}"),
    )
    step = Step(RULE, "Weighted people over all weighted people", part.share, inputs, report.citation)
    formula = "weighted people of the place / weighted people of all places; shares add up to 100% by largest remainder"
    title = f"{_title(asked, number)}, share"
    return _made(book, asked, address, title, part.share, "ppm", formula, (step,))


def _of_place(book: Book, asked: _Asked, address: str, number: int) -> Explanation:
    """The part of an area or practice in the weighted people of the reader's place."""
    here = place_need(book)
    if isinstance(here, NotSet):
        raise here.problem
    title = f"{_title(asked, number)}, share of {book.place.title}"
    ratio = Ratio(asked.need.components[number].weighted, here.shares.selection.components[number].weighted)
    formula = "weighted people / weighted people of all practices of the place"
    return replace(_made(book, asked, address, title, ratio.ppm, "ppm", formula, ()), ratio=ratio)


def _index(book: Book, asked: _Asked, address: str, number: int) -> Explanation:
    report = asked.report
    need, whole = asked.need, report.shares.selection
    part, all_ = need.components[number], whole.components[number]
    if part.index is None:
        raise no_figure(address)
    inputs = (
        ("weighted people", f"{part.weighted:,}"),
        ("population", f"{need.population:,}"),
        ("weighted people of the selection", f"{all_.weighted:,}"),
        ("population of the selection", f"{whole.population:,}"),
    )
    value = part.index * PPM // 1000
    step = Step(RULE, "Weighted over unweighted people, over the same of the selection", value, inputs, report.citation)
    formula = "(weighted / population of the place) / (weighted / population of the selection), to three decimals"
    title = f"{_title(asked, number)}, need index"
    return _made(book, asked, address, title, value, "index", formula, (step,))


def _made(
    book: Book, asked: _Asked, address: str, title: str, value: int, unit: str, formula: str,
    steps: tuple[Step, ...],
) -> Explanation:  # fmt: skip
    report = asked.report
    return Explanation(
        address=address,
        title=title,
        value=value,
        unit=unit,
        formula=formula,
        steps=steps,
        citations=(report.citation,) if report.citation else (),
        evidence=book_evidence(book, asked.rows.path),
        notes=tuple(finding.sentence for finding in report.findings),
        statuses=(report.status,),
    )

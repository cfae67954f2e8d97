"""Explains need shares: whole people by practice, shares of the selection, and need indices."""

from __future__ import annotations

from openpbc.finance.reads.evidence import book_evidence, no_figure
from openpbc.finance.reads.need import SCALE, WEIGHTS, NeedReport, WeightRow, people, place_need
from openpbc.finance.rules.need_shares import PlaceNeed
from openpbc.kernel.money import PPM, round_div
from openpbc.kernel.steps import Explanation, Step
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

ALL = "all"
POPULATION = "population"
RULE = "need-shares"


def explain_need(book: Book, address: str, rest: str) -> Explanation:
    """Explain ``<unit or all>/<population|weighted|share|index>/<column number>``.

    The column number counts the weighted columns from 0; ``population`` stands for the unweighted people.
    """
    report = place_need(book)
    if isinstance(report, NotSet):
        raise report.problem
    parts = rest.split("/")
    if len(parts) == 2 and parts[1] == POPULATION:
        return _people(book, report, address, parts[0], None)
    columns = report.columns.weighted
    if len(parts) != 3 or not parts[2].isdecimal() or int(parts[2]) >= len(columns):
        raise no_figure(address)
    unit, figure, number = parts[0], parts[1], int(parts[2])
    if figure == "weighted":
        return _people(book, report, address, unit, number)
    if figure == "share":
        return _share(book, report, address, unit, number)
    if figure == "index":
        return _index(book, report, address, unit, number)
    raise no_figure(address)


def _need(report: NeedReport, unit: str) -> PlaceNeed:
    return report.shares.selection if unit == ALL else report.place(unit)


def _title(report: NeedReport, unit: str, number: int | None) -> str:
    name = "The whole selection" if unit == ALL else report.names[report.place(unit).place]
    return f"{name}: {'population' if number is None else report.columns.weighted[number].title}"


def _people(book: Book, report: NeedReport, address: str, unit: str, number: int | None) -> Explanation:
    need = _need(report, unit)
    value = need.population if number is None else need.components[number].weighted
    column = report.columns.population if number is None else report.columns.weighted[number].column
    steps = []
    before = exact = 0
    for line, cells in enumerate(book.need_table(WEIGHTS), start=1):
        if unit not in (ALL, cells[report.by]):
            continue
        # Practices are shown in whole people; each step takes the sum so far to the next whole person.
        exact += people(WeightRow(line, cells), column)
        level = round_div(exact, SCALE)
        inputs = ((column, cells[column]),)
        steps.append(Step(RULE, cells[report.columns.practice], level - before, inputs, report.citation))
        before = level
    formula = f"Sum of {column} over {need.practices} practices, rounded once to whole people."
    return _made(book, report, address, _title(report, unit, number), value, "count", formula, tuple(steps))


def _share(book: Book, report: NeedReport, address: str, unit: str, number: int) -> Explanation:
    part = _need(report, unit).components[number]
    whole = sum(place.components[number].weighted for place in report.shares.places)
    inputs = (
        ("weighted people of the place", f"{part.weighted:,}"),
        ("weighted people of all places", f"{whole:,}"),
    )
    step = Step(RULE, "Weighted people over all weighted people", part.share, inputs, report.citation)
    formula = "weighted people of the place / weighted people of all places; shares add up to 100% by largest remainder"
    title = f"{_title(report, unit, number)}, share"
    return _made(book, report, address, title, part.share, "ppm", formula, (step,))


def _index(book: Book, report: NeedReport, address: str, unit: str, number: int) -> Explanation:
    need, whole = _need(report, unit), report.shares.selection
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
    title = f"{_title(report, unit, number)}, need index"
    return _made(book, report, address, title, value, "index", formula, (step,))


def _made(
    book: Book, report: NeedReport, address: str, title: str, value: int, unit: str, formula: str,
    steps: tuple[Step, ...],
) -> Explanation:  # fmt: skip
    return Explanation(
        address=address,
        title=title,
        value=value,
        unit=unit,
        formula=formula,
        steps=steps,
        citations=(report.citation,) if report.citation else (),
        evidence=book_evidence(book, book.need_table(WEIGHTS).path),
        notes=tuple(finding.sentence for finding in report.findings),
        statuses=(report.status,),
    )

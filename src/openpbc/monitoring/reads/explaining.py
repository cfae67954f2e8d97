"""Explain this number: every figure of a position as the sum of its steps, down to plan lines and priced records."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from openpbc.kernel.citations import Citation
from openpbc.kernel.money import pounds
from openpbc.kernel.steps import Explanation, RecordsLink, Step
from openpbc.monitoring.reads.actuals import Actuals, actuals
from openpbc.monitoring.reads.addresses import FIGURES, Address, nowhere, parse
from openpbc.monitoring.reads.evidence import evidence, statuses
from openpbc.monitoring.reads.figures import Cut
from openpbc.monitoring.reads.positions import names_of, whole_cut
from openpbc.monitoring.rules import forecast
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

COUNTING = Citation("openpbc-domain-notes", "Payment by Results, pricing of spells and attendances", "S")
PLANNING = Citation("openpbc-domain-notes", "Standard contract concepts (activity plan)", "S")
POSITION_CITATION = Citation("openpbc-domain-notes", "Indicative budget and in-year (month report)", "P")

WORDS = {"activity": "Activity", "charge": "Charge", "price": "Price with market forces factor"}
FORMULAS = {
    "actual": "sum over the counted records of the month's run",
    "plan": "sum over the plan's lines of activity, or of activity x price for the charge",
    "variance": "actual - plan",
    "ytd-actual": "sum of the actuals of the closed months",
    "ytd-plan": "sum of the plans of the closed months",
    "ytd-variance": "actual to date - plan to date",
    "year-plan": "sum of the plans of the twelve months",
    "straight-line": "actual to date / closed months x 12",
    "profile": "actual to date x plan of the year / plan to date",
}


def explain(address: str) -> Explanation:
    """Explain the figure at an address; one that cannot be stated raises the sentence that says why."""
    asked = parse(address)
    book = organisations.book(asked.place)
    if asked.month.year_of != book.place.year:
        raise nowhere(address)
    cut = whole_cut(book, asked.month, asked.selection)
    value = cut.values(asked.quantity)[asked.figure]
    if value is None:
        raise nowhere(address)
    return Explanation(
        address=address,
        title=f"{WORDS[asked.quantity]} {FIGURES[asked.figure]}, {_said(asked, cut.book)}",
        value=value,
        unit=asked.unit,
        formula=FORMULAS[asked.figure],
        steps=tuple(_steps(asked, cut)),
        citations=(POSITION_CITATION,),
        evidence=evidence(cut),
        records=_records(asked, cut),
        notes=_notes(cut),
        statuses=statuses(cut),
    )


def _by(cut: Cut, column: str) -> Actuals:
    return actuals(cut.published, cut.book.place.commissioner, column, cut.selection)


def _said(asked: Address, book: Book) -> str:
    cut = asked.selection
    columns = (("unit", cut.unit), ("provider", cut.provider), ("pod", cut.pod), ("practice", cut.practice))
    named = [names_of(book, column).get(code, code) for column, code in columns if code]
    if cut.budget_line:
        named.append(f"budget line {cut.budget_line}")
    return f"{asked.month.name}, {', '.join(named) if named else 'all units, providers and points of delivery'}"


def _steps(asked: Address, cut: Cut) -> Iterator[Step]:
    figure, quantity = asked.figure, asked.quantity
    known, shown = cut.to_date(quantity), _shower(asked)
    values = cut.values(quantity)
    if figure == "actual":
        yield from _actual_steps(asked, cut)
    elif figure == "plan":
        yield from _plan_steps(asked, cut)
    elif figure in ("variance", "ytd-variance"):
        first, second = figure.replace("variance", "actual"), figure.replace("variance", "plan")
        yield Step("monitoring.actual", "Actual", values[first] or 0, (), COUNTING, str(asked.of(first)))
        yield Step("monitoring.plan", "Less plan", -(values[second] or 0), (), PLANNING, str(asked.of(second)))
    elif figure in ("ytd-actual", "ytd-plan", "year-plan"):
        yield from _month_steps(asked, cut)
    else:
        yield Step("monitoring.actual", "Actual to date", known.actual, (), COUNTING, str(asked.of("ytd-actual")))
        if figure == "straight-line":
            yield forecast.straight_line_step(known, shown(known.actual))
        else:
            told = (shown(known.actual), shown(known.plan or 0), shown(known.year_plan or 0))
            yield forecast.profile_step(known, told)


def _shower(asked: Address) -> Callable[[int], str]:
    return pounds if asked.unit == "pence" else "{:,}".format


def _month_steps(asked: Address, cut: Cut) -> Iterator[Step]:
    """One step a month: the closed ones, or all twelve for the plan of the year."""
    figure = asked.figure.rpartition("-")[2]
    months = asked.month.year_of.months if asked.figure == "year-plan" else [month for month, _ in cut.published.runs]
    for month in months:
        if figure == "actual":
            effect = cut.actuals.month("", month).of(asked.quantity)
            inputs: tuple[tuple[str, str], ...] = (("run", cut.published.run_of(month)),)
        else:
            effect, inputs = cut.planned.month(asked.quantity, month) or 0, ()
        there = Address(asked.place, month, asked.selection, f"{figure}-{asked.quantity}")
        citation = COUNTING if figure == "actual" else PLANNING
        yield Step(f"monitoring.{figure}", month.name, effect, inputs, citation, str(there))


def _actual_steps(asked: Address, cut: Cut) -> Iterator[Step]:
    """The figure in its parts by the next column of the cut; at the end, by what pricing made of the records."""
    column = asked.selection.next_column or "status"
    parts = _by(cut, column)
    names = names_of(cut.book, column)
    for code in parts.codes:
        sums = parts.month(code, asked.month)
        if sums.activity == 0:
            continue
        address = "" if column == "status" else str(_narrowed(asked, column, code))
        inputs = (("records", f"{sums.activity:,}"),)
        yield Step("monitoring.count", names.get(code, code), sums.of(asked.quantity), inputs, COUNTING, address)


def _narrowed(asked: Address, column: str, code: str) -> Address:
    return Address(asked.place, asked.month, asked.selection.narrowed(column, code), asked.measure)


def _plan_steps(asked: Address, cut: Cut) -> Iterator[Step]:
    plan = cut.planned
    column = asked.selection.next_column
    if column in ("", "practice"):
        for row in plan.rows:
            if row.month == str(asked.month):
                inputs = (("activity", f"{row.activity:,}"), ("expected charge of one", pounds(row.price_pence)))
                label = f"Plan line {row.provider} {row.unit} {row.pod} {row.month}"
                yield Step("monitoring.plan_line", label, getattr(row, asked.quantity), inputs, PLANNING)
        return
    names = names_of(cut.book, column)
    for code in plan.codes(column):
        effect = plan.cut(column, code).month(asked.quantity, asked.month) or 0
        address = str(_narrowed(asked, column, code))
        yield Step("monitoring.plan", names.get(code, code), effect, (), PLANNING, address)


def _records(asked: Address, cut: Cut) -> tuple[RecordsLink, ...]:
    """Link the records of the actuals; plans and variances have none of their own."""
    if asked.figure not in ("actual", "ytd-actual"):
        return ()
    wanted = [(m, run) for m, run in cut.published.runs if asked.figure == "ytd-actual" or m == asked.month]
    return tuple(
        RecordsLink(asked.place, str(month), run, asked.selection.where, cut.actuals.month("", month).activity)
        for month, run in wanted
    )


def _notes(cut: Cut) -> tuple[str, ...]:
    if not cut.published.missing:
        return ()
    named = ", ".join(month.name for month in cut.published.missing)
    return (f"Not closed, and so in neither actual nor plan to date: {named}.",)

"""Explains the figures of the years ahead: each year's money, what comes back to whom, and what it is for."""

from __future__ import annotations

from collections.abc import Callable

from openpbc.finance.reads import cells
from openpbc.finance.reads.evidence import book_evidence, no_figure, shown
from openpbc.finance.reads.lodged import Lodged
from openpbc.finance.reads.multi_year import (
    ALL,
    AT_RISK_OF,
    COST,
    GROWTH,
    PREFIX,
    TOGETHER,
    MultiYear,
    Tried,
    at_risk,
    multi_year,
)
from openpbc.finance.reads.scenarios import fair_shares
from openpbc.finance.rules.multi_year import YearMoney
from openpbc.finance.rules.reserve import Call
from openpbc.kernel.money import percent_text
from openpbc.kernel.steps import Explanation, Ratio, Step
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value

PURPOSE, CALL = "purpose.", "call."
NO_PURPOSE = "none"
Steps = tuple[Step, ...]

_YEAR_TITLES = {
    "without": "money of the year, without a deposit",
    "with": "money to spend, with the deposit",
    "lodged": "lodged",
    "returned": "comes back",
    "cost": "cost of keeping the deposit",
    "growth_without": "growth without a deposit",
    "growth_with": "growth with the deposit",
}
_UNIT_TITLES = {
    "deposit": "deposit",
    "printed": "deposit, as the published totals print it",
    "returned": "comes back in all",
    "left": "deposit without a return written down",
    "part": "part of the deposit",
    "budget_part": "part of all budgets",
}
_TOGETHER_TITLES = {
    "without": "money without a deposit",
    "with": "money to spend with the deposit",
    "lodged": "lodged",
    "returned": "comes back",
    "cost": "cost of keeping the deposit",
    "still_lodged": "still lodged",
    "difference": "with the deposit less without",
}


def explain_multi_year(book: Book, address: str, rest: str) -> Explanation:
    """Explain ``<year, group, all, together or purpose.code>/<figure>?<what is tried>``."""
    path, _, query = rest.partition("?")
    row, _, figure = path.partition("/")
    found = multi_year(book, Tried.parse(query))
    if isinstance(found, NotSet):
        raise found.problem
    if row.startswith(PURPOSE) and figure == "assigned":
        return _purpose(book, found, address, row.removeprefix(PURPOSE))
    if row.startswith(CALL) and figure == "amount":
        steps = _calls(found, lambda call: f"{CALL}{call.number}" == row)
        return _made(book, found, address, f"Return {row.removeprefix(CALL)}", steps)
    if row == TOGETHER and figure in _TOGETHER_TITLES:
        title = f"{found.evened.years} years together: {_TOGETHER_TITLES[figure]}"
        return _made(book, found, address, title, _together(found, figure))
    year = next((each for each in found.years if each.year == row), None)
    if year is not None and figure in _YEAR_TITLES:
        return _year(book, found, address, year, figure)
    if row in (*found.lodged.by_unit, ALL):
        return _unit(book, found, address, row, figure)
    raise no_figure(address)


def _made(
    book: Book, found: MultiYear, address: str, title: str, steps: Steps, ratio: Ratio | None = None
) -> Explanation:
    paths = [each.path for each in (*found.set_growth.values(), *found.costs.values())]
    notes = [each.sentence for each in found.findings]
    if found.tried.growth is not None:
        notes.append("Years whose growth nobody has set grow by what the reader tries.")
    citations = tuple(dict.fromkeys(step.citation for step in steps if step.citation))
    return Explanation(
        address=address,
        title=title,
        value=ratio.ppm if ratio else sum(step.effect for step in steps),
        unit="ppm" if ratio else "pence",
        formula="The parts added." if ratio is None else "The first over the second, and less one where it is growth.",
        steps=steps,
        ratio=ratio,
        citations=citations,
        evidence=book_evidence(book, *paths),
        notes=tuple(notes),
        statuses=("draft",) if not found.lodged.in_ledger else (),
    )


def _year(book: Book, found: MultiYear, address: str, year: YearMoney, figure: str) -> Explanation:
    title = f"{year.year}: {_YEAR_TITLES[figure]}"
    if figure in ("growth_without", "growth_with"):
        ratio = _growth(found, year, figure == "growth_with")
        if ratio is None:
            raise no_figure(address)
        inputs = (("this year", shown(ratio.part + ratio.whole, "pence")), ("year before", shown(ratio.whole, "pence")))
        step = Step("growth", "This year over the year before, less one", ratio.ppm, inputs)
        return _made(book, found, address, title, (step,), ratio)
    if year.without is None and figure in ("without", "with"):
        raise found.set_growth[year.year].problem  # type: ignore[union-attr]  # a year without money has none set
    made: dict[str, Callable[[], Steps]] = {
        "without": lambda: _without(found, year),
        "with": lambda: _with(found, year),
        "lodged": lambda: tuple(_deposit_step(found, unit) for unit in found.lodged.by_unit) if year.lodged else (),
        "returned": lambda: _calls(found, lambda call: call.year == year.year),
        "cost": lambda: _cost(found, year),
    }
    return _made(book, found, address, title, made[figure]())


def _before(found: MultiYear, year: YearMoney) -> YearMoney | None:
    at = found.years.index(year)
    return found.years[at - 1] if at else None


def _growth(found: MultiYear, year: YearMoney, with_deposit: bool) -> Ratio | None:
    before = _before(found, year)
    if with_deposit:
        earlier, now = before.with_deposit if before else found.bridge.opening, year.with_deposit
    else:
        earlier, now = before.without if before else found.bridge.opening, year.without
    return None if not earlier or now is None else Ratio(now - earlier, earlier)


def _without(found: MultiYear, year: YearMoney) -> Steps:
    before = _before(found, year)
    if before is None:
        return found.bridge.statement.steps
    assert before.without is not None and year.without is not None and year.rate is not None
    known = found.set_growth[year.year]
    inputs = (("growth", percent_text(year.rate, 4)), ("of it taken off", percent_text(found.tried.lower or 0, 4)))
    source = known.citation if isinstance(known, Value) else None
    label = "Growth as set" if isinstance(known, Value) else "Growth as the reader tries it"
    return (
        Step(PREFIX, "Money of the year before", before.without, (), None, found.address(before.year, "without")),
        Step(GROWTH, label, year.without - before.without, inputs, source),
    )


def _with(found: MultiYear, year: YearMoney) -> Steps:
    assert year.without is not None
    parts = (
        ("Lodged", -year.lodged, "lodged"),
        ("Comes back", year.returned, "returned"),
        ("Cost", -year.cost, "cost"),
    )
    start = Step(PREFIX, "Money of the year", year.without, (), None, found.address(year.year, "without"))
    return (
        start,
        *(Step(PREFIX, label, sum_, (), None, found.address(year.year, name)) for label, sum_, name in parts if sum_),
    )


def _cost(found: MultiYear, year: YearMoney) -> Steps:
    known = found.costs[year.year]
    return (Step(COST, known.meaning, year.cost, (), known.citation),) if isinstance(known, Value) else ()


def _together(found: MultiYear, figure: str) -> Steps:
    years = found.years[: found.evened.years]
    evened = found.evened
    signed = {
        "still_lodged": (("lodged", evened.lodged), ("returned", -evened.returned)),
        "difference": (("returned", evened.returned), ("lodged", -evened.lodged), ("cost", -evened.cost)),
    }
    if figure in signed:
        return tuple(
            Step(PREFIX, _TOGETHER_TITLES[part].capitalize(), sum_, (), None, found.address(TOGETHER, part))
            for part, sum_ in signed[figure]
        )
    name = "with_deposit" if figure == "with" else figure
    steps = []
    for year in years:
        value = getattr(year, name)
        if value is None:
            raise found.set_growth[year.year].problem  # type: ignore[union-attr]  # a year without money has none set
        steps.append(Step(PREFIX, year.year, value, (), None, found.address(year.year, figure)))
    return tuple(steps)


def _unit(book: Book, found: MultiYear, address: str, row: str, figure: str) -> Explanation:
    units = tuple(found.lodged.by_unit) if row == ALL else (row,)
    name = "All groups" if row == ALL else found.lodged.names[row]
    if figure.startswith("returned-"):
        year = figure.removeprefix("returned-")
        steps = _calls(found, lambda call: call.unit in units and call.year == year)
        return _made(book, found, address, f"{name}: comes back in {year}", steps)
    if row == ALL and figure == AT_RISK_OF:
        return _made(book, found, address, "Underspend that may be lost", _at_risk(book, found))
    if figure not in _UNIT_TITLES:
        raise no_figure(address)
    title = f"{name}: {_UNIT_TITLES[figure]}"
    if figure in ("part", "budget_part"):
        return _part(book, found, address, title, units, figure)
    if row == ALL and figure != "printed":
        values = {"deposit": found.lodged.by_unit, "left": found.left}.get(figure)
        each = {unit: found.returned(unit) if values is None else values[unit] for unit in units}
        steps = tuple(
            Step(PREFIX, found.lodged.names[unit], pence, (), None, found.address(unit, figure))
            for unit, pence in each.items()
        )
        return _made(book, found, address, title, steps)
    made: dict[str, Callable[[], Steps]] = {
        "deposit": lambda: _deposit(found, row),
        "printed": lambda: tuple(
            step for unit in units if unit in found.lodged.printed for step in _printed(book, found.lodged, unit)
        ),
        "returned": lambda: _calls(found, lambda call: call.unit == row),
        "left": lambda: (
            _deposit_step(found, row),
            Step(PREFIX, "Less: comes back", -found.returned(row), (), None, found.address(row, "returned")),
        ),
    }
    return _made(book, found, address, title, made[figure]())


def _at_risk(book: Book, found: MultiYear) -> Steps:
    underspend = at_risk(book, found.lodged)
    if underspend is None:
        raise no_figure(found.address(ALL, AT_RISK_OF))
    plan = underspend.position
    return (
        Step(PREFIX, "What the plan has left", plan.balance, (), None, plan.figure_address("balance")),
        Step(PREFIX, "And the plan's own deposit", plan.deposit, (), None, plan.figure_address("deposit")),
        Step(PREFIX, "Less: what is lodged", -underspend.lodged, (), None, found.address(ALL, "deposit")),
    )


def _part(book: Book, found: MultiYear, address: str, title: str, units: tuple[str, ...], figure: str) -> Explanation:
    amounts = found.lodged.by_unit if figure == "part" else found.lodged.budgets
    ratio = Ratio(sum(amounts.get(unit, 0) for unit in units), sum(amounts.values()))
    inputs = (("the group", shown(ratio.part, "pence")), ("all groups", shown(ratio.whole, "pence")))
    return _made(book, found, address, title, (Step(PREFIX, "The first over the second", ratio.ppm, inputs),), ratio)


def _deposit_step(found: MultiYear, unit: str) -> Step:
    label = f"{found.lodged.names[unit]}: deposit"
    return Step(PREFIX, label, found.lodged.by_unit[unit], (), None, found.address(unit, "deposit"))


def _deposit(found: MultiYear, unit: str) -> Steps:
    held = found.lodged
    if not held.in_ledger:
        address = held.result.address(unit, "deposit")
        label = f"Given up under: {held.choice.title}"
        return (Step(PREFIX, label, held.by_unit[unit], (), held.result.scenario.citation, address),)
    steps = [
        Step(PREFIX, f"Held in the ledger of {held.year}", each.pence, (), None, each.address)
        for each in held.balances
        if each.account.unit == unit
    ]
    back = _calls(found, lambda call: call.unit == unit and call.posted)
    return (*steps, *back)


def _calls(found: MultiYear, wanted: Callable[[Call], bool]) -> Steps:
    return tuple(
        Step(
            "reserve-call",
            f"Call {call.number}: {call.title}",
            call.pence,
            (("group", found.lodged.names.get(call.unit, call.unit)), ("year", call.year), ("kind", call.kind)),
        )
        for call in found.schedule.calls
        if wanted(call)
    )


def _printed(book: Book, held: Lodged, unit: str) -> Steps:
    first = fair_shares(book)
    assert not isinstance(first, NotSet)
    steps = []
    for sign, label, table in ((1, "", first.scenario.printed), (-1, "Less: ", held.result.scenario.printed)):
        found = cells.cell(book, table, unit, "total")
        assert not isinstance(found, NotSet)
        inputs = ((found.name, shown(found.value, "pence")),)
        label = f"{label}{found.label}, budget as printed"
        steps.append(Step("printed-figure", label, sign * found.value, inputs, found.citation, found.address))
    return tuple(steps)


def _purpose(book: Book, found: MultiYear, address: str, code: str) -> Explanation:
    if code == NO_PURPOSE:
        deposit = Step(PREFIX, "The whole deposit", found.lodged.total, (), None, found.address(ALL, "deposit"))
        less = Step(PREFIX, "Less: comes back", -found.returned(), (), None, found.address(ALL, "returned"))
        return _made(book, found, address, "Deposit without a purpose", (deposit, less))
    if code not in found.purposes:
        raise no_figure(address)
    steps = _calls(found, lambda call: call.purpose == code)
    return _made(book, found, address, f"Called for: {found.purposes[code]}", steps)

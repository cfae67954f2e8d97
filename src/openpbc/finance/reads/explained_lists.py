"""Explains weighted lists: every factor of a practice, and what each adds to its people or takes from them."""

from __future__ import annotations

from openpbc.finance.reads.evidence import book_evidence, no_figure
from openpbc.finance.reads.need import PREFIX
from openpbc.finance.reads.weighting import EXAMPLE, MIX_DECIMALS, OWN, Weighting, example_weighting, weighting
from openpbc.finance.rules.weighted_lists import SHARE_UNIT, Factor, WeightedList
from openpbc.kernel.money import MFF_UNIT, PPM, round_div, scaled_from_text
from openpbc.kernel.steps import Explanation, Ratio, Step
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

RULE = "weighted-lists"
LISTS, SHOWN = "lists", "example"


def list_address(book: Book, code: str, figure: str, number: int | None = None, *, example: bool = False) -> str:
    """Give the address of a figure: listed, normalised, weighted, index, share, or age, need, mff, component/<n>."""
    tail = "" if number is None else f"/{number}"
    return f"{PREFIX}/{book.place.id}/{SHOWN if example else LISTS}~{code}/{figure}{tail}"


def explain_list(book: Book, address: str, kind: str, code: str, parts: list[str]) -> Explanation:
    """Explain one figure of one practice's weighted list."""
    found = example_weighting(book) if kind == SHOWN else weighting(book)
    if isinstance(found, NotSet):
        raise found.problem
    one, figure = found.practice(code), parts[0]
    if len(parts) == 1 and figure in ("listed", "normalised", "weighted", "index", "share"):
        return _whole(book, found, one, figure, address)
    if len(parts) == 2 and parts[1].isdecimal() and int(parts[1]) < len(found.titles):
        return _factor(book, found, one, figure, int(parts[1]), address)
    raise no_figure(address)


def _whole(book: Book, found: Weighting, one: WeightedList, figure: str, address: str) -> Explanation:
    if figure == "listed":
        steps = _listed(book, found, one)
        formula = "Patients of all quarters / number of quarters, in whole people."
        return _made(book, found, one, address, "registered list", one.listed, "count", formula, steps)
    if figure == "normalised":
        steps = (
            Step(RULE, "Registered list, averaged over the quarters", one.listed),
            Step(RULE, "To the residents: all lists together count as many as live here", one.normalised - one.listed),
        )
        formula = "List x residents of the commissioner / all lists of its practices."
        return _made(book, found, one, address, "normalised list", one.normalised, "count", formula, steps)
    if figure == "weighted":
        formula = "Each component's weighted list, at the component's part in the whole."
        return _made(book, found, one, address, "weighted list", one.weighted, "count", formula, _mixed(found, one))
    if figure == "share":
        formula = "The practice's part of all weighted lists; all shares add up to the whole."
        ratio = Ratio(one.share, SHARE_UNIT)
        return _made(book, found, one, address, "share", ratio.ppm, "ppm", formula, (), ratio)
    inputs = (("weighted list", f"{one.weighted:,}"), ("normalised list", f"{one.normalised:,}"))
    steps = (Step(RULE, "Weighted list over normalised list", one.index or 0, inputs),)
    return _made(book, found, one, address, "index", one.index or 0, "index", "Weighted / normalised list.", steps)


def _factor(book: Book, found: Weighting, one: WeightedList, figure: str, number: int, address: str) -> Explanation:
    factor, title = one.factors[number], found.titles[number]
    if figure == "component":
        steps = _component(one, factor)
        formula = (
            "Normalised list x age and sex x need x market forces, scaled so that all practices add up to all lists."
        )
        return _made(book, found, one, address, f"{title}, weighted", factor.weighted, "count", formula, steps)
    values = {
        "age": (factor.age, "age and sex", "Cost a head of these ages and sexes / cost a head of everybody."),
        "need": (factor.need, "additional need", "As given for the practice; 1 is the average."),
        "mff": (
            factor.mff * PPM // MFF_UNIT,
            "market forces",
            "The commissioner's, the same for all its practices.",
        ),
    }
    if figure not in values or values[figure][0] is None:
        raise no_figure(address)
    value, what, formula = values[figure]
    assert value is not None
    step = Step(RULE, formula, value)
    return _made(book, found, one, address, f"{title}, {what}", value, "index", formula, (step,))


def _listed(book: Book, found: Weighting, one: WeightedList) -> tuple[Step, ...]:
    """One step a quarter; each takes the sum so far, over all quarters, to the next whole person."""
    table = book.need_table((EXAMPLE if found.synthetic else OWN)["lists"])
    quarters = sorted({row["quarter"] for row in table})
    steps, level, patients = [], 0, 0
    for quarter in quarters:
        held = sum(
            int(row["patients"].replace(",", ""))
            for row in table
            if row["practice"] == one.code and row["quarter"] == quarter and "ALL" not in (row["sex"], row["age_band"])
        )
        patients += held
        reached = round_div(patients, len(quarters))
        steps.append(Step(RULE, f"Quarter {quarter}", reached - level, (("patients", f"{held:,}"),), table.citation))
        level = reached
    return tuple(steps)


def _component(one: WeightedList, factor: Factor) -> tuple[Step, ...]:
    """What each factor adds to the practice's people, or takes from them."""
    aged = round_div(one.normalised * (factor.age or 0), PPM)
    needy = round_div(aged * factor.need, PPM)
    dear = round_div(needy * factor.mff, MFF_UNIT)
    return (
        Step(RULE, "Normalised list", one.normalised),
        Step(RULE, "Ages and sexes", aged - one.normalised, (("index", _shown(factor.age or 0)),)),
        Step(RULE, "Additional need", needy - aged, (("index", _shown(factor.need)),)),
        Step(RULE, "Market forces", dear - needy, (("factor", _shown(factor.mff * PPM // MFF_UNIT)),)),
        Step(RULE, "Scaled back, so that all practices add up to all lists", factor.weighted - dear),
    )


def _mixed(found: Weighting, one: WeightedList) -> tuple[Step, ...]:
    weights = [scaled_from_text(text, MIX_DECIMALS) for text in found.percents]
    steps, level, exact = [], 0, 0
    for title, percent, weight, factor in zip(found.titles, found.percents, weights, one.factors, strict=True):
        exact += weight * factor.weighted
        reached = round_div(exact, sum(weights))
        inputs = (("weighted", f"{factor.weighted:,}"), ("part", f"{percent}%"))
        steps.append(Step(RULE, title, reached - level, inputs))
        level = reached
    if level != one.weighted:  # the components are shown in whole people, the mix is worked out before rounding
        steps.append(Step(RULE, "Rounding of the components above", one.weighted - level))
    return tuple(steps)


def _shown(ppm: int) -> str:
    thousandths = round_div(ppm, 1000)
    return f"{thousandths // 1000}.{thousandths % 1000:03d}"


def _made(
    book: Book, found: Weighting, one: WeightedList, address: str, what: str, value: int, unit: str, formula: str,
    steps: tuple[Step, ...], ratio: Ratio | None = None,
) -> Explanation:  # fmt: skip
    synthetic = ("SYNTHETIC: the practice and its patients are invented.",) if found.synthetic else ()
    return Explanation(
        address=address,
        title=f"{one.code}: {what}",
        value=value,
        unit=unit,
        formula=formula,
        steps=steps,
        ratio=ratio,
        citations=found.citations,
        evidence=book_evidence(book, *found.paths),
        notes=(*synthetic, *(finding.sentence for finding in found.findings)),
        statuses=found.statuses,
    )

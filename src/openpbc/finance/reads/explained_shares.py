"""Explains what the fair-shares rule and the cap gave a group, or all groups together."""

from __future__ import annotations

from openpbc.finance.reads import cells
from openpbc.finance.reads.evidence import book_evidence, no_figure, shown
from openpbc.finance.reads.scenarios import (
    EXTRA,
    MINIMUM,
    SCENARIOS,
    SHARES,
    FairShares,
    GroupShare,
    Settings,
    fair_shares,
)
from openpbc.finance.rules.share_steps import capped_steps, share_steps
from openpbc.kernel.money import percent_text
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation, Ratio, Step
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

ALL = "all"

# Figures of a group that are sums over groups for all of them, with the words of the page.
SUMMED = {
    "base": "base in scope",
    "excluded": "out of scope",
    "target": "fair share of what is in scope",
    "floor": "after step 1",
    "after_extra": "after step 2",
    "share": "share by the rule",
    "amount": "budget in scope",
    "released": "released by the cap",
    "total": "budget, in scope and out of scope",
    "fair_share": "fair share of the total",
    "distance": "distance from fair share",
}
FORMULAS = {
    "base": "As printed.",
    "excluded": "As printed.",
    "target": "The group's share of the total, less its money out of scope.",
    "floor": "base x (1 + minimum growth)",
    "after_extra": "floor + min(max(target - floor, 0), extra growth x base)",
    "share": "floor + min(max(target - floor, 0), extra growth x base) + left x distance / all distances",
    "amount": "min(share by the rule, base x (1 + cap)) where there is a cap, else the share by the rule",
    "released": "share by the rule less budget in scope",
    "total": "budget in scope plus what is out of scope",
    "fair_share": "weight / all weights x the total of all groups",
    "distance": "budget less fair share of the total",
    "growth": "budget in scope / base in scope - 1",
    "pot": "The money in scope that the scenario shares out.",
    "unallocated": "pot less all shares by the rule",
}


def explain_share(book: Book, address: str, rest: str) -> Explanation:
    """Explain ``<group or all>/<figure>?<settings>``; without a figure, the budget in scope."""
    path, _, query = rest.partition("?")
    group, _, figure = path.partition("/")
    figure = figure or "amount"
    result = fair_shares(book, Settings.parse(query))
    if isinstance(result, NotSet):
        raise result.problem
    if figure == "growth":
        return _growth(book, result, group, address)
    if group == ALL and figure in ("pot", "unallocated"):
        return _explanation(book, result, address, f"All groups: {figure}", figure, _pot_steps(book, result, figure))
    if figure not in SUMMED:
        raise no_figure(address)
    if group == ALL:
        steps = tuple(
            Step(f"fair-shares-{figure}", one.name, getattr(one, figure), (), None, result.address(one.code, figure))
            for one in result.groups
        )
        return _explanation(book, result, address, f"All groups: {SUMMED[figure]}", figure, steps)
    one = result.group(group)
    return _explanation(
        book, result, address, f"{one.name}: {SUMMED[figure]}", figure, _steps(book, result, one, figure)
    )


def group_steps(result: FairShares, code: str) -> tuple[Step, ...]:
    """Give the steps from a group's base to its budget in scope, the cap included."""
    rule = result.citations[0]
    if result.capped is None:
        return share_steps(result.allocation, code, citation=rule)
    return capped_steps(result.capped, code, citations=(rule, result.cap_citation))


def _steps(book: Book, result: FairShares, one: GroupShare, figure: str) -> tuple[Step, ...]:
    differences = {"released": ("share", "amount"), "distance": ("total", "fair_share")}
    if figure in differences:
        whole, less = differences[figure]
        return _of(result, one, whole), _of(result, one, less, -1)
    match figure:
        case "base" | "excluded":
            return (_printed(book, result, one, figure),)
        case "target":
            return _target_steps(book, result, one)
        case "floor" | "after_extra":
            return _level_steps(result, one, figure)
        case "share":
            return share_steps(result.allocation, one.code, citation=result.citations[0])
        case "total":
            return (_of(result, one, "amount"), _of(result, one, "excluded"))
        case "fair_share":
            return (_fair_share_step(book, one.fair_share, one.code, result.total),)
        case _:
            return group_steps(result, one.code)


def _printed(book: Book, result: FairShares, one: GroupShare, figure: str) -> Step:
    name = result.scenario.base if figure == "base" else result.scenario.excluded_after
    table, _, column = name.partition(".")
    found = cells.cell(book, table, one.code, column)
    assert not isinstance(found, NotSet)
    inputs = ((found.name, shown(found.value, "pence")),)
    return Step("printed-figure", f"{one.name}, as printed", found.value, inputs, found.citation, found.address)


def _target_steps(book: Book, result: FairShares, one: GroupShare) -> tuple[Step, ...]:
    table, _, column = result.scenario.excluded.partition(".")
    excluded = cells.cell(book, table, one.code, column)
    assert not isinstance(excluded, NotSet)
    fair = _fair_share_step(book, one.target + excluded.value, one.code, result.share_total)
    inputs = ((excluded.name, shown(excluded.value, "pence")),)
    return fair, Step("fair-share", "Less: out of scope", -excluded.value, inputs, excluded.citation, excluded.address)


def _fair_share_step(book: Book, amount: int, code: str, total: int) -> Step:
    shares = book.need_table(SHARES)
    inputs = (
        ("total", shown(total, "pence")),
        ("weight", shares.keyed("code")[code]["weight"]),
        ("all weights", str(sum(int(row["weight"]) for row in shares))),
    )
    return Step("fair-share", "Fair share of the total", amount, inputs, shares.citation)


def _level_steps(result: FairShares, one: GroupShare, figure: str) -> tuple[Step, ...]:
    minimum = ("minimum growth", percent_text(result.parameters.minimum_growth, 4))
    rule = result.citations[0]
    floor = Step("fair-shares", "Step 1: minimum growth", one.floor - one.base, (minimum,), rule)
    steps = (_of(result, one, "base"), floor)
    if figure == "floor":
        return steps
    inputs = (
        ("fair share in scope", shown(one.target, "pence")),
        ("extra growth at most", percent_text(result.parameters.extra_growth, 4)),
    )
    extra = one.after_extra - one.floor
    return (*steps, Step("fair-shares", "Step 2: the lesser of what is lacking and the extra", extra, inputs, rule))


def _of(result: FairShares, one: GroupShare, figure: str, sign: int = 1) -> Step:
    """Make a step of another figure of the same group, which has an explanation of its own."""
    label = SUMMED[figure] if sign > 0 else f"Less: {SUMMED[figure]}"
    value = getattr(one, figure)
    address = result.address(one.code, figure)
    return Step(f"fair-shares-{figure}", label[:1].upper() + label[1:], sign * value, (), None, address)


def _pot_steps(book: Book, result: FairShares, figure: str) -> tuple[Step, ...]:
    pot = Step("fair-shares-pot", "Pot in scope", result.pot, (), result.scenario.citation, result.address(ALL, "pot"))
    if figure == "unallocated":
        shares = sum(group.share for group in result.groups)
        label = "Less: shares by the rule"
        return pot, Step("fair-shares-share", label, -shares, (), None, result.address(ALL, "share"))
    found = cells.terms(book, result.scenario.pot)
    assert not isinstance(found, NotSet)
    steps = [Step("printed-figure", t.figure.name, t.amount, (), t.figure.citation, t.figure.address) for t in found]
    what_if = result.pot - sum(step.effect for step in steps)
    if what_if:
        steps.append(Step("what-if", "Changed by the what-if", what_if))
    return tuple(steps)


def _growth(book: Book, result: FairShares, group: str, address: str) -> Explanation:
    one = None if group == ALL else result.group(group)
    amount, base = (one.amount, one.base) if one else (result.amount, sum(g.base for g in result.groups))
    if not base:
        raise UserError("a group without a base has no growth", where=address)
    ratio = Ratio(amount - base, base)
    inputs = (("budget in scope", shown(amount, "pence")), ("base in scope", shown(base, "pence")))
    step = Step("growth", "Budget in scope over base in scope, less one", ratio.ppm, inputs)
    title = f"{one.name if one else 'All groups'}: growth in scope"
    return _explanation(book, result, address, title, "growth", (step,), ratio)


def _explanation(
    book: Book, result: FairShares, address: str, title: str, figure: str, steps: tuple[Step, ...],
    ratio: Ratio | None = None,
) -> Explanation:  # fmt: skip
    settings = result.settings
    changed = [name for name in ("floor", "extra", "cap", "deposit", "pot") if getattr(settings, name) is not None]
    notes = [result.scenario.note] if result.scenario.note else []
    notes += [finding.sentence for finding in result.findings]
    if changed:
        notes.append(f"A what-if: {', '.join(changed)} changed from the scenario.")
    paths = (
        book.value(MINIMUM).path,
        book.value(EXTRA).path,
        book.need_table(SHARES).path,
        book.need_table(SCENARIOS).path,
    )
    return Explanation(
        address=address,
        title=f"{title} ({result.scenario.title})",
        value=sum(step.effect for step in steps),
        unit="pence" if ratio is None else "ppm",
        formula=FORMULAS[figure],
        steps=steps,
        ratio=ratio,
        citations=result.citations,
        evidence=book_evidence(book, *paths),
        notes=tuple(notes),
        statuses=result.statuses,
    )

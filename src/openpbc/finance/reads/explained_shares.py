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
MOVES = "scope-moves"

# Figures of a group that are sums over groups for all of them, with the words of the page.
SUMMED = {
    "base": "base in scope",
    "excluded_before": "out of scope last year",
    "base_total": "last year's budget, in scope and out of scope",
    "excluded": "out of scope",
    "excluded_by_rule": "out of scope as the rule counts with it",
    "target": "fair share of what is in scope",
    "floor": "after step 1",
    "after_extra": "after step 2",
    "share": "share by the rule",
    "amount": "budget in scope",
    "released": "released by the cap",
    "total": "budget, in scope and out of scope",
    "fair_share": "fair share of the total",
    "distance": "distance from fair share",
    "released_excluded": "less out of scope than the rule counts with",
    "deposit": "given up for the deposit",
}
# Rates of a group or of all: the figure that is part, the one that is whole, and whether one is taken off.
_RATES = {
    "growth": ("amount", "base", True, "growth in scope"),
    "total_growth": ("total", "base_total", True, "growth of the whole budget"),
    "distance_rate": ("distance", "fair_share", False, "distance from fair share, of the fair share"),
}
# Rates of one group in all groups.
_PARTS = {
    "deposit_part": ("deposit", "part of the deposit"),
    "budget_part": ("total", "part of all budgets"),
}
# Figures that a table holds: the scenario's name for the column, and which part of a move in scope touches it.
_HELD = {
    "base": ("base", "base"),
    "excluded_before": ("excluded_before", "excluded_before"),
    "excluded": ("excluded_after", "excluded"),
    "excluded_by_rule": ("excluded", "excluded"),
}
FORMULAS = {
    "base": "As printed, and what items moved in or out of scope change.",
    "excluded": "As printed, and what items moved in or out of scope change.",
    "excluded_before": "As printed, and what items moved in or out of scope change.",
    "excluded_by_rule": "As printed, and what items moved in or out of scope change.",
    "base_total": "base in scope plus what was out of scope last year",
    "released_excluded": "out of scope as the rule counts with it, less what is out of scope in the end",
    "deposit": "released by the cap, plus what is less out of scope than the rule counts with",
    "total_growth": "budget / last year's budget - 1",
    "distance_rate": "distance from fair share / fair share",
    "deposit_part": "what the group gives up / what all groups give up",
    "budget_part": "budget of the group / budgets of all groups",
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
    if figure in _RATES or (figure in _PARTS and group != ALL):
        return _rate(book, result, group, figure, address)
    if group == ALL and figure in ("pot", "unallocated"):
        return _explanation(book, result, address, f"All groups: {figure}", figure, _pot_steps(book, result, figure))
    if figure not in SUMMED or any(getattr(one, figure) is None for one in result.groups):
        raise no_figure(address)
    if group == ALL:
        steps = tuple(
            Step(f"fair-shares-{figure}", one.name, getattr(one, figure), (), None, result.address(one.code, figure))
            for one in result.groups
        )
        return _explanation(book, result, address, f"All groups: {SUMMED[figure]}", figure, steps)
    one = result.group(group)
    title, grounds = f"{one.name}: {SUMMED[figure]}", _of_pot(result, one, figure)
    return _explanation(book, result, address, title, figure, _steps(book, result, one, figure), grounds=grounds)


def group_steps(result: FairShares, code: str) -> tuple[Step, ...]:
    """Give the steps from a group's base to its budget in scope, the cap included."""
    rule = result.citations[0]
    if result.capped is None:
        return share_steps(result.allocation, code, citation=rule)
    return capped_steps(result.capped, code, citations=(rule, result.cap_citation))


def _steps(book: Book, result: FairShares, one: GroupShare, figure: str) -> tuple[Step, ...]:
    differences = {
        "released": ("share", "amount"),
        "distance": ("total", "fair_share"),
        "released_excluded": ("excluded_by_rule", "excluded"),
    }
    sums = {
        "total": ("amount", "excluded"),
        "base_total": ("base", "excluded_before"),
        "deposit": ("released", "released_excluded"),
    }
    if figure in differences:
        whole, less = differences[figure]
        return _of(result, one, whole), _of(result, one, less, -1)
    if figure in sums:
        return tuple(_of(result, one, part) for part in sums[figure])
    if figure in _HELD:
        return _held(book, result, one, figure)
    match figure:
        case "target":
            fair = _fair_share_step(book, one.target + one.excluded_by_rule, one.code, result.share_total)
            return fair, _of(result, one, "excluded_by_rule", -1)
        case "floor" | "after_extra":
            return _level_steps(result, one, figure)
        case "share":
            return share_steps(result.allocation, one.code, citation=result.citations[0])
        case "fair_share":
            return (_fair_share_step(book, one.fair_share, one.code, result.total),)
        case _:
            return group_steps(result, one.code)


def _of_pot(result: FairShares, one: GroupShare, figure: str) -> tuple[Step, ...]:
    """Tell a share by the pot that was shared out: all of it, less what the others got and what the cap took off."""
    if figure not in ("share", "amount"):
        return ()
    others = [
        Step("fair-shares-share", f"Less: {each.name}", -each.share, (), None, result.address(each.code, "share"))
        for each in result.groups
        if each is not one
    ]
    pot = Step("fair-shares-pot", "Pot in scope, shared out", result.pot, (), None, result.address(ALL, "pot"))
    steps = [pot, *others]
    left = result.pot - sum(each.share for each in result.groups)
    if left:
        address = result.address(ALL, "unallocated")
        steps.append(Step("fair-shares-unallocated", "Less: shared out to nobody", -left, (), None, address))
    if figure == "amount" and one.released:
        steps.append(_of(result, one, "released", -1))
    return tuple(steps)


def _held(book: Book, result: FairShares, one: GroupShare, figure: str) -> tuple[Step, ...]:
    """A figure that a table holds, and what items moved in or out of scope change in it."""
    name, part = _HELD[figure]
    table, _, column = str(getattr(result.scenario, name)).partition(".")
    found = cells.cell(book, table, one.code, column)
    assert not isinstance(found, NotSet)
    inputs = ((found.name, shown(found.value, "pence")),)
    printed = Step("printed-figure", f"{one.name}, as printed", found.value, inputs, found.citation, found.address)
    change = result.settings.scope_changes.get(one.code)
    moved = getattr(change, part) if change else 0
    return (printed, Step(MOVES, "Items moved in or out of scope", moved)) if moved else (printed,)


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
    moved = -sum(change.excluded for change in result.settings.scope_changes.values())
    if moved:
        steps.append(Step(MOVES, "Items moved in or out of scope", moved))
    what_if = result.pot - sum(step.effect for step in steps)
    if what_if:
        steps.append(Step("what-if", "Changed by the what-if", what_if))
    return tuple(steps)


def _rate(book: Book, result: FairShares, group: str, figure: str, address: str) -> Explanation:
    one = None if group == ALL else result.group(group)
    part_name, whole_name, less_one, title = _parts_of(figure)
    part = getattr(one, part_name) if one else _sum(result, part_name)
    whole = getattr(one, whole_name) if one and figure not in _PARTS else _sum(result, whole_name)
    if not whole or part is None:
        raise UserError(f"there is nothing to take the {title} of", where=address)
    ratio = Ratio(part - whole if less_one else part, whole)
    of_all = "all groups: " if figure in _PARTS else ""
    inputs = ((SUMMED[part_name], shown(part, "pence")), (of_all + SUMMED[whole_name], shown(whole, "pence")))
    label = "The first over the second, less one" if less_one else "The first over the second"
    steps = (Step(figure.replace("_", "-"), label, ratio.ppm, inputs),)
    return _explanation(book, result, address, f"{one.name if one else 'All groups'}: {title}", figure, steps, ratio)


def _parts_of(figure: str) -> tuple[str, str, bool, str]:
    if figure in _RATES:
        return _RATES[figure]
    part, title = _PARTS[figure]
    return part, part, False, title


def _sum(result: FairShares, figure: str) -> int | None:
    values = [getattr(one, figure) for one in result.groups]
    return None if None in values else sum(values)


def _explanation(
    book: Book, result: FairShares, address: str, title: str, figure: str, steps: tuple[Step, ...],
    ratio: Ratio | None = None, grounds: tuple[Step, ...] = (),
) -> Explanation:  # fmt: skip
    settings = result.settings
    notes = [result.scenario.note] if result.scenario.note else []
    notes += [finding.sentence for finding in result.findings]
    if settings.changed:
        notes.append(f"A what-if: {', '.join(settings.changed)} changed from the scenario.")
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
        grounds=grounds,
        citations=result.citations,
        evidence=book_evidence(book, *paths),
        notes=tuple(notes),
        statuses=result.statuses,
    )

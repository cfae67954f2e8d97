"""Explains a figure of a budget set: what the draft was made of, every change since, and what follows from it."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.timezone import localtime

from openpbc.finance.reads.budget_set_figures import MOVED, Measured, beside, measured, moved_since
from openpbc.finance.reads.budget_sets import ALL, BudgetLine, BudgetSet, Change, budget_set
from openpbc.finance.reads.evidence import book_evidence, no_figure, shown
from openpbc.finance.reads.ledger_addresses import BALANCE, ledger_address
from openpbc.finance.reads.scenarios import SHARES
from openpbc.finance.rules.budget_sets import APPROVED
from openpbc.finance.rules.ledger import DEPOSIT, GROUP, HELD, IN_SCOPE, OUT_OF_SCOPE
from openpbc.governance import reads as governance
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import day_text
from openpbc.kernel.steps import Explanation, Ratio, Step
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

RULE = "budget-set"
WORDS = {
    IN_SCOPE: "budget in scope",
    OUT_OF_SCOPE: "budget out of scope",
    "total": "budget, in scope and out of scope",
    DEPOSIT: "deposit",
    HELD: "held above the groups",
    "allocation": "allocation",
    "difference": "lines less the allocation",
    "growth": "growth in scope",
    MOVED: "moved since",
    "fair-share": "fair share of the total of the set",
    "distance": "distance from fair share",
}
FORMULAS = {
    "total": "Budget in scope plus budget out of scope.",
    "difference": "Held, plus the budgets and deposits of the groups, less the allocation; nought when it adds up.",
    "growth": "budget in scope / base in scope - 1",
    "fair-share": "weight / all weights x the total of all groups in the set",
    "distance": "budget less fair share",
    MOVED: "Budget as the ledger holds it now, less the budget of the set.",
}
# Figures of a group that are lines of the set, with the kinds or scopes of those lines.
_LINES = {IN_SCOPE: (IN_SCOPE,), OUT_OF_SCOPE: (OUT_OF_SCOPE,), DEPOSIT: (DEPOSIT,), "total": (GROUP,), HELD: (HELD,)}
CHANGE = "-change"


def explain_set(book: Book, address: str) -> Explanation:
    """Explain ``budget-set/<place>/<number>/<group, held or all>/<figure>``.

    The figure ``<scope>-change?with=<set or table>`` is the difference from another set or a published table.
    """
    path, _, query = address.partition("?")
    parts = path.split("/")
    if len(parts) != 5 or not parts[2].isdecimal() or len(parts[2]) > 9:
        raise no_figure(address)
    found = budget_set(book.place.id, str(book.place.year), int(parts[2]))
    owner, figure = parts[3], parts[4]
    if owner not in (ALL, HELD, *found.units):
        raise no_figure(address)
    if figure.endswith(CHANGE) and query.startswith("with="):
        return _change(book, found, address, (owner, figure.removesuffix(CHANGE), query.removeprefix("with=")))
    if owner == ALL and figure in ("allocation", "difference"):
        steps = _allocation(found) if figure == "allocation" else _difference(found)
    elif figure == MOVED:
        steps = _moved(book, found, address, owner)
    elif figure in ("growth", "fair-share", "distance"):
        return _worked_out(book, found, address, owner, figure)
    else:
        steps = _line_steps(found, address, owner, figure)
    return _explanation(book, found, address, (owner, figure), steps)


def _moved(book: Book, found: BudgetSet, address: str, owner: str) -> tuple[Step, ...]:
    moved = moved_since(book, found, owner)
    if moved is None:
        raise no_figure(address)
    return (
        Step(RULE, "Budget as the ledger holds it now", moved.now.pence, (), None, moved.now.address),
        Step(RULE, f"Less: the budget of set {found.facts.number}", -moved.given, (), None,
             found.facts.address(owner, "total")),
    )  # fmt: skip


def _line_steps(found: BudgetSet, address: str, owner: str, figure: str) -> tuple[Step, ...]:
    kinds = _LINES.get(figure, ())
    lines = found.of(owner, *kinds) if kinds else tuple(line for line in found.of(owner) if line.figure == figure)
    if not lines and not (kinds and owner in (ALL, *found.units)):
        raise no_figure(address)
    if len(lines) == 1 and lines[0].figure == figure and lines[0].owner == owner:
        return line_steps(found, lines[0])
    return tuple(
        Step(
            RULE,
            f"{line.title}, {_words(line.figure)}",
            line.pence,
            (),
            None,
            found.facts.address(line.owner, line.figure),
        )
        for line in lines
    )


def line_steps(found: BudgetSet, line: BudgetLine) -> tuple[Step, ...]:
    """The parts of the draft, then each change with who made it and why."""
    drafted = [Step(RULE, words, pence, (), None, address) for words, pence, address in line.parts]
    if not line.parts:
        drafted = [Step(RULE, "Not in the draft", 0)]
    return (*drafted, *(_of_change(each) for each in found.edits((line,))))


def _of_change(change: Change) -> Step:
    label = f"Changed by {change.by} on {day_text(localtime(change.at))}: {change.reason}"
    return Step(RULE, label, (change.after or 0) - (change.before or 0))


def _words(figure: str) -> str:
    return WORDS.get(figure, figure.replace("-", " "))


def _allocation(found: BudgetSet) -> tuple[Step, ...]:
    facts = found.facts
    return (Step(RULE, "Allocation of the year", facts.allocation, (), None, facts.allocation_address),)


def _difference(found: BudgetSet) -> tuple[Step, ...]:
    sums, facts = found.sums, found.facts
    return (
        Step(RULE, "Held above the groups", sums.held, (), None, facts.address(ALL, HELD)),
        Step(RULE, "Budgets of the groups", sums.groups, (), None, facts.address(ALL, "total")),
        Step(RULE, "Deposits of the groups", sums.deposits, (), None, facts.address(ALL, DEPOSIT)),
        Step(RULE, "Less: the allocation", -sums.allocation, (), None, facts.address(ALL, "allocation")),
    )


def _worked_out(book: Book, found: BudgetSet, address: str, owner: str, figure: str) -> Explanation:
    result = measured(book, found)
    if isinstance(result, NotSet):
        raise result.problem
    if owner != ALL and owner not in result.after:
        raise no_figure(address)
    if figure == "growth":
        return _growth(book, result, address, owner)
    make: Callable[[Measured, str], Step] = _fair_share if figure == "fair-share" else _distance
    units = result.after if owner == ALL else (owner,)
    if owner != ALL and figure == "distance":
        own = result.after[owner]
        facts = found.facts
        steps: tuple[Step, ...] = (
            Step(RULE, "Budget, in scope and out of scope", own.value, (), None, facts.address(owner, "total")),
            Step(RULE, "Less: fair share", -own.fair_share, (), None, facts.address(owner, "fair-share")),
        )
    else:
        steps = tuple(make(result, unit) for unit in units)
    return _explanation(book, found, address, (owner, figure), steps, paths=(book.need_table(SHARES).path,))


def _fair_share(result: Measured, unit: str) -> Step:
    inputs = (
        ("total of the set", shown(sum(result.found.totals().values()), "pence")),
        ("weight", str(result.weights[unit])),
        ("all weights", str(sum(result.weights.values()))),
    )
    return Step("fair-share", f"Fair share of {result.found.units[unit]}", result.after[unit].fair_share, inputs)


def _distance(result: Measured, unit: str) -> Step:
    address = result.found.facts.address(unit, "distance")
    return Step(RULE, result.found.units[unit], result.after[unit].distance, (), None, address)


def _growth(book: Book, result: Measured, address: str, owner: str) -> Explanation:
    ratio = result.growth(owner)
    if ratio is None:
        raise no_figure(address)
    inputs = (("budget in scope", pounds(result.found.pence(owner, IN_SCOPE))), ("base in scope", pounds(ratio.whole)))
    base = result.shares.address(owner, "base")
    step = Step(RULE, "Budget in scope over base in scope, less one", ratio.ppm, inputs, None, base)
    return _explanation(book, result.found, address, (owner, "growth"), (step,), ratio)


def _change(book: Book, found: BudgetSet, address: str, asked: tuple[str, str, str]) -> Explanation:
    owner, scope, code = asked
    other = beside(book, found.facts.year, code)
    if isinstance(other, NotSet):
        raise other.problem
    if scope not in (IN_SCOPE, OUT_OF_SCOPE) or owner == HELD:
        raise no_figure(address)
    own = Step(RULE, f"{found.facts.name}", found.pence(owner, scope), (), None, found.facts.address(owner, scope))
    less = [
        Step(RULE, f"Less: {other.title}, {unit}", -pence, (), None, at)
        for (unit, of), (pence, at) in other.amounts.items()
        if of == scope and owner in (ALL, unit)
    ]
    return _explanation(book, found, address, (owner, scope), (own, *less))


def _explanation(
    book: Book, found: BudgetSet, address: str, asked: tuple[str, str], steps: tuple[Step, ...],
    ratio: Ratio | None = None, paths: tuple[str, ...] = (),
) -> Explanation:  # fmt: skip
    owner, figure = asked
    facts = found.facts
    name = {ALL: "All groups", HELD: "Held"}.get(owner, found.units.get(owner, owner))
    return Explanation(
        address=address,
        title=f"{name}: {_words(figure.removesuffix(CHANGE))} ({facts.name}, {facts.title})",
        value=sum(step.effect for step in steps),
        unit="pence" if ratio is None else "ppm",
        formula=FORMULAS.get(figure, "What the draft was made of, and every change since."),
        steps=steps,
        ratio=ratio,
        evidence=(*book_evidence(book, *paths), *_standing(book, found, owner, figure)),
        notes=(facts.note,) if facts.note else (),
        statuses=(facts.state,),
    )


def _standing(book: Book, found: BudgetSet, owner: str, figure: str) -> tuple[tuple[str, str], ...]:
    """Name the set's state, the decision and, once in force, the account of the ledger that holds the money."""
    facts = found.facts
    told = [("budget set", f"{facts.matter}, {facts.state}, revision {facts.revision}")]
    if facts.decision is not None:
        decided = governance.decision(facts.decision, facts.place)
        told.append(("decision", f"{decided.address}, {decided.when.name}, minute {decided.minute}"))
    if facts.state == APPROVED:
        lines = [line for line in found.of(owner) if line.figure == figure]
        told += [("ledger", ledger_address(book.place.id, BALANCE, line.account.code)) for line in lines]
    return tuple(told)

"""Explains every figure of a plan version, of a what-if on it, and of the difference between two versions."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl

from openpbc.finance.reads import plan_figures
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.reads.cells import cell_address
from openpbc.finance.reads.evidence import book_evidence, no_figure
from openpbc.finance.reads.plan_book import book_plan
from openpbc.finance.reads.plan_rates import WhatIf, rate_source, reprice
from openpbc.finance.reads.plan_versions import Version, slug
from openpbc.finance.rules import plan_versions as rule
from openpbc.finance.rules.plan_line import ALLOCATION, COMMITTED, COMPUTED, DEPOSIT, PlanLine
from openpbc.kernel.money import percent_text, pounds
from openpbc.kernel.steps import Explanation, Ratio, Step
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value

RULE = "plan-version"
Steps = tuple[Step, ...]


def explain_plan(book: Book, address: str) -> Explanation:
    """Explain ``plan-version/<place>/<number or book>/<line or total>/<figure>[?<what-if>]``."""
    path, _, query = address.partition("?")
    parts = path.split("/")
    if len(parts) != 5:
        raise no_figure(address)
    _, _, key, line, figure = parts
    version = reads.version(book, key)
    if query:
        return _explain_what_if(book, version, address, line, figure, WhatIf.parse(dict(parse_qsl(query))))
    if figure in ("amount", "base", "rate") and "-" not in line:
        return _explain_line(book, version, address, version.line(line), figure)
    for starts, explain in _KINDS.items():
        if line.startswith(starts):
            return explain(book, version, address, line, figure)
    raise no_figure(address)


def explain_comparison(book: Book, address: str) -> Explanation:
    """Explain ``plan-comparison/<place>/<earlier>/<later>/<line or total>/effect``."""
    parts = address.split("/")
    if len(parts) != 6 or parts[5] != "effect":
        raise no_figure(address)
    before, after, line = reads.version(book, parts[2]), reads.version(book, parts[3]), parts[4]
    found = reads.compare(before, after)
    if line in reads.TOTALS:
        title = f"change of {reads.TOTALS[line].lower()}"
        steps = _change_of_total(before, after, line)
    else:
        wanted = next((each for each in found if each.code == line), None)
        if wanted is None:
            raise no_figure(address)
        title = f"{wanted.line.label}, effect on the balance"
        sides = ((wanted.after, after, 1), (wanted.before, before, -1))
        steps = tuple(
            Step(RULE, f"{side.name}: {one.label}" if sign > 0 else f"Less: {side.name}: {one.label}",
                 sign * one.effect, (), None, side.address(one.code))
            for one, side, sign in sides
            if one is not None
        )  # fmt: skip
    formula = "later less earlier; money of the year counts up, every use of money counts down"
    return _explanation(book, after, address, f"{after.name} against {before.name}: {title}", formula, steps)


def _change_of_total(before: Version, after: Version, total: str) -> Steps:
    """The balance changes by its lines; every other total is told as later less earlier."""
    if total == "total-balance":
        return tuple(
            Step(RULE, f"{each.line.label}: {each.kind}", each.effect, (), None,
                 reads.comparison_address(before, after, each.code))
            for each in reads.compare(before, after)
        )  # fmt: skip
    name = reads.TOTALS[total]
    return (
        Step(RULE, f"{after.name}: {name.lower()}", after.total(total), (), None, after.address(total)),
        Step(RULE, f"Less: {before.name}: {name.lower()}", -before.total(total), (), None, before.address(total)),
    )


def _explanation(
    book: Book, version: Version, address: str, title: str, formula: str, steps: Steps,
    unit: str = "pence", ratio: Ratio | None = None, notes: tuple[str, ...] = (),
) -> Explanation:  # fmt: skip
    facts = version.facts
    evidence = book_evidence(book)
    if facts is not None:
        last = version.changes[0] if version.changes else None
        evidence += (
            ("version", f"{facts.number}, {facts.state}, revision {facts.revision}"),
            ("last change", f"{last.by}: {last.what}" if last else "none"),
        )
    value = ratio.ppm if ratio else sum(step.effect for step in steps)
    statuses = (facts.state,) if facts else ("as printed",)
    return Explanation(address, title, value, unit, formula, steps, ratio, (), evidence, (), notes, statuses)


def _explain_line(book: Book, version: Version, address: str, line: PlanLine, figure: str) -> Explanation:
    title = f"{version.name}: {line.label}, {figure}"
    notes = tuple(note for note in (line.note, line.citation and f"Source: {line.citation}") if note)
    if figure == "amount":
        formula, steps = _made(line, version), (_line_step(version, line, 1, source=True, book=book),)
        return _explanation(book, version, address, title, formula, steps, notes=notes)
    value = line.base if figure == "base" else line.rate
    if value is None:
        raise no_figure(address)
    source = rate_source(book, line.rate_source) if figure == "rate" and line.rate_source else None
    step = Step(RULE, f"{line.label}, {figure}", value, (), None, source.address if source else "")
    formula = f"The rate of {source.title}" if source else "As entered."
    return _explanation(book, version, address, title, formula, (step,), "ppm" if figure == "rate" else "pence",
                        notes=notes)  # fmt: skip


def _made(line: PlanLine, version: Version) -> str:
    if line.method in COMPUTED:
        return f"{pounds(line.base or 0)} x {percent_text(line.rate or 0, 4)}, rounded once"
    return "As printed." if version.facts is None else "As entered."


def _line_step(version: Version, line: PlanLine, sign: int, *, source: bool = False, book: Book | None = None) -> Step:
    """One line as a step; ``source`` leads on to what the line itself rests on, else to the line."""
    inputs = (("base", pounds(line.base or 0)), ("rate", percent_text(line.rate or 0, 4)))
    label = line.label if sign > 0 else f"Less: {line.label}"
    address = _behind(book, version, line) if source and book else version.address(line.code)
    return Step(RULE, label, sign * line.amount, inputs if line.method in COMPUTED else (), None, address)


def _behind(book: Book, version: Version, line: PlanLine) -> str:
    """Where the amount of a line comes from: the printed cell, as long as the line still is as printed."""
    printed = book_plan(book)
    if isinstance(printed, NotSet) or line.code not in printed.addresses:
        return ""
    same = next((each for each in printed.lines if each.code == line.code), None)
    deposit = line.section == DEPOSIT  # printed with a minus, so the printed cell is another number
    return printed.addresses[line.code] if same and same.amount == line.amount and not deposit else ""


def _sum(version: Version, lines: Iterable[PlanLine], sign: int = 1) -> Steps:
    return tuple(_line_step(version, line, sign) for line in lines)


def _explain_total(book: Book, version: Version, address: str, line: str, figure: str) -> Explanation:
    if line not in reads.TOTALS:
        raise no_figure(address)
    name = reads.TOTALS[line]
    if figure == "growth" and line == "total-allocation":
        first = rule.opening(version.lines)
        if not first:
            raise no_figure(address)
        ratio = Ratio(version.totals.allocation, first, 1_000_000)
        formula = "Money of the year over the first line of the allocation, less one."
        title = f"{version.name}: growth of the allocation"
        return _explanation(book, version, address, title, formula, (), "ppm", ratio)
    title = f"{version.name}: {name.lower()}"
    if figure == "amount":
        return _explanation(book, version, address, title, *_totalled(version, line))
    printed = version.printed_total(line)
    if printed is None or figure not in ("printed", "printed-difference"):
        raise no_figure(address)
    step = Step(RULE, f"{printed.label}, as printed", printed.amount, (), None, printed.address)
    if figure == "printed":
        return _explanation(book, version, address, f"{title}, as printed", "As printed.", (step,))
    less = Step(RULE, f"Less: {name.lower()} by the lines", -version.total(line), (), None, version.address(line))
    note = (printed.note, "The printed total stands in the paper; it is told and not mended.")
    title = f"{title}, printed less the lines"
    return _explanation(book, version, address, title, "Printed less recomputed.", (step, less), notes=note)


def _totalled(version: Version, total: str) -> tuple[str, Steps]:
    money, uses, out = (
        [line for line in version.lines if line.section in sections]
        for sections in ((ALLOCATION,), COMMITTED, (DEPOSIT,))
    )
    if total == "total-allocation":
        return "The sum of the lines of the allocation.", _sum(version, money)
    if total == "total-committed":
        return "The sum of every use of money but the deposit.", _sum(version, uses)
    if total == "total-deposit":
        return "The sum of what is deposited.", _sum(version, out)
    first, second = ("total-allocation", "total-committed")
    steps = (_total_step(version, first, 1), _total_step(version, second, -1))
    if total == "total-uncommitted":
        return "Money of the year less what is committed.", steps
    return "Money of the year less what is committed, less the deposit.", (
        *steps,
        _total_step(version, "total-deposit", -1),
    )


def _total_step(version: Version, total: str, sign: int) -> Step:
    name = reads.TOTALS[total]
    label = name if sign > 0 else f"Less: {name.lower()}"
    return Step(RULE, label, sign * version.total(total), (), None, version.address(total))


def _explain_group(book: Book, version: Version, address: str, line: str, figure: str) -> Explanation:
    """Explain the sum of a section, of a recurrence, of an origin or of a scope."""
    chosen = next(((title, lines) for code, title, lines in grouped(version) if code == line), None)
    if chosen is None or figure != "amount":
        raise no_figure(address)
    title, lines = chosen
    return _explanation(
        book, version, address, f"{version.name}: {title}", "The sum of the lines.", _sum(version, lines)
    )


def grouped(version: Version) -> tuple[tuple[str, str, tuple[PlanLine, ...]], ...]:
    """Every way in which lines are taken together: address part, name, lines; groups without a line are left out."""
    found: dict[tuple[str, str], list[PlanLine]] = {}
    for line in version.lines:
        keys = [(f"section-{slug(line.section)}", line.section)]
        side = "money" if line.section == ALLOCATION else "use"
        keys.append((f"recurrence-{side}-{slug(line.recurrence)}", f"{side}, {line.recurrence or 'not stated'}"))
        if line.section in COMMITTED:
            keys.append((f"scope-{slug(line.scope)}", f"scope {line.scope or 'not stated'}"))
        if line in rule.pressures((line,)):
            keys.append(
                (f"origin-{slug(line.origin)}", f"cost pressures and investments, {line.origin or 'no origin'}")
            )
        for key in keys:
            found.setdefault(key, []).append(line)
    return tuple((code, title, tuple(lines)) for (code, title), lines in found.items())


def _explain_bridge(book: Book, version: Version, address: str, line: str, figure: str) -> Explanation:
    kinds = {slug(kind): kind for kind in rule.ADJUSTMENTS} | {plan_figures.BASE: "base", plan_figures.DRAFT: "draft"}
    if figure not in kinds:
        raise no_figure(address)
    found = plan_figures.bridge(version, line)
    title = f"{version.name}: {found.heading or 'the plan'}, {kinds[figure]}"
    steps = _sum(version, plan_figures.bridged_lines(version, line, figure))
    return _explanation(book, version, address, title, "The sum of the lines of this kind.", steps)


def _explain_reserve(book: Book, version: Version, address: str, line: str, figure: str) -> Explanation:
    found = plan_figures.reserve_check(book, version)
    if isinstance(found, NotSet):
        raise found.problem
    rate = book.need(plan_figures.CONTINGENCY)
    if figure == "expected":
        inputs = (("money of the year", pounds(version.totals.allocation)), ("share", percent_text(rate.ppm, 4)))
        step = Step(RULE, "Share of the allocation", found.expected, inputs, rate.citation)
        title = f"{version.name}: reserve that the rule asks for"
        return _explanation(book, version, address, title, "A share of the allocation, rounded once.", (step,))
    if figure != "difference":
        raise no_figure(address)
    held = Step(RULE, "Reserve of the plan", found.reserve, (), None, version.address("section-reserve"))
    less = Step(RULE, "Less: reserve that the rule asks for", -found.expected, (), None,
                version.address("reserve-check", "expected"))  # fmt: skip
    title = f"{version.name}: reserve less what the rule asks for"
    return _explanation(book, version, address, title, "Reserve less its rule.", (held, less))


def _explain_claim(book: Book, version: Version, address: str, line: str, figure: str) -> Explanation:
    found = plan_figures.claim_check(book, version)
    if isinstance(found, NotSet):
        raise found.problem
    if figure != "difference":
        raise no_figure(address)
    claim = book.need(plan_figures.CLAIM)
    steps = (
        *_sum(version, (each for each in rule.pressures(version.lines) if each.origin == "new")),
        Step(RULE, "Less: what the paper says that they come to", -found.claimed, (), claim.citation,
             cell_address(book, "value", plan_figures.CLAIM, "value")),
    )  # fmt: skip
    title = f"{version.name}: new cost pressures and investments less the sum claimed"
    return _explanation(book, version, address, title, "New lines less the sum claimed.", steps)


def _explain_break_even(book: Book, version: Version, address: str, line: str, figure: str) -> Explanation:
    first = next((each for each in version.lines if each.section == ALLOCATION), None)
    if first is None or figure != "difference":
        raise no_figure(address)
    base = plan_figures.bridged_lines(version, plan_figures.WHOLE, plan_figures.BASE)
    steps = (*_sum(version, base), _line_step(version, first, -1))
    title = f"{version.name}: forecast outturn less the allocation of the year before"
    return _explanation(book, version, address, title, "Above nought is an overspend.", steps)


def _explain_growth(book: Book, version: Version, address: str, line: str, figure: str) -> Explanation:
    found = plan_figures.real_growth(book)
    if isinstance(found, NotSet):
        raise found.problem
    values = {id: book.value(f"finance.{id}") for id in ("national_growth", "business_case_real_growth")}
    nominal, case = values.values()
    assert isinstance(nominal, Value) and isinstance(case, Value)
    growth = Step(RULE, nominal.meaning, found.nominal, (), nominal.citation,
                  cell_address(book, "value", nominal.id, "value"))  # fmt: skip
    prices = Step(RULE, "Less: price rise of the tariff, net", -found.price, (), None,
                  cell_address(book, "assumptions", "tariff", "rate"))  # fmt: skip
    less = Step(RULE, f"Less: {case.meaning[:1].lower()}{case.meaning[1:]}", -found.business_case, (), case.citation,
                cell_address(book, "value", case.id, "value"))  # fmt: skip
    shown = {"real": (growth, prices), "over-business-case": (growth, prices, less)}
    if figure not in shown:
        raise no_figure(address)
    note = ("The source does not say which prices it means: this uses the tariff's net rise.",)
    title = f"Real growth{'' if figure == 'real' else ' over what the business case assumed'}"
    return _explanation(
        book, version, address, title, "Percentage points, as the paper counts.", shown[figure], "ppm", notes=note
    )


def _explain_what_if(book: Book, version: Version, address: str, line: str, figure: str, tried: WhatIf) -> Explanation:
    found = reprice(book, version, tried)
    changes = {was.code: (was, now) for was, now in found.moved}
    if line in changes and figure == "amount":
        was, now = changes[line]
        step = _line_step(version, now, 1)
        title = f"{version.name}: {was.label} in the what-if"
        step = Step(step.rule, step.label, step.effect, step.inputs)
        return _explanation(book, version, address, title, _made(now, version), (step,))
    if figure != "change" or line not in (*changes, "total-balance"):
        raise no_figure(address)
    kept = changes.values() if line == "total-balance" else (changes[line],)
    sign = -1 if line == "total-balance" else 1
    steps = tuple(
        step
        for was, now in kept
        for step in (
            Step(RULE, f"{was.label} in the what-if", sign * now.amount, (), None,
                 version.address(was.code, "amount", **tried.query) if sign > 0 else ""),
            Step(RULE, f"Less: {was.label} in the plan", -sign * was.amount, (), None, version.address(was.code)),
        )
    )  # fmt: skip
    title = f"{version.name}: change by the what-if"
    return _explanation(book, version, address, title, "What-if less plan.", steps)


_KINDS: dict[str, Callable[[Book, Version, str, str, str], Explanation]] = {
    "total-": _explain_total,
    "section-": _explain_group,
    "recurrence-": _explain_group,
    "origin-": _explain_group,
    "scope-": _explain_group,
    "budget-": _explain_bridge,
    "reserve-check": _explain_reserve,
    "claim-check": _explain_claim,
    "break-even": _explain_break_even,
    "real-growth": _explain_growth,
}

"""Explains published figures, checks, values of the rulebook, rates, results of the plan, and distances."""

from __future__ import annotations

from openpbc.finance.reads import cells
from openpbc.finance.reads.assumptions import rate
from openpbc.finance.reads.checking import Check, checks
from openpbc.finance.reads.distance import distance_report
from openpbc.finance.reads.evidence import book_evidence, no_figure, shown
from openpbc.finance.reads.explained_shares import group_steps
from openpbc.finance.reads.planning import plan
from openpbc.finance.reads.published_grounds import published_grounds
from openpbc.finance.reads.scenarios import Settings, fair_shares
from openpbc.finance.rules.adding_up import line_step
from openpbc.finance.rules.checks import Verdict
from openpbc.kernel.citations import Citation
from openpbc.kernel.steps import Explanation, Step
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value

PRINTED = "printed-figure"
CHECK = "printed-against-recomputed"


def explain_table_figure(book: Book, address: str, rest: str) -> Explanation:
    """Explain ``<table>/<row>/<column>``."""
    parts = rest.split("/")
    if len(parts) != 3:
        raise no_figure(address)
    table, row, column = parts
    special = {
        "checks": _explain_check,
        "value": _explain_value,
        "assumptions": _explain_rate,
        "plan": _explain_plan,
        "distance": _explain_distance,
    }.get(table)
    return special(book, address, row, column) if special else _explain_cell(book, address, table, row, column)


def _explain_cell(book: Book, address: str, table: str, row: str, column: str) -> Explanation:
    layout = cells.layout_of(book, table)
    found = cells.cell(book, table, row, column)
    if isinstance(found, NotSet):
        raise found.problem
    named = _checks_of(book, found.name)
    unit = "ppm" if column in layout.percent else "pence"
    derived = next((check for check in named if isinstance(check.recomputed, int)), None)
    if derived is None:
        steps: tuple[Step, ...] = (_as_printed(found, unit),)
        formula = "As printed; no other figure of the source derives it."
    else:
        steps = (*_derivation(book, derived), *_difference(derived))
        formula = f"{derived.what}; what is printed beyond that is kept as printed."
    rows = cells.rows_of(book, table)
    return Explanation(
        address=address,
        title=f"Table {layout.number}, {layout.title}: {found.label}, {_heading(book, table, column)}",
        value=found.value,
        unit=unit,
        formula=formula,
        steps=steps,
        grounds=published_grounds(book, found, derived) if unit == "pence" else (),
        citations=(found.citation,),
        evidence=book_evidence(book, rows.path),
        notes=tuple(check.note for check in named if check.note and check.verdict is not Verdict.EXACT),
        statuses=(str(rows.status),),
    )


def _heading(book: Book, table: str, column: str) -> str:
    listed = book.table(cells.COLUMNS)
    rows = () if isinstance(listed, NotSet) else listed.rows
    found = [row for row in rows if (row["table"], row["column"]) == (table, column)]
    return " ".join((found[0]["over"], found[0]["heading"])).strip() if found else column


def _checks_of(book: Book, name: str) -> tuple[Check, ...]:
    listed = checks(book)
    return () if isinstance(listed, NotSet) else tuple(check for check in listed if check.printed_name == name)


def _as_printed(found: cells.Named, unit: str) -> Step:
    return Step(
        PRINTED, f"{found.label}, as printed", found.value, ((found.name, shown(found.value, unit)),), found.citation
    )


def _difference(check: Check) -> tuple[Step, ...]:
    if not check.difference:
        return ()
    label = f"Printed less recomputed ({check.verdict}): kept as printed, not mended"
    return (Step(CHECK, label, check.difference, (("check", check.id), ("note", check.note))),)


def _explain_check(book: Book, address: str, id: str, column: str) -> Explanation:
    listed = checks(book)
    if isinstance(listed, NotSet):
        raise listed.problem
    check = next((check for check in listed if check.id == id), None)
    if check is None or column not in ("printed", "recomputed", "difference"):
        raise no_figure(address)
    for found in (check.printed, check.recomputed):
        if isinstance(found, NotSet):
            raise found.problem
    printed = cells.figure(book, check.printed_name, check.unit)
    assert not isinstance(printed, NotSet)
    unit = "ppm" if check.unit == "percent" else "pence"
    recomputed = _derivation(book, check)
    as_printed = _as_printed(printed, unit)
    steps = {
        "printed": (as_printed,),
        "recomputed": recomputed,
        "difference": (as_printed, *(_negated(step) for step in recomputed)),
    }[column]
    return Explanation(
        address=address,
        title=f"Check {check.id}, {column}: {check.what}",
        value=sum(step.effect for step in steps),
        unit=unit,
        formula=f"{check.operation} of {check.arguments}" if column != "printed" else "As printed.",
        steps=steps,
        citations=(printed.citation, book.need_table("finance.checks").citation),
        evidence=book_evidence(book, book.need_table("finance.checks").path),
        notes=(check.note,) if check.note else (),
        statuses=(str(book.need_table("finance.checks").status),),
    )


def _negated(step: Step) -> Step:
    return Step(step.rule, f"Less: {step.label}", -step.effect, step.inputs, step.citation, step.address)


def _derivation(book: Book, check: Check) -> tuple[Step, ...]:
    """Give the steps that add up to what a check recomputes."""
    assert isinstance(check.recomputed, int)
    if check.operation in ("fair_shares", "cap_release"):
        steps = _scenario_steps(book, check)
    else:
        steps = _term_steps(book, check)
    rest = check.recomputed - sum(step.effect for step in steps)
    return (*steps, Step(CHECK, "Rounded to the printed decimals", rest)) if rest else steps


def _term_steps(book: Book, check: Check) -> tuple[Step, ...]:
    found = cells.terms(book, check.arguments)
    assert not isinstance(found, NotSet) and isinstance(check.recomputed, int)
    if check.operation == "sum":
        return tuple(
            Step(
                CHECK,
                term.figure.label if term.sign > 0 else f"Less: {term.figure.label}",
                term.amount,
                ((term.figure.name, shown(term.figure.value, check.unit)),),
                term.figure.citation,
                term.figure.address,
            )
            for term in found
        )
    units = ["pence" for _ in found] if check.operation == "growth_pct" else ["ppm", *("pence" for _ in found[1:])]
    inputs = tuple((t.figure.name, shown(t.amount, unit)) for t, unit in zip(found, units, strict=True))
    label = "Growth from the first figure to the second" if check.operation == "growth_pct" else "The rate of the sum"
    return (Step(CHECK, label, check.recomputed, inputs, found[0].figure.citation),)


def _scenario_steps(book: Book, check: Check) -> tuple[Step, ...]:
    code, *groups = check.arguments.split()
    result = fair_shares(book, Settings(scenario=code))
    assert not isinstance(result, NotSet)
    if check.operation == "fair_shares":
        return tuple(step for group in groups for step in group_steps(result, group))
    return tuple(
        Step(
            CHECK, f"{group.name}: released by the cap", group.released,
            (("share", shown(group.share, "pence")), ("capped", shown(group.amount, "pence"))),
            result.scenario.citation, result.address(group.code, "released"),
        )
        for group in result.groups
    )  # fmt: skip


def _explain_value(book: Book, address: str, id: str, column: str) -> Explanation:
    if column != "value":
        raise no_figure(address)
    try:
        found = book.value(id)
    except KeyError as error:
        raise no_figure(address) from error
    if isinstance(found, NotSet):
        raise found.problem
    named = cells.figure(book, id)
    assert isinstance(found, Value) and not isinstance(named, NotSet)
    unit = "ppm" if found.unit in ("rate", "percent", "ppm") else "pence"
    step = Step(PRINTED, found.meaning, named.value, (("as written", f"{found.text} ({found.unit})"),), found.citation)
    return _single(
        book, address, found.meaning, unit, (step,), found.path, str(found.status), found.citation, found.note
    )


def _single(
    book: Book, address: str, title: str, unit: str, steps: tuple[Step, ...], path: str, status: str,
    citation: Citation, note: str = "", formula: str = "As written in the rulebook.",
) -> Explanation:  # fmt: skip
    value = sum(step.effect for step in steps)
    notes = (note,) if note else ()
    return Explanation(
        address, title, value, unit, formula, steps, citations=(citation,), evidence=book_evidence(book, path),
        notes=notes, statuses=(status,),
    )  # fmt: skip


def _explain_rate(book: Book, address: str, code: str, column: str) -> Explanation:
    if column != "rate":
        raise no_figure(address)
    found = rate(book, code)
    if isinstance(found, NotSet):
        raise found.problem
    formulas = {"add": "The two parts added.", "compound": "One part on top of the other.", "alone": "As printed."}
    return Explanation(
        address=address,
        title=f"{found.title}, uplift",
        value=found.ppm,
        unit="ppm",
        formula=formulas.get(found.how, "The first part less the second, in percentage points."),
        steps=found.steps,
        citations=tuple(dict.fromkeys(part.citation for part in found.parts)),
        evidence=book_evidence(book, *(book.need(part.id).path for part in found.parts)),
        statuses=tuple(dict.fromkeys(part.status for part in found.parts)),
    )


def _explain_plan(book: Book, address: str, row: str, column: str) -> Explanation:
    what_if = column.removeprefix("deposit=")
    position = plan(book, deposit=int(what_if)) if what_if.isdecimal() else plan(book, column)
    if isinstance(position, NotSet):
        raise position.problem
    laid_out = position.plan
    results = {
        "allocation": ("All funding lines.", tuple(line_step("plan-allocation", line) for line in laid_out.funding)),
        "committed": ("All spending lines.", laid_out.committed.steps),
        "uncommitted": ("The allocation less all spending lines.", laid_out.uncommitted.steps),
        "balance": ("The allocation less all spending lines, less the deposit.", laid_out.balance_steps),
        "deposit": ("What the scenario deposits.", (Step("plan-deposit", "Deposit", position.deposit),)),
    }
    if row not in results:
        raise no_figure(address)
    formula, steps = results[row]
    rows = book.need_table("finance.plan_lines")
    title = f"Plan, {position.title}: {row}"
    return _single(book, address, title, "pence", steps, rows.path, position.status, rows.citation, formula=formula)


def _explain_distance(book: Book, address: str, code: str, group: str) -> Explanation:
    report = distance_report(book)
    if isinstance(report, NotSet):
        raise report.problem
    point = next((point for point in report.points if point.code == code), None)
    if point is None or group not in report.names:
        raise no_figure(address)
    steps = []
    for name in point.columns:
        table, _, column = name.partition(".")
        found = cells.cell(book, table, group, column)
        assert not isinstance(found, NotSet)
        heading = _heading(book, table, column)
        inputs = ((found.name, shown(found.value, "pence")),)
        steps.append(Step(PRINTED, f"Budget, {heading}", found.value, inputs, found.citation, found.address))
    gap = point.group(group)
    shares = book.need_table("fair_shares.shares")
    weights = shares.keyed("code")
    weighing = (
        ("total of all groups", shown(point.total, "pence")),
        ("weight", weights[group]["weight"]),
        ("all weights", str(sum(int(row["weight"]) for row in shares))),
    )
    steps.append(Step("fair-share", "Less: fair share of the total", -gap.fair_share, weighing, shares.citation))
    title = f"{point.title}: distance of {report.names[group]} from its fair share"
    formula = "Budget less the group's share of the total of all groups."
    return _single(
        book, address, title, "pence", tuple(steps), shares.path, report.status, shares.citation, report.note, formula
    )

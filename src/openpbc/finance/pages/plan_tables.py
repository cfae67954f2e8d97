"""Tables of a plan version: its totals, its bridge, its lines by section, what is to be looked at, its history."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.urls import reverse
from django.utils import timezone

from openpbc.finance.pages.printed import money, rate
from openpbc.finance.reads import plan_figures
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.reads.explained_plan import grouped
from openpbc.finance.reads.plan_rates import RateSource, rate_sources
from openpbc.finance.reads.plan_versions import Version, slug
from openpbc.finance.rules import plan_versions as rule
from openpbc.finance.rules.checks import Verdict
from openpbc.finance.rules.plan_line import ALLOCATION, COMPUTED, NEW, SECTIONS, PlanLine
from openpbc.kernel.findings import Finding, Level
from openpbc.kernel.periods import moment_cell
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Link, Missing, Tag
from openpbc.ui.pages import capital
from openpbc.ui.tables import Row, Table

BASE_NOT_SPLIT = "base not split in the papers"
STATES = {
    rule.DRAFT: Tag(rule.DRAFT, "blue"),
    rule.SUBMITTED: Tag(rule.SUBMITTED, "orange"),
    rule.APPROVED: Tag(rule.APPROVED, "green"),
    rule.SUPERSEDED: Tag(rule.SUPERSEDED, "grey"),
    rule.WITHDRAWN: Tag(rule.WITHDRAWN, "grey"),
}
# What stands over the lines of each section.
SECTION_TITLES = {
    ALLOCATION: "Money of the year",
    "outturn": "Where spending starts: the forecast outturn",
    "inflation": "Inflation and tariff",
    "full-year effect": "Full-year effects",
    "cost pressure": "Cost pressures",
    "investment": "Investments, savings among them",
    "saving": "Savings",
    "reserve": "Reserves",
    "deposit": "Deposit",
}
METHODS = {
    "entered": "entered",
    "uplift": "base x uplift",
    "growth": "base x growth",
    "full-year effect": "full-year effect",
    "cost pressure": "cost pressure",
    "investment": "investment",
    "saving": "saving",
    "reserve": "share of a base",
}
_VERDICTS = {
    Verdict.EXACT: Tag("exact", "green"),
    Verdict.ROUNDING: Tag("within tolerance", "blue"),
    Verdict.UNEXPLAINED: Tag("outside tolerance", "orange"),
}
LineLink = Callable[[PlanLine], str]


def totals_table(version: Version) -> Table:
    """What the version comes to; where it was drafted from print, the printed totals and what they are apart."""
    printed = bool(version.printed)
    columns = [tables.text("Total"), tables.number("By its lines", "£000", additive=False)]
    if printed:
        columns += [
            tables.number("As printed", "£000", additive=False),
            tables.number("Printed less lines", "£000", additive=False),
        ]
    rows = [Row(tuple(_total_row(version, code, printed)), total=code == "total-balance") for code in reads.TOTALS]
    notes = ("A printed total that its lines do not make is told and not mended.",) if printed else ()
    return tables.table("totals", "What the plan comes to", columns, rows, cards=True, notes=notes)


def _total_row(version: Version, code: str, printed: bool) -> Iterator[Cell]:
    yield reads.TOTALS[code]
    yield money(version.total(code), version.address(code))
    if printed:
        found = version.printed_total(code)
        yield money(found.amount, version.address(code, "printed")) if found else None
        yield _difference(version, code) if found else None


def _difference(version: Version, code: str) -> Cell:
    found = version.printed_total(code)
    assert found is not None
    return money(found.amount - version.total(code), version.address(code, "printed-difference"), signed=True)


def bridge_table(version: Version) -> Table:
    """The whole plan from its base to its draft through typed adjustments."""
    found = plan_figures.bridge(version)
    rows: list[Row] = [Row(("Projected outturn", money(found.base, version.address(found.code, plan_figures.BASE))))]
    rows += [
        Row((capital(kind), money(amount, version.address(found.code, code), signed=True)))
        for code, kind, amount in found.adjustments
        if amount
    ]
    draft = money(found.draft, version.address(found.code, plan_figures.DRAFT))
    rows.append(Row(("Draft budgets: all that is committed", draft), total=True))
    columns = [tables.text("Adjustment"), tables.number("Amount", "£000")]
    return tables.table("bridge", "From last year's outturn to the draft", columns, rows)


def budgets_table(version: Version) -> Table:
    """Each budget from its base to its draft; adjustments that no budget has are left out."""
    found = plan_figures.bridges(version)
    kinds = [
        (code, kind)
        for at, (code, kind, _) in enumerate(plan_figures.bridge(version).adjustments)
        if any(each.adjustments[at][2] for each in found)
    ]
    columns = [
        tables.text("Budget"),
        tables.number("Outturn", "£000"),
        *(tables.number(capital(kind), "£000") for _, kind in kinds),
        tables.number("Draft", "£000"),
        tables.number("Change known", "£000"),
    ]
    rows = [
        [
            each.heading or "The plan as a whole",
            money(each.base, version.address(each.code, plan_figures.BASE)) if each.base else BASE_NOT_SPLIT,
            *(
                money(amount, version.address(each.code, code), signed=True) if amount else None
                for code, kind, amount in each.adjustments
                if (code, kind) in kinds
            ),
            *_draft_or_change(version, each),
        ]
        for each in found
    ]
    note = (
        "A line joins a budget by naming it. Lines that name none stand in the plan as a whole. Where the papers do "
        "not split the base, only the change to a budget is known, and no draft of it."
    )
    return tables.table("budgets", "Each budget from its base to its draft", columns, rows, cards=True, notes=(note,))


def _draft_or_change(version: Version, each: plan_figures.Bridge) -> tuple[Cell, Cell]:
    """A budget with a base has a draft; without one its lines add up to a change alone."""
    figure = money(each.draft, version.address(each.code, plan_figures.DRAFT), signed=not each.base)
    return (figure, None) if each.base else (None, figure)


def lines_table(version: Version, link: LineLink | None) -> Table:
    """Every line, part by part, with how its amount is made and what is said of it; ``link`` opens a line."""
    made = any(line.method in COMPUTED for line in version.lines)
    columns = [tables.text("Line"), tables.text("Made by")]
    if made:
        columns += [tables.number("Base", "£000", additive=False), tables.number("Rate", "%", additive=False)]
    columns += [tables.number("Amount", "£000", additive=False), tables.text("What is said of it")]
    rows: list[Row] = []
    for section in SECTIONS:
        lines = [line for line in version.lines if line.section == section]
        rows += [Row(tuple(_line_row(version, line, made, link))) for line in lines]
        if lines:
            total = money(sum_of(version, section), version.address(f"section-{slug(section)}"))
            rows.append(
                Row((f"Sum: {SECTION_TITLES[section]}", "", *((None, None) if made else ()), total, ""), total=True)
            )
    notes = ("Open a line to change or remove it.",) if link and rows else ()
    empty = "The plan has no line yet: add the money of the year first."
    return tables.table("lines", "The lines, part by part", columns, rows, cards=True, empty=empty, notes=notes)


def sum_of(version: Version, section: str) -> int:
    """What a section comes to."""
    return rule.by_section(version.lines)[section]


def _line_row(version: Version, line: PlanLine, made: bool, link: LineLink | None) -> Iterator[Cell]:
    yield Link(line.label, link(line)) if link else line.label
    yield METHODS[line.method] + (f" ({line.rate_source})" if line.rate_source else "")
    if made:
        computed = line.method in COMPUTED
        yield money(line.base, version.address(line.code, "base")) if computed and line.base is not None else None
        yield rate(line.rate, version.address(line.code, "rate")) if computed and line.rate is not None else None
    yield money(line.amount, version.address(line.code))
    yield "; ".join(_said(line))


def _said(line: PlanLine) -> Iterator[str]:
    """What is known of a line, in words, the most pressing first."""
    if line.provisional:
        yield "PROVISIONAL"
    if line.recurrence:
        yield line.recurrence
    if line.origin:
        yield line.origin if line.origin == NEW else f"in the {line.origin}"
    if line.heading and line.heading != line.label:
        yield f"budget: {line.heading}"
    if line.link:
        yield f"plan: {line.link}"
    if line.priority:
        yield f"serves: {line.priority}"
    if line.scope:
        yield f"{line.scope} of scope" if line.scope == "out" else "in scope"
    if line.runs_on:
        yield "may run on into next year"
    if line.note:
        yield line.note.rstrip(".")


def provisional_table(version: Version, link: LineLink | None) -> Table:
    """The lines that nobody has notified yet."""
    rows = [
        [
            Link(line.label, link(line)) if link else line.label,
            money(line.amount, version.address(line.code)),
            line.note,
        ]
        for line in version.provisional
    ]
    columns = [tables.text("Line"), tables.number("Held at", "£000"), tables.text("What is expected")]
    return tables.table(
        "provisional", "Not notified yet", columns, rows, cards=True, empty="Every line of the plan is notified."
    )


def checks_table(book: Book, version: Version) -> Table:
    """The checks of a plan: reserve against its rule, new pressures against the claim, outturn against allocation."""
    columns = [
        tables.text("Check"),
        tables.number("In this version", "£000", additive=False),
        tables.number("Should be, or is claimed", "£000", additive=False),
        tables.number("Difference", "£000", additive=False),
        tables.text("Verdict"),
    ]
    rows = [_reserve_row(book, version), _claim_row(book, version), *_break_even_row(version)]
    return tables.table("plan-checks", "Checks of this version", columns, rows, cards=True)


def _reserve_row(book: Book, version: Version) -> list[Cell]:
    found = plan_figures.reserve_check(book, version)
    held = money(sum_of(version, "reserve"), _group(version, "section-reserve"))
    if isinstance(found, NotSet):
        return ["Reserve against its share of the allocation", held, Missing(found.path), None, ""]
    tolerance = money(found.tolerance).text
    return [
        f"Reserve against its share of the allocation (tolerance {tolerance})",
        held,
        money(found.expected, version.address("reserve-check", "expected")),
        money(found.difference, version.address("reserve-check", "difference"), signed=True),
        _VERDICTS[found.verdict],
    ]


def _claim_row(book: Book, version: Version) -> list[Cell]:
    found = plan_figures.claim_check(book, version)
    named = "New cost pressures and investments against the sum that the paper claims, about"
    if isinstance(found, NotSet):
        return [named, None, Missing(found.path), None, ""]
    claimed = money(found.claimed, f"finance/{version.place}/value/{plan_figures.CLAIM}/value")
    none_marked = not found.found
    return [
        named,
        money(found.found, _group(version, "origin-new")),
        claimed,
        money(found.difference, version.address("claim-check", "difference"), signed=True),
        "No line is marked as new yet" if none_marked else "",
    ]


def _break_even_row(version: Version) -> Iterator[list[Cell]]:
    first = next((line for line in version.lines if line.section == ALLOCATION), None)
    if first is None:
        return
    base = plan_figures.bridge(version).base
    verdict = "breaks even" if base == first.amount else "overspends" if base > first.amount else "underspends"
    yield [
        "Forecast outturn against the allocation of the year before",
        money(base, version.address(plan_figures.WHOLE, plan_figures.BASE)),
        money(first.amount, version.address(first.code)),
        money(base - first.amount, version.address("break-even", "difference"), signed=True),
        verdict,
    ]


def _group(version: Version, code: str) -> str:
    """The address of a sum of lines; none where no line is in it, since nothing could be explained."""
    return version.address(code) if code in {found for found, _, _ in grouped(version)} else ""


def splits_table(version: Version) -> Table:
    """What comes back each year and what does not, what is in scope and what is not, and where pressures come from."""
    rows: list[list[Cell]] = [
        [capital(title), money(sum(line.amount for line in lines), version.address(code)), len(lines)]
        for code, title, lines in sorted(grouped(version))
        if not code.startswith("section-")
    ]
    columns = [
        tables.text("Lines that are"),
        tables.number("Sum", "£000", additive=False),
        tables.number("Lines", additive=False),
    ]
    return tables.table("splits", "Recurrence, origin and scope", columns, rows, cards=True)


def growth_table(book: Book, version: Version) -> Table:
    """Growth, prices, real growth, and what the business case assumed, side by side."""
    found, here = plan_figures.real_growth(book), f"finance/{version.place}"
    columns = [tables.text("Growth"), tables.number("Rate", "%", additive=False), tables.text("What it is")]
    if isinstance(found, NotSet):
        return tables.table("growth", "Real growth", columns, [["Real growth", Missing(found.path), ""]], cards=True)
    first = rule.opening(version.lines)
    rows: list[list[Cell]] = [
        ["Nominal", rate(found.nominal, f"{here}/value/finance.national_growth/value"), "notified, recurrent"],
        ["Prices", rate(found.price, f"{here}/assumptions/tariff/rate"), "net rise of the tariff"],
        ["Real", rate(found.real, version.address("real-growth", "real")), "nominal less prices"],
        [
            "Business case",
            rate(found.business_case, f"{here}/value/finance.business_case_real_growth/value"),
            "real growth that it assumed",
        ],
        [
            "Over the business case",
            rate(found.over_business_case, version.address("real-growth", "over-business-case")),
            "real less business case, in percentage points",
        ],
    ]
    if first:
        growth = rule.growth_ppm(version.lines)
        assert growth is not None
        told = "money of the year over the first line of the allocation, one-off items included"
        rows.append(["Whole allocation", rate(growth, version.address("total-allocation", "growth")), told])
    return tables.table("growth", "Real growth", columns, rows, cards=True)


def rates_table(book: Book) -> Table:
    """The rates that a line may name as its source."""
    rows: list[list[Cell]] = []
    for found in rate_sources(book):
        if isinstance(found, RateSource):
            rows.append([found.code, found.title, rate(found.ppm, found.address)])
        else:
            rows.append([found.id, found.meaning, Missing(found.path)])
    columns = [tables.code("Source"), tables.text("What it is"), tables.number("Rate", "%", additive=False)]
    return tables.table("rates", "Rates that a line may name", columns, rows, cards=True)


def findings_table(version: Version, found: tuple[Finding, ...], link: LineLink | None) -> Table:
    """What is at fault, or to be looked at, a line a row, faults first; each leads to its line."""
    by_line: dict[int, list[Finding]] = {}
    for each in sorted(found, key=lambda one: ("FEW".index(one.level.value), one.place.line)):
        by_line.setdefault(each.place.line, []).append(each)
    rows: list[list[Cell]] = []
    for number, listed in by_line.items():
        line = version.lines[number - 1]
        tag = Tag("look at it", "yellow") if listed[0].level is Level.WARNING else Tag("mend it", "red")
        said = " ".join(each.sentence for each in listed)
        rows.append([Link(line.label, link(line)) if link else line.label, tag, said])
    columns = [tables.text("Line"), tables.code("What to do"), tables.text("What was found")]
    return tables.table(
        "findings", "To look at before it is submitted", columns, rows, cards=True, empty="Nothing was found."
    )


def history_table(version: Version) -> Table:
    """Every change, the newest first, with its effect on the balance."""
    rows: list[list[Cell]] = [
        [moment_cell(timezone.localtime(each.at)), each.by, capital(each.what), told(each.effect)]
        for each in version.changes
    ]
    columns = [tables.text("When"), tables.text("Who"), tables.text("What"), tables.text("Balance, £000")]
    return tables.table("history", "Every change of this version", columns, rows, cards=True)


def told(pence: int) -> str:
    """An effect as it was written down then; it is history and not a figure of the plan as it stands."""
    return money(pence, signed=True).text if pence else "no effect"


def line_link(version: Version) -> LineLink:
    """Give the function that leads to the form of a line."""

    def link(line: PlanLine) -> str:
        return reverse(
            "finance:plan-version-line", kwargs={"place": version.place, "number": version.key, "code": line.code}
        )

    return link

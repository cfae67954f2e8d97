"""A plan as a workbook: what it is, its lines, its totals as live formulas, its groups, and what does not add up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from openpbc.finance import reads
from openpbc.finance.pages.group_sheet import groups_sheet
from openpbc.finance.reads.plan_versions import Version
from openpbc.finance.rules.plan_columns import COLUMNS, NO, PLAN_SHEET, YES, PlanColumn, Takes, amount_formula
from openpbc.finance.rules.plan_line import ALLOCATION, COMMITTED, COMPUTED, DEPOSIT, SECTIONS, PlanLine
from openpbc.finance.rules.plan_versions import by_section
from openpbc.finance.rules.plan_workbook import BALANCE, FORMAT, READ_ME, TOTALS_SHEET
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui.figures import Figure, Missing, Style
from openpbc.ui.workbooks import Allowed, Filled, FormSheet, Formula, Line, Look, Mark, Marked, Rate, form_bytes

CHECKS_SHEET = "Checks"
HEAD_ROW = 4
FIRST_ROW = HEAD_ROW + 1
SPARE = 2_000
_PLACES = {column.field: place for place, column in enumerate(COLUMNS)}
_LETTERS = {column.field: chr(ord("A") + place) for place, column in enumerate(COLUMNS)}

WHAT_IT_IS = (
    (
        "How to use it",
        "Change, add, remove and sort lines on the sheet Plan, save the workbook as .xlsx, and send it back on the page"
        " from which it came. You are shown what would change before anything does.",
    ),
    (
        "What is read back",
        "The sheet Plan, with the version and revision above, and nothing else. Columns may be moved; their headings"
        " may not be changed.",
    ),
    ("Money", "Thousands of pounds; five decimals are pence. Spending is positive, a saving has a minus."),
    (
        "Colours",
        "Pale yellow is to be filled in, grey is computed. Leave the amount of a computed line empty, or copy the"
        " formula down: base times rate, rounded to the penny, half away from nought.",
    ),
    (
        "Totals and groups",
        "Formulas over this workbook show what a change does. A spreadsheet reckons in doubles, which is exact to the"
        " penny for amounts up to £100 million; OpenPBC computes all of it anew in whole numbers, and says so where an"
        " amount or a total in the workbook differs.",
    ),
    (
        "If somebody was faster",
        "A workbook of an older revision is not taken: you are told who changed what since, and nothing is half done.",
    ),
)


@dataclass(frozen=True)
class Handed:
    """What a workbook is made of: the place's book, and the version; none makes a template with no figures."""

    book: Book
    version: Version | None = None

    @property
    def lines(self) -> tuple[PlanLine, ...]:
        """The lines of the version."""
        return self.version.lines if self.version else ()

    @property
    def title(self) -> str:
        """What the workbook is called."""
        if self.version is None:
            return "Plan, empty template"
        return f"Plan of {self.book.place.title} {self.book.place.year.label}: {self.version.name}"


def plan_workbook(book: Book, version: Version) -> bytes:
    """Write a version as a workbook to be changed and sent back."""
    handed = Handed(book, version)
    scenario = version.facts.scenario if version.facts else ""
    sheets = (
        read_me(handed),
        plan_sheet(handed),
        totals_sheet(handed),
        groups_sheet(book, scenario),
        checks_sheet(handed),
    )
    return form_bytes(handed.title, sheets)


def template(book: Book) -> bytes:
    """Write an empty workbook for any place: headings and lists, no figure."""
    handed = Handed(book)
    return form_bytes(handed.title, (read_me(handed), plan_sheet(handed), totals_sheet(handed)))


def read_me(handed: Handed) -> FormSheet:
    """What the workbook is, and what to do with it."""
    facts: list[tuple[str, Filled]] = [("Workbook", FORMAT)]
    if handed.version and handed.version.facts:
        place, version = handed.book.place, handed.version.facts
        facts += [
            ("Place", place.title),
            ("Place code", place.id),
            ("Year", str(place.year)),
            ("Version", str(version.number)),
            ("Title", version.title),
            ("State", version.state),
            ("Revision", str(version.revision)),
            ("Scenario", version.scenario or "none is named"),
            ("Rulebook", handed.book.hash),
            ("Where to send it", f"/p/{place.id}/plan/versions/{version.number}/workbook"),
        ]
    lines = [Line((handed.title,), Look.TITLE), Line()]
    lines += [Line(pair, Look.NOTE) for pair in facts]
    lines += [Line(), *(Line(pair, Look.NOTE) for pair in WHAT_IT_IS)]
    return FormSheet(READ_ME, tuple(lines), (24, 60), protected=True, hidden_grid=True)


def plan_sheet(handed: Handed) -> FormSheet:
    """The lines, one a row; an amount that its method computes is a formula."""
    lines = [
        Line((handed.title,), Look.TITLE),
        Line(("One line a row. Yellow is to be filled in, grey is computed. The sheet Read me says more.",)),
        Line(),
        Line([column.heading for column in COLUMNS], Look.HEAD),
    ]
    lines += [Line(_row(line, FIRST_ROW + place)) for place, line in enumerate(handed.lines)]
    allowed = {place: _allowed(column) for place, column in enumerate(COLUMNS) if column.takes is not Takes.TEXT}
    return FormSheet(PLAN_SHEET, tuple(lines), tuple(column.width for column in COLUMNS), allowed)


def _allowed(column: PlanColumn) -> Allowed:
    choices = tuple(choice for choice in column.choices if choice)
    return Allowed(choices, column.hint or "Choose one from the list.")


def _row(line: PlanLine, number: int) -> list[Filled]:
    return [_cell(line, column, number) for column in COLUMNS]


def _cell(line: PlanLine, column: PlanColumn, number: int) -> Filled:
    value = getattr(line, column.field)
    if column.field == "amount" and line.method in COMPUTED:
        text = amount_formula(number, _PLACES["base"], _PLACES["rate"])
        return Marked(Formula(text, Figure(line.amount, Style.THOUSANDS)), Mark.COMPUTED)
    match column.takes:
        case Takes.MONEY:
            return Marked(None if value is None else Figure(value, Style.THOUSANDS))
        case Takes.RATE:
            return Marked(None if value is None else Rate(value))
        case Takes.TRUTH:
            return Marked(YES if value else NO)
        case _:
            return Marked(value)


def _column(field: str, last: int) -> str:
    """Give the cells of a column, with the rows that are still to be written."""
    letter = _LETTERS[field]
    return f"{PLAN_SHEET}!${letter}${FIRST_ROW}:${letter}${last}"


def totals_sheet(handed: Handed) -> FormSheet:
    """Every section's total and the balance, live, beside what they were when the workbook was handed out."""
    last = FIRST_ROW + len(handed.lines) + SPARE
    made = by_section(handed.lines)
    head = ("Section", "Lines", "Now (£000)", "As handed out (£000)", "Change (£000)")
    lines = [Line(("What the plan comes to",), Look.TITLE), Line(), Line(head, Look.HEAD)]
    rows = {section: len(lines) + 1 + place for place, section in enumerate(SECTIONS)}
    for section, row in rows.items():
        criterion = f"{_column('section', last)},A{row}"
        count = Formula(f"COUNTIF({criterion})", sum(line.section == section for line in handed.lines))
        now = f"ROUND(SUMIF({criterion},{_column('amount', last)}),5)"
        lines.append(_total(section, count, now, made[section], row))
    committed = "+".join(f"C{rows[section]}" for section in COMMITTED)
    spent = sum(made[section] for section in COMMITTED)
    after = len(lines) + 1
    results = (
        ("committed", committed, spent),
        ("not committed", f"C{rows[ALLOCATION]}-C{after}", made[ALLOCATION] - spent),
        (BALANCE, f"C{after + 1}-C{rows[DEPOSIT]}", made[ALLOCATION] - spent - made[DEPOSIT]),
    )
    for place, (name, text, value) in enumerate(results):
        lines.append(_total(name, None, f"ROUND({text},5)", value, after + place, Look.TOTAL))
    lines += [Line(), Line((f"Formulas reach down to row {last:,} of the sheet {PLAN_SHEET}.",))]
    return FormSheet(TOTALS_SHEET, tuple(lines), (24, 10, 20, 20, 20), protected=True)


def _total(name: str, count: Formula | None, now: str, value: int, row: int, look: Look = Look.PLAIN) -> Line:
    money = Figure(value, Style.THOUSANDS)
    change = Formula(f"ROUND(C{row}-D{row},5)", Figure(0, Style.THOUSANDS))
    cells = (name, count, Marked(Formula(now, money), Mark.COMPUTED), money, Marked(change, Mark.COMPUTED))
    return Line(cells, look)


def checks_sheet(handed: Handed) -> FormSheet:
    """What adds up in the published figures and what does not, as printed; nothing here is mended."""
    head = ("Check", "What is compared", "Printed", "Recomputed", "Difference", "Verdict", "Note")
    lines = [
        Line(("What adds up, and what does not",), Look.TITLE),
        Line(("Printed figures are kept as printed. £000, or per cent where the check says so.",)),
        Line(),
        Line(head, Look.HEAD),
    ]
    found = reads.checks(handed.book)
    if isinstance(found, NotSet):
        lines.append(Line(("not set", found.problem.sentence)))
    else:
        lines += [Line(_check(check)) for check in found]
    return FormSheet(CHECKS_SHEET, tuple(lines), (22, 44, 16, 16, 14, 14, 60), protected=True)


def _check(check: reads.Check) -> Sequence[Filled]:
    style = Style.PERCENT if check.unit == "percent" else Style.THOUSANDS
    figures = [
        Missing() if value is None or isinstance(value, NotSet) else Figure(value, style)
        for value in (check.printed, check.recomputed, check.difference)
    ]
    return [check.id, check.what, *figures, str(check.verdict or "not set"), check.note]

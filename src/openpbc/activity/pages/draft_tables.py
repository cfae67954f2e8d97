"""The tables of a file that waits: how it is read, what becomes of its lines and records, and what that costs."""

from __future__ import annotations

from openpbc.activity.flow.comparing import Compared
from openpbc.activity.flow.drafting import Preview
from openpbc.activity.flow.first_look import FirstLook
from openpbc.activity.flow.pricing_law import reason_rules
from openpbc.activity.pages.submissions import counted_rules, sentences_of
from openpbc.activity.reads import Draft, RuleCount
from openpbc.activity.reads.draft_effect import ALL, address, names, total, value_of
from openpbc.kernel.findings import Level
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Style, Tag
from openpbc.ui.pages import capital
from openpbc.ui.tables import Row, Table

_ORDER = [level.value for level in Level]


def columns_table(look: FirstLook, *, values: bool) -> Table:
    """Every column as it will be read, then those that are wanted and missing; values are for readers of records."""
    columns = [tables.text("Column of the file"), tables.text("Is read as")]
    columns += [tables.text("First values")] if values else []
    rows: list[list[Cell]] = [
        [one.column, one.name, *([", ".join(one.first_values)] if values else [])] for one in look.read.filled
    ]
    rows += [
        [one.column, Tag("kept, no rule reads it", "grey"), *([", ".join(one.first_values)] if values else [])]
        for one in look.read.unknown
    ]
    rows += [[Tag("missing", "yellow"), one.name, *([""] if values else [])] for one in look.read.lacking]
    return tables.table("columns", "How the columns are read", columns, rows, cards=True)


def rules_table(book: Book, shown: Preview) -> Table:
    """Findings counted by rule and field, worst first."""
    sentences = sentences_of(book)
    worst_first = sorted(shown.rules, key=lambda each: (_ORDER.index(each[1]), each[0], each[2]))
    return counted_rules(
        [
            (rule, RuleCount(rule, level, field, count, sentences.get(rule, "")))
            for rule, level, field, count in worst_first
        ]
    )


def records_table(shown: Preview) -> Table:
    """Records against those of the present file."""
    held = shown.records or Compared(0, 0, 0, 0)
    columns = [tables.text("Against what stands now"), tables.number("Records")]
    gone = "Deleted by this file" if shown.changes else "In the present file only, so removed"
    rows = [
        Row((words, Figure(count)))
        for words, count in (
            ("New", held.new),
            ("Changed", held.changed),
            ("Unchanged", held.unchanged),
            (gone, held.removed),
        )
    ]
    return tables.table("records", "Records", columns, rows)


def fields_table(shown: Preview) -> Table:
    """In which fields records differ."""
    columns = [tables.text("Field"), tables.number("Records in which it differs")]
    rows: list[list[Cell]] = [
        [field, Figure(number)] for field, number in (shown.records.fields if shown.records else ())
    ]
    return tables.table("fields", "What changed", columns, rows, empty="No record of both files differs.")


def changes_table(shown: Preview) -> Table:
    """The first changes, field by field, for those who may see records."""
    columns = [
        tables.number("Row", additive=False),
        tables.number("Row in the present file", additive=False),
        tables.text("Field"),
        tables.text("Was"),
        tables.text("Is now"),
    ]
    rows: list[list[Cell]] = [
        [Figure(each.line), Figure(each.present_line), each.field, each.was or "nothing", each.now or "nothing"]
        for each in (shown.records.changes if shown.records else ())
    ]
    return tables.table("changes", "Changes row by row", columns, rows, cards=True, empty="No record is changed.")


def without_price_table(book: Book, shown: Preview) -> Table:
    """The units of care that get no price, by reason: none of them is counted as nought."""
    told = reason_rules(book)
    columns = [tables.text("Reason"), tables.text("What it says"), tables.number("Units")]
    rows: list[list[Cell]] = [
        [reason, told[reason].sentence if reason in told else "", Figure(units)]
        for reason, units in shown.without_price
    ]
    return tables.table("without-price", "Without a price", columns, rows, cards=True)


def effect_table(book: Book, draft: Draft, quantity: str = "price") -> Table:
    """What the month costs with and without this file, by point of delivery and group; every figure is explained."""
    pods, units = names(book.place.id)
    columns = [tables.text("Point of delivery"), tables.text(capital(book.word("group")))]
    for words in ("With the present file", "With this file"):
        columns.append(tables.number("Units", group=words))
        columns.append(tables.number("Price", "£", group=words))
    columns.append(tables.number("Effect", "£"))
    measures = ("present-activity", f"present-{quantity}", "activity", quantity, f"effect-{quantity}")
    rows: list[Row] = []
    listed = draft.preview.effect if draft.preview else ()
    for each in sorted(listed, key=lambda row: -abs(value_of(row, f"effect-{quantity}"))):
        figures = (
            _figure(value_of(each, measure), measure, address(draft, each.pod, each.unit, measure))
            for measure in measures
        )
        rows.append(Row((pods.get(each.pod, each.pod), units.get(each.unit, each.unit), *figures)))
    if rows:
        figures = (_figure(total(draft, measure), measure, address(draft, ALL, ALL, measure)) for measure in measures)
        rows.append(Row(("All", "", *figures), total=True))
    empty = "No record of either file counts for the commissioner in this month."
    return tables.table("effect", "What the month costs", columns, rows, cards=True, empty=empty)


def effect_figure(draft: Draft) -> Figure:
    """By how much the price of the month moves."""
    measure = "effect-price"
    return _figure(total(draft, measure), measure, address(draft, ALL, ALL, measure) if draft.preview else "")


def _figure(value: int, measure: str, where: str) -> Figure:
    style = Style.COUNT if measure.endswith("activity") else Style.PENCE
    return Figure(value, style, where, signed=measure.startswith("effect-"))

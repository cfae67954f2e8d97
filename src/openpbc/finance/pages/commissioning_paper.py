"""A group's commissioning plan as a paper: what it wants and why, what that costs, and what it still lacks."""

from __future__ import annotations

from dataclasses import replace

from django.utils.timezone import localtime

from openpbc.finance.reads.commissioning import GroupPlan
from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import Book
from openpbc.ui.documents import Bullets, Document, Grid, Heading, Note, Paragraph, Part
from openpbc.ui.tables import Table

AGREED = "agreed"
CHANGE = "Change"


def plan_paper(book: Book, plan: GroupPlan, shown: tuple[Table, ...]) -> Document:
    """Write the plan of a unit with the tables of its page; it is a draft until it is agreed."""
    place = book.place
    changed = (("Last changed", f"{_day(plan)}, by {plan.changed_by}"),) if plan.changed_at else ()
    return Document(
        title=f"Commissioning plan of {plan.unit.name}, {place.year.label}",
        subtitle=f"State: {plan.state}",
        facts=(("Place", f"{place.title}, {place.year.label}"), *changed, ("Rulebook", book.hash)),
        parts=(*_context(plan), *_lacks(plan), *(Grid(_for_readers(table)) for table in shown), *_answer(book, plan)),
        draft=plan.state != AGREED,
        footer=f"Rulebook {book.hash[:12]}",
    )


def _day(plan: GroupPlan) -> str:
    assert plan.changed_at is not None
    day = localtime(plan.changed_at).date()
    return f"{day.day} {Month.of(day).name}"


def _context(plan: GroupPlan) -> tuple[Part, ...]:
    told = tuple(Paragraph(line) for line in plan.context.splitlines() if line.strip())
    return (Heading("What the plan is about"), *told) if told else ()


def _lacks(plan: GroupPlan) -> tuple[Part, ...]:
    if not plan.findings:
        return ()
    return (Heading("What it still lacks"), Bullets(tuple(finding.sentence for finding in plan.findings)))


def _for_readers(table: Table) -> Table:
    """The table without the column by which it is changed: on paper nobody can."""
    if not table.columns or table.columns[-1].title != CHANGE:
        return table
    rows = tuple(replace(row, cells=row.cells[:-1]) for row in table.rows)
    return replace(table, columns=table.columns[:-1], rows=rows)


def _answer(book: Book, plan: GroupPlan) -> tuple[Part, ...]:
    return (Note(f"Answer of the {book.word('commissioner')}: {plan.answer}"),) if plan.answer else ()

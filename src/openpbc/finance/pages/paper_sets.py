"""Sections of papers on the budget set: its sums and lines, the decision on it, the replies, and the next steps."""

from __future__ import annotations

from openpbc.finance.pages.paper_basis import Basis
from openpbc.finance.pages.paper_parts import gap, said, thousand
from openpbc.finance.pages.printed import money, rate
from openpbc.finance.reads.budget_set_figures import Measured, measured
from openpbc.finance.reads.budget_sets import ALL, BudgetSet
from openpbc.finance.reads.checklist import DONE, WAIVED, checklist
from openpbc.finance.reads.questions import questions
from openpbc.finance.reads.replies import Replies, Reply, replies
from openpbc.finance.rules.ledger import DEPOSIT, HELD, IN_SCOPE, OUT_OF_SCOPE
from openpbc.governance import reads as governance
from openpbc.governance.reads import Decision
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.documents import Grid, Heading, Note, Paragraph, Part
from openpbc.ui.figures import Cell, Missing, Tag
from openpbc.ui.pages import capital
from openpbc.ui.tables import Row, Table

TOTAL = "total"
_COLUMNS = (IN_SCOPE, OUT_OF_SCOPE, TOTAL)
_STATES = {DONE: Tag("done", "green"), WAIVED: Tag("waived", "yellow")}


def set_part(basis: Basis) -> tuple[Part, ...]:
    """The set on which the body decides, line by line, with the sums that show that nothing is missing."""
    book, found = basis.book, basis.budgets
    title = Heading("The budget set")
    if found is None:
        alone = "No set of budgets is chosen or in force; the figures of this paper are those of the scenario alone."
        return (title, Paragraph(alone)) if basis.scenario else ()
    facts, sums = found.facts, found.sums
    told = said(
        f"{facts.name}, “{facts.title}”, is {facts.state} (revision {facts.revision}). Of the allocation of ",
        thousand(sums.allocation, facts.address(ALL, "allocation")),
        ", ",
        thousand(sums.held, facts.address(HELD, HELD)),
        f" are held above the {book.word('groups')}, ",
        thousand(sums.groups, facts.address(ALL, TOTAL)),
        " are their budgets and ",
        thousand(sums.deposits, facts.address(ALL, DEPOSIT)),
        " are deposited; the lines less the allocation come to ",
        thousand(sums.difference, facts.address(ALL, "difference")),
        ".",
    )
    return (title, Paragraph(told), *_lines(book, found), *_decisions(book, found))


def _lines(book: Book, found: BudgetSet) -> tuple[Part, ...]:
    worked_out = measured(book, found)
    if isinstance(worked_out, NotSet):
        return (gap(worked_out.meaning, worked_out),)
    return (Grid(set_table(book, found, worked_out)), Grid(_held_table(book, found)))


def set_table(book: Book, found: BudgetSet, worked_out: Measured) -> Table:
    """The lines of the set by group."""
    facts = found.facts
    columns = [
        tables.text(capital(book.word("group"))),
        tables.number("In scope", "£000"),
        tables.number("Growth", "%", additive=False),
        tables.number("Out of scope", "£000"),
        tables.number("Total", "£000"),
        tables.number("Amount", "£000", group=f"Distance from {book.word('fair_share')}"),
        tables.number("Rate", "%", additive=False, group=f"Distance from {book.word('fair_share')}"),
        tables.number("Deposit", "£000"),
    ]
    rows: list[Row] = []
    for unit, after in worked_out.after.items():
        name = worked_out.shares.group(unit).name
        away: list[Cell] = [
            money(after.distance, facts.address(unit, "distance")),
            None if after.ppm is None else rate(after.ppm, places=3),
        ]
        rows.append(Row((name, *_of(found, worked_out, unit), *away, _sum(found, unit, DEPOSIT))))
    total = ("Total", *_of(found, worked_out, ALL), None, None, _sum(found, ALL, DEPOSIT))
    return tables.table("set", f"{facts.name}: {facts.title}", columns, [*rows, Row(total, total=True)])


def _of(found: BudgetSet, worked_out: Measured, unit: str) -> tuple[Cell, ...]:
    growth = worked_out.growth(unit)
    grown = None if growth is None else rate(growth.ppm, found.facts.address(unit, "growth"))
    in_scope, out_of_scope, total = (_sum(found, unit, name) for name in _COLUMNS)
    return (in_scope, grown, out_of_scope, total)


def _sum(found: BudgetSet, unit: str, name: str) -> Cell:
    kinds = ("group",) if name == TOTAL else (name,)
    return money(found.pence(unit, *kinds), found.facts.address(unit, name))


def _held_table(book: Book, found: BudgetSet) -> Table:
    facts = found.facts
    columns = [tables.text(f"Held above the {book.word('groups')}"), tables.number("Amount", "£000")]
    rows: list[Row] = [
        Row((line.title, money(line.pence, facts.address(HELD, line.figure)))) for line in found.of(HELD)
    ]
    total = Row(("Total", money(found.sums.held, facts.address(HELD, HELD))), total=True)
    return tables.table("held", f"Held above the {book.word('groups')}", columns, [*rows, total])


def _decisions(book: Book, found: BudgetSet) -> tuple[Part, ...]:
    """Every decision on the set; what was replaced stays to be seen."""
    listed = governance.decisions(book.place.id, found.facts.matter)
    if not listed:
        return (Paragraph(f"The {book.word('board')} has not decided on it."),)
    columns = [tables.text(title) for title in ("Taken on", "Body", "Minute", "Outcome", "In its words")]
    rows: list[list[Cell]] = [
        [_day(each), governance.bodies(book).get(each.body, each.body), each.minute, _outcome(each), each.text]
        for each in listed
    ]
    return (Grid(tables.table("decisions", "What was decided on it", columns, rows)),)


def _day(decision: Decision) -> str:
    return decision.when.name


def _outcome(decision: Decision) -> Tag:
    return Tag(decision.outcome if decision.stands else f"{decision.outcome}, no longer stands")


def replies_part(basis: Basis) -> tuple[Part, ...]:
    """What the groups say of their funding, and who has not said anything."""
    title = Heading(f"What the {basis.book.word('groups')} say")
    if basis.scenario is None:
        return ()
    found = replies(basis.book, basis.scenario.code)
    if isinstance(found, NotSet):
        return (title, gap(found.meaning, found))
    missing = ", ".join(each.name for each in found.missing)
    waiting = f" No reply yet: {missing}." if missing else ""
    told = f"{found.count} have replied on their funding under “{found.title}”.{waiting}"
    return (title, Paragraph(told), Grid(_replies_table(basis.book, found)))


def _replies_table(book: Book, found: Replies) -> Table:
    columns = [tables.text(capital(book.word("group"))), tables.text("The funding is")]
    columns += [tables.number("By", "£000", additive=False), tables.text("Why")]
    rows = [_reply_row(each, f"reply/{book.place.id}/{found.scenario}/{each.unit}") for each in found.groups]
    return tables.table("replies", "Replies on the funding", columns, rows)


def _reply_row(reply: Reply, address: str) -> list[Cell]:
    if not reply.answer:
        return [reply.name, Missing(why="The group has not replied."), None, ""]
    return [reply.name, reply.answer, None if reply.pence is None else money(reply.pence, address), reply.reason]


def steps_part(basis: Basis) -> tuple[Part, ...]:
    """What is still to be done before the budgets come into force."""
    found = checklist(basis.book)
    if isinstance(found, NotSet):
        return ()
    columns = [tables.text(title) for title in ("Step", "Who", "State", "Why")]
    rows: list[list[Cell]] = [
        [
            task.step,
            basis.book.words.get(task.who, task.who),
            _STATES.get(task.state, Tag(task.state, "orange")),
            task.reason,
        ]
        for task in found
    ]
    shown = tables.table("steps-left", "What comes before the budgets are in force", columns, rows)
    return (Heading("Next steps"), Grid(shown))


def questions_part(basis: Basis) -> tuple[Part, ...]:
    """What only the owner of a figure can answer; what was closed says with which reason."""
    title, found = Heading("Open questions"), questions(basis.book)
    if isinstance(found, NotSet):
        return (title, Note("No list of open questions is held."))
    columns = [tables.text(each) for each in ("Question", "What is asked", "Who can answer", "Check", "Until then")]
    rows: list[list[Cell]] = [
        [each.code, each.question, each.owner, each.check, each.assumed] for each in found if each.is_open
    ]
    caption = "What only its owner can answer"
    shown = Grid(tables.table("questions", caption, columns, rows, empty="No question is open."))
    closed = [f"{each.code}: {each.question} Closed: {each.reason}" for each in found if not each.is_open]
    return (title, shown, *(Note(text) for text in closed))

"""The tables of budget sets: the list of sets, and one set by group, by line, against others, and its history."""

from __future__ import annotations

from collections.abc import Iterable

from django.urls import reverse
from django.utils import timezone

from openpbc.finance.pages.printed import money, rate
from openpbc.finance.reads.budget_set_figures import Beside, Measured
from openpbc.finance.reads.budget_sets import ALL, BudgetLine, BudgetSet, BudgetSetFacts, Change
from openpbc.finance.reads.taking_back import Lowered
from openpbc.finance.rules.budget_sets import APPROVED, DRAFT, PROPOSED, SUPERSEDED, WITHDRAWN
from openpbc.finance.rules.distance import Distance
from openpbc.finance.rules.indicative import METHODS as INDICATIVE_METHODS
from openpbc.finance.rules.ledger import DEPOSIT, GROUP, HELD, IN_SCOPE, OUT_OF_SCOPE
from openpbc.governance import reads as governance
from openpbc.kernel.periods import moment_cell
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing, Style, Tag
from openpbc.ui.pages import capital
from openpbc.ui.tables import Column, Row, Table

STATE_TAGS = {
    DRAFT: Tag("draft", "blue"),
    PROPOSED: Tag("proposed", "orange"),
    APPROVED: Tag("in force", "green"),
    SUPERSEDED: Tag("superseded", "grey"),
    WITHDRAWN: Tag("withdrawn", "grey"),
}
KINDS = {HELD: "Held above the groups", GROUP: "Budget", DEPOSIT: "Deposit"}
SCOPES = {IN_SCOPE: "In scope", OUT_OF_SCOPE: "Out of scope"}


def pence(value: int, address: str, *, signed: bool = False) -> Figure:
    """A sum to the penny."""
    return Figure(value, Style.PENCE, address, signed=signed)


def set_link(facts: BudgetSetFacts) -> Link:
    """The name of a set, leading to its page."""
    return Link(facts.name, reverse("finance:budget-set", args=[facts.place, facts.number]))


def decision_words(book: Book, facts: BudgetSetFacts) -> str:
    """Say by which body, on which day and under which minute a set was approved; empty while it was not."""
    if facts.decision is None:
        return ""
    decided = governance.decision(facts.decision, facts.place)
    body = capital(governance.bodies(book).get(decided.body, decided.body))
    return f"{body}, {decided.when.name}, minute {decided.minute}"


def sets_table(book: Book, found: Iterable[BudgetSet]) -> Table:
    """All sets of the year, the newest first; the one in force says so."""
    rows: list[list[Cell]] = []
    for each in found:
        facts = each.facts
        rows.append(
            [
                set_link(facts),
                facts.title,
                STATE_TAGS[facts.state],
                decision_words(book, facts),
                money(each.sums.groups, facts.address(ALL, "total")),
                money(each.sums.deposits, facts.address(ALL, DEPOSIT)),
                money(each.sums.difference, facts.address(ALL, "difference"), signed=True),
            ]
        )
    columns = [
        *(tables.text(title) for title in ("Set", "Title", "State", "Approved by")),
        tables.number(capital(book.word("groups")), "£000", additive=False),
        tables.number("Deposits", "£000", additive=False),
        tables.number("Off the allocation", "£000", additive=False),
    ]
    caption = f"Budget sets of {book.place.year.label}"
    return tables.table("sets", caption, columns, rows, cards=True, empty="No set of budgets has been drafted yet.")


def groups_table(book: Book, found: BudgetSet, result: Measured | NotSet) -> Table:
    """Each group: in scope and out of scope, growth, deposit, and the distance from its fair share before and after."""
    columns: list[Column] = [
        tables.text(capital(book.word("group"))),
        tables.number("In scope", "£000"),
        tables.number("Growth", "%", additive=False),
        tables.number("Out of scope", "£000"),
        tables.number("Total", "£000"),
        tables.number("Deposit", "£000"),
        tables.number("Before", "£000", group=f"Distance from {book.word('fair_share')}", additive=False),
        tables.number("After", "£000", group=f"Distance from {book.word('fair_share')}", additive=False),
        tables.number("Before", "% of its share", additive=False, group="The same as a rate"),
        tables.number("After", "% of its share", additive=False, group="The same as a rate"),
    ]
    rows = [Row((name, *_group_cells(found, result, unit))) for unit, name in found.units.items()]
    rows.append(Row((f"All {book.word('groups')}", *_group_cells(found, result, ALL)), total=True))
    caption = f"{capital(book.word('group_budgets'))} of {found.facts.name}"
    notes = () if isinstance(result, NotSet) else (f"Before: {result.before_title}, at the same shares.",)
    return tables.table("groups", caption, columns, rows, cards=True, notes=notes)


def _group_cells(found: BudgetSet, result: Measured | NotSet, unit: str) -> tuple[Cell, ...]:
    facts = found.facts

    def figure(name: str, *kinds: str) -> Figure:
        return money(found.pence(unit, *kinds), facts.address(unit, name))

    own = (
        figure(IN_SCOPE, IN_SCOPE), _growth(found, result, unit), figure(OUT_OF_SCOPE, OUT_OF_SCOPE),
        figure("total", GROUP), figure(DEPOSIT, DEPOSIT),
    )  # fmt: skip
    if unit == ALL:
        return (*own, None, None, None, None)
    if isinstance(result, NotSet) or unit not in result.after:
        missing = Missing(result.path if isinstance(result, NotSet) else "", "The group has no weight.")
        return (*own, missing, missing, missing, missing)
    before, after = result.before.get(unit), result.after[unit]
    return (
        *own,
        None if before is None else money(before.distance, result.before_address(unit)),
        money(after.distance, facts.address(unit, "distance")),
        _rate(before),
        _rate(after),
    )


def _rate(distance: Distance | None) -> Cell:
    return None if distance is None or distance.ppm is None else rate(distance.ppm, places=3)


def _growth(found: BudgetSet, result: Measured | NotSet, unit: str) -> Cell:
    if isinstance(result, NotSet):
        return Missing(result.path)
    growth = result.growth(unit)
    return None if growth is None else rate(growth.ppm, found.facts.address(unit, "growth"))


def sums_table(found: BudgetSet) -> Table:
    """The sum rule: what is held, given and deposited against the allocation, to the penny."""
    sums, facts = found.sums, found.facts
    rows: list[Row] = [
        Row((line.title, pence(line.pence, facts.address(HELD, line.figure)))) for line in found.of(HELD)
    ]
    rows += [
        Row(("Budgets in scope", pence(found.pence(ALL, IN_SCOPE), facts.address(ALL, IN_SCOPE)))),
        Row(("Budgets out of scope", pence(found.pence(ALL, OUT_OF_SCOPE), facts.address(ALL, OUT_OF_SCOPE)))),
        Row(("Deposits", pence(sums.deposits, facts.address(ALL, DEPOSIT)))),
        Row(("Allocation", pence(sums.allocation, facts.address(ALL, "allocation"))), total=True),
        Row(("Lines less the allocation", pence(sums.difference, facts.address(ALL, "difference"))), total=True),
    ]
    columns = [tables.text("What the allocation is for"), tables.number("Amount", "£", additive=True)]
    return tables.table("sums", "Does it add up?", columns, rows, cards=True)


def lines_table(found: BudgetSet, *, may_change: bool) -> Table:
    """Every line to the penny, whether it was changed since the draft, and where to change it."""
    columns = [
        *(tables.text(title) for title in ("Line", "What for", "Changed since the draft")),
        tables.number("Amount", "£"),
        *([tables.text("Change")] if may_change else []),
    ]
    rows = [_line_row(found, line, may_change) for line in found.lines]
    return tables.table("lines", "Lines", columns, rows, cards=True)


def _line_row(found: BudgetSet, line: BudgetLine, may_change: bool) -> list[Cell]:
    facts, edits = found.facts, found.edits((line,))
    kind = SCOPES.get(line.account.scope) or KINDS[line.account.kind]
    changed = f"{len(edits)} times, last by {edits[-1].by}" if len(edits) > 1 else f"by {edits[0].by}" if edits else ""
    amount = pence(line.pence, facts.address(line.owner, line.figure))
    row: list[Cell] = [line.title, f"{kind}, {line.account.service_line}".removesuffix(", "), changed, amount]
    if may_change:
        at = reverse("finance:budget-set-line", args=[facts.place, facts.number])
        row.append(Link("Change", f"{at}?account={line.account.code}&revision={facts.revision}"))
    return row


def compare_table(found: BudgetSet, other: Beside) -> Table:
    """The set beside another set or a published table, by group and scope, with the differences."""
    facts = found.facts
    columns = [tables.text("Group")]
    for words in SCOPES.values():
        columns += [
            tables.number(facts.name, "£000", group=words),
            tables.number("Beside", "£000", group=words),
            tables.number("Difference", "£", group=words),
        ]
    units = dict(found.units) | {unit: unit for unit, _ in other.amounts if unit not in found.units}
    rows = [Row((name, *_beside_cells(found, other, unit))) for unit, name in units.items()]
    rows.append(Row(("All", *_beside_cells(found, other, ALL)), total=True))
    return tables.table("compare", f"Beside {other.title}", columns, rows)


def _beside_cells(found: BudgetSet, other: Beside, unit: str) -> tuple[Cell, ...]:
    facts = found.facts
    cells: list[Cell] = []
    for scope in SCOPES:
        own, their = found.pence(unit, scope), other.amount(unit, scope)
        address = f"{facts.address(unit, scope)}-change?with={other.code}"
        cells += [
            money(own, facts.address(unit, scope)) if unit in (ALL, *found.units) else None,
            money(their, other.amounts[unit, scope][1]) if (unit, scope) in other.amounts else None,
            Figure(own - their, Style.POUNDS, address, signed=True) if unit in (ALL, *found.units) else None,
        ]
    return tuple(cells)


def history_table(found: BudgetSet) -> Table:
    """Everything that happened to the set, the latest first."""
    columns = [tables.text(title) for title in ("When", "Who", "What", "Why")]
    rows = [_history_row(found, change) for change in reversed(found.changes)]
    return tables.table("history", "History", columns, rows, cards=True)


def _history_row(found: BudgetSet, change: Change) -> list[Cell]:
    line = next((line for line in found.lines if line.account.code == change.account), None)
    what = capital(change.what)
    if line is not None:
        what = f"Changed {line.title}, {line.figure.replace('-', ' ')}"
    return [moment_cell(timezone.localtime(change.at)), change.by, what, change.reason]


def lowered_table(found: tuple[Lowered, ...]) -> Table:
    """What a set takes from each line that it lowers: from the line itself, and from those who hold its parts."""
    rows = [
        Row(
            (
                each.title,
                pence(each.pence, ""),
                pence(each.from_own, ""),
                pence(each.from_below, ""),
                str(len({held.account.practice or held.account.code for held, _ in each.back})),
            )
        )
        for each in found
    ]
    columns = [
        tables.text("Line that is lowered"),
        tables.number("Lowered by", "£"),
        tables.number("Given by the line itself", "£"),
        tables.number("Comes back", "£"),
        tables.text("From how many"),
    ]
    methods = sorted({method for each in found for method in each.methods})
    issued = "; ".join(INDICATIVE_METHODS.get(method, method) for method in methods)
    notes = (
        "What a line holds itself goes first. The rest comes back from those who hold its parts, in proportion to what "
        "each holds, to the penny" + (f". It was issued so: {issued}." if issued else "."),
        "What the set gives a line in addition stays there until somebody issues it.",
    )
    return tables.table("lowered", "What it takes, and from whom", columns, rows, cards=True, notes=notes)


def givers_table(book: Book, found: tuple[Lowered, ...]) -> Table:
    """Who gives how much back, a practice a row."""
    names = {each.code: each.name for each in organisations.practices(book.place.id)}
    gives: dict[tuple[str, str], int] = {}
    for each in found:
        for held, share in each.back:
            code = held.account.practice
            who = f"{names.get(code, code)} ({code})" if code else held.account.title
            gives[each.title, who] = gives.get((each.title, who), 0) + share
    rows = [Row((line, who, pence(share, ""))) for (line, who), share in gives.items()]
    rows.append(Row(("Together", "", pence(sum(gives.values()), "")), total=True))
    columns = [tables.text("Line that is lowered"), tables.text("Who"), tables.number("Gives back", "£")]
    return tables.table("givers", "Who gives how much back", columns, rows, cards=True)

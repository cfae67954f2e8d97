"""The tables and the chart of the years ahead."""

from __future__ import annotations

from collections.abc import Callable

from openpbc.finance import reads
from openpbc.finance.pages.assumptions import value_text
from openpbc.finance.pages.printed import money, rate
from openpbc.finance.reads.deposits import deposit_states
from openpbc.finance.reads.multi_year import ALL, AT_RISK_OF, TOGETHER, MultiYear, at_risk
from openpbc.finance.rules.claims import part_of
from openpbc.finance.rules.multi_year import YearMoney
from openpbc.kernel.money import percent_text
from openpbc.kernel.periods import FinancialYear
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value
from openpbc.ui import tables
from openpbc.ui.charts import Chart, Point
from openpbc.ui.figures import Cell, Link, Missing, Tag, status_tag
from openpbc.ui.pages import capital, first_sentence
from openpbc.ui.tables import Row, Table

PERCENT = 10_000
RETURNABLE, AT_RISK = Tag("returnable", "green"), Tag("at risk", "orange")
NO_RETURN = "No return is written down yet."
TERMS = (
    "finance.deposit_asked",
    "finance.deposit_assumed",
    "finance.deposit_agreed",
    "finance.deposit_return_date",
    "finance.deposit_interest",
    "finance.deposit_cost",
    "finance.deposit_call_procedure",
    "finance.distance_over_weighted_share",
)
Where = Callable[[str, int], str]


def label(year: str) -> str:
    """A financial year as people write it."""
    return FinancialYear.parse(year).label


def safety_table(book: Book, found: MultiYear) -> Table:
    """What comes back and what may be lost: a deposit is returnable, an underspend is not."""
    held = found.lodged
    rows: list[list[Cell]] = [
        ["Deposit", money(held.total, found.address(ALL, "deposit")), RETURNABLE, "Goes back to whom it came from."]
    ]
    underspend = at_risk(book, held)
    if underspend is not None:
        figure = money(underspend.value, found.address(ALL, AT_RISK_OF))
        rows.append(["Underspend that the plan forecasts", figure, AT_RISK, "May not be carried into the next year."])
    least, words = found.least, "Least underspend, the fall in spending power to come"
    if isinstance(least, Value):
        covered = held.total >= least.pence
        tag = Tag("covered", "green") if covered else Tag("not covered", "orange")
        figure = money(least.pence, f"finance/{book.place.id}/value/{least.id}/value")
        rows.append([words, figure, tag, "By the deposit." if covered else "The deposit is smaller."])
    else:
        rows.append([words, Missing(least.path), status_tag("not set"), ""])
    columns = [
        tables.text("Sum"),
        tables.number("Amount", "£000", additive=False),
        tables.text("Is"),
        tables.text("To look at"),
    ]
    return tables.table("safety", "What comes back, and what may be lost", columns, rows, cards=True)


def years_table(book: Book, found: MultiYear) -> Table:
    """Each year with and without the deposit; years whose growth nobody has set have no figure."""
    columns = [
        tables.text("Year"),
        _sums("Money", "Without a deposit"),
        tables.number("Growth", "%", additive=False, group="Without a deposit"),
        _sums("Lodged", "The deposit"),
        _sums("Comes back", "The deposit"),
        _sums("Money", "With the deposit"),
        tables.number("Growth", "%", additive=False, group="With the deposit"),
        _sums("Committed for good"),
    ]
    notes = [
        "Growth of a later year is that of the rulebook where it is set, else what is tried above; it is taken on all "
        "money of the year before, since the papers do not part one-off money from the rest.",
    ]
    rows = [_year_row(book, found, each) for each in found.years]
    return tables.table("years", "Growth with and without the deposit", columns, rows, cards=True, notes=notes)


def _sums(title: str, group: str = "") -> tables.Column:
    return tables.number(title, "£000", additive=False, group=group)


def _year_row(book: Book, found: MultiYear, year: YearMoney) -> list[Cell]:
    missing = Missing(found.set_growth[year.year].path)
    committed = found.commitments[year.year]

    def where(figure: str) -> str:
        return found.address(year.year, figure)

    return [
        label(year.year),
        missing if year.without is None else money(year.without, where("without")),
        missing if year.growth_without is None else rate(year.growth_without, where("growth_without")),
        money(year.lodged, where("lodged")) if year.lodged else None,
        _returned(found, "", year),
        missing if year.with_deposit is None else money(year.with_deposit, where("with")),
        missing if year.growth_with is None else rate(year.growth_with, where("growth_with")),
        _set_money(book, committed),
    ]


def _set_money(book: Book, value: Value | NotSet) -> Cell:
    if isinstance(value, NotSet):
        return Missing(value.path)
    return money(value.pence, f"finance/{book.place.id}/value/{value.id}/value")


def _returned(found: MultiYear, unit: str, year: YearMoney) -> Cell:
    """What comes back in a year; where no return is written down at all, nobody has said."""
    if year is found.years[0]:
        return None
    if not found.schedule.calls:
        return Missing(why=NO_RETURN)
    row, figure = (unit, f"returned-{year.year}") if unit else (year.year, "returned")
    return money(found.returned(unit if unit != ALL else "", year.year), found.address(row, figure))


def evened_table(found: MultiYear) -> Table:
    """The years over which growth is evened out, added up: the same money, less what has not come back."""
    evened = found.evened
    titles = {
        "without": "Money without a deposit",
        "with": "Money to spend with the deposit",
        "lodged": "Lodged",
        "returned": "Comes back within these years",
        "still_lodged": "Still lodged after them",
        "difference": "With the deposit less without",
    }
    values = {"with": evened.with_deposit}
    gap = next((each for each in found.years[: evened.years] if each.without is None), None)
    rows = []
    for name, title in titles.items():
        value = values.get(name, getattr(evened, name, None))
        missing = Missing(found.set_growth[gap.year].path) if gap else Missing()
        if name == "returned" and not found.schedule.calls:
            value, missing = None, Missing(why=NO_RETURN)
        rows.append([title, missing if value is None else money(value, found.address(TOGETHER, name))])
    first, last = found.years[0].year, found.years[evened.years - 1].year
    caption = f"{label(first)} to {label(last)} together"
    notes = ["The deposit moves money between years and makes none: the difference is what has not come back yet, "
             "and what keeping it costs where a cost is agreed."]  # fmt: skip
    columns = [tables.text("Sum"), tables.number("Amount", "£000", additive=False)]
    return tables.table("together", caption, columns, rows, cards=True, notes=notes)


def donors_table(book: Book, found: MultiYear) -> Table:
    """What came from each group, and the years in which it goes back to that group."""
    held, later = found.lodged, found.years[1:]
    columns = [
        tables.text(capital(book.word("group"))),
        *([_added("As printed", "Deposit")] if held.printed else []),
        _added("Amount", "Deposit"),
        tables.number("Part of it", "%", additive=False, group="Deposit"),
        tables.number("Part of budgets", "%", additive=False),
        *(_added(label(year.year), "Comes back in") for year in later),
        _added("No return yet"),
    ]
    rows: list[Row] = []
    for unit in held.by_unit:
        rows.append(Row((held.names[unit], *_donor(found, unit, held.by_unit[unit], found.left[unit]))))
    rows.append(Row(("Total", *_donor(found, ALL, held.total, found.unassigned)), total=True))
    source = (
        f"As the ledger of {label(held.year)} holds it, and what it has given back."
        if held.in_ledger
        else f"As planned: {held.choice.title}. The ledger says what was made of it, once a budget is approved."
    )
    caption = "Whose deposit it is"
    return tables.table("donors", caption, columns, rows, cards=True, notes=[source])


def _added(title: str, group: str = "") -> tables.Column:
    return tables.number(title, "£000", group=group)


def _donor(found: MultiYear, unit: str, deposit: int, left: int) -> list[Cell]:
    held = found.lodged
    whole = sum(held.budgets.values())
    budget = whole if unit == ALL else held.budgets.get(unit, 0)
    parts = {"part": part_of(deposit, held.total), "budget_part": part_of(budget, whole)}
    shares = [None if ppm is None else rate(ppm, found.address(unit, name)) for name, ppm in parts.items()]
    printed: list[Cell] = []
    if held.printed:
        sum_ = sum(held.printed.values()) if unit == ALL else held.printed.get(unit)
        printed = [None if sum_ is None else money(sum_, found.address(unit, "printed"))]
    return [
        *printed,
        money(deposit, found.address(unit, "deposit")),
        *shares,
        *(_returned(found, unit, year) for year in found.years[1:]),
        money(left, found.address(unit, "left")),
    ]


def purposes_table(found: MultiYear) -> Table:
    """What the deposit is for: purposes and what has none add up to it."""
    columns = [tables.text("Purpose"), _added("Called for")]
    rows: list[Row] = []
    for code, purpose in found.purposes.items():
        figure = money(found.returned(purpose=code), found.address(f"purpose.{code}", "assigned"))
        rows.append(Row((purpose, figure)))
    rows.append(Row(("No purpose yet", money(found.unassigned, found.address("purpose.none", "assigned")))))
    rows.append(Row(("The whole deposit", money(found.lodged.total, found.address(ALL, "deposit"))), total=True))
    return tables.table("purposes", "What it is for", columns, rows, cards=True)


def calls_table(book: Book, found: MultiYear, where: Where, *, may_write: bool, may_record: bool) -> Table:
    """The schedule of returns, with links for those who may take one back or record that it came."""
    titles = (capital(book.word("group")), "Year", "Purpose", "For", "Spending is")
    columns = [tables.code("No."), *(tables.text(title) for title in titles), _added("Amount"), tables.text("State")]
    does = {"remove": ("Take back", may_write), "record": ("Record that it came", may_record)}
    allowed = {what: words for what, (words, may) in does.items() if may}
    columns += [tables.text(words) for words in allowed.values()]
    rows = []
    for call in found.schedule.calls:
        year, number = found.schedule.journals.get(call.number, ("", 0))
        rows.append(
            [
                str(call.number),
                found.lodged.names.get(call.unit, call.unit),
                label(call.year),
                found.purposes.get(call.purpose, call.purpose),
                call.title,
                call.kind,
                money(call.pence, found.address(f"call.{call.number}", "amount")),
                f"journal {number} of {label(year)}" if call.posted else "planned",
                *(None if call.posted else Link(words, where(what, call.number)) for what, words in allowed.items()),
            ]
        )
    empty = "Not set: nobody has written down when the deposit comes back."
    return tables.table("calls", "Schedule of returns", columns, rows, cards=True, empty=empty)


def terms_table(book: Book) -> Table:
    """The terms of the deposit, and the commissioner's own distance from its share, each with its status."""
    columns = [tables.text("Term"), tables.text("Value"), tables.text("Status"), tables.text("Note")]
    rows: list[list[Cell]] = [_stated(book)]
    for id in TERMS:
        found = book.value(id)
        meaning = first_sentence(found.meaning)
        if isinstance(found, NotSet):
            rows.append([meaning, Missing(found.path), status_tag("not set"), found.note])
        else:
            rows.append([meaning, value_text(found), status_tag(found.status), found.note])
    notes = [
        f"The distance of the whole {book.word('commissioner')} from its weighted share is another notion than that "
        f"of its {book.word('groups')} from theirs; neither enters the other."
    ]
    return tables.table("terms", "Terms of the deposit", columns, rows, cards=True, notes=notes)


def _stated(book: Book) -> list[Cell]:
    """What was stated on the deposit last: proposed, assumed or agreed; agreed only by a recorded meeting."""
    stated = next(iter(deposit_states(book)), None)
    if stated is None:
        return ["Standing of the deposit", Missing(why="Nobody has stated it yet."), status_tag("not set"), ""]
    by = f"Decision {stated.decision}" if stated.decision else stated.reason
    figure = money(stated.pence, stated.address)
    return ["Standing of the deposit, £000", figure, Tag(stated.status, "green" if stated.decision else "blue"), by]


def chart(found: MultiYear) -> Chart | None:
    """Growth by year with and without the deposit, for the years that have a figure."""
    known = [each for each in found.years if each.growth_without is not None and each.growth_with is not None]
    if len(known) < 2:
        return None
    points = [
        Point(label(each.year), series, (ppm or 0) / PERCENT)
        for each in known
        for series, ppm in (("Without a deposit", each.growth_without), ("With the deposit", each.growth_with))
    ]
    told = "; ".join(
        f"{label(each.year)}: {percent_text(each.growth_without or 0)} and {percent_text(each.growth_with or 0)}"
        for each in known
    )
    return Chart(
        "growth",
        "Growth by year, %",
        f"Growth of the money to spend without and with the deposit. {told}.",
        "years",
        tuple(points),
        "%",
    )


def solved_links(book: Book) -> list[tuple[str, str]]:
    """Every scenario that can be looked ahead with: its code and title."""
    return [(each.code, each.title) for each in reads.choices(book)]

"""How fast and how evenly cases move: what waits for whom and why, clocks by stage, and what each group gets."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from openpbc.kernel.periods import day_text
from openpbc.organisations.reads import book as open_book
from openpbc.redesign.pages.listing import SHEET, case_link, crumb, stage_tag
from openpbc.redesign.reads import clocks, overdue, speed
from openpbc.redesign.reads.cases import Case, cases
from openpbc.redesign.reads.seeing import seen
from openpbc.redesign.reads.speed import Speed, Waits, figure_address, names
from openpbc.redesign.rules import speed as rule
from openpbc.redesign.rules.speed import Fairness, Spread
from openpbc.redesign.rules.transitions import STAGES
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Missing, Style, Tag
from openpbc.ui.pages import Page, capital, respond
from openpbc.ui.tables import Row, Table

NO_CASE = "no case"
WEAK_AREA = (
    "Long-term conditions are a known weak area: earlier redesign has struggled there. A case counts as one if it says"
    " so of itself, on the form on which it was proposed. Overdue is what was, or still is, decided later than the"
    " target; a case counts once. Behind few cases look at how many of how many, not at the share."
)
NO_TARGET = "No target is set, so no case is late. The table above still shows the longest first, and leaves out none."


def shown(request: HttpRequest, place: str) -> HttpResponse:
    """The report of a place: its summary, what waits, how long each thing takes, and fairness."""
    book = open_book(place)
    known = cases(place)
    visible = seen(request.viewer, place, known)
    found, waiting = speed.speed_of(book, visible), speed.waits(book, visible, known, request.viewer)
    kept_back = len(known) - len(visible)
    page = Page(
        template=SHEET,
        title="Speed and fairness",
        book=book,
        trail=(crumb(book),),
        tables=(
            waits_table(found, waiting),
            late_table(found),
            conditions_table(book, found, visible),
            clocks_table(book, found),
            stages_table(book, found),
            *(fairness_table(book, found, kind) for kind in (speed.GROUP, speed.BODY, speed.ROUTE)),
        ),
        facts=(("As at", day_text(found.on)),),
        synthetic=any(each.synthetic for each in visible),
        rests_on=(clocks.heard(book), book.value(clocks.WEEKS)),
        context={"lead": lead(found, waiting), "notes": notes(found, kept_back)},
    )
    return respond(request, page)


def lead(found: Speed, waiting: tuple[Waits, ...]) -> str:
    """The report in three sentences."""
    if not waiting and not found.rounds:
        return "No case has moved yet, so there is nothing to measure."
    words = ["No case is under way."]
    if waiting:
        stuck, first = sum(bool(each.why) for each in waiting), waiting[0]
        words = [
            f"{len(waiting)} {'case is' if len(waiting) == 1 else 'cases are'} under way, {stuck} of them cannot go on"
            f" yet. The longest has waited {first.days} days for {first.lane.lower()}: {first.case.title}."
        ]
    decided = found.clocks[speed.DECISION]
    if decided.median is None:
        words.append("No decision was taken yet.")
    else:
        many = f"{decided.count} decision{'' if decided.count == 1 else 's'}"
        words.append(f"Of {many} the one in the middle took {decided.median} days, the longest {decided.longest}.")
    return " ".join(words)


def notes(found: Speed, kept_back: int) -> list[str]:
    """What the figures mean, the complaint beside which they stand, and how many cases are left out."""
    said = [
        "Days are calendar days and the clock does not stop while a case is returned or on hold. A case that concerns"
        " several groups counts for each of them. Behind few cases one case moves every figure, so the number of cases"
        " stands beside each."
    ]
    if found.months is not None:
        said.append(
            f"People complained that a redesign takes {found.months} months on average; where those months start and"
            " end was not said. They are the baseline to beat and no target."
        )
    if kept_back:
        said.append(
            f"{kept_back} more {'case is' if kept_back == 1 else 'cases are'} withheld from you, and in no figure."
        )
    return said


def waits_table(found: Speed, waiting: tuple[Waits, ...]) -> Table:
    """Open cases, the longest waiting first, with whose turn it is and what keeps each."""
    rows: list[list[Cell]] = [
        [
            case_link(each.case),
            stage_tag(each.case),
            each.lane,
            day_text(each.since),
            Figure(each.days),
            " ".join(each.why) or "Nothing keeps it: it waits for somebody to act.",
        ]
        for each in waiting
    ]
    columns = [
        tables.text("Case"), tables.text("Stage"), tables.text("Waits for"), tables.text("Since"),
        tables.number("Waiting", "days", additive=False), tables.text("Why it cannot go on"),
    ]  # fmt: skip
    return tables.table("waits", "What waits, for whom and why", columns, rows, cards=True, empty="Nothing waits.")


def late_table(found: Speed) -> Table:
    """Hand-ins that were, or are, decided later than the target allows; none is hidden."""
    rows: list[list[Cell]] = [
        [
            f"Case {each.number}, {each.title}",
            day_text(each.handed_in),
            Tag(each.outcome, "grey") if each.outcome else Tag("not decided", "red"),
            Figure(each.days(found.on)),
        ]
        for each in sorted(found.late(), key=lambda each: -each.days(found.on))
    ]
    columns = [
        tables.text("Case"), tables.text("Handed in"), tables.text("Decision"),
        tables.number("Took", "days", additive=False),
    ]  # fmt: skip
    target = "" if found.weeks is None else f": more than {found.weeks} weeks from hand-in to decision"
    empty = NO_TARGET if found.weeks is None else "No decision is later than the target."
    return tables.table("late", f"Late against the target{target}", columns, rows, cards=True, empty=empty)


def conditions_table(book: Book, found: Speed, visible: list[Case]) -> Table:
    """Overdue cases of long-term conditions beside the others, each as some of so many; without a target: not set."""
    long_term = sum(each.long_term_condition for each in visible)
    many = {overdue.LONG_TERM: long_term, overdue.OTHER: len(visible) - long_term, overdue.BOTH: len(visible)}
    rows: list[list[Cell] | Row] = [
        Row((name, Figure(many[key]), *_overdue(book, found, key)), total=key == overdue.BOTH)
        for key, name in overdue.CONDITIONS.items()
    ]
    columns = [
        tables.text("About"), tables.number("Cases", additive=False),
        tables.number("Put to a decision", additive=False), tables.number("Overdue", additive=False),
        tables.text("Overdue of those"), tables.number("Share overdue", "%", additive=False),
    ]  # fmt: skip
    return tables.table("conditions", "Long-term conditions beside the others", columns, rows, cards=True,
                        notes=(WEAK_AREA,))  # fmt: skip


def _overdue(book: Book, found: Speed, key: str) -> list[Cell]:
    held = found.conditions.get(key)
    if held is None:
        return [Missing(book.value(clocks.WEEKS).path)] * 4
    measured, late, share = len(held.measured), len(held.late), held.share

    def shown(figure: str, value: int, style: Style = Style.COUNT) -> Figure:
        address = figure_address(book.place.id, speed.CONDITION, key, figure) if value else ""
        return Figure(value, style, address, places=0)

    return [
        shown(overdue.MEASURED, measured),
        shown(overdue.LATE, late),
        f"{late} of {measured}" if measured else NO_CASE,
        NO_CASE if share is None else shown(overdue.SHARE, share, Style.PERCENT),
    ]


def _figure(book: Book, kind: str, key: str, held: Spread, figure: str) -> Cell:
    value = held.value(figure)
    if value is None:
        return NO_CASE
    return Figure(value, address=figure_address(book.place.id, kind, key, figure) if held.count else "")


def _three(book: Book, kind: str, key: str, held: Spread) -> list[Cell]:
    wanted = (rule.COUNT, rule.MEDIAN, rule.MEAN, rule.LONGEST)
    return [_figure(book, kind, key, held, figure) for figure in wanted]


_SPREAD = (
    tables.number("Cases", additive=False),
    tables.number("Median", "days", additive=False),
    tables.number("Average", "days", additive=False),
    tables.number("Longest", "days", additive=False),
)


def clocks_table(book: Book, found: Speed) -> Table:
    """The clocks from one end of the process to the other, with the cases that take longer than was complained of."""
    rows: list[list[Cell]] = []
    for key, title in speed.CLOCKS.items():
        over: Cell = ""
        if key in found.over:
            over = _figure(book, speed.OVER, key, found.over[key], rule.COUNT)
        rows.append([title, *_three(book, speed.CLOCK, key, found.clocks[key]), over])
    long = "Longer than heard" if found.months is None else f"Longer than {found.months} months"
    columns = [
        tables.text("From and until"), tables.number("Cases or decisions", additive=False), *_SPREAD[1:],
        tables.number(long, "cases", additive=False),
    ]  # fmt: skip
    return tables.table("clocks", "How long it takes", columns, rows, cards=True)


def stages_table(book: Book, found: Speed) -> Table:
    """Days in each stage: of the cases that left it, and of those that are in it now."""
    none = Spread(())
    rows: list[list[Cell]] = []
    for code, stage in STAGES.items():
        left, here = found.stages.get(code, none), found.here.get(code, none)
        if left.count or here.count:
            now = [_figure(book, speed.HERE, code, here, figure) for figure in (rule.COUNT, rule.LONGEST)]
            rows.append([f"{stage.number} {stage.title}", *_three(book, speed.STAGE, code, left), *now])
    columns = [
        tables.text("Stage"), *_SPREAD, tables.number("There now", "cases", additive=False),
        tables.number("Longest now", "days", additive=False),
    ]  # fmt: skip
    return tables.table("stages", "Days in each stage", columns, rows, cards=True, empty="No case has moved yet.")


_TITLES = {speed.BODY: "By body that decided", speed.ROUTE: "By route"}


def fairness_table(book: Book, found: Speed, kind: str) -> Table:
    """What became of the hand-ins of each group, body or route, beside all of them; a body has those it decided."""
    called, held = names(book, kind), found.fairness[kind]
    every = found.fairness[speed.ALL][speed.ALL]
    rows: list[list[Cell] | Row] = [
        _fair_row(book, (kind, key, called.get(key, key)), held[key], every)
        for key in sorted(held, key=lambda key: called.get(key, key))
    ]
    if rows:
        rows.append(Row(tuple(_fair_row(book, (speed.ALL, speed.ALL, "All, each once"), every, every)), total=True))
    columns = [
        tables.text(capital(book.word("unit")) if kind == speed.GROUP else {speed.BODY: "Body"}.get(kind, "Route")),
        *(tables.number(name, additive=False) for name in ("Handed in", "Waiting", "Sent back before", "Decided")),
        tables.number("Approved", additive=False), tables.number("Approved of decided", "%", additive=False),
        tables.number("Median", "days", additive=False), tables.number("Beside all", "days", additive=False),
        tables.number("Longest", "days", additive=False),
    ]  # fmt: skip
    title = _TITLES.get(kind) or f"By {book.word('unit')}"
    note = "Only what was decided has a body; the last row has every hand-in." if kind == speed.BODY else ""
    return tables.table(
        f"fairness-{kind}",
        title,
        columns,
        rows,
        cards=True,
        empty="Nothing was handed in yet.",
        notes=(note,) if note else (),
    )


def _fair_row(book: Book, at: tuple[str, str, str], held: Fairness, every: Fairness) -> list[Cell]:
    kind, key, name = at
    rate, beside = held.approval_rate, rule.beside(held.spread, every.spread)
    address = figure_address(book.place.id, kind, key, rule.APPROVAL_RATE)
    return [
        name,
        _hand_ins(book, at, speed.HANDED_IN, len(held.rounds)),
        _hand_ins(book, at, speed.WAITING, held.ended_as("")),
        _hand_ins(book, at, speed.SENT_BACK, held.ended_as(rule.SENT_BACK)),
        _figure(book, kind, key, held.spread, rule.COUNT),
        _hand_ins(book, at, speed.APPROVALS, held.ended_as(rule.APPROVED)),
        NO_CASE if rate is None else Figure(rate, Style.PERCENT, address, places=0),
        _figure(book, kind, key, held.spread, rule.MEDIAN),
        NO_CASE if beside is None else Figure(beside, signed=True),
        _figure(book, kind, key, held.spread, rule.LONGEST),
    ]


def _hand_ins(book: Book, at: tuple[str, str, str], figure: str, count: int) -> Figure:
    return Figure(count, address=figure_address(book.place.id, at[0], at[1], figure) if count else "")

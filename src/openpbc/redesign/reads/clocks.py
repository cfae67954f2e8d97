"""How long a case took and takes, and what its figures rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.parts import bodies, case_for_change
from openpbc.redesign.reads.seeing import opened_case
from openpbc.redesign.rules.clocks import Stay, approval_clock, clock_steps, days_by_stage, whole_clock
from openpbc.redesign.rules.shifts import shift_steps
from openpbc.redesign.rules.transitions import STAGES, TRANSITIONS
from openpbc.redesign.rules.value import missing, value_steps, whole_life
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value

HEARD, WEEKS = "redesign.whole_months_heard", "redesign.decision_weeks"
DAYS, OUT, INTO, DIFFERENCE, VALUE = "days", "out", "into", "difference", "value"
TITLES = {
    DAYS: "Days since the priority was agreed",
    OUT: "Money that leaves, a year",
    INTO: "Money that arrives, a year",
    DIFFERENCE: "What does not balance, a year",
    VALUE: "Value over the whole life",
}


@dataclass(frozen=True)
class Clocks:
    """Days of a case: in all, until approval, here, and by stage; none where a clock has not begun."""

    whole: int | None
    approval: int | None
    here: int
    by_stage: dict[str, int]


def stays(case: Case) -> tuple[Stay, ...]:
    """Every stay of a case in a stage, from the steps that it took."""
    moves = [each for each in case.passages if each.to != each.start]
    days = [timezone.localdate(each.at) for each in moves]
    return tuple(
        Stay(each.to, day, days[at + 1] if at + 1 < len(days) else None)
        for at, (each, day) in enumerate(zip(moves, days, strict=True))
    )


def clocks(case: Case, on: date) -> Clocks:
    """The clocks of a case on a day."""
    found = stays(case)
    return Clocks(
        whole_clock(found, on), approval_clock(found, on), found[-1].days(on) if found else 0, days_by_stage(found, on)
    )


def heard(book: Book) -> Value | NotSet:
    """How many months people complained that it takes."""
    return book.value(HEARD)


def figure_address(case: Case, figure: str) -> str:
    """The address of a figure of a case."""
    return f"{case.matter}/{figure}"


def explain(address: str, viewer: Viewer) -> Explanation:
    """Explain a figure of a case: its days, or a total of its shifts of money."""
    parts = address.split("/")
    if len(parts) != 4 or parts[3] not in TITLES or not parts[2].isdecimal():
        raise UserError(f"'{address[:80]}' is no figure of a case", do="Open the figure from its page again.")
    case = opened_case(viewer, parts[1], int(parts[2]))
    title = f"{TITLES[parts[3]]}: case {case.number}, {case.title}"
    evidence = (("Case", f"{case.number}, revision {case.revision}"), ("Stage", case.at.title))
    if parts[3] == DAYS:
        names = {code: stage.title for code, stage in STAGES.items()}
        steps = clock_steps(stays(case), organisations.today(), names)
        formula = "the days of every stay in a stage, added up"
        return Explanation(
            address, title, sum(each.effect for each in steps), "count", formula, steps, evidence=evidence
        )
    table = case_for_change(bodies(case)).shifts
    if parts[3] == VALUE:
        if why := missing(table):
            raise UserError(why, do="It is written beside the table of what shifts.")
        formula = "what reaches those who give the service, for all years, and what is paid once"
        return Explanation(
            address, title, whole_life(table) or 0, "pence", formula, value_steps(table), evidence=evidence
        )
    value = {OUT: table.out, INTO: table.into, DIFFERENCE: table.difference}[parts[3]]
    formula = (
        "what leaves and is new, less what arrives and is saved" if parts[3] == DIFFERENCE else "the moves, added up"
    )
    return Explanation(address, title, value, "pence", formula, shift_steps(table, parts[3]), evidence=evidence)


def way_name(way: str) -> str:
    """What a step is called."""
    return TRANSITIONS[way].name if way in TRANSITIONS else "Proposed"

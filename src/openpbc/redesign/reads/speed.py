"""How fast and how evenly cases move in a place: what waits for whom and why, and the days and cases behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from django.utils import timezone

from openpbc.governance import reads as governance
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation, Ratio, Step
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.redesign.reads import overdue
from openpbc.redesign.reads.beside import Beside
from openpbc.redesign.reads.cases import Case, cases, is_open
from openpbc.redesign.reads.clocks import WEEKS, heard, stays
from openpbc.redesign.reads.facts import AT_WILL, next_steps
from openpbc.redesign.reads.seeing import seen
from openpbc.redesign.reads.versions import Agreement, agreements_of
from openpbc.redesign.rules import clocks, speed
from openpbc.redesign.rules.speed import Fairness, Move, Overdue, Round, Spread, Took
from openpbc.redesign.rules.transitions import APPROVED, LANES, LIVE, ROUTES, STAGES
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value

PREFIX = "speed"
CLOCK, OVER, STAGE, HERE, GROUP, BODY, ROUTE, ALL = "clock over stage here group body route all".split()
CONDITION = "condition"
KINDS = (CLOCK, OVER, STAGE, HERE, GROUP, BODY, ROUTE, ALL, CONDITION)
WHOLE, APPROVAL, DECISION, SO_FAR = "whole", "approval", "decision", "so-far"
CLOCKS = {
    WHOLE: "From the agreed priority until the service began",
    APPROVAL: "From the first hand-in until the approval",
    DECISION: "From a hand-in until the decision on it",
    SO_FAR: "Under way: from the agreed priority until today",
}
UNKNOWN = "unknown"
HANDED_IN, WAITING, SENT_BACK, APPROVALS = "handed-in", "waiting", "sent-back", "approvals"
# The outcomes by which hand-ins are counted; none: all are.
COUNTED: Mapping[str, str | None] = {
    HANDED_IN: None, WAITING: "", SENT_BACK: speed.SENT_BACK, APPROVALS: speed.APPROVED,
}  # fmt: skip
FIGURES = {
    speed.COUNT: "cases",
    speed.MEDIAN: "median days",
    speed.MEAN: "average days",
    speed.LONGEST: "longest days",
    speed.APPROVAL_RATE: "approved of those decided",
    HANDED_IN: "hand-ins",
    WAITING: "hand-ins that wait",
    SENT_BACK: "hand-ins sent back before a decision",
    APPROVALS: "hand-ins approved",
    **overdue.FIGURES,
}


@dataclass(frozen=True)
class Waits:
    """An open case: whose turn it is, for how long already, and why it cannot go on yet; no reason: it can."""

    case: Case
    lane: str
    since: date
    days: int
    why: tuple[str, ...]


@dataclass(frozen=True)
class Speed:
    """Everything that the reports of a place show; each figure names the cases behind it."""

    on: date
    months: int | None
    weeks: int | None
    clocks: Mapping[str, Spread]
    over: Mapping[str, Spread]
    stages: Mapping[str, Spread]
    here: Mapping[str, Spread]
    fairness: Mapping[str, Mapping[str, Fairness]]
    rounds: tuple[Round, ...]
    conditions: Mapping[str, Overdue]

    def late(self) -> tuple[Round, ...]:
        """Hand-ins decided after the weeks in which a decision is due, or not decided since; none without a target."""
        if self.weeks is None:
            return ()
        return tuple(each for each in self.rounds if each.late(self.weeks, self.on))


def speed_of(book: Book, known: Iterable[Case]) -> Speed:
    """Measure the cases given: those of a place that somebody may see."""
    on, found = organisations.today(), tuple(known)
    months, weeks = _number(heard(book)), _number(book.value(WEEKS))
    own = {each.number: stays(each) for each in found}
    ends = _rounds(book, found)
    return Speed(
        on, months, weeks, _clocks(found, own, ends, on), _over(found, own, months, on),
        *_stages(found, own, on), _fairness(found, ends, on), ends, overdue.by_condition(found, ends, weeks, on),
    )  # fmt: skip


def _number(value: Value | NotSet) -> int | None:
    return None if isinstance(value, NotSet) else value.int


def _took(case: Case, days: int | None) -> tuple[Took, ...]:
    return () if days is None else (Took(case.number, case.title, days),)


def _clocks(
    found: tuple[Case, ...], own: Mapping[int, tuple[clocks.Stay, ...]], ends: tuple[Round, ...], on: date
) -> dict[str, Spread]:
    whole = [(each, clocks.whole_clock(own[each.number], on)) for each in found]
    began = {each.number for each in found if clocks.reached(own[each.number], LIVE)}
    approved = [each for each in found if clocks.reached(own[each.number], APPROVED)]
    return {
        WHOLE: speed.spread(took for each, days in whole if each.number in began for took in _took(each, days)),
        APPROVAL: speed.spread(
            took for each in approved for took in _took(each, clocks.approval_clock(own[each.number], on))
        ),
        DECISION: speed.fairness(ends, on).spread,
        SO_FAR: speed.spread(
            took
            for each, days in whole
            if is_open(each) and each.number not in began
            for took in _took(each, days)
        ),
    }  # fmt: skip


def _over(
    found: tuple[Case, ...], own: Mapping[int, tuple[clocks.Stay, ...]], months: int | None, on: date
) -> dict[str, Spread]:
    """Cases that began, and cases still under way, that take longer than people complained of."""
    if months is None:
        return {}
    long = [each for each in found if speed.over_months(own[each.number], months, on)]
    kept = _clocks(tuple(long), own, (), on)
    return {WHOLE: kept[WHOLE], SO_FAR: kept[SO_FAR]}


def _stages(
    found: tuple[Case, ...], own: Mapping[int, tuple[clocks.Stay, ...]], on: date
) -> tuple[dict[str, Spread], dict[str, Spread]]:
    """Days in each stage of the cases that left it, and days so far of those that are in it."""
    left: dict[str, list[Took]] = defaultdict(list)
    here: dict[str, list[Took]] = defaultdict(list)
    for each in found:
        for code, days in clocks.days_by_stage(own[each.number], on).items():
            if STAGES[code].open:
                (here if code == each.stage else left)[code] += _took(each, days)
    return {code: speed.spread(took) for code, took in left.items()}, {
        code: speed.spread(took) for code, took in here.items()
    }


def _rounds(book: Book, found: tuple[Case, ...]) -> tuple[Round, ...]:
    decided: dict[str, list[governance.Decision]] = defaultdict(list)
    for each in governance.decisions(book.place.id):
        if each.stands:
            decided[each.matter].append(each)
    said = agreements_of(found)
    return tuple(round for case in found for round in _rounds_of(case, decided[case.matter], said[case.id]))


def _rounds_of(case: Case, decided: list[governance.Decision], agreed: tuple[Agreement, ...]) -> tuple[Round, ...]:
    """The hand-ins of a case, each with the body whose decision falls into it and the route agreed by then."""
    moves = [Move(each.way, each.to, timezone.localdate(each.at)) for each in case.passages]
    found = speed.rounds(case.number, case.title, moves)
    said = [(timezone.localdate(each.at), each.route) for each in agreed if each.route]
    told = []
    for each in found:
        until = each.ended or date.max
        routes = [route for day, route in said if each.handed_in <= day <= until]
        known = replace(each, route=routes[-1] if routes else "")
        taken = _taken(each, until, decided) if each.decided else None
        # The clock ends when the body decided, not when somebody carried that out.
        told.append(replace(known, ended=taken.taken_on, body=taken.body) if taken else known)
    return tuple(told)


def _taken(round: Round, until: date, decided: list[governance.Decision]) -> governance.Decision | None:
    """The latest decision in the register that ended a hand-in; none where it is not in there."""
    said = speed.RECORDED_AS[round.outcome]
    fit = (each for each in decided if each.outcome == said and round.handed_in <= each.taken_on <= until)
    return next(fit, None)


def _fairness(found: tuple[Case, ...], ends: tuple[Round, ...], on: date) -> dict[str, dict[str, Fairness]]:
    groups: dict[str, list[Round]] = defaultdict(list)
    bodies: dict[str, list[Round]] = defaultdict(list)
    routes: dict[str, list[Round]] = defaultdict(list)
    concerned = {each.number: [group.unit for group in each.groups] for each in found}
    for each in ends:
        for unit in concerned[each.number]:
            groups[unit].append(each)
        if each.decided:
            bodies[each.body or UNKNOWN].append(each)
        routes[each.route or UNKNOWN].append(each)
    sorts = {GROUP: groups, BODY: bodies, ROUTE: routes, ALL: {ALL: list(ends)}}
    return {kind: {key: speed.fairness(kept, on) for key, kept in held.items()} for kind, held in sorts.items()}


def waits(
    book: Book, shown: Iterable[Case], among: tuple[Case, ...], viewer: Viewer | None = None
) -> tuple[Waits, ...]:
    """What waits for whom and why, the longest first, of the cases shown; ``among`` are all cases of the place.

    Other cases are named as far as ``viewer`` may see them.
    """
    on, going = organisations.today(), [each for each in shown if is_open(each)]
    beside = Beside(book, going, among, viewer)
    found = []
    for each in going:
        block = each.block
        why = (f"{block.what} ({block.owner})",) if block else _why(each, beside)
        since = timezone.localdate(each.since)
        found.append(Waits(each, LANES[each.at.lane], since, (on - since).days, why))
    return tuple(sorted(found, key=lambda each: (-each.days, each.case.number)))


def _why(case: Case, beside: Beside) -> tuple[str, ...]:
    """What keeps a case from every way on; nothing if one is open to it."""
    ways = [step for step in next_steps(beside.book, case, beside) if step.way.id not in AT_WILL]
    if not ways or any(not step.waits for step in ways):
        return ()
    return tuple(dict.fromkeys(sentence for step in ways for sentence in step.waits))


def figure_address(place: str, kind: str, key: str, figure: str) -> str:
    """The address of a figure of the reports."""
    return f"{PREFIX}/{place}/{kind}/{key}/{figure}"


def names(book: Book, kind: str) -> Mapping[str, str]:
    """What the rows of one kind of report are called."""
    unknown = {UNKNOWN: "Not in the register"}
    if kind in (STAGE, HERE):
        return {code: stage.title for code, stage in STAGES.items()}
    if kind == GROUP:
        return {unit.code: unit.name for unit in organisations.units(book.place.id)}
    if kind == BODY:
        return {**governance.deciders(book), **unknown}
    if kind == CONDITION:
        return overdue.CONDITIONS
    return {CLOCK: CLOCKS, OVER: CLOCKS, ROUTE: {**ROUTES, UNKNOWN: "No route named"}, ALL: {ALL: "All cases"}}[kind]


def explain(address: str, viewer: Viewer) -> Explanation:
    """Explain a figure of the reports by the cases behind it; the reader's own: what is withheld is not counted."""
    parts = address.split("/")
    of_condition = len(parts) == 5 and parts[2] == CONDITION
    if (
        len(parts) != 5
        or parts[4] not in FIGURES
        or parts[2] not in KINDS
        or of_condition != (parts[4] in overdue.FIGURES)
    ):
        raise UserError(f"'{address[:80]}' is no figure of speed", do="Open the figure from its page again.")
    place, kind, key, figure = parts[1:]
    book = organisations.book(place)
    found = speed_of(book, seen(viewer, place, cases(place)))
    title = f"{names(book, kind).get(key, key)}: {FIGURES[figure]}"
    evidence = (("Day", day_text(found.on)), ("Cases that you may see", "only these are counted"))
    if kind == CONDITION:
        return overdue.explained(address, title, found.conditions.get(key), figure, evidence)
    if figure == speed.APPROVAL_RATE:
        return _explained_rate(address, title, found.fairness.get(kind, {}).get(key), evidence)
    if figure in COUNTED:
        return _explained_count(address, title, found.fairness.get(kind, {}).get(key), COUNTED[figure], evidence)
    spread = _spread(found, kind, key)
    value = spread.value(figure)
    if value is None or (figure == speed.COUNT and not value):
        raise UserError(f"no case stands behind '{title}'", do="Open the figure from its page again.")
    formula = {
        speed.COUNT: "one for each case", speed.MEDIAN: "the days of the middle case, or half way between two",
        speed.MEAN: "all days divided by the cases", speed.LONGEST: "the days of the case that took longest",
    }[figure]  # fmt: skip
    return Explanation(address, title, value, "count", formula, spread.steps(figure), evidence=evidence)


def _has(kind: str, figure: str) -> bool:
    """Whether a kind of row has a figure: what is overdue is counted by condition, and by nothing else."""
    return (kind == CONDITION) == (figure in overdue.FIGURES)


def _spread(found: Speed, kind: str, key: str) -> Spread:
    none = Spread(())
    plain = {CLOCK: found.clocks, OVER: found.over, STAGE: found.stages, HERE: found.here}
    if kind in plain:
        return plain[kind].get(key, none)
    held = found.fairness[kind].get(key)
    return held.spread if held else none


def _explained_count(
    address: str, title: str, held: Fairness | None, outcome: str | None, evidence: tuple[tuple[str, str], ...]
) -> Explanation:
    """Count hand-ins, one step each; with an outcome those alone that ended so."""
    counted = [each for each in held.rounds if outcome in (None, each.outcome)] if held else []
    if not counted:
        raise UserError(f"no case stands behind '{title}'", do="Open the figure from its page again.")
    steps = tuple(
        Step("hand-in-counted", f"Case {each.number}, {each.title}, handed in on {day_text(each.handed_in)}", 1)
        for each in counted
    )
    return Explanation(address, title, len(steps), "count", "one for each hand-in", steps, evidence=evidence)


def _explained_rate(
    address: str, title: str, held: Fairness | None, evidence: tuple[tuple[str, str], ...]
) -> Explanation:
    if held is None or held.approval_rate is None:
        raise UserError(f"nothing is decided yet behind '{title}'", do="Open the figure from its page again.")
    ratio = Ratio(held.ended_as(speed.APPROVED), held.decided)
    steps = tuple(
        Step("decision-counted", f"Case {each.number}, {each.title}: {each.outcome}", 0)
        for each in held.rounds
        if each.decided
    )
    return Explanation(
        address, title, ratio.ppm, "ppm", "approvals divided by decisions", steps, ratio, evidence=evidence
    )  # fmt: skip

"""The position in the year: budget, actual, difference and forecast of every holder and service line of a month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.monitoring.reads.figures import Measured
from openpbc.monitoring.reads.funds import DRAFT, Fund, Funds
from openpbc.monitoring.reads.holders import GROUP, GROUPS, HELD, PCT, SUMS, Holder, InYearAddress
from openpbc.monitoring.reads.ingredients import Ingredients, ingredients
from openpbc.monitoring.reads.lines import ALL_LINES, EMERGENCY, UNDIVIDED
from openpbc.monitoring.reads.reckoning import MEASURES, RATE, Reckoning, Values, parts_of
from openpbc.monitoring.rules.in_year import alerts
from openpbc.rulebook.values import Value

WHOLE = Holder(PCT)
BY_GROUP, BY_LINE, BY_PRACTICE = "group", "line", "practice"
CUTS: Mapping[str, tuple[str, ...]] = {PCT: (BY_GROUP, BY_LINE), GROUP: (BY_LINE, BY_PRACTICE)}
ALERT, RISK_RULES = "monitoring.urgent_care_alert", "monitoring.risk_pool_rules"
NO_BUDGET = "No budget is set for this."
NOT_DIVIDED = "The budget is not divided over service lines."
NO_ACTUAL = "Nothing is entered for this, and no record of care tells of it."
NO_MONTH = "No month is closed."
NOTHING_TO_COMPARE = "It takes both a budget and an actual."
NOT_LIKE = "Part of it has a budget or an actual alone, so the two cannot be set against each other as a whole."
NO_LAST_YEAR = "Last year's figures of these months are not entered."

FOOTINGS = (
    ("actual-to-date", "compared", ("variance", RATE)),
    ("forecast", "budget", ("outlook",)),
)
"""Which figure less which other is which difference."""


@dataclass(frozen=True)
class InYearRow:
    """One row: a holder's service line (or all of them), every measure by name, and how its forecast is made."""

    holder: Holder
    line: str
    name: str
    figures: Mapping[str, Measured]
    method: str = ""
    gaps: tuple[Month, ...] = ()
    alert: bool = False

    @property
    def footing(self) -> Mapping[str, Measured]:
        """The measures as a table may set them side by side: a difference only of the figures that stand there."""
        shown = dict(self.figures)
        for whole, less, gaps in FOOTINGS:
            first, second, gap = (self.figures[name].value for name in (whole, less, gaps[0]))
            if gap is not None and gap != (first or 0) - (second or 0):
                shown |= {name: Measured(None, self.figures[name].unit, "", NOT_LIKE) for name in gaps}
        return shown


@dataclass(frozen=True)
class InYear:
    """The position of one holder after a month. Sums hold to the penny; what is missing is named, never nought."""

    place: str
    month: Month
    holder: Holder
    name: str
    by: str
    rows: tuple[InYearRow, ...]
    total: InYearRow
    groups: InYearRow | None
    funds: Funds
    gaps: tuple[str, ...]
    notes: tuple[str, ...]
    alerts: tuple[str, ...]
    alert_set: bool
    deposits: tuple[Fund, ...] = ()
    beside: tuple[Fund, ...] = ()
    reckoning: Reckoning = field(repr=False, compare=False, kw_only=True)

    @property
    def found(self) -> Ingredients:
        """What the position is made of."""
        return self.reckoning.found

    @property
    def is_divided(self) -> bool:
        """Whether any budget of the holder is divided over service lines."""
        return self.total.figures["variance"].value is not None


def in_year(place: str, month: Month, holder: Holder = WHOLE, by: str = "", beside: InYear | None = None) -> InYear:
    """Give the position of a holder by group, service line or practice; an unknown holder is a person's mistake.

    ``beside`` is another position made at the same moment, of which this one may borrow.
    """
    if beside is not None and beside.month == month:
        return position_of(beside.reckoning, holder, by)
    lent = beside.reckoning.found if beside else None
    return position_of(Reckoning(ingredients(place, month, beside=lent)), holder, by)


def position_of(reckoning: Reckoning, holder: Holder, by: str = "") -> InYear:
    """Give the position of a holder from figures that are already at hand."""
    found = reckoning.found
    check_holder(found, holder)
    cuts = CUTS.get(holder.kind, (BY_LINE,))
    chosen = by if by in cuts else cuts[0]
    threshold = _threshold(found)
    rows = tuple(_rows(reckoning, holder, chosen, threshold))
    gaps = tuple(gap_sentences(reckoning, holder))
    return InYear(
        place=found.book.place.id,
        month=found.month,
        holder=holder,
        name=found.holders.name(holder),
        by=chosen,
        rows=rows,
        total=row_of(reckoning, holder, ALL_LINES, "All"),
        groups=_groups(reckoning) if holder.kind == PCT else None,
        funds=found.funds,
        gaps=gaps,
        notes=tuple(_notes(reckoning, holder)),
        alerts=tuple(_alert_sentences(reckoning, holder, threshold)),
        alert_set=threshold is not None,
        deposits=tuple(fund for fund in found.funds.deposits if holder.kind == PCT or fund.unit == holder.code),
        beside=tuple(fund for fund in found.funds.beside if holder.kind == PCT or fund.unit == holder.code),
        reckoning=reckoning,
    )


def check_holder(found: Ingredients, holder: Holder) -> None:
    """Refuse a holder that the place does not have."""
    known = {Holder(PCT), Holder(GROUPS), *found.holders.top}
    known |= {member for unit in found.holders.groups for member in found.holders.members(unit)}
    if holder not in known:
        raise UserError(f"'{holder.code[:40]}' holds no budget here", where=found.book.place.id)


def _groups(reckoning: Reckoning) -> InYearRow:
    """What the groups come to without what is held above them."""
    groups = Holder(GROUPS)
    return row_of(reckoning, groups, ALL_LINES, reckoning.found.holders.name(groups))


def _rows(reckoning: Reckoning, holder: Holder, by: str, threshold: int | None) -> Iterator[InYearRow]:
    found = reckoning.found
    if by in (BY_GROUP, BY_PRACTICE):
        for part in parts_of(found, holder, by):
            yield row_of(reckoning, part, ALL_LINES, found.holders.name(part))
        return
    titles = {line.code: line.title for line in found.lines} | {UNDIVIDED: "Not divided over service lines"}
    # What is held above the groups is no part of any line's row: it has a row of its own.
    of = Holder(GROUPS) if holder.kind == PCT else holder
    for code in reckoning.codes(of):
        row = row_of(reckoning, of, code, titles[code], threshold)
        if holder.kind != HELD or any(each.is_set for each in row.figures.values()):
            yield row
    if holder.kind == PCT:
        yield row_of(reckoning, Holder(HELD), ALL_LINES, found.holders.name(Holder(HELD)))


def row_of(reckoning: Reckoning, holder: Holder, code: str, name: str, threshold: int | None = None) -> InYearRow:
    """Give one row with every measure, its reason where it is not set, and whether it calls for an alert."""
    found, values = reckoning.found, reckoning.values(holder, code)
    single = holder.kind not in SUMS and code != ALL_LINES
    care = {line.code: line.care for line in found.lines}.get(code, "")
    return InYearRow(
        holder=holder,
        line=code,
        name=name,
        figures={measure: _measured(found, holder, code, measure, values) for measure in MEASURES},
        method=reckoning.line(holder, code).method if single else "",
        gaps=reckoning.gaps(holder, code) if single else (),
        alert=care == EMERGENCY and alerts(values[RATE], threshold),
    )


def _measured(found: Ingredients, holder: Holder, code: str, measure: str, values: Values) -> Measured:
    value, unit = values[measure], "ppm" if measure == RATE else "pence"
    if value is None:
        return Measured(None, unit, "", _why(found, code, measure, values))
    address = InYearAddress(found.book.place.id, found.month, holder, code, measure)
    return Measured(value, unit, str(address))


def _why(found: Ingredients, code: str, measure: str, values: Values) -> str:
    feeds = {line.code: line.is_entered for line in found.lines}
    if measure in ("budget", "budget-to-date", "compared") and values["budget"] is None:
        return NOT_DIVIDED if code in feeds else NO_BUDGET
    if values["actual-to-date"] is None and measure != "budget":
        return NO_ACTUAL if feeds.get(code, True) else NO_MONTH
    return NO_LAST_YEAR if measure == "last-year" else NOTHING_TO_COMPARE


def _threshold(found: Ingredients) -> int | None:
    held = found.book.value(ALERT)
    return held.ppm if isinstance(held, Value) else None


def gap_sentences(reckoning: Reckoning, holder: Holder) -> Iterator[str]:
    """Name what should have figures and has none: closed months first, then the lines that people enter."""
    found = reckoning.found
    if found.basis.runs.missing:
        named = ", ".join(month.name for month in found.basis.runs.missing)
        yield f"Hospital care: not closed, and so in no actual: {named}."
    expected = [Holder(GROUP, code) for code in sorted(found.holders.groups)] if holder.kind == PCT else [holder]
    for line in found.lines:
        if not line.is_entered:
            continue
        lacking = [(each, gap) for each in expected if (gap := reckoning.gaps(each, line.code))]
        if lacking and all(len(gap) == found.month.number for _, gap in lacking) and len(lacking) == len(expected):
            yield f"{line.title}: nothing is entered up to {found.month.name}."
            continue
        for each, gap in lacking:
            whose = f" of {found.holders.name(each)}" if holder.kind == PCT else ""
            yield f"{line.title}{whose}: nothing is entered for {', '.join(month.name for month in gap)}."


def _notes(reckoning: Reckoning, holder: Holder) -> Iterator[str]:
    found = reckoning.found
    yield found.funds.sentence
    values = reckoning.values(holder)
    if found.funds.source == DRAFT or (values["budget"] is not None and values["variance"] is None):
        yield f"{NOT_DIVIDED} So no line has a difference or an outlook yet; finance divides it under “Divide budgets”."
    for line in found.lines:
        if not reckoning.found.profile_usable(line.code):
            yield f"{line.title}: the profile of last year cannot be used, so the budget is spread in twelfths."
    outlook = values["outlook"]
    if outlook is not None and outlook < 0:
        yield "The forecast underspend is at risk: what is not planned may not be carried into the next year."


def _alert_sentences(reckoning: Reckoning, holder: Holder, threshold: int | None) -> Iterator[str]:
    found = reckoning.found
    if threshold is None:
        return
    listed = [each for each in found.holders.top if each.kind == GROUP] if holder.kind == PCT else [holder]
    for line in found.lines:
        if line.care != EMERGENCY:
            continue
        for each in listed:
            ppm = reckoning.values(each, line.code)[RATE]
            if alerts(ppm, threshold):
                yield f"{line.title} of {found.holders.name(each)} lies above its budget by the set part or more."

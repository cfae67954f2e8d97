"""Pace of change of a place: how published budgets would walk to their targets, and who has to move at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from openpbc.finance.reads.distance import column_sums
from openpbc.finance.reads.distance import distance_report as published_distance
from openpbc.finance.reads.evidence import book_evidence, no_figure
from openpbc.finance.reads.scenarios import SHARES
from openpbc.finance.rules.pace_of_change import PaceParameters, PaceYear, Standing, must_progress, pace
from openpbc.kernel.money import PPM, percent_text, round_div, thousands
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation, Ratio, Step
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value

PREFIX = "fair-shares-pace"
RULE = "pace-of-change"
MINIMUM, STEP, YEARS = "fair_shares.pace_minimum_growth", "fair_shares.pace_largest_step", "fair_shares.pace_years"
THRESHOLD = "fair_shares.progress_threshold"
MOST_YEARS = 10


@dataclass(frozen=True)
class Pace:
    """What is asked: least growth and largest step of a year, growth of the pot (ppm), and the number of years.

    Each that is none is taken from the rulebook; the growth of the pot is always asked.
    """

    minimum: int | None = None
    step: int | None = None
    growth: int | None = None
    years: int | None = None

    @property
    def query(self) -> str:
        """The question as the query of an address."""
        return urlencode({name: value for name, value in vars(self).items() if value is not None})

    @classmethod
    def parse(cls, query: str) -> Pace:
        """Read the query of an address back."""
        given = dict(parse_qsl(query))
        if set(given) - set(cls.__dataclass_fields__) or not all(text.isdecimal() for text in given.values()):
            raise UserError("the address asks for something that is no setting of pace", do="Open the figure again.")
        return cls(**{name: int(text) for name, text in given.items()})


@dataclass(frozen=True)
class PaceStart:
    """Where the walk begins: published budgets, their shares' targets, and who lies too far away."""

    title: str
    names: Mapping[str, str]
    standings: tuple[Standing, ...]
    threshold: Value | NotSet

    is_set = True

    def has_to_move(self, standing: Standing) -> bool | None:
        """Whether a group had to progress; none where no threshold was set for the year of these budgets."""
        if isinstance(self.threshold, NotSet):
            return None
        return must_progress(standing.before, standing.target, self.threshold.ppm)


@dataclass(frozen=True)
class PaceWalk:
    """The years of a walk under settings that are all given."""

    asked: Pace
    years: tuple[PaceYear, ...]
    place: str

    is_set = True

    def address(self, code: str, figure: str, year: int) -> str:
        """Give the address of a figure: amount, target, distance or unallocated, of a group in a year (from 1)."""
        return f"{PREFIX}/{self.place}/{code}/{figure}/{year}?{self.asked.query}"


def start_address(book: Book, code: str, figure: str) -> str:
    """Give the address of a figure before the first year: amount, target or distance of a group."""
    return f"{PREFIX}/{book.place.id}/{code}/{figure}/0"


def pace_start(book: Book) -> PaceStart | NotSet:
    """Give the published budgets from which the place starts, against the shares of their own total."""
    report = published_distance(book)
    if isinstance(report, NotSet):
        return report
    point = report.points[0]
    standings = tuple(Standing(each.code, each.value, each.fair_share, each.value) for each in point.groups)
    # The first point holds the budgets of the year before the place's own.
    return PaceStart(point.title, report.names, standings, book.value(THRESHOLD, book.place.year.previous))


def pace_walk(book: Book, asked: Pace) -> PaceWalk | NotSet:
    """Walk the published budgets towards their targets; the first setting that nobody gave answers "not set"."""
    start = pace_start(book)
    if isinstance(start, NotSet):
        return start
    filled = _filled(book, asked)
    if isinstance(filled, NotSet):
        return filled
    minimum, step, growth, years = filled.minimum, filled.step, filled.growth, filled.years
    assert minimum is not None and step is not None and growth is not None and years is not None
    if not 1 <= years <= MOST_YEARS:
        raise UserError(f"{years} years cannot be walked", where="years", do=f"Give 1 to {MOST_YEARS}.")
    if step < minimum:
        raise UserError("the largest step is smaller than the least growth", where="step", do="Make it larger.")
    budgets = {each.code: each.before for each in start.standings}
    shares = {row["code"]: int(row["weight"]) for row in book.need_table(SHARES)}
    pots, pot = [], sum(budgets.values())
    for _ in range(years):
        pot = round_div(pot * (PPM + growth), PPM)
        pots.append(pot)
    return PaceWalk(filled, pace(budgets, shares, pots, PaceParameters(minimum, step)), book.place.id)


def _filled(book: Book, asked: Pace) -> Pace | NotSet:
    for name, subject in (("minimum", MINIMUM), ("step", STEP), ("years", YEARS)):
        if getattr(asked, name) is not None:
            continue
        found = book.value(subject)
        if isinstance(found, NotSet):
            return found
        asked = replace(asked, **{name: found.int if name == "years" else found.ppm})
    if asked.growth is None:
        raise UserError("say by how much the money grows in a year", where="growth", do="Give a percentage, or 0.")
    return asked


def explain_pace(book: Book, address: str) -> Explanation:
    """Explain ``fair-shares-pace/<place>/<group or all>/<figure>/<year>?<settings>``."""
    path, _, query = address.partition("?")
    parts = path.split("/")
    if parts[4:] == ["0"]:
        return _of_start(book, parts[2], parts[3], address)
    walk = pace_walk(book, Pace.parse(query))
    if isinstance(walk, NotSet):
        raise walk.problem
    if len(parts) != 5 or not parts[4].isdecimal() or not 1 <= int(parts[4]) <= len(walk.years):
        raise no_figure(address)
    code, figure, year = parts[2], parts[3], walk.years[int(parts[4]) - 1]
    if code == "all":
        return _of_all(book, walk, year, figure, address)
    one = next((each for each in year.standings if each.code == code), None)
    if one is None:
        raise no_figure(address)
    title = f"{code}, year {parts[4]}"
    if figure == "amount":
        return _made(book, walk, address, f"{title}: budget", one.amount, _amount_steps(walk, year, one))
    if figure == "target":
        step = Step(RULE, "Its share of the year's money", one.target, (("money of the year", _money(year.pot)),))
        return _made(book, walk, address, f"{title}: target", one.target, (step,))
    if figure == "distance" and one.distance is not None:
        ratio = Ratio(one.amount - one.target, one.target)
        return _made(book, walk, address, f"{title}: distance from target", one.distance, (), "ppm", ratio)
    raise no_figure(address)


def _of_start(book: Book, code: str, figure: str, address: str) -> Explanation:
    """The published budget, the share of the total of all such budgets, and the distance between them."""
    report = published_distance(book)
    if isinstance(report, NotSet):
        raise report.problem
    point = report.points[0]
    one = next((each for each in point.groups if each.code == code), None)
    if one is None:
        raise no_figure(address)
    shares = book.need_table(SHARES)
    title = f"{point.title}: {report.names[code]}"
    made = Explanation(
        address=address,
        title=title,
        value=one.value,
        unit="pence",
        formula="Published budget, against its share of all such budgets.",
        citations=(shares.citation,),
        evidence=book_evidence(book, shares.path),
        statuses=(report.status,),
    )
    if figure == "amount":
        parts = [(name, column_sums(book, name)) for name in point.columns]
        steps = tuple(Step(RULE, name, column[code]) for name, column in parts if not isinstance(column, NotSet))
        return replace(made, title=f"{title}, budget", steps=steps)
    if figure == "target":
        step = Step(RULE, "Its share of all budgets", one.fair_share, (("all budgets", _money(point.total)),))
        return replace(made, title=f"{title}, target", value=one.fair_share, steps=(step,))
    if figure == "distance" and one.fair_share > 0:
        ratio = Ratio(one.value - one.fair_share, one.fair_share)
        return replace(made, title=f"{title}, distance", value=ratio.ppm, unit="ppm", ratio=ratio)
    raise no_figure(address)


def _amount_steps(walk: PaceWalk, year: PaceYear, one: Standing) -> tuple[Step, ...]:
    floor = round_div(one.before * (PPM + (walk.asked.minimum or 0)), PPM)
    least = min(floor, one.amount) if year.findings else floor
    steps = (
        Step(RULE, "Budget of the year before", one.before),
        Step(RULE, f"Least growth, {percent_text(walk.asked.minimum or 0)}", least - one.before),
        Step(RULE, "Step towards the target", one.amount - least, (("target", _money(one.target)),)),
    )
    return steps


def _of_all(book: Book, walk: PaceWalk, year: PaceYear, figure: str, address: str) -> Explanation:
    given = [Step(RULE, each.code, each.amount) for each in year.standings]
    if figure == "amount":
        total = sum(each.amount for each in year.standings)
        return _made(book, walk, address, "All budgets of the year", total, tuple(given))
    if figure == "pot":
        rest = Step(RULE, "Unallocated", year.unallocated)
        return _made(book, walk, address, "Money of the year", year.pot, (*given, rest))
    if figure == "unallocated":
        taken = [Step(RULE, each.label, -each.effect) for each in given]
        steps = (Step(RULE, "Money of the year", year.pot), *taken)
        return _made(book, walk, address, "What nobody may take", year.unallocated, steps)
    raise no_figure(address)


def _money(pence: int) -> str:
    return f"£{thousands(pence)} thousand"


def _made(
    book: Book, walk: PaceWalk, address: str, title: str, value: int, steps: tuple[Step, ...], unit: str = "pence",
    ratio: Ratio | None = None,
) -> Explanation:  # fmt: skip
    asked = walk.asked
    return Explanation(
        address=address,
        title=title,
        value=value,
        unit=unit,
        formula=(
            f"Least growth {percent_text(asked.minimum or 0)}, largest step {percent_text(asked.step or 0)}, money "
            f"grows by {percent_text(asked.growth or 0)} a year; nobody passes its target but by the least growth."
        ),
        steps=steps,
        ratio=ratio,
        citations=(book.need_table(SHARES).citation,),
        evidence=book_evidence(book, book.need_table(SHARES).path),
        notes=tuple(finding.sentence for year in walk.years for finding in year.findings),
        statuses=(str(book.need_table(SHARES).status),),
    )

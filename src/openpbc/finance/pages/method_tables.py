"""What the map of method shows: boxes with one figure and one reason each, and the lists behind them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from openpbc.finance.pages.printed import rate
from openpbc.finance.pages.share_tables import need_index
from openpbc.finance.reads import FairShares, NeedReport
from openpbc.finance.reads.explained_lists import list_address
from openpbc.finance.reads.explained_need import OF_PLACE
from openpbc.finance.reads.weighting import Weighting
from openpbc.finance.rules.weighted_lists import SHARE_UNIT, WeightedList
from openpbc.kernel.money import MFF_UNIT, PPM, ratio_ppm
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.charts import Chart, Point
from openpbc.ui.figures import Cell, Figure, Missing, Style
from openpbc.ui.pages import capital
from openpbc.ui.tables import Table

WHY = {
    "list": "The average of the year's quarters, because a list on one day is chance.",
    "once": (
        "Lists hold people who have moved away. All lists together are brought to the number who live here, so that "
        "nobody draws money twice."
    ),
    "age": "The old and the very young cost more. 1 is the average of everybody; 1.2 costs a fifth more.",
    "need": "Where people are poorer or sicker, the same ages need more. 1 is the average.",
    "mff": (
        "Staff and buildings cost more in some parts of the country. It is the same for all practices here, so it "
        "changes no share among them."
    ),
    "weighted": (
        "The steps multiplied, then scaled so that all weighted lists add up to all people again: weighting moves "
        "money and makes none."
    ),
    "share": (
        "The parts of care are put together ({mix}). Your weighted list over all weighted lists is your share, and "
        "all shares make 100%."
    ),
    "population": "The practice's patients, brought to the number of people who live in the country.",
    "components": (
        "The same people counted by age, need and prices: more than the population means more need than average "
        "for this kind of care."
    ),
    "together": (
        "The kinds of care in their national proportions. An index of 1 is the average person of the whole published "
        "file; 0.95 needs 5% less."
    ),
    "of_place": "Its weighted people over those of {place} are its share of the money for {place}.",
    "floor": "Every {group} first gets last year's money and this growth, so that nothing has to be cut.",
    "extra": "A {group} below its share gets what is lacking, up to this much of last year's money.",
    "left": (
        "What remains goes to those still below their share, in proportion to what each lacks. Nobody passes the "
        "share in this way."
    ),
}


@dataclass(frozen=True)
class Box:
    """One step of the map: what it is, its figures with their labels, and why it is taken."""

    title: str
    figures: tuple[tuple[str, Cell], ...]
    why: str


def list_boxes(book: Book, found: Weighting, code: str) -> tuple[Box, ...]:
    """The eight steps for one practice of the lists."""
    one = found.practice(code)

    def people(value: int, figure: str, number: int | None = None) -> Figure:
        return Figure(value, address=list_address(book, code, figure, number, example=found.synthetic))

    def index(value: int | None, figure: str, number: int | None = None) -> Cell:
        address = list_address(book, code, figure, number, example=found.synthetic)
        return Missing(why="No patients.") if value is None else Figure(value, Style.INDEX, address, places=3)

    each = list(enumerate(zip(found.titles, one.factors, strict=True)))
    ages = tuple((title, index(factor.age, "age", at)) for at, (title, factor) in each)
    needs = tuple((title, index(factor.need, "need", at)) for at, (title, factor) in each)
    weighted = tuple((title, people(factor.weighted, "component", at)) for at, (title, factor) in each)
    mff = index(one.factors[0].mff * PPM // MFF_UNIT, "mff", 0)
    share = rate(ratio_ppm(one.share, SHARE_UNIT), list_address(book, code, "share", example=found.synthetic))
    mix = " and ".join(f"{title.lower()} {part}%" for title, part in zip(found.titles, found.percents, strict=True))
    return (
        Box("Your list", (("Patients", people(one.listed, "listed")),), WHY["list"]),
        Box("Everybody once", (("Patients", people(one.normalised, "normalised")),), WHY["once"]),
        Box("Age and sex", ages, WHY["age"]),
        Box("Need", needs, WHY["need"]),
        Box("Prices here", (("Factor", mff),), WHY["mff"]),
        Box("Weighted list", weighted, WHY["weighted"]),
        Box(
            "Your share",
            (("Weighted list", people(one.weighted, "weighted")), ("Share", share)),
            WHY["share"].format(mix=mix),
        ),
    )


def need_boxes(book: Book, every: NeedReport, units: NeedReport, code: str) -> tuple[Box, ...]:
    """The published figures of one practice."""
    need, number = every.place(code), every.overall
    part, whole = need.components[number], units.shares.selection.components[number]
    address = every.figure_address

    def weighted(at: int) -> Figure:
        return Figure(need.components[at].weighted, address=address(code, "weighted", at))

    index: Cell = Missing(why="No patients.")
    if part.index is not None:
        index = need_index(part.index, address(code, "index", number))
    components = tuple(
        (column.title, weighted(at))
        for at, column in enumerate(every.columns.weighted)
        if not column.overall and at < number
    )
    title = book.place.title
    here = Figure(whole.weighted, address=units.figure_address("all", "weighted", number))
    of_place = rate(ratio_ppm(part.weighted, whole.weighted), address(code, OF_PLACE, number), places=3)
    population = Figure(need.population, address=address(code, "population"))
    return (
        Box("People", (("Population", population),), WHY["population"]),
        Box("Weighted for each kind of care", components, WHY["components"]),
        Box(
            "Put together",
            ((every.columns.weighted[number].title, weighted(number)), ("Need index", index)),
            WHY["together"],
        ),
        Box(
            f"Share of {title}",
            (("Weighted people of all here", here), ("Share", of_place)),
            WHY["of_place"].format(place=title),
        ),
    )


def budget_boxes(book: Book, result: FairShares) -> tuple[Box, ...]:
    """From shares to budgets, in the rule of this place."""
    floor, extra = result.parameters.minimum_growth, result.parameters.extra_growth
    pot = Figure(result.pot, Style.THOUSANDS, result.address("all", "pot"))
    group = book.word("group")
    return (
        Box("A floor for all", (("Least growth", rate(floor)),), WHY["floor"].format(group=group)),
        Box("A step towards fair share", (("At most", rate(extra)),), WHY["extra"].format(group=group)),
        Box("What is left, by distance", (("Money to share (£000)", pot),), WHY["left"]),
    )


def lists_table(book: Book, found: Weighting) -> Table:
    """Every practice of the lists with every factor."""
    group_age, group_need = "Age and sex", "Need"
    columns = [
        tables.text(capital(book.word("practice"))),
        tables.number("List", "people"),
        tables.number("Counted once", "people"),
        *(tables.number(title, additive=False, group=group_age) for title in found.titles),
        *(tables.number(title, additive=False, group=group_need) for title in found.titles),
        tables.number("Weighted list", "people"),
        tables.number("Index", additive=False),
        tables.number("Share", "%", additive=False),
    ]
    made = " (SYNTHETIC)" if found.synthetic else ""
    rows = [list(_list_cells(book, found, each)) for each in found.lists.practices]
    return tables.table("method-lists", f"Every practice, every factor{made}", columns, rows)


def _list_cells(book: Book, found: Weighting, one: WeightedList) -> Iterator[Cell]:
    def address(figure: str, number: int | None = None) -> str:
        return list_address(book, one.code, figure, number, example=found.synthetic)

    yield one.code
    yield Figure(one.listed, address=address("listed"))
    yield Figure(one.normalised, address=address("normalised"))
    for at, factor in enumerate(one.factors):
        yield None if factor.age is None else Figure(factor.age, Style.INDEX, address("age", at), places=3)
    for at, factor in enumerate(one.factors):
        yield Figure(factor.need, Style.INDEX, address("need", at), places=3)
    yield Figure(one.weighted, address=address("weighted"))
    yield None if one.index is None else Figure(one.index, Style.INDEX, address("index"), places=3)
    yield rate(ratio_ppm(one.share, SHARE_UNIT), address("share"))


def lists_chart(book: Book, found: Weighting) -> Chart:
    """People on the list beside weighted people."""
    practices = found.lists.practices[:12]
    points = [
        Point(each.code, series, float(value))
        for each in practices
        for series, value in (("People, counted once", each.normalised), ("Weighted people", each.weighted))
    ]
    most = max(practices, key=lambda each: (each.index or 0, each.code))
    sentence = (
        f"{most.code} gains most by weighting: {most.normalised:,} people count as {most.weighted:,}."
        " What one gains another loses: both bars add up to the same over all practices."
    )
    made = "SYNTHETIC: " if found.synthetic else ""
    return Chart(
        "lists", f"{made}people, and people weighted by need", sentence, "method-lists", tuple(points), "People"
    )

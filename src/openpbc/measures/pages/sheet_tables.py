"""The tables of a measure's page."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from django.urls import reverse
from django.utils import timezone

from openpbc.kernel.disclosure import TOTAL
from openpbc.kernel.periods import day_text
from openpbc.measures import reads
from openpbc.measures.pages.cells import HIDDEN, against, figure, interval_text, rate_text, value_cell, verdict_tag
from openpbc.measures.reads import Period, Standing, Value
from openpbc.measures.reads.addresses import Address
from openpbc.measures.reads.entered import period_name
from openpbc.measures.reads.explaining import whole_units
from openpbc.measures.reads.measured import WHOLE
from openpbc.measures.reads.small import RULE, hidden, hidden_reasons
from openpbc.measures.reads.values import printed
from openpbc.measures.rules.declaring import Measure
from openpbc.measures.rules.process_charts import funnel_word
from openpbc.measures.rules.rates import millionths
from openpbc.measures.rules.targets import MISSED, Known, judge
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.ui import tables
from openpbc.ui.figures import Cell, Figure, Link, Missing, Style, Tag
from openpbc.ui.pages import capital
from openpbc.ui.tables import Table

QUARTERS = {1: Tag("best quarter", "green"), 2: Tag("second quarter"), 3: Tag("third quarter"), 4: Tag("last quarter")}


@dataclass(frozen=True)
class Sight:
    """What a reader may do here: see single records, open an action, agree a target."""

    records: bool
    act: bool
    agree: bool


def providers_table(book: Book, measure: Measure, period: Period, sight: Sight) -> Table:
    """Providers against their peers, with what reaching the best quarter would change."""
    hide = _hidden(book, measure, period, sight, "provider")
    found, mixed = reads.standing(book, measure, period, hide), reads.case_mix(book, measure, period)
    columns = [
        tables.text("Provider"),
        tables.number("Value", additive=False),
        tables.text("95% interval"),
        tables.number("Counted"),
        tables.number("Out of"),
        tables.number("Case-mix ratio", additive=False),
        tables.text("Quarter"),
        tables.text("By chance"),
        tables.number("Units to the best quarter"),
        tables.number("Opportunity", "£"),
        tables.number("In a year", "£"),
        tables.text("Target"),
        tables.text("Own target"),
        tables.text("Records"),
    ]
    titles = reads.names(book, "provider")
    rows = [
        [
            titles.get(code, code) or "Not stated",
            *(
                _hidden_cells(book, measure, code, sight)
                if code in hide
                else _provider_cells(book, found, code, period, mixed.get(code), sight)
            ),
        ]
        for code in found.own
    ]
    kept = [at for at in range(len(columns)) if at < 3 or any(row[at] not in (None, "") for row in rows)]
    return tables.table(
        "by-provider",
        f"{measure.title} by provider, {period.name}",
        [columns[at] for at in kept],
        [[row[at] for at in kept] for row in rows],
        cards=True,
        notes=(
            "Values are of this place's patients alone, and say nothing of a provider's other patients.",
            *_hiding(hide),
        ),
    )


def _provider_cells(
    book: Book, found: Standing, code: str, period: Period, ratio: Fraction | None, sight: Sight
) -> list[Cell]:
    measure, value = found.measure, found.own[code]
    address = Address(book.place.id, str(period), measure.code, "provider", code)
    gained, quarter = found.opportunity(code), found.quarter(code)
    target = reads.target_of(book, measure.code, code)
    base = reads.base_of(book.place.id, measure, code, book.place.year)
    verdict = judge(target, measure.better, Known(value.rate, found.threshold, base, withheld=found.withheld))
    return [
        value_cell(value, address),
        interval_text(value),
        Figure(value.sums.numerator, Style.COUNT, str(address.of("numerator"))),
        _denominator(value, address),
        None if ratio is None else Figure(millionths(ratio), Style.INDEX, str(address.of("case-mix"))),
        None if quarter is None else QUARTERS[quarter],
        _by_chance(book, value, period),
        None if gained is None else Figure(whole_units(gained.units), Style.COUNT, str(address.of("units"))),
        _money(gained.pence if gained else None, address.of("opportunity")),
        _money(gained.pence_a_year if gained else None, address.of("opportunity-year")),
        _missed(book, measure, code) if verdict == MISSED and sight.act else verdict_tag(verdict),
        Link("Agree a target", _agree_href(book, measure, code)) if sight.agree else None,
        Link("Records", _records_href(book, measure, period, code)) if sight.records else None,
    ]  # fmt: skip


def _hidden_cells(book: Book, measure: Measure, code: str, sight: Sight) -> list[Cell]:
    """The row of a provider whose count is hidden: nothing that the count could be worked out from."""
    agree = Link("Agree a target", _agree_href(book, measure, code)) if sight.agree else None
    return [HIDDEN, "", HIDDEN, _hidden_denominator(measure), None, None, "", None, None, None, "", agree, None]


def _hidden_denominator(measure: Measure) -> Cell:
    return HIDDEN if measure.denominator_words else None


def _agree_href(book: Book, measure: Measure, code: str) -> str:
    return reverse("measures:target", kwargs={"place": book.place.id, "code": measure.code, "provider": code})


def _missed(book: Book, measure: Measure, code: str) -> Cell:
    """A missed target leads to the form that opens an action."""
    there = reverse("measures:task", kwargs={"place": book.place.id, "code": measure.code, "provider": code})
    return Link("missed: open an action", there)


def _denominator(value: Value, address: Address) -> Cell:
    if not value.measure.denominator_words or not value.denominator:
        return None
    return Figure(value.denominator, Style.COUNT, str(address.of("denominator")))


def _money(pence: int | None, address: Address) -> Cell:
    return None if pence is None else Figure(pence, Style.POUNDS, str(address))


def _records_href(book: Book, measure: Measure, period: Period, provider: str) -> str:
    there = reverse("measures:records", kwargs={"place": book.place.id, "code": measure.code})
    return f"{there}?period={period}&provider={provider}"


def _by_chance(book: Book, value: Value, period: Period) -> str:
    """Where a provider lies in the funnel about the place's own value."""
    whole = reads.whole(value.measure, period)
    if value.rate is None or whole.rate is None or not value.measure.interval or not value.denominator:
        return ""
    return funnel_word(value.rate, whole.rate, value.denominator, value.measure.interval)


def _hidden(book: Book, measure: Measure, period: Period, sight: Sight, cut: str = WHOLE) -> frozenset[str]:
    return frozenset() if sight.records else hidden(book, measure, period, cut)


def _hiding(hide: frozenset[str]) -> tuple[str, ...]:
    """What a table says of its hidden counts."""
    return (RULE,) if hide else ()


def cut_table(book: Book, measure: Measure, period: Period, by: str, word: str, sight: Sight) -> Table:
    """A measure by group, practice, specialty or resource group."""
    found, titles = dict(reads.values(measure, period, by)), reads.names(book, by)
    whole = reads.whole(measure, period)
    hide = _hidden(book, measure, period, sight, by)
    least = reads.small_base(book, measure, by)
    heading = capital(word if by in ("tfc", "hrg") else book.word(word))
    columns = [
        tables.text(heading),
        tables.number("Value", additive=False),
        tables.text("95% interval"),
        tables.number("Counted"),
        tables.number("Out of"),
        tables.text("Against the place"),
    ]
    rows: list[list[Cell]] = []
    for code, value in found.items():
        address = Address(book.place.id, str(period), measure.code, by, code)
        rows.append([
            _name(titles, code),
            HIDDEN if code in hide else value_cell(value, address),
            "" if code in hide else interval_text(value),
            HIDDEN if code in hide else Figure(value.sums.numerator, Style.COUNT, str(address.of("numerator"))),
            _hidden_denominator(measure) if code in hide else _denominator(value, address),
            "" if code in hide else _against(value, whole, least),
        ])  # fmt: skip
    caption = f"{measure.title} by {heading.lower()}, {period.name}"
    return tables.table(f"by-{by}", caption, columns, rows, cards=True, notes=_hiding(hide))


def _against(value: Value, whole: Value, least: int) -> Cell:
    """How a row compares with the place; one on a small base is shown and not judged."""
    if value.denominator < least:
        return Tag(f"small base: fewer than {least}", "grey")
    return against(value, whole)


def _name(titles: dict[str, str], code: str) -> str:
    if not code:
        return "Not stated"
    return f"{titles[code]} ({code})" if code in titles and titles[code] != code else code


def months_table(book: Book, measure: Measure, period: Period, sight: Sight) -> Table:
    """The months, with limits and signals once there are enough and none of them is hidden."""
    small = bool(_hidden(book, measure, period, sight))
    found = reads.trend(book, measure, period)
    marks: dict[object, list[str]] = {}
    for month, signal in found.signals:
        marks.setdefault(month, []).append(signal.rule)
    columns = [
        tables.text("Month"),
        tables.number("Value", additive=False),
        tables.number("Counted"),
        tables.number("Out of"),
        tables.text("Signal"),
    ]
    rows: list[list[Cell]] = []
    for state, (month, value) in zip(period.months, found.months, strict=True):
        if _hidden(book, measure, Period((state,)), sight):
            rows.append([month.name, HIDDEN, HIDDEN, _hidden_denominator(measure), ""])
            continue
        address = Address(book.place.id, str(month), measure.code)
        counted = Figure(value.sums.numerator, Style.COUNT, str(address.of("numerator"))) if value else None
        rows.append(
            [month.name, value_cell(value, address), counted, _denominator(value, address) if value else None]
            + ["" if small else "; ".join(marks.get(month, ()))]
        )
    if small:
        note = f"{RULE} Limits would give it away."
    elif found.limits:
        ends = (found.limits.mean, found.limits.low, found.limits.high)
        mean, low, high = (rate_text(measure, end) for end in ends)
        note = f"Mean {mean}, natural limits {low} to {high} (mean moving range x 2.66)."
    else:
        note = f"Limits are stated from {found.fewest} months on."
    return tables.table("by-month", f"{measure.title} by month", columns, rows, cards=True, notes=(note,))


def reasons_table(book: Book, measure: Measure, period: Period, sight: Sight) -> Table:
    """What was looked at and does not count: nothing is lost."""
    reasons = book.need_table("measures.reasons").keyed("code")
    address = Address(book.place.id, str(period), measure.code)
    found, whole = reads.left_out(period.runs, measure.code), reads.whole(measure, period)
    small = bool(_hidden(book, measure, period, sight))
    few: frozenset[str] = frozenset() if sight.records else hidden_reasons(book, measure, period)
    rows: list[list[Cell]] = [["Counted", HIDDEN if small else whole.sums.records]]
    rows += [
        [capital(reasons[code]["words"]), HIDDEN if {code, TOTAL} & few else count] for code, count in found.items()
    ]
    columns = [tables.text("Records"), tables.number("Number")]
    if found and TOTAL not in few:
        told = Figure(sum(found.values()), Style.COUNT, str(address.of("left-out")))
        rows.append([Link("Left out, in all", told.href), ""])
    return tables.table("left-out", "Records looked at", columns, rows, cards=True, notes=_hiding(few))


def entered_table(book: Book, measure: Measure) -> Table:
    """What people entered: bases, peers that send no records, and measures that no record tells."""
    titles = reads.names(book, "provider")
    columns = [tables.text(name) for name in ("Period", "For")] + [
        tables.number("Value", additive=False),
        tables.number("Counted", additive=False),
        tables.number("Out of", additive=False),
        tables.text("Source"),
        tables.text("Entered"),
    ]
    rows: list[list[Cell]] = []
    for each in reads.entered(book.place.id, measure.code):
        rate = each.rate(measure)
        value: Cell = Missing(why="No denominator.") if rate is None else figure(measure, printed(measure, rate))
        when = f"{each.by}, {day_text(timezone.localtime(each.at))}"
        who = titles.get(each.provider, each.provider) or book.place.title
        rows.append([period_name(each.period), who, value, each.numerator, each.denominator or None, each.source, when])
    empty = "Nobody has entered a value."
    return tables.table("entered", "Entered values", columns, rows, cards=True, empty=empty)


def told_table(book: Book, measure: Measure) -> tuple[Table, ...]:
    """Which providers have told the measure at all, where the target is a day by which each must have."""
    found = reads.told_by(book, measure, organisations.today())
    if not found:
        return ()
    titles = reads.names(book, "provider")
    columns = [
        tables.text("Provider"),
        tables.text("Last told for"),
        tables.number("Value", additive=False),
        tables.number("Out of", additive=False),
        tables.text("Target"),
    ]
    rows: list[list[Cell]] = []
    for each in found:
        rate = each.last.rate(measure) if each.last else None
        rows.append([
            titles.get(each.provider, each.provider),
            period_name(each.last.period) if each.last else Missing(why="It has told nothing yet."),
            None if rate is None else figure(measure, printed(measure, rate)),
            each.last.denominator if each.last else None,
            verdict_tag(each.verdict),
        ])  # fmt: skip
    return (tables.table("told", f"{measure.title}: who has told it", columns, rows, cards=True),)


def tasks_table(book: Book, measure: Measure) -> Table:
    """Actions about providers that miss the target."""
    titles = reads.names(book, "provider")
    columns = [tables.text(name) for name in ("Provider", "What", "Owner", "Due", "State")]
    rows: list[list[Cell]] = []
    for each in reads.tasks(book.place.id, measure.code):
        there = reverse(
            "measures:end-task",
            kwargs={"place": book.place.id, "code": measure.code, "provider": each.provider, "number": each.number},
        )
        state: Cell = Link("open: end it", there) if each.open else f"ended: {each.outcome}"
        rows.append([titles.get(each.provider, each.provider), each.what, each.owner, day_text(each.due), state])
    return tables.table("tasks", "Actions", columns, rows, cards=True, empty="No action is open.")

"""Explain this number: a rate from its two counts, a count from its months and providers, pounds from units."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from openpbc.kernel.citations import Citation
from openpbc.kernel.disclosure import TOTAL
from openpbc.kernel.money import pounds
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation, Ratio, Step
from openpbc.measures.reads.addresses import Address, nowhere, parse
from openpbc.measures.reads.casemix import case_mix
from openpbc.measures.reads.measured import WHOLE, MeasuredState, Period, left_out, period
from openpbc.measures.reads.peers import Standing, standing
from openpbc.measures.reads.small import hidden, hidden_reasons
from openpbc.measures.reads.values import Value, measure_of, names, printed, values
from openpbc.measures.rules.declaring import Measure, Shown
from openpbc.measures.rules.quartiles import METHODS
from openpbc.measures.rules.rates import millionths
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

NOTES, INTENTIONS = "openpbc-domain-notes", "west-herts-intentions-2008-09"


def explain(address: str, *, sees_records: bool) -> Explanation:
    """Explain the figure at an address to somebody who may see single records, or who may not.

    Who may not is refused a count that is too small, and what others are too small stands as one step.
    """
    asked = parse(address)
    book = organisations.book(asked.place)
    measure, span = measure_of(book, asked.measure), period(asked.place, asked.period)
    if measure is None or not measure.computed or span is None:
        raise nowhere(address)
    found = values(measure, span, asked.cut).get(asked.code)
    if found is None:
        raise nowhere(address)
    sight = SEEING if sees_records else _sight(book, asked, measure, span)
    told = (
        _compared(book, asked, found, span, sight)
        if asked.figure in _COMPARED
        else _TELLERS[asked.figure](book, asked, found, span)
    )
    if told is None:
        raise nowhere(address)
    notes = _left_out(book, asked, span, sight) if _tells_what_is_left_out(asked, measure) else ()
    return replace(told, steps=_merged(told.steps, sight), notes=(*told.notes, *notes))


@dataclass(frozen=True)
class _Sight:
    """What the reader may see: which providers not, which reasons not, and whether any count of what was left out."""

    all: bool = True
    providers: frozenset[str] = frozenset()
    reasons: frozenset[str] = frozenset()
    left_out: bool = True


SEEING = _Sight()


def _sight(book: Book, asked: Address, measure: Measure, span: Period) -> _Sight:
    """Say what somebody sees who may not see records; what lies behind the figure itself must not be too small."""
    few = hidden_reasons(book, measure, span)
    told = asked.cut == WHOLE and TOTAL not in few
    if asked.code in hidden(book, measure, span, asked.cut) or (asked.figure == "left-out" and not told):
        raise UserError("the count behind this figure is too small to be shown to your role", do="Ask an analyst.")
    return _Sight(False, hidden(book, measure, span, "provider"), few, told)


def _merged(steps: tuple[Step, ...], sight: _Sight) -> tuple[Step, ...]:
    """Put the steps of providers and reasons whose counts are hidden into one each, so that the steps still add up."""
    small = [each for each in steps if each.address and _is_of(parse(each.address), sight.providers)]
    few = [each for each in steps if each.rule.removeprefix("measures.") in sight.reasons]
    merged = tuple(
        Step(each[0].rule, words, sum(step.effect for step in each))
        for each, words in (
            (small, "Providers whose counts are too small to be shown one by one"),
            (few, "Reasons for which too few were left out to be told one by one"),
        )
        if each
    )
    return (*(each for each in steps if each not in (*small, *few)), *merged)


def _is_of(asked: Address, unseen: frozenset[str]) -> bool:
    return asked.cut == "provider" and asked.code in unseen


def _tells_what_is_left_out(asked: Address, measure: Measure) -> bool:
    """A rate tells it, and so does what stands for all records that count."""
    return asked.figure in ("value", "denominator") or (asked.figure == "numerator" and not measure.denominator_words)


def _made(book: Book, asked: Address, measure: Measure, span: Period, **facts: object) -> Explanation:
    who = names(book, asked.cut).get(asked.code, asked.code) if asked.cut != WHOLE else book.place.title
    runs = [(f"run of measures, {each.month}", f"{each.run_id} of run {each.source_run}") for each in span.months]
    title = f"{measure.title}, {facts.pop('words')}, {who or 'not stated'}, {span.name}"
    return Explanation(
        address=str(asked),
        title=title,
        citations=(Citation(INTENTIONS if measure.mark == "S" else NOTES, measure.source, measure.mark),),
        evidence=(("place", asked.place), *runs),
        statuses=(str(book.table("measures.measures").status),),
        **facts,  # type: ignore[arg-type]
    )


def _value(book: Book, asked: Address, found: Value, span: Period) -> Explanation | None:
    measure = found.measure
    if found.rate is None:
        return None
    if measure.shown is Shown.COUNT:
        return _numerator(book, asked, found, span)
    unit = "ppm" if measure.shown is Shown.PERCENT else "index"
    times = f" x {measure.factor:,}" if measure.factor > 1 else ""
    return _made(
        book, asked, measure, span,
        words="value",
        value=printed(measure, found.rate),
        unit=unit,
        formula=f"{measure.numerator_words}{times} / {measure.denominator_words}",
        ratio=Ratio(found.sums.numerator * measure.factor, found.denominator),
        notes=(measure.note,) if measure.note else (),
    )  # fmt: skip


def _left_out(book: Book, asked: Address, span: Period, sight: _Sight) -> tuple[str, ...]:
    """One sentence about what was looked at and does not count, as far as the reader may know."""
    reasons = book.need_table("measures.reasons").keyed("code")
    found = left_out(span.runs, asked.measure, asked.cut, asked.code) if sight.left_out else {}
    told = "; ".join(
        f"{'some' if code in sight.reasons else f'{count:,}'} because {reasons[code]['words']}"
        for code, count in found.items()
    )
    return (f"Left out: {told}.",) if told else ()


def _numerator(book: Book, asked: Address, found: Value, span: Period) -> Explanation:
    own = asked.of("numerator") if asked.figure != "value" else asked
    return _counted(book, own, found.measure, span, "numerator", found.measure.numerator_words, found.sums.numerator)


def _denominator(book: Book, asked: Address, found: Value, span: Period) -> Explanation:
    return _counted(book, asked, found.measure, span, "denominator", found.measure.denominator_words, found.denominator)


def _counted(
    book: Book, asked: Address, measure: Measure, span: Period, what: str, words: str, total: int
) -> Explanation:
    """A count: month by month, and within a month provider by provider."""
    steps = _by_month(asked, measure, span, what) if span.length > 1 else _by_provider(book, asked, measure, span, what)
    if sum(step.effect for step in steps) != total:
        steps = (Step(f"measures.{what}", words[:1].upper() + words[1:], total),)
    return _made(
        book, asked, measure, span,
        words=words,
        value=total,
        unit="count",
        formula=f"records that count: {words}",
        steps=steps,
    )  # fmt: skip


def _amount(value: Value | None, what: str) -> int:
    if value is None:
        return 0
    return value.sums.numerator if what == "numerator" else value.denominator


def _by_month(asked: Address, measure: Measure, span: Period, what: str) -> tuple[Step, ...]:
    return tuple(
        Step(
            f"measures.{what}",
            each.month.name,
            _amount(_of_month(measure, each, asked), what),
            (("run", each.run_id),),
            None,
            str(Address(asked.place, str(each.month), asked.measure, asked.cut, asked.code, what)),
        )
        for each in span.months
        if _of_month(measure, each, asked) is not None
    )


def _of_month(measure: Measure, state: MeasuredState, asked: Address) -> Value | None:
    return values(measure, Period((state,)), asked.cut).get(asked.code)


def _by_provider(book: Book, asked: Address, measure: Measure, span: Period, what: str) -> tuple[Step, ...]:
    if asked.cut != WHOLE:
        return ()
    titles: Mapping[str, str] = names(book, "provider")
    return tuple(
        Step(
            f"measures.{what}",
            titles.get(code, code),
            _amount(value, what),
            (("records", f"{value.sums.records:,}"),),
            None,
            str(Address(asked.place, asked.period, asked.measure, "provider", code, what)),
        )
        for code, value in values(measure, span, "provider").items()
    )


def _excluded(book: Book, asked: Address, found: Value, span: Period) -> Explanation:
    reasons = book.need_table("measures.reasons").keyed("code")
    counted = left_out(span.runs, asked.measure, asked.cut, asked.code)
    steps = tuple(Step(f"measures.{code}", reasons[code]["words"], count) for code, count in counted.items())
    return _made(
        book, asked, found.measure, span,
        words="left out",
        value=sum(counted.values()),
        unit="count",
        formula="records that the measure looks at and leaves out, by the first reason that fits",
        steps=steps,
    )  # fmt: skip


def _compared(book: Book, asked: Address, found: Value, span: Period, sight: _Sight) -> Explanation | None:
    """A figure that rests on the peers; there is none where a hidden peer says where the best quarter begins."""
    compared = standing(book, found.measure, span, sight.providers)
    if asked.figure == "threshold":
        return _threshold(book, asked, found, span, compared, sight.providers)
    return _money(book, asked, found, span, compared, sight)


def _threshold(
    book: Book, asked: Address, found: Value, span: Period, compared: Standing, unseen: frozenset[str]
) -> Explanation | None:
    """The threshold with the values of the peers that are not hidden."""
    if compared.threshold is None:
        return None
    titles = names(book, "provider")
    value = printed(found.measure, compared.threshold)
    listed = ", ".join(
        f"{titles.get(code, code)} {_plain(found.measure, printed(found.measure, rate))}"
        for code, rate in sorted(compared.peers.items(), key=lambda pair: pair[1])
        if code not in unseen
    )
    some_hidden = bool(unseen & set(compared.peers))
    return _made(
        book, asked, found.measure, span,
        words="threshold of the best quarter",
        value=value,
        unit="ppm" if found.measure.shown is Shown.PERCENT else "index",
        formula=f"the {'lower' if found.measure.better == 'low' else 'upper'} quartile of the peers, "
        f"{METHODS[compared.group.method]}",
        steps=(Step("measures.quartile", f"Peer group: {compared.group.name}", value, (("values", listed),)),),
        notes=("Peers whose counts are too small to be shown are not listed.",) if some_hidden else (),
    )  # fmt: skip


def _plain(measure: Measure, value: int) -> str:
    scaled = value * 100 if measure.shown is Shown.PERCENT else value
    return f"{scaled // 1_000_000}.{scaled % 1_000_000 // 10_000:02d}" + ("%" if measure.shown is Shown.PERCENT else "")


def _money(
    book: Book, asked: Address, found: Value, span: Period, compared: Standing, sight: _Sight
) -> Explanation | None:
    if asked.cut != "provider":
        return None
    gained, unit = compared.opportunity(asked.code), found.unit_pence
    if gained is None:
        return None
    if asked.figure == "units":
        return _units(book, asked, found, span, compared)
    whole = gained.pence if asked.figure == "opportunity" else gained.pence_a_year
    if whole is None or unit is None:
        return None
    priced = (
        ("priced records or days", f"{found.sums.priced_units:,}"),
        ("their price", pounds(found.sums.pence)),
    )
    inputs = (
        ("units", _two_places(gained.units)),
        ("mean price of one", pounds(round_pence(found))),
        *(priced if sight.all else ()),  # a few may have a price, or none: nobody else needs to know
        ("months", str(span.length)),
    )
    formula = "units to the best quarter x mean price of one unit at this provider"
    times = " x 12 / months" if asked.figure == "opportunity-year" else ""
    return _made(
        book, asked, found.measure, span,
        words="opportunity" if not times else "opportunity in a year",
        value=whole,
        unit="pence",
        formula=formula + times,
        steps=(Step("measures.opportunity", "Worth of reaching the best quarter", whole, inputs),),
        notes=_warning(book, found.measure),
    )  # fmt: skip


def _two_places(units: Fraction) -> str:
    """Write units to the hundredth, so that a reader can work the sum out again."""
    whole, rest = divmod((millionths(units) + 5_000) // 10_000, 100)
    return f"{whole:,}.{rest:02d}"


def round_pence(found: Value) -> int:
    """Give the mean price of one unit in whole pence, to be shown beside the exact sum."""
    return 0 if found.unit_pence is None else (millionths(found.unit_pence) + 500_000) // 1_000_000


def _warning(book: Book, measure: Measure) -> tuple[str, ...]:
    titles = {each["code"]: each["title"] for each in book.need_table("measures.measures")}
    told = ", ".join(titles[code] for code in measure.overlaps if code in titles)
    return (f"Do not add it to the opportunity of {told}: they count some of the same activity.",) if told else ()


def _units(book: Book, asked: Address, found: Value, span: Period, compared: Standing) -> Explanation | None:
    gained = compared.opportunity(asked.code)
    if gained is None or compared.threshold is None or found.shown is None:
        return None
    value = whole_units(gained.units)
    inputs = (
        ("value", _plain(found.measure, found.shown)),
        ("threshold", _plain(found.measure, printed(found.measure, compared.threshold))),
        ("denominator", f"{found.denominator:,}"),
    )
    return _made(
        book, asked, found.measure, span,
        words="units to the best quarter",
        value=value,
        unit="count",
        formula="gap to the threshold x denominator, rounded to whole units",
        steps=(Step("measures.opportunity", "Units", value, inputs),),
    )  # fmt: skip


def whole_units(units: object) -> int:
    """Round units to whole ones, half up, for print."""
    return (millionths(units) + 500_000) // 1_000_000  # type: ignore[arg-type]


def _case_mix(book: Book, asked: Address, found: Value, span: Period) -> Explanation | None:
    ratio = case_mix(book, found.measure, span).get(asked.code) if asked.cut == "provider" else None
    if ratio is None:
        return None
    value = millionths(ratio)
    observed = (("observed", f"{found.sums.numerator:,}"),)
    return _made(
        book, asked, found.measure, span,
        words="case-mix ratio",
        value=value,
        unit="index",
        formula="what was observed / what would be expected with the mean of the peers in each resource group",
        steps=(Step("measures.standardised", "Observed over expected", value, observed),),
    )  # fmt: skip


_COMPARED = ("threshold", "units", "opportunity", "opportunity-year")
_TELLERS = {
    "value": _value,
    "numerator": _numerator,
    "denominator": _denominator,
    "left-out": _excluded,
    "case-mix": _case_mix,
}

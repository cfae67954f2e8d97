"""Explain this number, for positions in the year: each figure as the sum of its steps, down to ledger and entries."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.timezone import localtime

from openpbc.kernel.citations import Citation
from openpbc.kernel.money import pounds
from openpbc.kernel.periods import Month
from openpbc.kernel.steps import Explanation, Ratio, Step
from openpbc.monitoring.reads.actuals import charges
from openpbc.monitoring.reads.addresses import Address, Selection, nowhere
from openpbc.monitoring.reads.entered import ACCRUAL, ACTUAL, FORECAST, Entered
from openpbc.monitoring.reads.funds import last_journal
from openpbc.monitoring.reads.holders import (
    GROUP,
    HELD,
    PCT,
    PRACTICE,
    SUMS,
    UNDISTRIBUTED,
    Holder,
    InYearAddress,
    parse_in_year,
)
from openpbc.monitoring.reads.in_year import check_holder
from openpbc.monitoring.reads.ingredients import Ingredients, ingredients
from openpbc.monitoring.reads.lines import ALL_LINES, EVERY_OTHER, UNDIVIDED, lines_of_pods
from openpbc.monitoring.reads.positions import names_of
from openpbc.monitoring.reads.reckoning import MEASURES, RATE, Reckoning
from openpbc.monitoring.rules.in_year import CITATION, METHODS, REST, Line
from openpbc.monitoring.rules.profiles import METHODS as PROFILES

ENTRY = Citation("openpbc-domain-notes", "Indicative budget and in-year (entered actuals)", "P")
FORMULAS = {
    "budget": "sum of the accounts that carry the budget",
    "budget-to-date": "sum of the budget's months up to this one",
    "compared": "sum of the budget's months that have figures",
    "actual-to-date": "activity of the closed months + entered actuals + accruals not yet gone back",
    "accruals": "accruals made - accruals gone back",
    "variance": "actual to date - budget of the same months",
    RATE: "(actual to date - budget of the same months) / budget of the same months",
    "forecast": "actual to date + the rest of the year",
    "outlook": "forecast of the year - budget of the year",
    "last-year": "sum of last year's entries for the same months",
}


def explain_in_year(address: str) -> Explanation:
    """Explain the figure at an address; one that cannot be stated raises the sentence that says why."""
    asked = parse_in_year(address)
    found = ingredients(asked.place, asked.month)
    reckoning = Reckoning(found)
    check_holder(found, asked.holder)
    if asked.measure not in MEASURES or asked.line not in (ALL_LINES, *reckoning.codes(asked.holder)):
        raise nowhere(address)
    values = reckoning.values(asked.holder, asked.line)
    value = values[asked.measure]
    if value is None:
        raise nowhere(address)
    ratio = None
    if asked.measure == RATE:
        ratio = Ratio(values["variance"] or 0, values["compared"] or 1)
    return Explanation(
        address=address,
        title=f"{MEASURES[asked.measure]}, {_said(asked, found)}, {asked.month.name}",
        value=value,
        unit="ppm" if asked.measure == RATE else "pence",
        formula=_formula(asked, reckoning),
        steps=() if ratio else tuple(_Steps(asked, reckoning).all()),
        ratio=ratio,
        citations=(CITATION,),
        evidence=_evidence(found),
        notes=(found.funds.sentence,),
        statuses=found.funds.statuses,
    )


def _said(asked: InYearAddress, found: Ingredients) -> str:
    titles = {line.code: line.title for line in found.lines}
    titles |= {ALL_LINES: "all service lines", UNDIVIDED: "not divided over service lines"}
    return f"{found.holders.name(asked.holder)}, {titles[asked.line]}"


def _formula(asked: InYearAddress, reckoning: Reckoning) -> str:
    if asked.measure == RATE:
        return FORMULAS[RATE]
    if asked.holder.kind in SUMS:
        return "sum over the groups and what is held above them" if asked.holder.kind == PCT else "sum over the groups"
    if asked.line == ALL_LINES:
        return "sum over the service lines"
    if asked.measure == "forecast":
        return METHODS[reckoning.line(asked.holder, asked.line).method]
    return FORMULAS[asked.measure]


def _evidence(found: Ingredients) -> tuple[tuple[str, str], ...]:
    runs = tuple((f"run of {month}", run) for month, run in found.basis.runs.runs)
    last = max((entry.id for entry in (*found.entries, *found.before)), default=0)
    locked = "as locked" if found.basis.last_entry is not None else "as known now"
    kept = found.basis.last_journal
    journal = () if kept is None else (("last journal", str(kept)),)
    return (("place", found.book.place.id), ("position", locked), *runs, ("last entry", str(last)), *journal)


class _Steps:
    """The steps of one figure."""

    def __init__(self, asked: InYearAddress, reckoning: Reckoning) -> None:
        self.asked, self.reckoning, self.found = asked, reckoning, reckoning.found
        self.holder, self.code, self.measure = asked.holder, asked.line, asked.measure

    def all(self) -> Iterator[Step]:
        """The steps: parts of a sum first, then what stands behind a single line."""
        if self.holder.kind in SUMS:
            yield from (self._part(top, self.code, self.found.holders.name(top)) for top in self._set_tops())
        elif self.code == ALL_LINES:
            yield from self._lines()
        else:
            yield from self._single(self.reckoning.line(self.holder, self.code))

    def _set_tops(self) -> Iterator[Holder]:
        for top in self.found.holders.parts(self.holder):
            if self.reckoning.values(top, self.code)[self.measure] is not None:
                yield top

    def _lines(self) -> Iterator[Step]:
        titles = {line.code: line.title for line in self.found.lines} | {UNDIVIDED: "Not divided over service lines"}
        for code in self.reckoning.codes(self.holder):
            if self.reckoning.values(self.holder, code)[self.measure] is not None:
                yield self._part(self.holder, code, titles[code])

    def _part(self, holder: Holder, code: str, label: str, measure: str = "", sign: int = 1) -> Step:
        measure = measure or self.measure
        value = self.reckoning.values(holder, code)[measure] or 0
        address = InYearAddress(self.asked.place, self.asked.month, holder, code, measure)
        return Step("monitoring.in_year", label, sign * value, (), CITATION, str(address))

    def _single(self, line: Line) -> Iterator[Step]:
        match self.measure:
            case "budget":
                yield from self._accounts()
            case "budget-to-date":
                yield from self._months(line, range(1, self.asked.month.number + 1))
            case "compared":
                yield from self._months(line, line.known)
            case "actual-to-date":
                yield from self._activity()
                yield from self._entries(ACTUAL)
                yield from self._accruals()
            case "accruals":
                yield from self._accruals()
            case "variance":
                yield self._part(self.holder, self.code, "Actual to date", "actual-to-date")
                yield self._part(self.holder, self.code, "Less the budget of the same months", "compared", -1)
            case "outlook":
                yield self._part(self.holder, self.code, "Forecast of the year", "forecast")
                yield self._part(self.holder, self.code, "Less the budget of the year", "budget", -1)
            case "forecast":
                yield from self._forecast(line)
            case "last-year":
                yield from self._last_year()

    def _accounts(self) -> Iterator[Step]:
        for fund in self.found.shared.get((self.holder, self.code), ()):
            inputs = (("account", fund.code),) if fund.code else ()
            address = fund.address if self._ledger_unchanged else self._of_practice(fund.practice)
            yield Step("finance.budget", fund.title, fund.pence, inputs, CITATION, address)

    def _of_practice(self, practice: str, measure: str = "budget") -> str:
        """An address by which access can be decided where a practice's money is told in another's explanation."""
        if not practice or self.holder.kind == PRACTICE:
            return ""
        return str(InYearAddress(self.asked.place, self.asked.month, Holder(PRACTICE, practice), self.code, measure))

    @property
    def _ledger_unchanged(self) -> bool:
        """A locked budget leads on to the ledger only while nothing was posted since."""
        kept, place = self.found.basis.last_journal, self.found.book.place
        return kept is None or kept == last_journal(place.id, str(place.year))

    def _months(self, line: Line, numbers: range | tuple[int, ...]) -> Iterator[Step]:
        profile = self.found.profiles.get(self.code)
        told = PROFILES[profile.method] if profile else PROFILES["twelfths"]
        year = self.found.book.place.year.months
        for number in numbers:
            inputs = (("budget of the year", pounds(line.budget or 0)), ("spread", told))
            effect = line.months_budget[number - 1]
            yield Step("monitoring.profile_month", year[number - 1].name, effect, inputs, CITATION)

    def _activity(self) -> Iterator[Step]:
        """What the closed months charged, by point of delivery, each leading on to the records."""
        pods, names = lines_of_pods(self.found.book), names_of(self.found.book, "pod")
        own, sums = self.found.book.place.commissioner, dict[str, int]()
        for (unit, practice, pod, _), charge in charges(self.found.basis.runs, own).items():
            if pods.get(pod, pods[EVERY_OTHER]) == self.code and self.holder in self.found.holders.of(unit, practice):
                sums[pod] = sums.get(pod, 0) + charge
        for pod, charge in sorted(sums.items()):
            yield Step("monitoring.activity", names.get(pod, pod), charge, (), CITATION, self._activity_address(pod))

    def _activity_address(self, pod: str) -> str:
        """Only a group's and a practice's activity is one cut of the records."""
        if self.found.basis.last_entry is not None or self.holder.kind in (HELD, UNDISTRIBUTED):
            return ""
        if self.holder.kind == PRACTICE:
            unit = self.found.holders.unit_of[self.holder.code]
            cut = Selection(pod=pod, practice=self.holder.code, budget_line=unit)
        else:
            cut = Selection(pod=pod, budget_line=self.holder.code)
        return str(Address(self.asked.place, self.asked.month, cut, "ytd-actual-charge"))

    def _own(self, rows: tuple[Entered, ...], kind: str) -> Iterator[Entered]:
        for row in rows:
            if (row.kind, row.service_line) != (kind, self.code):
                continue
            if self.holder in self.found.holders.of(row.unit, row.practice):
                yield row

    def _entries(self, kind: str) -> Iterator[Step]:
        for row in self._own(self.found.entries, kind):
            yield self._entry_step(row, row.pence)

    def _accruals(self) -> Iterator[Step]:
        known = {str(month) for month in self.reckoning.known(self.holder, self.code)}
        for row in self._own(self.found.entries, ACCRUAL):
            after = Month.parse(row.month).next()
            yield self._entry_step(row, row.pence)
            if str(after) in known:
                yield self._entry_step(row, -row.pence, f"goes back in {after.name}")

    def _forecast(self, line: Line) -> Iterator[Step]:
        if line.method == REST:
            *others, own = self.found.holders.members(self.holder.code)
            yield self._part(Holder(GROUP, own.code), self.code, "Forecast of the group")
            for each in others:
                if self.reckoning.line(each, self.code).forecast is not None:
                    yield self._part(each, self.code, f"Less {self.found.holders.name(each)}", "forecast", -1)
            return
        yield self._part(self.holder, self.code, "Actual to date", "actual-to-date")
        yield line.forecast_step(pounds(line.actual))
        if line.entered is not None:
            yield from (self._entry_step(row, 0) for row in self._own(self.found.entries, FORECAST))

    def _last_year(self) -> Iterator[Step]:
        known = self.reckoning.known(self.holder, self.code)
        wanted = {str(Month(month.year - 1, month.month)) for month in known}
        for row in self._own(self.found.before, ACTUAL):
            if row.month in wanted:
                yield self._entry_step(row, row.pence)

    def _entry_step(self, row: Entered, effect: int, more: str = "") -> Step:
        what = {ACTUAL: "Entry", ACCRUAL: "Accrual", FORECAST: "Forecast entered"}[row.kind]
        label = f"{what} {row.id}, {Month.parse(row.month).name}" + (f", {more}" if more else "")
        inputs = (("source", row.source), ("entered by", row.by), ("on", f"{localtime(row.at):%Y-%m-%d}"))
        corrects = (("corrects", "an earlier entry"),) if row.corrects else ()
        address = self._of_practice(row.practice, "actual-to-date")
        return Step("monitoring.entry", label, effect, (*inputs, *corrects), ENTRY, address)

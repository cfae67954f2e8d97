"""Fair shares of a place under a scenario and under what-ifs: what each group gets, and what stood behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from openpbc.finance.reads import cells
from openpbc.finance.rules.capping import Capped, cap, least_release, release
from openpbc.finance.rules.distance import Distance, distances
from openpbc.finance.rules.fair_shares import Allocation, Claim, FairShareParameters, Stage, allocate
from openpbc.kernel.citations import Citation
from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.money import PPM, percent_text, ratio_ppm, round_div, share_out, thousands
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Table, Value

SCENARIOS = "finance.scenarios"
SHARES = "fair_shares.shares"
MINIMUM = "fair_shares.minimum_growth"
EXTRA = "fair_shares.extra_growth_limit"
CAPPED = "allocate_then_cap"


@dataclass(frozen=True)
class Scenario:
    """One scenario as its pack describes it; sums of names are read when they are needed."""

    code: str
    title: str
    operation: str
    pot: str
    share_total: str
    base: str
    excluded: str
    excluded_after: str
    cap: str
    deposit: str
    printed: str
    origin: str
    note: str
    citation: Citation


@dataclass(frozen=True)
class Settings:
    """A what-if: each setting that is none is taken from the scenario and the rulebook.

    Rates in parts per million, ``deposit`` and ``pot`` in pence. A deposit without a cap solves the cap that releases
    it; a cap without a deposit is applied as it is.
    """

    scenario: str = ""
    floor: int | None = None
    extra: int | None = None
    cap: int | None = None
    deposit: int | None = None
    pot: int | None = None

    @property
    def query(self) -> str:
        """The settings as the query of an address: parts per million and pence, empty ones left out."""
        return urlencode({name: value for name, value in vars(self).items() if value not in (None, "")})

    @classmethod
    def parse(cls, query: str) -> Settings:
        """Read the query of an address back; anything else than :attr:`query` writes is a person's mistake."""
        found: dict[str, str | int] = {}
        for name, text in parse_qsl(query):
            if name not in cls.__dataclass_fields__ or (name != "scenario" and not text.isdecimal()):
                raise UserError(f"'{name[:20]}={text[:20]}' is no setting of fair shares", do="Open the figure again.")
            found[name] = text if name == "scenario" else int(text)
        return cls(**found)  # type: ignore[arg-type]  # the names were checked just above


@dataclass(frozen=True)
class GroupShare:
    """One group under a scenario; money in pence, growth in parts per million.

    ``share`` is what the rule gives in scope, ``amount`` what is left after a cap; ``total`` adds what is out of scope.
    """

    code: str
    name: str
    base: int
    excluded: int
    target: int
    floor: int
    after_extra: int
    lacking: int
    share: int
    amount: int
    released: int
    growth: int | None
    total: int
    fair_share: int
    distance: int
    distance_ppm: int | None
    address: str


@dataclass(frozen=True)
class FairShares:
    """The result for all groups: shares + released + unallocated = pot, exactly. Money in pence."""

    place: str
    scenario: Scenario
    settings: Settings
    parameters: FairShareParameters
    pot: int
    share_total: int
    stage: Stage
    left: int
    groups: tuple[GroupShare, ...]
    cap: int | None
    released: int
    unallocated: int
    findings: tuple[Finding, ...]
    statuses: tuple[str, ...]
    citations: tuple[Citation, ...]
    cap_citation: Citation | None
    allocation: Allocation
    capped: Capped | None

    is_set = True

    @property
    def amount(self) -> int:
        """What all groups get in scope."""
        return sum(group.amount for group in self.groups)

    @property
    def total(self) -> int:
        """What all groups get, in scope and out of scope."""
        return sum(group.total for group in self.groups)

    @property
    def growth(self) -> int | None:
        """Growth in scope of all groups together, in parts per million."""
        base = sum(group.base for group in self.groups)
        return ratio_ppm(self.amount - base, base) if base else None

    def address(self, group: str, figure: str = "amount") -> str:
        """Give the address at which a figure of a group (or of ``all``) is explained under these very settings."""
        return share_address(self.place, group, figure, self.settings)

    def group(self, code: str) -> GroupShare:
        """Find one group; an unknown code is a person's mistake."""
        for group in self.groups:
            if group.code == code:
                return group
        known = ", ".join(group.code for group in self.groups)
        raise UserError(f"there is no group '{code[:40]}'", do=f"Choose one of {known}.")


def share_address(place: str, group: str, figure: str, settings: Settings) -> str:
    """Give the address of a figure of a fair-share result."""
    return f"fair-shares/{place}/{group}/{figure}?{settings.query}"


def scenarios(book: Book) -> tuple[Scenario, ...] | NotSet:
    """List the scenarios of a place in the order of its pack."""
    listed = book.table(SCENARIOS)
    if isinstance(listed, NotSet):
        return listed
    fields = [name for name in Scenario.__dataclass_fields__ if name != "citation"]
    return tuple(Scenario(**{name: row[name] for name in fields}, citation=listed.citation) for row in listed)


def scenario(book: Book, code: str = "") -> Scenario | NotSet:
    """Give one scenario, or the first if no code is given; an unknown code is a person's mistake."""
    listed = scenarios(book)
    if isinstance(listed, NotSet):
        return listed
    for one in listed:
        if code in ("", one.code):
            return one
    raise UserError(f"there is no scenario '{code[:40]}'", do=f"Choose one of {', '.join(s.code for s in listed)}.")


@dataclass(frozen=True)
class _Inputs:
    """Everything that the rule needs, in pence, by group."""

    names: Mapping[str, str]
    weights: Mapping[str, int]
    bases: Mapping[str, int]
    excluded: Mapping[str, int]
    excluded_after: Mapping[str, int]
    pot: int
    share_total: int
    parameters: FairShareParameters
    statuses: tuple[str, ...]
    citations: tuple[Citation, ...]


def fair_shares(book: Book, settings: Settings = Settings()) -> FairShares | NotSet:
    """Run the fair-shares rule, and the cap if the scenario or the what-if has one; the first gap answers "not set"."""
    chosen = scenario(book, settings.scenario)
    if isinstance(chosen, NotSet):
        return chosen
    inputs = _inputs(book, chosen, settings)
    if isinstance(inputs, NotSet):
        return inputs
    targets = _targets(inputs)
    claims = [Claim(code, inputs.bases[code], targets[code]) for code in inputs.weights]
    allocation = allocate(claims, inputs.pot, inputs.parameters)
    capped = _capped(book, chosen, settings, allocation)
    if isinstance(capped, NotSet):
        return capped
    # The address of a figure names its scenario, also where none was asked for.
    return _result(book, replace(settings, scenario=chosen.code), chosen, inputs, allocation, capped)


def _inputs(book: Book, chosen: Scenario, settings: Settings) -> _Inputs | NotSet:
    shares = book.table(SHARES)
    columns = [cells.column_of(book, name) for name in (chosen.base, chosen.excluded, chosen.excluded_after)]
    sums = [cells.total(book, names) for names in (chosen.pot, chosen.share_total)]
    rates = [book.value(MINIMUM), book.value(EXTRA)]
    for found in (shares, *columns, *sums, *rates):
        if isinstance(found, NotSet):
            return found
    assert isinstance(shares, Table)
    pot, share_total = (amount for amount in sums if isinstance(amount, int))
    if settings.pot is not None:
        _refuse_negative(settings.pot, "the pot")
        share_total += settings.pot - pot
        pot = settings.pot
    bases, excluded, excluded_after = (column for column in columns if isinstance(column, Mapping))
    minimum, extra = (rate for rate in rates if isinstance(rate, Value))
    return _Inputs(
        names={row["code"]: row["name"] for row in shares},
        weights={row["code"]: int(row["weight"]) for row in shares},
        bases=bases,
        excluded=excluded,
        excluded_after=excluded_after,
        pot=pot,
        share_total=share_total,
        parameters=_parameters(minimum, extra, settings),
        statuses=tuple(dict.fromkeys(str(found.status) for found in (minimum, extra, shares))),
        citations=(minimum.citation, extra.citation, shares.citation, chosen.citation),
    )


def _parameters(minimum: Value, extra: Value, settings: Settings) -> FairShareParameters:
    rates = FairShareParameters(minimum.ppm, extra.ppm)
    if settings.floor is not None:
        _refuse_negative(settings.floor, "the minimum growth")
        rates = replace(rates, minimum_growth=settings.floor)
    if settings.extra is not None:
        _refuse_negative(settings.extra, "the extra growth")
        rates = replace(rates, extra_growth=settings.extra)
    return rates


def _refuse_negative(value: int, what: str) -> None:
    if value < 0:
        raise UserError(f"{what} may not be negative", do="Give nought or more.")


def _targets(inputs: _Inputs) -> dict[str, int]:
    """Give each group's fair share of what is in scope: its share of the total less its money out of scope."""
    fair = share_out(inputs.share_total, inputs.weights)
    return {code: fair[code] - inputs.excluded[code] for code in inputs.weights}


def _capped(book: Book, chosen: Scenario, settings: Settings, allocation: Allocation) -> Capped | NotSet | None:
    if settings.cap is not None:
        _refuse_negative(settings.cap, "the cap")
        return cap(allocation, settings.cap)
    if settings.deposit is not None:
        return _released(allocation, settings.deposit)
    if chosen.operation != CAPPED:
        return None
    limit = book.value(chosen.cap)
    return limit if isinstance(limit, NotSet) else cap(allocation, limit.ppm)


def _released(allocation: Allocation, deposit: int) -> Capped:
    least, most = least_release(allocation), sum(allocation.amounts.values())
    if not least <= deposit <= most:
        raise UserError(
            f"no cap on growth releases £{thousands(deposit)} thousand",
            do=f"Give a deposit from £{thousands(least)} to £{thousands(most)} thousand.",
        )
    return release(allocation, deposit)


def _result(
    book: Book, settings: Settings, chosen: Scenario, inputs: _Inputs, allocation: Allocation, capped: Capped | None
) -> FairShares:
    amounts = capped.amounts if capped else allocation.amounts
    totals = {code: amount + inputs.excluded_after[code] for code, amount in amounts.items()}
    gaps = distances(totals, sum(totals.values()), inputs.weights)
    findings = (*allocation.findings, *(capped.findings if capped else ()), *_deposit_findings(settings, capped))
    by_scenario = capped is not None and settings.cap is None and settings.deposit is None
    cap_citation = book.need(chosen.cap).citation if by_scenario else None
    citations = (*inputs.citations, *([cap_citation] if cap_citation else []))
    return FairShares(
        place=book.place.id,
        scenario=chosen,
        settings=settings,
        parameters=inputs.parameters,
        pot=inputs.pot,
        share_total=inputs.share_total,
        stage=allocation.stage,
        left=round_div(allocation.left, PPM),
        groups=tuple(
            _group(book, settings, inputs, allocation, amounts, gaps[code], code) for code in allocation.by_code
        ),
        cap=capped.cap if capped else None,
        released=capped.release if capped else 0,
        unallocated=allocation.unallocated,
        findings=findings,
        statuses=inputs.statuses,
        citations=tuple(dict.fromkeys(citations)),
        cap_citation=cap_citation,
        allocation=allocation,
        capped=capped,
    )


def _group(
    book: Book,
    settings: Settings,
    inputs: _Inputs,
    allocation: Allocation,
    amounts: Mapping[str, int],
    gap: Distance,
    code: str,
) -> GroupShare:
    share = allocation.by_code[code]
    base = share.claim.base
    return GroupShare(
        code=code,
        name=inputs.names[code],
        base=base,
        excluded=inputs.excluded_after[code],
        target=share.claim.target,
        floor=round_div(share.floor, PPM),
        after_extra=round_div(share.after_extra, PPM),
        lacking=round_div(share.distance, PPM),
        share=share.amount,
        amount=amounts[code],
        released=share.amount - amounts[code],
        growth=ratio_ppm(amounts[code] - base, base) if base else None,
        total=gap.value,
        fair_share=gap.fair_share,
        distance=gap.distance,
        distance_ppm=gap.ppm,
        address=share_address(book.place.id, code, "amount", settings),
    )


def _deposit_findings(settings: Settings, capped: Capped | None) -> tuple[Finding, ...]:
    if capped is None or settings.cap is None or settings.deposit is None or capped.release == settings.deposit:
        return ()
    more = "more" if capped.release > settings.deposit else "less"
    sentence = (
        f"The cap of {percent_text(settings.cap)} releases £{thousands(capped.release)} thousand in scope, "
        f"£{thousands(abs(capped.release - settings.deposit))} thousand {more} than the deposit."
    )
    return (Finding("FS-07", Level.WARNING, Place(field="deposit"), sentence),)

"""Fair shares of a place under a scenario and under what-ifs: what each group gets, and what stood behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from openpbc.finance.reads.settings import AS_IT_IS, Settings, share_address
from openpbc.finance.reads.share_inputs import (
    EXTRA,
    MINIMUM,
    SCENARIOS,
    SHARES,
    Inputs,
    Scenario,
    read_inputs,
    refuse_negative,
    scenario,
    scenarios,
    targets,
)
from openpbc.finance.rules.capping import Capped, cap, least_release, release
from openpbc.finance.rules.distance import Distance, distances
from openpbc.finance.rules.fair_shares import Allocation, Claim, FairShareParameters, Stage, allocate
from openpbc.kernel.citations import Citation
from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.money import PPM, percent_text, ratio_ppm, round_div, thousands
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

__all__ = [
    "CAPPED",
    "EXTRA",
    "MINIMUM",
    "SCENARIOS",
    "SHARES",
    "FairShares",
    "GroupShare",
    "Scenario",
    "Settings",
    "fair_shares",
    "scenario",
    "scenarios",
    "share_address",
]
CAPPED = "allocate_then_cap"


@dataclass(frozen=True)
class GroupShare:
    """One group under a scenario; money in pence, growth in parts per million.

    ``share`` is what the rule gives in scope, ``amount`` what is left after a cap; ``total`` adds what is out of scope.
    ``excluded`` is the money out of scope of this year, ``excluded_by_rule`` what the rule took off the group's share
    for it, and ``excluded_before`` that of last year (none where no table holds it).
    """

    code: str
    name: str
    base: int
    excluded_before: int | None
    excluded: int
    excluded_by_rule: int
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

    @property
    def base_total(self) -> int | None:
        """Last year's budget, in scope and out of scope."""
        return None if self.excluded_before is None else self.base + self.excluded_before

    @property
    def total_growth(self) -> int | None:
        """Growth of the whole budget, in parts per million; none where last year's is nought or not held."""
        return ratio_ppm(self.total - self.base_total, self.base_total) if self.base_total else None

    @property
    def released_excluded(self) -> int:
        """What the group has less out of scope than the rule counted with."""
        return self.excluded_by_rule - self.excluded

    @property
    def deposit(self) -> int:
        """What the group gives up: what the cap releases in scope, and what it has less out of scope."""
        return self.released + self.released_excluded


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

    @property
    def deposit(self) -> int:
        """What all groups give up, in scope and out of scope."""
        return sum(group.deposit for group in self.groups)

    @property
    def base_total(self) -> int | None:
        """Last year's budgets of all groups; none where one of them is not held."""
        known = [group.base_total for group in self.groups if group.base_total is not None]
        return sum(known) if len(known) == len(self.groups) else None

    @property
    def total_growth(self) -> int | None:
        """Growth of all budgets together, in parts per million."""
        return ratio_ppm(self.total - self.base_total, self.base_total) if self.base_total else None

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


def fair_shares(book: Book, settings: Settings = AS_IT_IS) -> FairShares | NotSet:
    """Run the fair-shares rule, and the cap if the scenario or the what-if has one; the first gap answers "not set"."""
    chosen = scenario(book, settings.scenario)
    if isinstance(chosen, NotSet):
        return chosen
    inputs = read_inputs(book, chosen, settings)
    if isinstance(inputs, NotSet):
        return inputs
    goals = targets(inputs)
    claims = [Claim(code, inputs.bases[code], goals[code]) for code in inputs.weights]
    allocation = allocate(claims, inputs.pot, inputs.parameters)
    capped = _capped(book, chosen, settings, allocation)
    if isinstance(capped, NotSet):
        return capped
    # The address of a figure names its scenario, also where none was asked for.
    return _result(book, replace(settings, scenario=chosen.code), chosen, inputs, allocation, capped)


def _capped(book: Book, chosen: Scenario, settings: Settings, allocation: Allocation) -> Capped | NotSet | None:
    if settings.cap is not None:
        refuse_negative(settings.cap, "the cap")
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
    book: Book, settings: Settings, chosen: Scenario, inputs: Inputs, allocation: Allocation, capped: Capped | None
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
    inputs: Inputs,
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
        excluded_before=inputs.excluded_before[code] if inputs.excluded_before else None,
        excluded=inputs.excluded_after[code],
        excluded_by_rule=inputs.excluded[code],
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

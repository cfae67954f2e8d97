"""What the fair-shares rule is given: the scenarios of a place, and the figures that each of them names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from openpbc.finance.reads import cells
from openpbc.finance.reads.settings import Settings
from openpbc.finance.rules.fair_shares import FairShareParameters
from openpbc.finance.rules.scope_moves import Changes, ScopeChange
from openpbc.kernel.citations import Citation
from openpbc.kernel.money import share_out
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Table, Value

SCENARIOS = "finance.scenarios"
SHARES = "fair_shares.shares"
MINIMUM = "fair_shares.minimum_growth"
EXTRA = "fair_shares.extra_growth_limit"


@dataclass(frozen=True)
class Scenario:
    """One scenario as its pack describes it; sums of names are read when they are needed."""

    code: str
    title: str
    operation: str
    pot: str
    share_total: str
    base: str
    excluded_before: str
    excluded: str
    excluded_after: str
    cap: str
    deposit: str
    printed: str
    origin: str
    note: str
    citation: Citation


@lru_cache(maxsize=32)
def scenarios(book: Book) -> tuple[Scenario, ...] | NotSet:
    """List the scenarios of a place in the order of its pack."""
    listed = book.table(SCENARIOS)
    if isinstance(listed, NotSet):
        return listed
    fields = [name for name in Scenario.__dataclass_fields__ if name != "citation"]
    return tuple(Scenario(**{name: row.get(name, "") for name in fields}, citation=listed.citation) for row in listed)


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
class Inputs:
    """Everything that the rule needs, in pence, by group."""

    names: Mapping[str, str]
    weights: Mapping[str, int]
    bases: Mapping[str, int]
    excluded_before: Mapping[str, int] | None
    excluded: Mapping[str, int]
    excluded_after: Mapping[str, int]
    pot: int
    share_total: int
    parameters: FairShareParameters
    statuses: tuple[str, ...]
    citations: tuple[Citation, ...]


def read_inputs(book: Book, chosen: Scenario, settings: Settings) -> Inputs | NotSet:
    """Read what a scenario names, with what the settings change; the first gap answers "not set"."""
    inputs = _named(book, chosen)
    if isinstance(inputs, NotSet):
        return inputs
    if settings.pot is not None:
        refuse_negative(settings.pot, "the pot")
        inputs = replace(inputs, pot=settings.pot, share_total=inputs.share_total + settings.pot - inputs.pot)
    inputs = replace(inputs, parameters=_parameters(inputs.parameters, settings))
    return _in_scope(inputs, settings.scope_changes) if settings.scope else inputs


@lru_cache(maxsize=256)
def _named(book: Book, chosen: Scenario) -> Inputs | NotSet:
    """Read what a scenario names. Kept: a book never changes, and a thousand what-ifs start from the same figures."""
    shares = book.table(SHARES)
    columns = [cells.column_of(book, name) for name in (chosen.base, chosen.excluded, chosen.excluded_after)]
    sums = [cells.total(book, names) for names in (chosen.pot, chosen.share_total)]
    rates = [book.value(MINIMUM), book.value(EXTRA)]
    before = cells.column_of(book, chosen.excluded_before) if chosen.excluded_before else None
    for found in (shares, *columns, *sums, *rates, before):
        if isinstance(found, NotSet):
            return found
    assert isinstance(shares, Table) and not isinstance(before, NotSet)
    pot, share_total = (amount for amount in sums if isinstance(amount, int))
    bases, excluded, excluded_after = (column for column in columns if isinstance(column, Mapping))
    minimum, extra = (rate for rate in rates if isinstance(rate, Value))
    return Inputs(
        names={row["code"]: row["name"] for row in shares},
        weights={row["code"]: int(row["weight"]) for row in shares},
        bases=bases,
        excluded_before=before,
        excluded=excluded,
        excluded_after=excluded_after,
        pot=pot,
        share_total=share_total,
        parameters=FairShareParameters(minimum.ppm, extra.ppm),
        statuses=tuple(dict.fromkeys(str(found.status) for found in (minimum, extra, shares))),
        citations=(minimum.citation, extra.citation, shares.citation, chosen.citation),
    )


def _in_scope(inputs: Inputs, changes: Changes) -> Inputs:
    """Apply moves in and out of scope: what is out of scope leaves the pot; the total to be shared stays."""
    unknown = sorted(set(changes) - set(inputs.weights))
    if unknown:
        raise UserError(f"there is no group '{unknown[0]}' whose items could be moved")
    none = ScopeChange()
    every = {code: changes.get(code, none) for code in inputs.weights}
    moved = replace(
        inputs,
        bases={code: inputs.bases[code] + each.base for code, each in every.items()},
        excluded_before=inputs.excluded_before
        and {code: inputs.excluded_before[code] + each.excluded_before for code, each in every.items()},
        excluded={code: inputs.excluded[code] + each.excluded for code, each in every.items()},
        excluded_after={code: inputs.excluded_after[code] + each.excluded for code, each in every.items()},
        pot=inputs.pot - sum(each.excluded for each in every.values()),
    )
    for code, name in inputs.names.items():
        if moved.bases[code] < 0 or moved.excluded_after[code] < 0 or moved.pot < 0:
            raise UserError(f"the moves take more than {name} holds", do="Move smaller items, or fewer.")
    return moved


def _parameters(rates: FairShareParameters, settings: Settings) -> FairShareParameters:
    if settings.floor is not None:
        refuse_negative(settings.floor, "the minimum growth")
        rates = replace(rates, minimum_growth=settings.floor)
    if settings.extra is not None:
        refuse_negative(settings.extra, "the extra growth")
        rates = replace(rates, extra_growth=settings.extra)
    return rates


def refuse_negative(value: int, what: str) -> None:
    """A sum or a rate below nought is a person's mistake."""
    if value < 0:
        raise UserError(f"{what} may not be negative", do="Give nought or more.")


def targets(inputs: Inputs) -> dict[str, int]:
    """Give each group's fair share of what is in scope: its share of the total less its money out of scope."""
    fair = share_out(inputs.share_total, inputs.weights)
    return {code: fair[code] - inputs.excluded[code] for code in inputs.weights}

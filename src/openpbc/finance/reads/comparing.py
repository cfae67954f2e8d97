"""Scenarios side by side: any number of them, each a name for settings of the one rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from openpbc.finance.reads.planning import PlanPosition, plan
from openpbc.finance.reads.scenarios import CAPPED, FairShares, Settings, fair_shares, scenarios
from openpbc.kernel.money import percent_text, ratio_ppm, thousands
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

MOST = 40
THOUSAND = 100_000


@dataclass(frozen=True)
class Choice:
    """What can be compared. ``code`` is how an address names it; ``kind`` is published, ours, saved, tried or
    ledger."""

    code: str
    title: str
    kind: str
    settings: Settings
    note: str = ""


@dataclass(frozen=True)
class Alternative:
    """One scenario of a comparison, worked out.

    ``named`` is the plan at the deposit that the scenario names, ``figured`` at what its own figures give up; each is
    none where there is none.
    """

    choice: Choice
    result: FairShares
    named: PlanPosition | None
    figured: PlanPosition | None

    @property
    def title(self) -> str:
        """The title by which people know it."""
        return self.choice.title

    def part_given_up(self, code: str) -> int:
        """What a group gives up of what all give up, in parts per million."""
        return ratio_ppm(self.result.group(code).deposit, self.result.deposit)

    @property
    def is_capped(self) -> bool:
        """Whether a cap was laid over the shares."""
        return self.result.capped is not None


@dataclass(frozen=True)
class Beside:
    """The two operations on the same money: shares cut by a cap, and the rule run on less."""

    capped: Alternative
    shared: Alternative


@dataclass(frozen=True)
class Comparison:
    """Scenarios side by side, the first being what the others are held against."""

    alternatives: tuple[Alternative, ...]

    is_set = True

    @property
    def first(self) -> Alternative:
        """What the others are held against."""
        return self.alternatives[0]

    @property
    def beside(self) -> tuple[Beside, ...]:
        """Every pair of a cap and a sharing out that leave the groups the same money, to a thousand a group."""
        return tuple(
            Beside(capped, shared)
            for capped in self.alternatives
            for shared in self.alternatives
            if capped.is_capped
            and not shared.is_capped
            and abs(capped.result.total - shared.result.total) <= THOUSAND * len(capped.result.groups)
        )


def published(book: Book) -> tuple[Choice, ...]:
    """The scenarios of the place's pack, as choices."""
    listed = scenarios(book)
    if isinstance(listed, NotSet):
        return ()
    return tuple(
        Choice(
            each.code, each.title, "published" if each.origin == "source" else "ours", Settings(each.code), each.note
        )
        for each in listed
    )


def tried(book: Book, query: str) -> Choice:
    """A what-if that was not saved, told by its settings."""
    settings = Settings.parse(query)
    return Choice(settings.query, described(book, settings), "tried", settings)


def described(book: Book, settings: Settings) -> str:
    """Say settings in words: the scenario, and what was changed in it."""
    known = {each.code: each.title for each in published(book)}
    title = known.get(settings.scenario or next(iter(known), ""), settings.scenario)
    return f"{title}, with {words_of(settings)}" if settings.changed else title


def words_of(settings: Settings) -> str:
    """Say in words what settings change."""
    said = []
    for name, words in (("floor", "a minimum of"), ("extra", "an extra of at most"), ("cap", "a cap of")):
        rate = getattr(settings, name)
        said += [] if rate is None else [f"{words} {percent_text(rate)}"]
    for name, words in (("deposit", "a release of"), ("pot", "a pot of")):
        sum_ = getattr(settings, name)
        said += [] if sum_ is None else [f"{words} £{thousands(sum_)} thousand"]
    return ", ".join([*said, *(["items moved in or out of scope"] if settings.scope else [])])


def compare(book: Book, choices: Sequence[Choice]) -> Comparison | NotSet:
    """Work out every choice; the first gap answers "not set"."""
    if len(choices) > MOST:
        raise UserError(f"{len(choices)} scenarios are more than can be read", do=f"Choose at most {MOST}.")
    found = []
    for choice in choices:
        worked_out = alternative(book, choice)
        if isinstance(worked_out, NotSet):
            return worked_out
        found.append(worked_out)
    return Comparison(tuple(found))


def alternative(book: Book, choice: Choice) -> Alternative | NotSet:
    """Work out one choice, and the plan at its deposits."""
    result = fair_shares(book, choice.settings)
    if isinstance(result, NotSet):
        return result
    named = _position(book, choice.settings) if not choice.settings.changed else None
    gives_up = result.capped is not None or result.scenario.operation == CAPPED or bool(result.deposit)
    figured = plan(book, deposit=result.deposit) if gives_up else None
    return Alternative(choice, result, named, None if isinstance(figured, NotSet) else figured)


def _position(book: Book, settings: Settings) -> PlanPosition | None:
    found = plan(book, settings.scenario)
    return None if isinstance(found, NotSet) else found


@dataclass(frozen=True)
class Solved:
    """A cap and the deposit that it makes, found from either; ``query`` names the settings for a comparison."""

    given: str
    query: str
    result: FairShares | None
    refused: str = ""


def solved(book: Book, asked: Mapping[str, int]) -> tuple[Solved, ...]:
    """Find the deposit that a cap makes and the cap that makes a deposit, on the place's first scenario."""
    first = published(book)[0].settings
    found = []
    if "cap" in asked:
        found.append(_solved(book, f"Cap of {percent_text(asked['cap'])}", replace(first, cap=asked["cap"])))
    if "deposit" in asked:
        given = f"Deposit of £{thousands(asked['deposit'])} thousand"
        found.append(_solved(book, given, replace(first, deposit=asked["deposit"])))
    return tuple(found)


def _solved(book: Book, given: str, settings: Settings) -> Solved:
    try:
        result = fair_shares(book, settings)
    except UserError as problem:
        return Solved(given, "", None, problem.sentence)
    return Solved(given, settings.query, None if isinstance(result, NotSet) else result)

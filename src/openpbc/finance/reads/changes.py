"""What settings change: each group's result under some settings less the result under others, as a figure with steps.

A what-if is held against its own scenario, or any scenario against any other.
"""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.finance.reads.evidence import book_evidence, no_figure
from openpbc.finance.reads.scenarios import SCENARIOS, FairShares, Settings, fair_shares
from openpbc.kernel.steps import Explanation, Step
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

PREFIX = "fair-shares-change"
BETWEEN = "fair-shares-between"
ALL = "all"
FIGURES = {"amount": "budget in scope", "total": "budget", "distance": "distance from fair share"}


@dataclass(frozen=True)
class Change:
    """One figure of one group (or of ``all``) under a what-if, less the same figure of the scenario. Pence."""

    group: str
    figure: str
    tried: int
    scenario: int
    address: str

    @property
    def value(self) -> int:
        """How much the figure differs."""
        return self.tried - self.scenario


def change(tried: FairShares, scenario: FairShares, group: str, figure: str = "total") -> Change:
    """Compare one figure of a what-if with that of its scenario."""
    query = tried.settings.query
    address = f"{PREFIX}/{tried.place}/{group}/{figure}" + (f"?{query}" if query else "")
    return Change(group, figure, _value(tried, group, figure), _value(scenario, group, figure), address)


def of_scenario(book: Book, tried: FairShares) -> FairShares:
    """Give the scenario's own result, without what the what-if changed."""
    found = fair_shares(book, Settings(scenario=tried.scenario.code))
    if isinstance(found, NotSet):
        raise found.problem
    return found


def _value(result: FairShares, group: str, figure: str) -> int:
    if group == ALL:
        return sum(int(getattr(each, figure)) for each in result.groups)
    return int(getattr(result.group(group), figure))


def between(of: FairShares, less: FairShares, group: str, figure: str = "total") -> Change:
    """Compare one figure under two scenarios; the address names the settings of both."""
    parts = [("of", of.settings.query), ("less", less.settings.query)]
    query = "&".join(f"{side}.{setting}" for side, text in parts for setting in text.split("&"))
    address = f"{BETWEEN}/{of.place}/{group}/{figure}?{query}"
    return Change(group, figure, _value(of, group, figure), _value(less, group, figure), address)


def explain_change(book: Book, address: str) -> Explanation:
    """Explain ``fair-shares-change/<place>/<group or all>/<figure>?<settings>``."""
    query, group, figure = _parts(address)
    tried = _result(book, query)
    scenario = of_scenario(book, tried)
    found = change(tried, scenario, group, figure)
    title = f"change of the {FIGURES[figure]} by the what-if ({tried.scenario.title})"
    return _explanation(book, address, title, found, (tried, "in the what-if"), (scenario, "in the scenario"))


def explain_between(book: Book, address: str) -> Explanation:
    """Explain ``fair-shares-between/<place>/<group or all>/<figure>?<settings as of., settings as less.>``."""
    query, group, figure = _parts(address)
    settings = query.split("&")
    of, less = (
        _result(book, "&".join(each.removeprefix(side) for each in settings if each.startswith(side)))
        for side in ("of.", "less.")
    )
    found = between(of, less, group, figure)
    title = f"{FIGURES[figure]} under one scenario less another"
    sides = [
        (each, f"under: {each.scenario.title}{' (changed)' if each.settings.changed else ''}") for each in (of, less)
    ]
    return _explanation(book, address, title, found, *sides)


def _parts(address: str) -> tuple[str, str, str]:
    path, _, query = address.partition("?")
    parts = path.split("/")
    if len(parts) != 4 or parts[3] not in FIGURES:
        raise no_figure(address)
    return query, parts[2], parts[3]


def _result(book: Book, query: str) -> FairShares:
    found = fair_shares(book, Settings.parse(query))
    if isinstance(found, NotSet):
        raise found.problem
    return found


def _explanation(
    book: Book, address: str, title: str, found: Change, of: tuple[FairShares, str], less: tuple[FairShares, str]
) -> Explanation:
    (one, one_words), (other, other_words) = of, less
    name = "All groups" if found.group == ALL else one.group(found.group).name
    what = FIGURES[found.figure]
    steps = (
        Step(
            PREFIX, f"{what.capitalize()} {one_words}", found.tried, (), one.scenario.citation,
            one.address(found.group, found.figure),
        ),
        Step(
            PREFIX, f"Less: {what} {other_words}", -found.scenario, (), other.scenario.citation,
            other.address(found.group, found.figure),
        ),
    )  # fmt: skip
    return Explanation(
        address=address,
        title=f"{name}: {title}",
        value=found.value,
        unit="pence",
        formula="the first less the second",
        steps=steps,
        citations=tuple(dict.fromkeys((*one.citations, *other.citations))),
        evidence=book_evidence(book, book.need_table(SCENARIOS).path),
        statuses=one.statuses,
    )

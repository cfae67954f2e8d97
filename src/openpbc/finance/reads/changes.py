"""What a what-if changes: each group's result less what the scenario itself gives, as a figure with steps."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.finance.reads.evidence import book_evidence, no_figure
from openpbc.finance.reads.scenarios import SCENARIOS, FairShares, Settings, fair_shares
from openpbc.kernel.steps import Explanation, Step
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

PREFIX = "fair-shares-change"
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
        """How much the what-if changes the figure."""
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


def explain_change(book: Book, address: str) -> Explanation:
    """Explain ``fair-shares-change/<place>/<group or all>/<figure>?<settings>``."""
    path, _, query = address.partition("?")
    parts = path.split("/")
    if len(parts) != 4 or parts[3] not in FIGURES:
        raise no_figure(address)
    tried = fair_shares(book, Settings.parse(query))
    if isinstance(tried, NotSet):
        raise tried.problem
    scenario = of_scenario(book, tried)
    found = change(tried, scenario, parts[2], parts[3])
    name = "All groups" if found.group == ALL else tried.group(found.group).name
    what = FIGURES[found.figure]
    steps = (
        Step(
            PREFIX,
            f"{what.capitalize()} in the what-if",
            found.tried,
            (),
            None,
            tried.address(found.group, found.figure),
        ),
        Step(
            PREFIX,
            f"Less: {what} in the scenario",
            -found.scenario,
            (),
            scenario.scenario.citation,
            scenario.address(found.group, found.figure),
        ),
    )
    return Explanation(
        address=address,
        title=f"{name}: change of the {what} by the what-if ({tried.scenario.title})",
        value=found.value,
        unit="pence",
        formula="what-if less scenario",
        steps=steps,
        citations=tried.citations,
        evidence=book_evidence(book, book.need_table(SCENARIOS).path),
        statuses=tried.statuses,
    )

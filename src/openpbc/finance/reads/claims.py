"""What the papers say of a scenario, beside what the figures of that scenario and of others show."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.finance.reads.comparing import Alternative, Choice, Comparison, alternative
from openpbc.finance.reads.scenarios import SHARES, FairShares, Settings
from openpbc.finance.rules.claims import Judged, Verdict, at_least, grows_above, nearer, releases, rests_on
from openpbc.finance.rules.distance import distances
from openpbc.kernel.citations import Citation
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Value

CLAIMS = "finance.plan_claims"
ALL = "all"


@dataclass(frozen=True)
class JudgedClaim:
    """One claim of the papers: of which scenario it is said, what its figures show, and of which others it holds."""

    code: str
    claim: str
    said_of: str
    judged: Judged
    figure: tuple[str, int, str] | None
    """The figure that decides: its unit (pence or ppm), its value, and where it is explained."""
    holds_for: tuple[str, ...]
    citation: Citation


def claims(book: Book, comparison: Comparison) -> tuple[JudgedClaim, ...] | NotSet:
    """Judge every claim of the place's papers by the scenario that it is said of, and by those compared."""
    listed = book.table(CLAIMS)
    if isinstance(listed, NotSet):
        return listed
    found = []
    for row in listed:
        own = alternative(book, Choice(row["scenario"], "", "published", Settings(row["scenario"])))
        if isinstance(own, NotSet):
            return own
        judged = _judge(book, own.result, row["test"], row["arguments"].split())
        others = tuple(
            each.title
            for each in comparison.alternatives
            if each.choice.code != row["scenario"] and row["test"] != "rests_on" and _holds(book, each, row)
        )
        title = own.result.scenario.title
        figure = _figure(own.result, row["test"], judged)
        found.append(JudgedClaim(row["code"], row["claim"], title, judged, figure, others, listed.citation))
    return tuple(found)


def _holds(book: Book, other: Alternative, row: dict[str, str]) -> bool:
    return _judge(book, other.result, row["test"], row["arguments"].split()).verdict is Verdict.HOLDS


def _judge(book: Book, result: FairShares, test: str, names: list[str]) -> Judged:
    values = [book.value(name) for name in names]
    missing = tuple(each.meaning[:1].lower() + each.meaning[1:] for each in values if isinstance(each, NotSet))
    if test == "rests_on":
        return rests_on(missing)
    if missing:
        return Judged(Verdict.OPEN, f"Not set: {'; '.join(missing)}.")
    known = [each for each in values if isinstance(each, Value)]
    match test:
        case "nearer":
            return _nearer(book, result)
        case "releases":
            return releases(result.deposit, known[0].pence)
        case "at_least":
            return at_least(result.deposit, known[0].pence)
        case "grows_above":
            return grows_above(result.growth, result.total_growth, known[0].ppm)
    raise UserError(f"'{test}' is no test of a claim", where=CLAIMS)


def _nearer(book: Book, result: FairShares) -> Judged:
    shares = book.need_table(SHARES)
    weights = {row["code"]: int(row["weight"]) for row in shares}
    before = {one.code: one.base_total for one in result.groups if one.base_total is not None}
    if len(before) < len(result.groups) or not all(before.values()):
        return Judged(Verdict.OPEN, "Last year's budgets out of scope are not held.")
    start = distances(before, sum(before.values()), weights)
    return nearer(
        {code: each.ppm or 0 for code, each in start.items()},
        {one.code: one.distance_ppm or 0 for one in result.groups},
        {one.code: one.name for one in result.groups},
    )


def _figure(result: FairShares, test: str, judged: Judged) -> tuple[str, int, str] | None:
    if test in ("releases", "at_least", "rests_on"):
        return "pence", result.deposit, result.address(ALL, "deposit")
    if test == "grows_above" and result.growth is not None:
        return "ppm", result.growth, result.address(ALL, "growth")
    ppm = result.group(judged.group).distance_ppm if judged.group else None
    return None if ppm is None else ("ppm", ppm, result.address(judged.group, "distance_rate"))

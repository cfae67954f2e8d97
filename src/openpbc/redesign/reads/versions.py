"""What was handed in and what was said of it: versions, reviews by function, comments, agreements of groups."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpbc.governance import reads as governance
from openpbc.kernel.problems import UserError
from openpbc.redesign import models
from openpbc.redesign.models.review import MORE_WORK, RETURNED, WAIVED
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.parts import lines
from openpbc.redesign.rules.completeness import PARTS
from openpbc.redesign.rules.transitions import GROUPS
from openpbc.redesign.rules.versions import Difference, body_hash, differences
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table

FUNCTIONS = "redesign.functions"
OUTCOMES = {RETURNED: "Reviewed, nothing more needed", MORE_WORK: "Needs more work", WAIVED: "Not needed here"}


@dataclass(frozen=True)
class Version:
    """A case as it was handed in."""

    id: int
    number: int
    body: Mapping[str, Any]
    sha256: str
    book_hash: str
    frozen_by: str
    frozen_at: datetime

    @property
    def intact(self) -> bool:
        """Whether the text still has the hash that it was handed in with."""
        return body_hash(self.body) == self.sha256


@dataclass(frozen=True)
class Review:
    """What one function said of one version."""

    version: int
    function: str
    outcome: str
    text: str
    reviewer: str
    reviewed_at: datetime


@dataclass(frozen=True)
class Comment:
    """A comment on a part, and the reply to it if there is one."""

    id: int
    part: str
    function: str
    text: str
    by: str
    at: datetime
    reply: str
    replied_by: str
    replied_at: datetime | None


@dataclass(frozen=True)
class Agreement:
    """What one group said of one version."""

    version: int
    unit: str
    agreed: bool
    route: str
    reason: str
    by: str
    person: str
    at: datetime
    lapsed: bool


def versions_of(case: Case) -> tuple[Version, ...]:
    """Every version of a case, the first one first."""
    return tuple(_version(row) for row in models.Version.objects.filter(case_id=case.id))


def version(case: Case, number: int) -> Version:
    """One version; an unknown number is a person's mistake."""
    row = models.Version.objects.filter(case_id=case.id, number=number).first()
    if row is None:
        raise UserError(f"case {case.number} has no version {number}", do="Choose one from the page of the case.")
    return _version(row)


def latest(case: Case) -> Version | None:
    """The version that was handed in last."""
    return latest_of((case,)).get(case.id)


def latest_of(cases: Iterable[Case]) -> dict[int, Version]:
    """The version of each of several cases that was handed in last, by the case's id, for those that have one."""
    rows = models.Version.objects.filter(case_id__in=[each.id for each in cases]).order_by("number")
    last = dict(rows.values_list("case_id", "pk"))  # the highest number comes last, and counts
    return {row.case_id: _version(row) for row in models.Version.objects.filter(pk__in=last.values())} if last else {}


def newest_number(case: Case) -> int | None:
    """The number of the version that was handed in last: each step that a case took tells it, so nothing is asked."""
    return max((each.version for each in case.passages if each.version), default=None)


def _version(row: models.Version) -> Version:
    names = "id number body sha256 book_hash frozen_by frozen_at".split()
    return Version(**{name: getattr(row, name) for name in names})


def functions(book: Book) -> dict[str, str]:
    """The functions that review a case, by code; none where the rulebook names none."""
    found = book.table(FUNCTIONS)
    return {row["code"]: row["title"] for row in found} if isinstance(found, Table) else {}


def function_roles(book: Book) -> dict[str, frozenset[str]]:
    """Which roles review for each function."""
    found = book.table(FUNCTIONS)
    return {row["code"]: frozenset(row["roles"].split()) for row in found} if isinstance(found, Table) else {}


def reviews(case: Case, number: int | None = None) -> tuple[Review, ...]:
    """Reviews of one version, or of all."""
    found = reviews_of((case,))[case.id]
    return tuple(each for each in found if number in (None, each.version))


def reviews_of(cases: Iterable[Case]) -> dict[int, tuple[Review, ...]]:
    """Reviews of every version of each of several cases, by the case's id, read once for all."""
    found: dict[int, list[Review]] = {each.id: [] for each in cases}
    names = "function outcome text reviewer reviewed_at".split()
    rows = models.Review.objects.filter(version__case_id__in=found).order_by("version__number", "function")
    for case, *values in rows.values_list("version__case_id", "version__number", *names):
        found[case].append(Review(*values))
    return {case: tuple(own) for case, own in found.items()}


def reviews_open(book: Book, case: Case, said: Iterable[Review]) -> tuple[str, ...]:
    """The codes of the functions that have neither returned nor waived their review of the newest version.

    ``said`` are the reviews of the case.
    """
    newest = newest_number(case)
    done = {each.function for each in said if newest and each.version == newest and each.outcome != MORE_WORK}
    return tuple(code for code in functions(book) if code not in done)


def comments(case: Case) -> tuple[Comment, ...]:
    """Every comment on a case, the oldest first."""
    return comments_of((case,))[case.id]


def comments_of(cases: Iterable[Case]) -> dict[int, tuple[Comment, ...]]:
    """Every comment on each of several cases, by the case's id, read once for all."""
    found: dict[int, list[Comment]] = {each.id: [] for each in cases}
    names = "id part function text by at reply replied_by replied_at".split()
    for case, *values in models.Comment.objects.filter(case_id__in=found).values_list("case_id", *names):
        found[case].append(Comment(*values))
    return {case: tuple(own) for case, own in found.items()}


def agreements(case: Case) -> tuple[Agreement, ...]:
    """What groups said of every version, in the order in which they said it."""
    return agreements_of((case,))[case.id]


def agreements_of(cases: Iterable[Case]) -> dict[int, tuple[Agreement, ...]]:
    """What groups said of every version of each of several cases, by the case's id, read once for all."""
    found: dict[int, list[Agreement]] = {each.id: [] for each in cases}
    names = "unit agreed route reason by person at lapsed".split()
    rows = models.Agreement.objects.filter(version__case_id__in=found)
    for case, *values in rows.values_list("version__case_id", "version__number", *names):
        found[case].append(Agreement(*values))
    return {case: tuple(own) for case, own in found.items()}


def agreements_in_force(
    case: Case, said: Iterable[Agreement] | None = None, matters: governance.Matters | None = None
) -> dict[str, Agreement]:
    """What each group says of the newest version, without answers that an interest made void.

    ``said`` is all that groups said and ``matters`` knows who has an interest, where somebody has read them.
    """
    newest = _newest_agreements(case, said)
    void = _void(case, newest, matters)
    return {unit: each for unit, each in newest.items() if unit not in void}


def void_agreements(case: Case) -> dict[str, Agreement]:
    """Answers of somebody who turned out to have an interest, while the groups are asked: those groups answer again."""
    return _void(case, _newest_agreements(case, None), None)


def _void(case: Case, newest: Mapping[str, Agreement], matters: governance.Matters | None) -> dict[str, Agreement]:
    if case.stage != GROUPS or not newest:
        return {}
    stands = (matters or governance.Matters(case.place, (case.matter,))).standings(case.matter)
    return {unit: each for unit, each in newest.items() if each.person in stands and not stands[each.person].votes}


def _newest_agreements(case: Case, said: Iterable[Agreement] | None) -> dict[str, Agreement]:
    newest = newest_number(case)
    if newest is None:
        return {}
    known = agreements(case) if said is None else said
    return {each.unit: each for each in known if each.version == newest and not each.lapsed}


def compared(case: Case, first: int, second: int) -> tuple[Difference, ...]:
    """Two versions line by line; number 0 is the case as it is being written."""
    return differences(PARTS, _lines_of(case, first), _lines_of(case, second))


def _lines_of(case: Case, number: int) -> dict[str, tuple[str, ...]]:
    if number == 0:
        return lines({code: each.body for code, each in case.parts.items()})
    return lines(version(case, number).body["parts"])

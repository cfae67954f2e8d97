"""What was found in one received file. A landed file never changes, so an answer once worked out is kept a while."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from openpbc.activity.flow import checking
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.layouts import layouts
from openpbc.activity.flow.reference import MemberRow, check_rules
from openpbc.activity.reads.codes import local_codes
from openpbc.activity.reads.submissions import members, submission
from openpbc.activity.rules.local_codes import LocalCode
from openpbc.kernel.findings import Finding, Level, Place
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store
from openpbc.rulebook.reader import Book
from openpbc.warehouse import landing
from openpbc.warehouse.session import Session
from openpbc.warehouse.store import Store

LARGEST_PAGE = 1_000
_KEPT_ANSWERS = 8


@dataclass(frozen=True)
class RuleCount:
    """How often a file breaks one rule in one field, with the rule's sentence."""

    rule: str
    level: str
    field: str
    count: int
    sentence: str


@dataclass(frozen=True)
class Checked:
    """What became of a file's lines: lines = accepted + rejected + excluded.

    ``reasons`` gives (outcome, reason, lines) for what was not accepted; ``rules`` what was found, worst first.
    """

    sha256: str
    lines: int
    accepted: int
    rejected: int
    excluded: int
    reasons: tuple[tuple[str, str, int], ...]
    rules: tuple[RuleCount, ...]

    @property
    def findings(self) -> int:
        """How many findings there are in all."""
        return sum(rule.count for rule in self.rules)


@dataclass(frozen=True)
class _Answer:
    outcomes: tuple[tuple[str, str, int], ...]
    marks: tuple[tuple[int, str, str, str], ...]


def checked(place: str, sha256: str) -> Checked:
    """Check one received file by itself and count what was found."""
    found = submission(place, sha256)
    book, answer = organisations.book(place), _answer_of(place, found.submitted)
    rules = check_rules(book)
    counts: dict[tuple[str, str, str], int] = {}
    for _, rule, level, field in answer.marks:
        counts[level, rule, field] = counts.get((level, rule, field), 0) + 1
    worst = [level.value for level in Level]
    ordered = sorted(counts, key=lambda key: (worst.index(key[0]), key[1], key[2]))
    by_outcome = dict.fromkeys(("accepted", "rejected", "excluded"), 0)
    for outcome, _, lines in answer.outcomes:
        by_outcome[outcome] += lines
    return Checked(
        sha256=found.sha256,
        lines=found.lines,
        **by_outcome,
        reasons=tuple(one for one in answer.outcomes if one[0] != "accepted"),
        rules=tuple(
            RuleCount(rule, level, field, counts[level, rule, field], rules[rule].sentence)
            for level, rule, field in ordered
        ),
    )


def findings(
    place: str, sha256: str, *, rule: str = "", level: str = "", limit: int = LARGEST_PAGE, offset: int = 0
) -> list[Finding]:
    """List the findings of one received file in the order of its lines, of one rule or level if said."""
    if not 1 <= limit <= LARGEST_PAGE or offset < 0:
        raise UserError("there is no such page", do=f"Give a limit from 1 to {LARGEST_PAGE} and an offset from 0.")
    found = submission(place, sha256)
    sentences = check_rules(organisations.book(place))
    wanted = [
        mark
        for mark in _answer_of(place, found.submitted).marks
        if (not rule or mark[1] == rule) and (not level or mark[2] == level)
    ]
    return [
        Finding(name, Level(weight), Place(found.file, line, field), sentences[name].sentence)
        for line, name, weight, field in wanted[offset : offset + limit]
    ]


def marks_of(place: str, one: Submitted) -> tuple[tuple[int, str, str, str], ...]:
    """Give every finding of a file as line, rule, level and field, in the order of the lines."""
    return _answer_of(place, one).marks


def records(place: str, sha256: str, lines: Sequence[int], *, identities: bool = False) -> list[dict[str, Any]]:
    """Give lines of a received file as they came, with their line number; for those who may see records.

    What tells who a person is comes with them only for those who sent it (``identities``); a line that could not be
    parsed is given as its text to them, and to others as what is wrong with it.
    """
    if len(lines) > LARGEST_PAGE:
        raise UserError("too many lines are asked for at once", do=f"Ask for at most {LARGEST_PAGE}.")
    found = submission(place, sha256)
    landed = landing.landed(store(), found.sha256)
    if landed is None:
        raise UserError("the landed file is missing from the warehouse", found.file, "Receive the file again.")
    with Session(temp_directory=store().spill) as session:
        found_lines = landing.lines_of(session, store(), landed, lines)
    hidden = frozenset() if identities else {"text", *landed.apart}
    return [{name: value for name, value in line.items() if name not in hidden} for line in found_lines]


def _answer_of(place: str, one: Submitted) -> _Answer:
    book = organisations.book(place)
    codes = local_codes(place, Month.parse(one.month) if one.month else None)
    return _answer(_Question(store(), book, one, tuple(members(place)), codes))


@dataclass(frozen=True)
class _Question:
    """All that an answer depends on; an unchanged book is always the same object."""

    store: Store
    book: Book
    submitted: Submitted
    members: tuple[MemberRow, ...]
    codes: tuple[LocalCode, ...]


@lru_cache(maxsize=_KEPT_ANSWERS)
def _answer(question: _Question) -> _Answer:
    known = layouts(question.book)
    with Session(temp_directory=question.store.spill) as session:
        files = [question.submitted]
        checking.check(session, question.store, question.book, known, files, question.members, question.codes)
        outcomes = session.rows(
            "select outcome, coalesce(reason, '') as reason, count(*) as lines from outcome group by all order by all"
        )
        marks = session.rows(
            "select line, rule, level, field from finding where level <> 'X' order by line, rule, field"
        )
    return _Answer(
        tuple((outcome, reason, lines) for outcome, reason, lines in outcomes),
        tuple((line, rule, level, field) for line, rule, level, field in marks),
    )

"""The tests on which a body says a word whenever it decides a matter of a kind, the same for every group."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.governance.reads.seats import all_bodies
from openpbc.governance.rules.voting import APPROVED, RECOMMENDS, REFUSED, RETURNED
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

CRITERIA = "governance.criteria"
# The outcomes of which the tests are asked: noting or deferring a matter decides nothing on it.
ASKED_OF = frozenset({APPROVED, RETURNED, REFUSED})


@dataclass(frozen=True)
class Criterion:
    """One test: what it is called, and the question that is answered in a short note."""

    code: str
    title: str
    question: str


def criteria(book: Book, body: str, matter: str) -> tuple[Criterion, ...]:
    """The tests of a matter before a body; none before a body that only recommends, and none where none is set."""
    found, kind = book.table(CRITERIA), matter.partition("/")[0]
    if isinstance(found, NotSet) or all_bodies(book)[body].power == RECOMMENDS:
        return ()
    return tuple(Criterion(row["code"], row["title"], row["question"]) for row in found if row["matter"] == kind)

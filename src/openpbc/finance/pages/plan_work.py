"""What waits on the way of the plan's versions: for finance, and for those who record decisions."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse

from openpbc.finance.pages.plan_versions import decision_query, version_path
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.reads.plan_versions import Version
from openpbc.finance.rules import plan_versions as rule
from openpbc.governance import reads as governance
from openpbc.rulebook.reader import Book
from openpbc.ui.offers import Work

FINANCE = frozenset({"finance_manager"})
RECORDERS = frozenset({"committee_secretary", "committee_chair"})


def work(book: Book) -> Iterator[Work]:
    """The newest draft waits for finance; a submitted version waits for its decision, then for its approval."""
    found = reads.plan_versions(book.place.id, str(book.place.year))
    drafts = [each for each in found if each.is_draft]
    if drafts:
        yield _of_draft(book, drafts[0])
    for each in found:
        if each.facts is not None and each.facts.state == rule.SUBMITTED:
            yield from _of_submitted(book, each)


def _of_draft(book: Book, version: Version) -> Work:
    waiting, warned = len(version.provisional), len(reads.findings(book, version.lines))
    reason = f"{waiting} lines are not notified yet, {warned} findings are to be looked at."
    text = f"Finish version {version.key} of the {book.word('plan')} and submit it"
    return Work(text, reason, version_path(book, version.key), FINANCE)


def _of_submitted(book: Book, version: Version) -> Iterator[Work]:
    facts = version.facts
    assert facts is not None
    if governance.approval(book.place.id, facts.matter) is not None:
        text = f"Approve version {version.key} of the {book.word('plan')}"
        yield Work(text, "The decision on it is recorded.", version_path(book, version.key), FINANCE)
        return
    yield Work(
        text=f"Record the decision on version {version.key} of the {book.word('plan')}",
        reason=f"{facts.submitted_by} submitted it: {facts.title}.",
        href=f"{reverse('governance:record', args=[book.place.id])}?{urlencode(decision_query(facts))}",
        roles=RECORDERS,
    )

"""The paper on which the Board decides the year's budgets: what is asked, the figures, and what does not add up."""

from __future__ import annotations

from openpbc.finance.pages import paper_parts as parts
from openpbc.finance.pages import paper_plan as plans
from openpbc.finance.pages import paper_sets as sets
from openpbc.finance.pages import paper_shares as shares
from openpbc.finance.pages.paper_basis import Basis
from openpbc.finance.pages.paper_parts import said, thousand
from openpbc.rulebook.values import NotSet
from openpbc.ui.documents import Bullets, Document, Heading, Paragraph, Part, Text
from openpbc.ui.figures import Missing
from openpbc.ui.pages import capital

AGREED = "finance.deposit_agreed"


def board_paper(basis: Basis) -> Document:
    """Write the paper for a place and a scenario; what is not set is said, and nothing is made up for it."""
    book = basis.book
    board = book.word("board")
    return Document(
        title=f"{capital(book.word('group_budgets'))} {book.place.year.label}: paper for the {board}",
        subtitle=f"Scenario: {basis.title}" if basis.scenario else "No figures of the year are held yet",
        facts=basis.facts,
        parts=(*_purpose(basis), *_body(basis)),
        draft=basis.is_draft,
        synthetic=basis.is_synthetic,
        footer=basis.footer,
    )


def _body(basis: Basis) -> tuple[Part, ...]:
    book = basis.book
    return (
        *plans.allocation_part(basis),
        *plans.plan_part(basis),
        *plans.funding_part(book),
        *sets.set_part(basis),
        *shares.budgets_part(basis),
        *shares.deposit_part(basis),
        *shares.years_part(basis),
        *shares.distance_part(basis),
        *shares.claims_part(basis),
        *sets.replies_part(basis),
        *parts.assumptions_part(book),
        *sets.questions_part(basis),
        *sets.steps_part(basis),
        *parts.checks_part(book),
        *parts.provenance_part(book, basis.facts),
    )


def _purpose(basis: Basis) -> tuple[Part, ...]:
    book, board = basis.book, basis.book.word("board")
    title = Heading(f"What the {board} is asked to decide")
    if basis.scenario is None:
        told = f"The {board} cannot be asked yet: the figures of {book.place.year.label} are not set."
        return (title, Paragraph(f"{told} This paper says what is missing."))
    return (title, Paragraph(f"The {board} is asked:"), Bullets((*_asked(basis), _notes(basis))))


def _asked(basis: Basis) -> tuple[Text, ...]:
    book, result = basis.book, basis.result
    if isinstance(result, NotSet):
        return ()
    budgets = said(
        f"to approve, change or refuse the {book.word('group_budgets')} of {book.place.year.label} ",
        f"under the scenario “{basis.title}”, ",
        thousand(result.total, result.address("all", "total")),
        " in all;",
    )
    if basis.deposit is None or basis.balance is None:
        return (budgets,)
    deposit = said(
        f"to say whether the {book.word('plan')} may rest on a {book.word('deposit')} of £",
        basis.deposit,
        " thousand, which leaves a balance of £",
        basis.balance,
        " thousand",
        "; the sum agreed is ",
        _agreed(basis),
        ";",
    )
    return (budgets, deposit)


def _agreed(basis: Basis) -> parts.Words:
    found = basis.book.value(AGREED)
    return (Missing(found.path),) if isinstance(found, NotSet) else thousand(found.pence)


def _notes(basis: Basis) -> str:
    odd = sum(1 for check in parts.known_checks(basis.book) if check.difference)
    return f"to note that {odd} figures of the source do not come out exactly, and the questions that are open."

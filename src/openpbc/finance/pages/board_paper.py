"""The paper on which the Board decides the year's budgets: what is asked, the figures, and what does not add up."""

from __future__ import annotations

from openpbc.finance.pages import paper_parts as parts
from openpbc.finance.pages import paper_plan as plans
from openpbc.finance.pages import paper_sets as sets
from openpbc.finance.pages import paper_shares as shares
from openpbc.finance.pages.paper_basis import Basis
from openpbc.finance.pages.paper_parts import said, thousand
from openpbc.finance.pages.paper_sets import TOTAL
from openpbc.finance.reads.budget_sets import ALL, BudgetSet
from openpbc.finance.reads.deposits import AGREED, deposit_states
from openpbc.finance.rules.ledger import DEPOSIT
from openpbc.governance import reads as governance
from openpbc.governance.reads import Decision
from openpbc.rulebook.values import NotSet
from openpbc.ui.documents import Bullets, Document, Heading, Paragraph, Part, Text
from openpbc.ui.pages import capital

PUBLISHED = "finance.deposit_agreed"


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
    if basis.budgets and basis.decision:
        return _decided(basis, basis.budgets, basis.decision)
    title = Heading(f"What the {board} is asked to decide")
    if basis.scenario is None:
        told = f"The {board} cannot be asked yet: the figures of {book.place.year.label} are not set."
        return (title, Paragraph(f"{told} This paper says what is missing."))
    note = f"to note that {_odd(basis)}, and the questions that are open."
    return (title, Paragraph(f"The {board} is asked:"), Bullets((*_asked(basis), note)))


def _decided(basis: Basis, found: BudgetSet, decision: Decision) -> tuple[Part, ...]:
    """What was decided on the set, by the body that decided it; nothing is asked again."""
    book, facts, sums = basis.book, found.facts, found.sums
    body = governance.bodies(book).get(decision.body, decision.body)
    day = decision.when.name
    told = f"On {day} the {body} approved {facts.name.lower()}, “{facts.title}” (minute {decision.minute}):"
    year = book.place.year.label
    items: list[Text] = [
        said(
            f"the {book.word('group_budgets')} of {year}, ",
            thousand(sums.groups, facts.address(ALL, TOTAL)),
            " in all;",
        )
    ]
    if sums.deposits:
        lodged = thousand(sums.deposits, facts.address(ALL, DEPOSIT))
        items.append(said(f"a {book.word('deposit')} of ", lodged, "; ", *_agreed(basis), "."))
    noted = Paragraph(f"To be known beside it: {_odd(basis)}.")
    return (Heading(f"What the {body} decided"), Paragraph(told), Bullets(tuple(items)), noted)


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
        "; ",
        *_agreed(basis),
        ";",
    )
    return (budgets, deposit)


def _agreed(basis: Basis) -> parts.Words:
    """The sum that was agreed: as it was stated here, else as the papers say it."""
    states = deposit_states(basis.book)
    if states and states[0].status == AGREED:
        return said("the sum agreed is ", thousand(states[0].pence, states[0].address))
    found = basis.book.value(PUBLISHED)
    if isinstance(found, NotSet):
        return (f"the sum is not agreed yet with the {basis.book.word('regional_body')}",)
    return said("the sum agreed is ", thousand(found.pence))


def _odd(basis: Basis) -> str:
    odd = sum(1 for check in parts.known_checks(basis.book) if check.difference)
    return f"{odd} figures of the source do not come out exactly"

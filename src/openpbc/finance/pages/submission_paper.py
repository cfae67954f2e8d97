"""The draft plan as it is submitted to the regional body: it names its scenario, its plan and its deposit."""

from __future__ import annotations

from openpbc.finance import reads
from openpbc.finance.pages import paper_parts as parts
from openpbc.finance.pages import paper_plan as plans
from openpbc.finance.pages import paper_sets as sets
from openpbc.finance.pages import paper_shares as shares
from openpbc.finance.pages.checks import ANOMALIES
from openpbc.finance.pages.paper_basis import Basis
from openpbc.finance.pages.paper_parts import said, thousand
from openpbc.finance.pages.printed import by_group, money
from openpbc.finance.reads.deposits import deposit_states
from openpbc.finance.reads.submissions import Submission, plan_submissions
from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui import tables
from openpbc.ui.documents import Bullets, Document, Grid, Heading, Paragraph, Part
from openpbc.ui.figures import Cell, Figure, Missing, Tag, status_tag
from openpbc.ui.pages import capital, first_sentence
from openpbc.ui.tables import Table

DEPOSITS = ("finance.deposit_asked", "finance.deposit_assumed", "finance.deposit_agreed")
CONTRADICTION, OPEN = "contradiction", "open"


def submission_paper(basis: Basis, sent: Submission | None = None) -> Document:
    """Write the submission for a place and a scenario, or one that was ``sent``; what is not set is said."""
    book = basis.book
    body = book.word("regional_body")
    return Document(
        title=f"Draft {book.word('plan')} {book.place.year.label}: submission to the {body}",
        subtitle=f"Scenario: {basis.title}" if basis.scenario else "No figures of the year are held yet",
        facts=(*basis.facts, *_sent(sent)),
        parts=(*_what(basis, sent), *_deposits(basis), *_contradictions(book), *_body(basis)),
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
        *shares.budgets_part(basis),
        *_other_tables(basis),
        *shares.deposit_part(basis),
        *shares.years_part(basis),
        *shares.distance_part(basis),
        *shares.claims_part(basis),
        *parts.assumptions_part(book),
        *sets.questions_part(basis),
        *parts.checks_part(book),
        *parts.provenance_part(book, basis.facts),
    )


def _sent(sent: Submission | None) -> tuple[tuple[str, str], ...]:
    if sent is None:
        return (("Sent", "not yet: this is what would be sent"),)
    day = f"{sent.on.day} {Month.of(sent.on).name}"
    return (("Sent", f"{day}, as submission {sent.number}, by {sent.by}"),)


def _what(basis: Basis, sent: Submission | None) -> tuple[Part, ...]:
    book = basis.book
    title = Heading("What is submitted")
    if basis.scenario is None or basis.deposit is None or basis.balance is None:
        told = f"Nothing can be submitted yet: the figures of {book.place.year.label} are not set."
        return (title, Paragraph(f"{told} This paper says what is missing."))
    told = f"This draft rests on the scenario “{basis.title}”, and on this {book.word('plan')}: {basis.plan}."
    sums = said(
        f"It assumes a {book.word('deposit')} of £",
        basis.deposit,
        " thousand, which leaves a balance of £",
        basis.balance,
        " thousand.",
    )
    recorded = () if sent is None else _recorded(book, sent)
    return (title, Paragraph(told), Paragraph(sums), *recorded)


def _recorded(book: Book, sent: Submission) -> tuple[Part, ...]:
    """What the record of the submission holds; it stands, whatever became of scenario and plan since."""
    told = said(
        f"The record of submission {sent.number} holds a {book.word('deposit')} of ",
        thousand(sent.deposit, sent.address),
        f". {sent.basis}".rstrip(),
    )
    return (Paragraph(told),)


def _deposits(basis: Basis) -> tuple[Part, ...]:
    title = Heading(f"The {basis.book.word('deposit')}")
    shown = (deposits_named(basis.book), _stated_table(basis.book), _drafts_table(basis.book))
    return (title, *(Grid(each) for each in shown))


def _stated_table(book: Book) -> Table:
    """What was stated of the deposit since: proposed, assumed or agreed, the latest first."""
    columns = [tables.text("Status"), tables.number("Sum", "£000", additive=False), tables.text("On")]
    columns += [tables.text("By"), tables.text("Reason")]
    rows: list[list[Cell]] = [
        [Tag(each.status), money(each.pence, each.address), each.on.isoformat(), each.by, each.reason or each.waiver]
        for each in deposit_states(book)
    ]
    return tables.table("stated", "What was stated since", columns, rows, empty="Nothing was stated since.")


def _drafts_table(book: Book) -> Table:
    """Every draft that was sent, the latest first."""
    columns = [tables.number("Submission", additive=False), tables.text("Sent on"), tables.text("Scenario")]
    columns += [tables.text("Plan"), tables.number("Deposit", "£000", additive=False)]
    rows: list[list[Cell]] = [
        [Figure(each.number), each.on.isoformat(), each.title, _plan_of(each), money(each.deposit, each.address)]
        for each in plan_submissions(book)
    ]
    return tables.table("drafts", "Drafts that were sent", columns, rows, empty="No draft was sent yet.")


def _plan_of(sent: Submission) -> str:
    return "as printed" if sent.plan_version is None else f"version {sent.plan_version}"


def deposits_named(book: Book) -> Table:
    """What was asked for, what is assumed and what is agreed, each with its status and the day it became known."""
    columns = [tables.text("Which"), tables.number("Sum", "£000", additive=False), tables.text("Status")]
    columns += [tables.text("Known from")]
    rows = [_deposit_row(book, id) for id in DEPOSITS]
    return tables.table("deposits-named", "Asked for, assumed and agreed", columns, rows)


def _deposit_row(book: Book, id: str) -> list[Cell]:
    found = book.value(id)
    if isinstance(found, NotSet):
        return [first_sentence(found.meaning), Missing(found.path), status_tag("not set"), ""]
    sum_ = money(found.pence, f"finance/{book.place.id}/value/{id}/value")
    known = found.known_from.isoformat() if found.known_from else ""
    return [first_sentence(found.meaning), sum_, status_tag(found.status), known]


def _contradictions(book: Book) -> tuple[Part, ...]:
    """Where the sources contradict themselves and nobody has settled it; the reader must know before the figures."""
    found = book.table(ANOMALIES)
    listed = () if isinstance(found, NotSet) else found.rows
    odd = [row for row in listed if row["kind"] == CONTRADICTION and row["state"] == OPEN]
    if not odd:
        return ()
    items = tuple(f"{row['anomaly']} {row['treatment']}" for row in odd)
    return (Heading("What the source contradicts itself on"), Bullets(items))


def _other_tables(basis: Basis) -> tuple[Part, ...]:
    """The published budget tables of the other scenarios, so that the submission holds every table."""
    found, scenario = reads.tables(basis.book), basis.scenario
    if isinstance(found, NotSet) or scenario is None:
        return ()
    others = [each for each in found if by_group(each) and each.code != scenario.printed]
    shown = tuple(part for table in others for part in parts.published(basis.book, table.code))
    return (Heading(f"{capital(basis.book.word('group_budgets'))} printed for other scenarios", 2), *shown)

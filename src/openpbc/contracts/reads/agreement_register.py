"""The register of agreements with partners and the voluntary sector, with what each lacks on a day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from openpbc.contracts import models
from openpbc.contracts.rules import agreements as rule
from openpbc.kernel.citations import Citation
from openpbc.kernel.findings import Finding
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import Explanation, Step
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

AGREEMENT = "agreement"
LEAST_MONTHS = "contracts.agreement_least_months"
EVERY, SUM = "in-force", "sum"
REVIEWED = Citation("west-herts-intentions-2008-09", "Joint commissioning and the voluntary sector", "S")


@dataclass(frozen=True)
class Record:
    """One review, monitoring meeting or Compact check."""

    kind: str
    on: date
    in_order: bool
    note: str
    recorded_by: str


@dataclass(frozen=True)
class Agreement:
    """An agreement; ``pence_a_year`` is None while nobody has said it, ``replaced_by`` the code of the next one."""

    place: str
    code: str
    title: str
    partner: str
    partner_code: str
    sector: str
    holder: str
    held_with: str
    starts: date | None
    ends: date | None
    pence_a_year: int | None
    term_reason: str
    state: str
    revision: int
    changed_by: str
    changed_at: datetime
    replaced_by: str
    replacement_active: bool
    records: tuple[Record, ...]
    least_months: int | None

    @property
    def address(self) -> str:
        """Where the sum a year is explained."""
        return f"{AGREEMENT}/{self.place}/{self.code}/{SUM}"

    @property
    def months(self) -> int | None:
        """The length of its term in months."""
        return rule.months_of(self.starts, self.ends) if self.starts and self.ends else None

    def last(self, kind: str) -> Record | None:
        """The newest record of a kind."""
        return next((each for each in reversed(self.records) if each.kind == kind), None)

    @property
    def terms(self) -> rule.Terms:
        """What the rules look at."""
        review, meeting, compact = (self.last(kind) for kind in (rule.REVIEW, rule.MEETING, rule.COMPACT))
        return rule.Terms(
            self.title, self.sector, self.state, self.starts, self.ends, self.term_reason,
            review.on if review else None, meeting.on if meeting else None, compact.in_order if compact else None,
            self.replacement_active,
        )  # fmt: skip

    def standing(self, on: date) -> str:
        """Where it stands on a day."""
        return rule.standing(self.terms, on)

    def lacks(self, on: date) -> tuple[Finding, ...]:
        """What it lacks on a day."""
        return rule.lacks(self.terms, self.least_months, on)


def least_months(book: Book) -> int | None:
    """The shortest term that needs no reason, in months; None where the place has no such rule."""
    found = book.value(LEAST_MONTHS)
    return None if isinstance(found, NotSet) else found.int


def agreements(book: Book) -> tuple[Agreement, ...]:
    """Every agreement of the place, the first to end first, those without an end last."""
    rows = models.Agreement.objects.filter(place=book.place.id).select_related("replaced_by")
    least = least_months(book)
    found = [_agreement(row, least) for row in rows.prefetch_related("records")]
    return tuple(sorted(found, key=lambda each: (each.ends or date.max, each.code)))


def agreement(book: Book, code: str) -> Agreement:
    """Give one agreement; an unknown one is a person's mistake."""
    found = next((each for each in agreements(book) if each.code == code), None)
    if found is None:
        raise UserError(f"there is no agreement '{code[:20]}'", do="Choose one from the register.")
    return found


def agreement_terms(found: Agreement) -> tuple[Finding, ...]:
    """What keeps an agreement from being made active."""
    return rule.obstacles(found.terms, found.least_months)


def lapsed(found: Sequence[Agreement], on: date) -> tuple[Agreement, ...]:
    """Those that have run out by a day while nothing is in their place."""
    return tuple(each for each in found if each.standing(on) == rule.EXPIRED)


def _agreement(row: models.Agreement, least: int | None) -> Agreement:
    names = (
        "place code title partner partner_code sector holder held_with starts ends pence_a_year term_reason state"
        " revision changed_by changed_at"
    ).split()
    following = row.replaced_by
    return Agreement(
        **{name: getattr(row, name) for name in names},
        replaced_by=following.code if following else "",
        replacement_active=following is not None and following.state == rule.ACTIVE,
        records=tuple(
            Record(each.kind, each.on, each.in_order, each.note, each.recorded_by) for each in row.records.all()
        ),
        least_months=least,
    )


def in_force(found: Sequence[Agreement], on: date) -> tuple[Agreement, ...]:
    """Those in force on a day whose sum a year is known."""
    return tuple(each for each in found if each.standing(on) == rule.IN_FORCE and each.pence_a_year is not None)


def total_address(place: str, on: date) -> str:
    """Where the sum of all that are in force on a day is explained."""
    return f"{AGREEMENT}/{place}/{EVERY}/{SUM}?on={on.isoformat()}"


def explain_agreement(address: str, viewer: Viewer) -> Explanation:
    """Explain ``agreement/<place>/<code>/sum`` and ``agreement/<place>/in-force/sum?on=<day>``."""
    path, _, query = address.partition("?")
    parts = path.split("/")
    if len(parts) != 4 or parts[3] != SUM:
        raise _no_figure(address)
    book = organisations.book(parts[1])
    found = agreements(book)
    if parts[2] == EVERY:
        return _total(book, address, found, _day(address, query))
    known = next((each for each in found if each.code == parts[2]), None)
    if known is None or known.pence_a_year is None:
        raise _no_figure(address)
    step = Step("agreement-sum", f"{known.title}, {known.partner}", known.pence_a_year)
    return Explanation(
        address, f"{known.code} {known.title}: sum a year", known.pence_a_year, "pence", "As the agreement says",
        (step,), citations=(REVIEWED,), evidence=(("book", book.hash), ("last changed by", known.changed_by)),
    )  # fmt: skip


def _total(book: Book, address: str, found: Sequence[Agreement], on: date) -> Explanation:
    running = in_force(found, on)
    steps = tuple(
        Step("agreement-sum", f"{each.code} {each.title}", each.pence_a_year or 0, (), None, each.address)
        for each in running
    )
    return Explanation(
        address, f"Agreements in force on {day_text(on)}: sums a year", sum(each.pence_a_year or 0 for each in running),
        "pence", "Sum over the agreements in force whose sum is known", steps,
        citations=(REVIEWED,), evidence=(("place", book.place.id), ("book", book.hash)),
    )  # fmt: skip


def _day(address: str, query: str) -> date:
    try:
        return date.fromisoformat(query.removeprefix("on="))
    except ValueError as problem:
        raise _no_figure(address) from problem


def _no_figure(address: str) -> UserError:
    return UserError(f"'{address[:80]}' names no figure", do="Open the figure from its page again.")

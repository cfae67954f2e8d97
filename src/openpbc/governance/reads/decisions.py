"""Which bodies there are, and what they decided."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from openpbc.governance import models
from openpbc.governance.rules.decisions import (
    AGREED,
    APPROVED,
    DEFERRED,
    NOTED,
    OUTCOMES,
    REFUSED,
    RETURNED,
    URGENT,
    WITHDRAWN,
)
from openpbc.kernel.dated import Dated
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

__all__ = ["AGREED", "APPROVED", "DEFERRED", "NOTED", "OUTCOMES", "REFUSED", "RETURNED", "URGENT", "WITHDRAWN"]

BODIES = "governance.bodies"
PREFIX = "decision"


@dataclass(frozen=True)
class Decision:
    """A recorded decision; ``replaced_by`` is the number of the record that corrects it, none while it stands."""

    id: int
    place: str
    body: str
    taken_on: date
    minute: str
    matter: str
    title: str
    outcome: str
    text: str
    synthetic: bool
    replaces: int | None
    replaced_by: int | None
    recorded_by: str
    recorded_at: datetime
    to_month: bool = False

    @property
    def when(self) -> Dated:
        """When it was taken: the day, or the month where no day is known."""
        return Dated.kept(self.taken_on, self.to_month)

    @property
    def address(self) -> str:
        """The text by which other records name this one."""
        return f"{PREFIX}/{self.place}/{self.id}"

    @property
    def stands(self) -> bool:
        """Whether this is what was decided, as far as is known now."""
        return self.replaced_by is None and self.outcome != WITHDRAWN

    @property
    def approves(self) -> bool:
        """Whether it stands and says yes."""
        return self.stands and self.outcome == APPROVED


def bodies(book: Book, approves: str = "") -> dict[str, str]:
    """Give each body's code with what the place calls it; only those who approve a kind of thing, if one is named."""
    listed = book.table(BODIES)
    rows = () if isinstance(listed, NotSet) else listed.rows
    return {row["code"]: book.word(row["word"]) for row in rows if not approves or approves in row["approves"].split()}


def decision(id: int, place: str = "") -> Decision:
    """Give one decision, of the place if one is named; an unknown one is a person's mistake."""
    found = models.Decision.objects.filter(pk=id).select_related("replaced_by").first()
    if found is None or place not in ("", found.place):
        raise UserError(f"there is no decision {id}", where=place, do="Choose one from the register of decisions.")
    return told(found)


def decisions(place: str, matter: str = "", body: str = "") -> tuple[Decision, ...]:
    """List a place's decisions, the latest taken first; those on one matter or of one body if named."""
    rows = models.Decision.objects.filter(place=place).select_related("replaced_by")
    rows = rows.filter(matter=matter) if matter else rows
    rows = rows.filter(body=body) if body else rows
    return tuple(told(row) for row in rows.order_by("-taken_on", "-pk"))


def decisions_on(place: str, matters: Collection[str]) -> dict[str, tuple[Decision, ...]]:
    """Give the decisions on each of several matters, the latest taken first, asking once for all."""
    found: dict[str, tuple[Decision, ...]] = dict.fromkeys(matters, ())
    rows = models.Decision.objects.filter(place=place, matter__in=found).select_related("replaced_by")
    for row in rows.order_by("-taken_on", "-pk"):
        found[row.matter] += (told(row),)
    return found


def approval(place: str, matter: str) -> Decision | None:
    """Give the decision that stands on a matter and approves it: the latest, or none."""
    return approving(decisions(place, matter))


def approving(found: Iterable[Decision]) -> Decision | None:
    """Give the one among the decisions on a matter, the latest first, that stands and approves it; or none."""
    return next((each for each in found if each.approves), None)


def told(row: models.Decision) -> Decision:
    """Give a row of the register as it is read."""
    later: models.Decision | None = getattr(row, "replaced_by", None)
    return Decision(
        id=row.pk,
        place=row.place,
        body=row.body,
        taken_on=row.taken_on,
        minute=row.minute,
        matter=row.matter,
        title=row.title,
        outcome=row.outcome,
        text=row.text,
        synthetic=row.synthetic,
        replaces=row.replaces_id,
        replaced_by=later.pk if later else None,
        recorded_by=row.recorded_by,
        recorded_at=row.recorded_at,
        to_month=bool(row.to_month),
    )


@dataclass(frozen=True)
class People:
    """Who took part in a decision that was written into the register, and who left it for an interest."""

    took_part: tuple[str, ...] = ()
    left: tuple[str, ...] = ()


def people(decision: int) -> People:
    """Give who took part in a decision that was written into the register; nobody where that is not recorded."""
    return people_of((decision,))[decision]


def people_of(decisions: Collection[int]) -> dict[int, People]:
    """Give who took part in each of several decisions, asking once for all."""
    found: dict[int, list[tuple[str, bool]]] = {each: [] for each in decisions}
    rows = models.Decider.objects.filter(decision_id__in=found).order_by("person")
    for number, person, left in rows.values_list("decision_id", "person", "left"):
        found[number].append((person, left))
    return {
        number: People(
            tuple(person for person, left in told if not left), tuple(person for person, left in told if left)
        )
        for number, told in found.items()
    }


def count(place: str, body: str, outcome: str) -> int:
    """Count a body's records with one outcome."""
    return models.Decision.objects.filter(place=place, body=body, outcome=outcome).count()

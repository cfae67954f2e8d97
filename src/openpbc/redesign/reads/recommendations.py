"""The recommendations of the paper that proposes the conclave, and what bodies decided on each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openpbc.governance import reads as governance
from openpbc.governance.reads import Decision, items, seats
from openpbc.governance.reads.items import Item
from openpbc.kernel.problems import UserError
from openpbc.redesign.reads.conclave import BODY
from openpbc.redesign.rules import recommendations as rule
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table

PREFIX, RECOMMENDATIONS = "conclave-paper", "redesign.conclave_recommendations"


@dataclass(frozen=True)
class Recommendation:
    """One recommendation: what it asks, every decision on it (the latest first), and the item on which it waits."""

    place: str
    code: str
    title: str
    asks: str
    decisions: tuple[Decision, ...]
    waits: Item | None

    @property
    def matter(self) -> str:
        """The address by which items and decisions name it."""
        return address(self.place, self.code)

    @property
    def decision(self) -> Decision | None:
        """The decision on which its outcome rests: the latest that stands and says something, of another body."""
        said = (each for each in self.decisions if each.stands and each.outcome in rule.SAYS)
        return next((each for each in said if each.body != BODY), None)

    @property
    def outcome(self) -> str:
        """What was decided; empty until something was."""
        return self.decision.outcome if self.decision else ""

    @property
    def settled(self) -> bool:
        """Whether nobody has to decide it any more."""
        return self.outcome in rule.SETTLES


def address(place: str, code: str) -> str:
    """The address of a recommendation."""
    return f"{PREFIX}/{place}/{code}"


def recommendations(book: Book) -> tuple[Recommendation, ...]:
    """Every recommendation of the place's paper, each with what was decided; none where no paper is listed."""
    listed, place = book.table(RECOMMENDATIONS), book.place.id
    if not isinstance(listed, Table):
        return ()
    matters = [address(place, row["code"]) for row in listed]
    decided, waiting = governance.decisions_on(place, matters), items.open_items(place, matters)
    return tuple(
        Recommendation(place, row["code"], row["title"], row["asks"], decided[matter], waiting.get(matter))
        for row, matter in zip(listed, matters, strict=True)
    )


def recommendation(book: Book, code: str) -> Recommendation:
    """One recommendation; an unknown one is a person's mistake."""
    for each in recommendations(book):
        if each.code == code:
            return each
    raise UserError(f"there is no recommendation '{code[:40]}'", book.place.id, "Choose one on the conclave's page.")


def state(found: tuple[Recommendation, ...]) -> str:
    """How the paper as a whole stands."""
    return rule.whole(each.outcome for each in found)


def says(book: Book) -> dict[str, Any]:
    """What a report says today of the paper: how the whole stands, and each recommendation; nothing without a paper.

    The numbers of decision and item are kept with each, so that a reader from whom one is withheld is not told it.
    """
    found, names = recommendations(book), governance.deciders(book)
    if not found:
        return {}
    rows = [
        {
            "title": each.title,
            "outcome": each.outcome,
            "body": names.get(each.decision.body, each.decision.body) if each.decision else "",
            "when": each.decision.when.name if each.decision else "",
            "matter": each.matter,
            "decision": each.decision.id if each.decision else None,
        }
        for each in found
    ]
    return {"paper": {"state": state(found), "recommendations": rows}}


def deciders(book: Book) -> dict[str, str]:
    """The bodies that may decide a recommendation, with what the place calls each: not the conclave, which it is on."""
    return {code: each.name for code, each in seats.all_bodies(book).items() if code != BODY}

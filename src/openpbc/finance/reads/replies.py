"""What the groups say of their funding under a scenario: too low, right, too high; and who has not said anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from openpbc.finance.models import GroupReply
from openpbc.finance.reads.budget_sets import budget_sets
from openpbc.finance.reads.deposits import deposit_states
from openpbc.finance.reads.scenarios import SHARES, scenario, scenarios
from openpbc.finance.rules.budget_sets import APPROVED, PROPOSED
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

REPLY = "reply"
TOO_LOW, RIGHT, TOO_HIGH = "too low", "right", "too high"
ANSWERS = (TOO_LOW, RIGHT, TOO_HIGH)


@dataclass(frozen=True)
class Reply:
    """A group's reply; without an answer it has not replied. ``number`` counts its replies under the scenario."""

    unit: str
    name: str
    answer: str = ""
    pence: int | None = None
    reason: str = ""
    by: str = ""
    at: datetime | None = None
    number: int = 0


@dataclass(frozen=True)
class Replies:
    """All groups' replies under one scenario."""

    scenario: str
    title: str
    groups: tuple[Reply, ...]

    is_set = True

    @property
    def missing(self) -> tuple[Reply, ...]:
        """The groups that have not replied."""
        return tuple(each for each in self.groups if not each.answer)

    @property
    def count(self) -> str:
        """How many of how many have replied, such as ``3/4``."""
        return f"{len(self.groups) - len(self.missing)}/{len(self.groups)}"

    def of(self, unit: str) -> Reply:
        """Find a group's reply; an unknown group is a person's mistake."""
        for each in self.groups:
            if each.unit == unit:
                return each
        known = ", ".join(each.unit for each in self.groups)
        raise UserError(f"there is no group '{unit[:40]}' with a budget line", do=f"Choose one of {known}.")


def asked_about(book: Book) -> str:
    """The scenario on which the groups are asked: that of the set in force, else of the one proposed, else of the
    deposit as it was stated last; empty (the first of the pack) where there is none of these.
    """
    listed = scenarios(book)
    known = set() if isinstance(listed, NotSet) else {each.code for each in listed}
    sets = budget_sets(book.place.id, str(book.place.year))
    found = [each.scenario for state in (APPROVED, PROPOSED) for each in sets if each.state == state]
    found += [each.scenario for each in deposit_states(book)[:1]]
    return next((code for code in found if code in known), "")


def replies(book: Book, scenario_code: str = "") -> Replies | NotSet:
    """Give the replies under a scenario (the first of the pack if none is named); an unknown one is a mistake."""
    chosen, shares = scenario(book, scenario_code), book.table(SHARES)
    for found in (chosen, shares):
        if isinstance(found, NotSet):
            return found
    assert not isinstance(chosen, NotSet) and not isinstance(shares, NotSet)
    rows = GroupReply.objects.filter(place=book.place.id, year=str(book.place.year), scenario=chosen.code)
    said = {row.unit: row for row in rows.order_by("number")}
    groups = tuple(_reply(row["code"], row["name"], said.get(row["code"])) for row in shares)
    return Replies(chosen.code, chosen.title, groups)


def _reply(unit: str, name: str, row: GroupReply | None) -> Reply:
    if row is None:
        return Reply(unit, name)
    return Reply(unit, name, row.answer, row.pence, row.reason, row.by, row.at, row.number)

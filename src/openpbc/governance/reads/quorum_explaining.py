"""Explains how many count at an item: all voting members, less who is not there, less who left it for an interest."""

from __future__ import annotations

from openpbc.governance.reads import items as items_read
from openpbc.governance.reads import meetings as meetings_read
from openpbc.governance.reads.seats import RULES, meeting_rule, names
from openpbc.governance.reads.sitting import barred, counted, expected_roll
from openpbc.governance.rules.quorum import quorum_steps
from openpbc.kernel.problems import UserError, Withheld
from openpbc.kernel.steps import Explanation, Step
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.values import NotSet, Table

PREFIX = "quorum"
FORMULA = "All voting members, less those who are not there, less those who left the item for an interest."


def explain_quorum(address: str, viewer: Viewer) -> Explanation:
    """Explain ``quorum/<place>/<item>`` to somebody who may see the item."""
    _, place, number = (*address.split("/"), "", "")[:3]
    found = items_read.item(place, int(number) if number.isascii() and number.isdigit() else 0)
    if viewer.signed_in and (why := barred(viewer, found)):
        raise Withheld(why)
    book = organisations.book(place)
    rule = meeting_rule(book, found.body)
    if isinstance(rule, NotSet):
        raise rule.problem
    if found.meeting is None:
        raise UserError(
            "this item is on no agenda, so nobody counts yet", found.title, "Put it on the agenda of a meeting first."
        )
    meeting = meetings_read.meeting(place, found.meeting)
    count, called = counted(found, meeting, rule), names()
    steps = tuple(_named(step, called) for step in quorum_steps(expected_roll(meeting), count))
    table = book.table(RULES)
    return Explanation(
        address=address,
        title=f"Members who count at item {found.number}, {found.title}",
        value=count.present,
        unit="count",
        formula=FORMULA,
        steps=steps,
        citations=(table.citation,) if isinstance(table, Table) else (),
        evidence=(("needed", str(count.needed)), ("result", count.sentence), ("book", book.hash)),
        notes=("Before the meeting opens it is counted as if everybody came.",),
        statuses=(str(table.status),) if isinstance(table, Table) else (),
    )


def _named(step: Step, called: dict[str, str]) -> Step:
    person, colon, rest = step.label.partition(": ")
    return Step(step.rule, f"{called.get(person, person)}{colon}{rest}", step.effect)

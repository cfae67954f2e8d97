"""The extract of the register of interests for one meeting: everybody who attends, with what they declared."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from openpbc.governance.reads import interests as held
from openpbc.governance.reads.interests import Declared
from openpbc.governance.reads.meetings import Meeting
from openpbc.governance.reads.seats import names
from openpbc.governance.reads.sitting import expected_roll
from openpbc.governance.rules.constraints import k1
from openpbc.governance.rules.meetings import CLOSED
from openpbc.kernel.periods import months_after
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.persons import accounts_of


@dataclass(frozen=True)
class Attending:
    """Somebody who attends: for whom (a deputy), with a vote or not, when they last declared, and what stands.

    ``due`` is the last day on which that declaration counts, none where no age is set or nothing was declared. ``why``
    says why they may not vote (rule K1); it is empty while the declaration counts.
    """

    person: str
    name: str
    capacity: str
    deputy_for: str
    votes: bool
    last: date | None
    due: date | None
    why: str
    interests: tuple[Declared, ...]


def extract_day(meeting: Meeting) -> date:
    """Give the day as at which a meeting's extract is drawn: today, or when the record of a meeting was closed."""
    return timezone.localdate(meeting.changed_at) if meeting.state == CLOSED else organisations.today()


def attending(meeting: Meeting) -> tuple[Attending, ...]:
    """Draw the extract of a meeting: every seat, with a vote or without, there or not, and every deputy.

    Before a meeting is opened it covers everybody who would sit there on its day.
    """
    on, called = extract_day(meeting), names()
    months = held.settings(organisations.book(meeting.place)).months
    roll = expected_roll(meeting)
    seats = [(each.person, each.capacity, "", each.votes) for each in roll]
    seats += [(each.deputy, each.capacity, each.person, each.votes) for each in roll if each.deputy]
    last = held.last_declared([person for person, *_ in seats], meeting.place, on)
    declared = [each for each in held.declarations(meeting.place) if each.stood_on(on)]
    every = organisations.accounts()
    found = []
    for person, capacity, holder, votes in seats:
        name, day, own = called.get(person, person), last[person], accounts_of(person, every)
        why = k1({name: day}, on, months)
        found.append(
            Attending(
                person, name, capacity, called.get(holder, holder), votes, day,
                months_after(day, months) if day and months is not None else None,
                why[0].sentence if why else "",
                tuple(each for each in declared if each.person in own),
            )
        )  # fmt: skip
    return tuple(found)

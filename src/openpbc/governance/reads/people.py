"""Everybody's roles in the system and seats in bodies together: one person may hold several, dated and scoped."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from openpbc.governance.reads import seats
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import ANY_PLACE, ROLES
from openpbc.organisations.reads import bodies as register
from openpbc.organisations.reads.persons import accounts_of
from openpbc.rulebook.reader import Book


@dataclass(frozen=True)
class Role:
    """One role or seat of a person: what, where, for whom, and from when to when; ``body`` where it is a seat."""

    what: str
    where: str
    of: str
    body: str
    valid_from: date
    valid_to: date | None
    synthetic: bool


def roles_held(book: Book, on: date) -> dict[str, tuple[Role, ...]]:
    """Give each person's roles and seats on a day, by name; two accounts of one person are one person here too."""
    place, called = book.place.id, register.names(book.place.id, on)
    own = seats.all_bodies(book)
    found: dict[str, list[Role]] = defaultdict(list)
    names: dict[str, str] = {}
    accounts = organisations.accounts()
    for person in organisations.people():
        key = min(accounts_of(person.sign_in, accounts))
        names.setdefault(key, f"{person.name} ({key})")
        for each in person.assignments if person.active else ():
            if each.applies_in(place) and each.holds_on(on):
                where = "every place" if each.place == ANY_PLACE else book.place.title
                of = f"{each.scope} {called.get(each.code, each.code)}" if each.code else "all of it"
                found[key].append(Role(ROLES[each.role], where, of, "", each.valid_from, each.valid_to, person.demo))
    for seat in seats.seats(place, on=on):
        key = min(accounts_of(seat.person, accounts))
        names.setdefault(key, f"{seat.name} ({key})" if seat.name != key else key)
        name = own[seat.body].name if seat.body in own else seat.body
        what = f"{seat.capacity.replace('-', ' ').capitalize()} ({seat.kind}){'' if seat.votes else ', without vote'}"
        of = called.get(seat.of, seat.of)
        found[key].append(Role(what, name, of, seat.body, seat.valid_from, seat.valid_to, seat.synthetic))
    return {
        names[key]: tuple(sorted(roles, key=lambda role: (role.body, role.what, role.where, role.of)))
        for key, roles in sorted(found.items(), key=lambda pair: names[pair[0]].casefold())
    }

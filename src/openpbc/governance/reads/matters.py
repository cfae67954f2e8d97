"""Whom a matter concerns, who has an interest in it, and what is withheld from whom: the one gate of every channel."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime

from openpbc.governance import models
from openpbc.governance.reads import interests as held
from openpbc.governance.reads.bases import bases
from openpbc.governance.rules import interests as rule
from openpbc.governance.rules import withholding
from openpbc.governance.rules.interests import Conflict, Interest, Party
from openpbc.governance.rules.withholding import Standing
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.organisations.reads.persons import accounts_of
from openpbc.rulebook.reader import Book


@dataclass(frozen=True)
class Listed:
    """The organisations that a matter concerns, as last listed; number 0 if nobody listed any."""

    matter: str
    parties: tuple[Party, ...]
    number: int
    by: str
    at: datetime | None


@dataclass(frozen=True)
class Ruled:
    """What was ruled of a person in a matter, by whom and why."""

    matter: str
    person: str
    number: int
    ruling: str
    reason: str
    by: str
    at: datetime


@dataclass(frozen=True)
class Opened:
    """That a person opened something of a matter on a day."""

    matter: str
    person: str
    what: str
    day: date
    at: datetime


def listed(place: str, matter: str = "") -> tuple[Listed, ...]:
    """Give the latest list of parties of each matter of a place, or of one."""
    rows = models.MatterParties.objects.filter(place=place, **({"matter": matter} if matter else {}))
    latest = {row.matter: row for row in rows.order_by("matter", "number")}
    return tuple(
        Listed(
            row.matter,
            tuple(sorted(Party(each["organisation"], each["part"]) for each in row.parties)),
            row.number,
            row.by,
            row.at,
        )
        for row in latest.values()
    )


def parties(place: str, matter: str) -> tuple[Party, ...]:
    """Give the organisations that a matter concerns."""
    found = listed(place, matter)
    return found[0].parties if found else ()


def rulings(place: str, matter: str = "", person: str = "") -> tuple[Ruled, ...]:
    """Give the latest ruling on each person in each matter of a place; in one matter or on one person if named."""
    rows = models.Ruling.objects.filter(place=place, **({"matter": matter} if matter else {}))
    if person:
        rows = rows.filter(person__in=accounts_of(person))
    latest = {(row.matter, row.person): row for row in rows.order_by("matter", "person", "number")}
    names = ("matter", "person", "number", "ruling", "reason", "by", "at")
    return tuple(Ruled(**{name: getattr(row, name) for name in names}) for row in latest.values())


@dataclass(frozen=True)
class Ground:
    """What conflicts are worked out from in a place, read once for all the matters that are asked about."""

    interests: tuple[Interest, ...]
    owners: tuple[rule.Ownership, ...]
    households: tuple[rule.Household, ...]
    indirect_material: bool

    def conflicts(self, concerned: tuple[Party, ...], on: date) -> tuple[Conflict, ...]:
        """Work out who has an interest in one of the parties on a day."""
        return rule.conflicts(
            self.interests,
            concerned,
            on,
            owners=self.owners,
            households=self.households,
            indirect_material=self.indirect_material,
        )

    def near(self, person: str) -> Ground:
        """Keep the interests that can be a conflict of one person: their own, and those of their household."""
        pairs = ((each.one, each.other) for each in self.households)
        names = {person}.union(*(pair for pair in pairs if person in pair))
        return replace(self, interests=tuple(each for each in self.interests if each.person in names))


def ground(book: Book) -> Ground:
    """Read what conflicts are worked out from in a place."""
    return Ground(
        held.interests_held(book),
        held.owners(book),
        _households(book.place.id),
        held.settings(book).material[rule.INDIRECT],
    )


def _households(place: str) -> tuple[rule.Household, ...]:
    """Give households over all accounts of those who live together."""
    accounts = organisations.accounts()
    return tuple(
        rule.Household(one, other)
        for each in held.households(place)
        for one in sorted(accounts_of(each.one, accounts))
        for other in sorted(accounts_of(each.other, accounts))
    )


def conflicts(place: str, matter: str, on: date | None = None) -> dict[str, tuple[Conflict, ...]]:
    """Give who has an interest in a matter, or in what it stands on, on a day (today unless said), by sign-in name."""
    concerned = tuple(sorted({each for name in _with_bases(place, matter) for each in parties(place, name)}))
    if not concerned:
        return {}
    found: dict[str, list[Conflict]] = defaultdict(list)
    for each in ground(organisations.book(place)).conflicts(concerned, on or organisations.today()):
        found[each.person].append(each)
    return {person: tuple(own) for person, own in sorted(found.items())}


def standings(place: str, matter: str, on: date | None = None) -> dict[str, Standing]:
    """Give how each person stands in a matter who has an interest in it, or of whom something was ruled."""
    found, ruled = conflicts(place, matter, on), _strictest(place, _with_bases(place, matter))
    return {
        person: withholding.standing(person, found.get(person, ()), *ruled.get(person, ("", "")))
        for person in sorted({*found, *ruled})
    }


def _with_bases(place: str, matter: str) -> tuple[str, ...]:
    """Give a matter and what it stands on."""
    return (matter, *bases(place, matter).get(matter, ()))


def _strictest(place: str, matters: tuple[str, ...]) -> dict[str, tuple[str, str]]:
    """Give the strictest ruling on each account in any of some matters."""
    strictness = tuple(withholding.RULINGS)
    found: dict[str, tuple[str, str]] = {}
    for matter in matters:
        for account, ruled in _ruled_by_account(place, matter).get(matter, {}).items():
            if account not in found or strictness.index(ruled[0]) > strictness.index(found[account][0]):
                found[account] = ruled
    return found


def _ruled_by_account(place: str, matter: str = "") -> dict[str, dict[str, tuple[str, str]]]:
    """Give the ruling on each account by matter: of several accounts of one person the strictest counts on all."""
    strictness, accounts = tuple(withholding.RULINGS), organisations.accounts()
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for each in rulings(place, matter):
        for account in accounts_of(each.person, accounts):
            known = found[each.matter].get(account)
            if known is None or strictness.index(each.ruling) > strictness.index(known[0]):
                found[each.matter][account] = (each.ruling, each.reason)
    return found


def standing(place: str, matter: str, person: str, on: date | None = None) -> Standing:
    """Give how one person stands in a matter."""
    return standings(place, matter, on).get(person) or withholding.standing(person, ())


def withheld(viewer_or_person: Viewer | str, place: str, matter: str, item: str = "") -> str:
    """Say why a person may not see the papers of a matter; empty when they may.

    Every channel asks this one question: pages, lists, search, downloads, feeds, e-mail, calendars and the shell.
    ``item`` names the item of a meeting where the matter has none, or one of its own.
    """
    person = viewer_or_person if isinstance(viewer_or_person, str) else viewer_or_person.actor.id
    for each in (matter, item):
        if each and (why := _sealed(person, place, each).get(each)):
            return why
    return ""


def shut_out(place: str, matter: str) -> frozenset[str]:
    """Give everybody from whom a matter is withheld, by sign-in name: asked once where it is asked of many people."""
    return frozenset(person for person, each in standings(place, matter).items() if not each.sees)


def sealed_matters(viewer_or_person: Viewer | str, place: str) -> dict[str, str]:
    """Give every matter of a place that is withheld from a person, with the sentence why."""
    return _sealed(viewer_or_person if isinstance(viewer_or_person, str) else viewer_or_person.actor.id, place)


def _sealed(person: str, place: str, only: str = "") -> dict[str, str]:
    """Give what is withheld from a person: an appeal is, wherever what it stands on is, whenever that came to be."""
    wanted = _with_bases(place, only) if only else ("",)
    known = {each.matter: each.parties for name in wanted for each in listed(place, name)}
    if not known and not models.Ruling.objects.filter(place=place).exists():
        return {}  # every request asks, and most places have neither
    every = {matter: by for name in wanted for matter, by in _ruled_by_account(place, name).items()}
    ruled = {matter: by[person] for matter, by in every.items() if person in by}
    if not known and not ruled:
        return {}
    today, near = organisations.today(), ground(organisations.book(place)).near(person)
    found = {}
    for matter in sorted({*known, *ruled}):
        own = [each for each in near.conflicts(known.get(matter, ()), today) if each.person == person]
        stands = withholding.standing(person, own, *ruled.get(matter, ("", "")))
        if not stands.sees:
            found[matter] = sentence(stands)
    for matter, under in (bases(place, only) if found else {}).items():
        closed = [found[each] for each in under if each in found]
        found |= {matter: closed[0]} if closed and matter not in found else {}
    return found


def sentence(stands: Standing) -> str:
    """Say to a person why something is withheld from them, who can change it and until when it lasts."""
    return (
        f"This is withheld from you because of an interest. {stands.because} It opens again when the interest has"
        " ended. If that is wrong, tell the secretary, who can correct the list of those whom the matter concerns."
    )


def opened(place: str, matter: str, person: str = "") -> tuple[Opened, ...]:
    """List what was opened of a matter, the earliest first; by one person (all their accounts) if named."""
    rows = models.Opening.objects.filter(place=place, matter=matter)
    if person:
        rows = rows.filter(person__in=accounts_of(person))
    names = ("matter", "person", "what", "day", "at")
    return tuple(Opened(**{name: getattr(row, name) for name in names}) for row in rows.order_by("at", "pk"))

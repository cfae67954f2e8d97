"""Whom a matter concerns, who has an interest in it, and what is withheld from whom: the one gate of every channel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from django.db.models import QuerySet

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
    return _listed(place, _only(matter))


def _only(matter: str) -> tuple[str, ...]:
    return (matter,) if matter else ()


def _listed(place: str, only: Collection[str]) -> tuple[Listed, ...]:
    rows = models.MatterParties.objects.filter(place=place, **({"matter__in": only} if only else {}))
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
    return _rulings(place, _only(matter), accounts_of(person) if person else ())


def _rulings(place: str, only: Collection[str], people: Collection[str] = ()) -> tuple[Ruled, ...]:
    rows = models.Ruling.objects.filter(place=place, **({"matter__in": only} if only else {}))
    rows = rows.filter(person__in=people) if people else rows
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


class Matters:
    """Some matters of a place, with whom each concerns and what was ruled of whom, read once for all of them.

    What is asked of one matter is asked of the same reads, so that one and many are answered alike. A matter that was
    not named at the start is a fault of the program: nobody would have an interest in it.
    """

    def __init__(self, place: str, asked: Iterable[str]) -> None:
        self.place, self._asked = place, frozenset(asked)

    def parties(self, matter: str) -> tuple[Party, ...]:
        """Give the organisations that a matter concerns."""
        return self._parties.get(self._known(matter), ())

    def conflicts(self, matter: str, on: date | None = None) -> dict[str, tuple[Conflict, ...]]:
        """Give who has an interest in a matter, or in what it stands on, on a day (today unless said), by sign-in."""
        concerned = tuple(sorted({each for name in self._with_bases(matter) for each in self._parties.get(name, ())}))
        if not concerned:
            return {}
        found: dict[str, list[Conflict]] = defaultdict(list)
        for each in self._ground.conflicts(concerned, on or organisations.today()):
            found[each.person].append(each)
        return {person: tuple(own) for person, own in sorted(found.items())}

    def standings(self, matter: str, on: date | None = None) -> dict[str, Standing]:
        """Give how each person stands in a matter who has an interest in it, or of whom something was ruled."""
        ruled = _strictest(self._ruled.get(each, {}) for each in self._with_bases(matter))
        found = self.conflicts(matter, on)
        return {
            person: withholding.standing(person, found.get(person, ()), *ruled.get(person, ("", "")))
            for person in sorted({*found, *ruled})
        }

    def standings_between(self, matter: str, first: date, last: date) -> dict[str, Standing]:
        """Give how each person stands in a matter over all days from a first to a last: the strictest of them counts.

        Asked on the first and the last day, and on each between on which an interest or an ownership began.
        """
        days = {first, last}
        if first < last:
            begins = {each.held_from for each in self._ground.interests}
            begins |= {each.held_from for each in self._ground.owners}
            days |= {each for each in begins if first < each < last}
        found: dict[str, Standing] = {}
        for day in sorted(days):
            for person, each in self.standings(matter, day).items():
                known = found.get(person)
                if known is None or withholding.stricter(each.ruling, known.ruling):
                    found[person] = each
        return dict(sorted(found.items()))

    def shut_out(self, matter: str) -> frozenset[str]:
        """Give everybody from whom a matter is withheld, by sign-in name."""
        return frozenset(person for person, each in self.standings(matter).items() if not each.sees)

    def _known(self, matter: str) -> str:
        if matter not in self._asked:
            raise KeyError(matter)
        return matter

    def _with_bases(self, matter: str) -> tuple[str, ...]:
        """Give a matter and what it stands on."""
        return (matter, *self._bases.get(self._known(matter), ()))

    @cached_property
    def _bases(self) -> Mapping[str, tuple[str, ...]]:
        return bases(self.place, self._asked) if self._asked else {}

    @cached_property
    def _every(self) -> frozenset[str]:
        return self._asked.union(*self._bases.values())

    @cached_property
    def _parties(self) -> dict[str, tuple[Party, ...]]:
        return {each.matter: each.parties for each in _listed(self.place, self._every)} if self._asked else {}

    @cached_property
    def _ruled(self) -> Mapping[str, Mapping[str, tuple[str, str]]]:
        return _ruled_by_account(self.place, self._every) if self._asked else {}

    @cached_property
    def _ground(self) -> Ground:
        return ground(organisations.book(self.place))


def conflicts(place: str, matter: str, on: date | None = None) -> dict[str, tuple[Conflict, ...]]:
    """Give who has an interest in a matter, or in what it stands on, on a day (today unless said), by sign-in name."""
    return Matters(place, (matter,)).conflicts(matter, on)


def standings(place: str, matter: str, on: date | None = None) -> dict[str, Standing]:
    """Give how each person stands in a matter who has an interest in it, or of whom something was ruled."""
    return Matters(place, (matter,)).standings(matter, on)


def standings_between(place: str, matter: str, first: date, last: date) -> dict[str, Standing]:
    """Give how each person stands in a matter over all days from a first to a last: the strictest of them counts."""
    return Matters(place, (matter,)).standings_between(matter, first, last)


def _strictest(told: Iterable[Mapping[str, tuple[str, str]]]) -> dict[str, tuple[str, str]]:
    """Give the strictest ruling on each account in any of some matters."""
    found: dict[str, tuple[str, str]] = {}
    for by_account in told:
        for account, ruled in by_account.items():
            if account not in found or withholding.stricter(ruled[0], found[account][0]):
                found[account] = ruled
    return found


def _ruled_by_account(place: str, only: Collection[str]) -> dict[str, dict[str, tuple[str, str]]]:
    """Give the ruling on each account by matter: of several accounts of one person the strictest counts on all."""
    ruled = _rulings(place, only)
    accounts = organisations.accounts() if ruled else {}
    found: dict[str, dict[str, tuple[str, str]]] = defaultdict(dict)
    for each in ruled:
        for account in accounts_of(each.person, accounts):
            known = found[each.matter].get(account)
            if known is None or withholding.stricter(each.ruling, known[0]):
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
        if each and (why := _sealed(person, place, (each,)).get(each)):
            return why
    return ""


def shut_out(place: str, matter: str) -> frozenset[str]:
    """Give everybody from whom a matter is withheld, by sign-in name: asked once where it is asked of many people."""
    return Matters(place, (matter,)).shut_out(matter)


def sealed_matters(viewer_or_person: Viewer | str, place: str) -> dict[str, str]:
    """Give every matter of a place that is withheld from a person, with the sentence why."""
    return _sealed(viewer_or_person if isinstance(viewer_or_person, str) else viewer_or_person.actor.id, place)


def _sealed(person: str, place: str, only: Collection[str] = ()) -> dict[str, str]:
    """Give what is withheld from a person: an appeal is, wherever what it stands on is, whenever that came to be."""
    under = bases(place, only) if only else {}
    wanted = frozenset(only).union(*under.values())
    known = {each.matter: each.parties for each in _listed(place, wanted)}
    if not known and not models.Ruling.objects.filter(place=place).exists():
        return {}  # every request asks, and most places have neither
    ruled = {matter: by[person] for matter, by in _ruled_by_account(place, wanted).items() if person in by}
    if not known and not ruled:
        return {}
    today, near = organisations.today(), ground(organisations.book(place)).near(person)
    found = {}
    for matter in sorted({*known, *ruled}):
        own = [each for each in near.conflicts(known.get(matter, ()), today) if each.person == person]
        stands = withholding.standing(person, own, *ruled.get(matter, ("", "")))
        if not stands.sees:
            found[matter] = sentence(stands)
    for matter, below in (under if only else bases(place) if found else {}).items():
        closed = [found[each] for each in below if each in found]
        found |= {matter: closed[0]} if closed and matter not in found else {}
    return found


def sentence(stands: Standing) -> str:
    """Say to a person why something is withheld from them, who can change it and until when it lasts."""
    until = "the chair rules otherwise" if stands.by_ruling else "the interest has ended"
    change = "ask the chair to rule again" if stands.by_ruling else "correct the list of those whom the matter concerns"
    return (
        f"This is withheld from you because of an interest. {stands.because} It opens again when {until}."
        f" If that is wrong, tell the secretary, who can {change}."
    )


def opened(place: str, matter: str, person: str = "") -> tuple[Opened, ...]:
    """List what was opened of a matter, the earliest first; by one person (all their accounts) if named."""
    rows = models.Opening.objects.filter(place=place, matter=matter)
    return _opened(rows.filter(person__in=accounts_of(person)) if person else rows)


def opened_of(place: str, matters: Collection[str]) -> dict[str, tuple[Opened, ...]]:
    """List what was opened of each of several matters, the earliest first, asking once for all."""
    found: dict[str, list[Opened]] = {each: [] for each in matters}
    for each in _opened(models.Opening.objects.filter(place=place, matter__in=found)):
        found[each.matter].append(each)
    return {matter: tuple(own) for matter, own in found.items()}


def _opened(rows: QuerySet[models.Opening, models.Opening]) -> tuple[Opened, ...]:
    names = ("matter", "person", "what", "day", "at")
    return tuple(Opened(**{name: getattr(row, name) for name in names}) for row in rows.order_by("at", "pk"))

"""What was declared, by whom and when, and whether it is still current."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property

from django.utils import timezone

from openpbc.governance import models
from openpbc.governance.rules import interests as rule
from openpbc.governance.rules.constraints import k1
from openpbc.governance.rules.interests import Household, Interest, Ownership
from openpbc.kernel.periods import months_after
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Person
from openpbc.organisations.reads.persons import accounts_of
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Table, Value

MONTHS, DAYS = "governance.declaration_months", "governance.declaration_days"
NATURES, DECLARING = "governance.interest_natures", "governance.declaring_roles"
OWNER, HOUSEHOLD = "owner", "household"
PREFIX = "interest"
# Roles at an organisation that is cared for by the place and not the place itself: whoever holds one works for it.
_EMPLOYED_BY = ("practice", "provider")
_ROLE_NATURE = rule.FINANCIAL_PERSONAL


@dataclass(frozen=True)
class Said:
    """What was said of an interest later: that it is still so, or that it ended."""

    kind: str
    last_day: date | None
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True)
class Declared:
    """One interest as it was declared, and all that was said of it since."""

    id: int
    place: str
    person: str
    organisation: str
    nature: str
    role: str
    detail: str
    held_from: date
    stated_to: date | None
    declared_at: datetime
    declared_by: str
    synthetic: bool
    said: tuple[Said, ...]

    @property
    def address(self) -> str:
        """The text by which other records name this one."""
        return f"{PREFIX}/{self.place}/{self.id}"

    @cached_property
    def end(self) -> Said | None:
        """The end that was told, if any."""
        return next((each for each in self.said if each.kind == models.ENDED), None)

    @property
    def held_to(self) -> date | None:
        """The last day on which it counts."""
        if self.end is None or self.end.last_day is None:
            return self.stated_to
        last = rule.ends_on(self.end.last_day, timezone.localtime(self.end.at).date())
        return min(last, self.stated_to or last)

    @property
    def reviewed_at(self) -> datetime | None:
        """When it was last confirmed as it stands."""
        return max((each.at for each in self.said if each.kind == models.REVIEWED), default=None)

    @property
    def stands(self) -> bool:
        """Whether it is held today, as far as is known."""
        return self.held_to is None or self.held_to >= organisations.today()

    def stood_on(self, day: date) -> bool:
        """Whether it was declared by a day and held on it, as far as was known then: an end told later is left out."""
        last = self.stated_to
        if self.end and self.end.last_day and (told := timezone.localdate(self.end.at)) <= day:
            ended = rule.ends_on(self.end.last_day, told)
            last = min(ended, last or ended)
        known = timezone.localdate(self.declared_at) <= day
        return known and self.held_from <= day and (last is None or day <= last)


@dataclass(frozen=True)
class Settings:
    """What a place decided about declarations; None where it decided nothing."""

    months: int | None
    days: int | None
    material: dict[str, bool]
    words: dict[str, str]
    hints: dict[str, str]
    roles: frozenset[str]


def settings(book: Book) -> Settings:
    """Give what a place's rulebook says about declarations; a nature of which it says nothing is material."""
    months, days = book.value(MONTHS), book.value(DAYS)
    natures, roles = book.table(NATURES), book.table(DECLARING)
    rows = natures.keyed("code") if isinstance(natures, Table) else {}
    return Settings(
        months=months.int if isinstance(months, Value) else None,
        days=days.int if isinstance(days, Value) else None,
        material={code: rows[code]["material"] != "no" if code in rows else True for code in rule.NATURES},
        words={code: rows[code]["words"] if code in rows else words for code, words in rule.NATURES.items()},
        hints={code: rows[code]["hint"] if code in rows else "" for code in rule.NATURES},
        roles=frozenset() if isinstance(roles, NotSet) else frozenset(row["role"] for row in roles),
    )


def declarations(place: str, person: str = "") -> tuple[Declared, ...]:
    """List what was declared in a place, by person and then by when; of one person (all their accounts) if named."""
    return _declarations(place, accounts_of(person) if person else None)


def _declarations(place: str, accounts: frozenset[str] | None) -> tuple[Declared, ...]:
    rows = models.Interest.objects.filter(place=place).prefetch_related("events")
    if accounts is not None:
        rows = rows.filter(person__in=accounts)
    return tuple(_declared(row) for row in rows.order_by("person", "declared_at", "pk"))


def declaration(number: int, place: str) -> Declared:
    """Give one declared interest of a place; an unknown one is a person's mistake."""
    row = models.Interest.objects.filter(pk=number, place=place).prefetch_related("events").first()
    if row is None:
        raise UserError(f"there is no interest {number}", where=place, do="Choose one from the register.")
    return _declared(row)


def _declared(row: models.Interest) -> Declared:
    events = sorted(row.events.all(), key=lambda each: (each.at, each.pk))
    said = tuple(Said(each.kind, each.last_day, each.reason, each.at, each.by) for each in events)
    names = (
        "place", "person", "organisation", "nature", "role", "detail", "held_from", "declared_at", "declared_by",
        "synthetic",
    )  # fmt: skip
    return Declared(id=row.pk, stated_to=row.held_to, said=said, **{name: getattr(row, name) for name in names})


def declared(person: str, place: str, on: date) -> date | None:
    """Give the day on which a person last declared, or confirmed, up to a day; none if never (rule K1)."""
    return _last(place, {person: accounts_of(person)}, on)[person]


def last_declared(people: Iterable[str], place: str, on: date) -> dict[str, date | None]:
    """Give the day on which each of several people last declared, or confirmed, up to a day, asking once for all."""
    every = organisations.accounts()
    return _last(place, {person: accounts_of(person, every) for person in people}, on)


def _last(place: str, accounts: Mapping[str, frozenset[str]], on: date) -> dict[str, date | None]:
    named = frozenset[str]().union(*accounts.values())
    told: dict[str, list[datetime]] = {each: [] for each in named}
    for person, at in models.NilReturn.objects.filter(place=place, person__in=named).values_list(
        "person", "declared_at"
    ):
        told[person].append(at)
    for each in _declarations(place, named):
        told[each.person] += [each.declared_at, *(said.at for said in each.said if said.kind != models.TOLD)]
    days = {each: [day for at in said if (day := timezone.localdate(at)) <= on] for each, said in told.items()}
    return {person: max((day for each in own for day in days[each]), default=None) for person, own in accounts.items()}


def undeclared(place: str, person: str, on: date, called: str = "") -> str:
    """Say why a person may not vote on a day: they never declared, or too long ago (rule K1); empty if they did."""
    found = k1({called or person: declared(person, place, on)}, on, settings(organisations.book(place)).months)
    return found[0].sentence if found else ""


def is_old(book: Book, last: date, on: date) -> bool:
    """Tell whether a declaration of a day is older than the place allows; never where no age is set."""
    months = settings(book).months
    return months is not None and months_after(last, months) < on


@dataclass(frozen=True)
class Outstanding:
    """Somebody who has to declare: when they last did, and from when it is too old (none: never declared)."""

    person: Person
    last: date | None
    due: date | None


def outstanding(book: Book, on: date) -> tuple[Outstanding, ...]:
    """List who has never declared, or too long ago; the longest wait first."""
    here, stated = book.place.id, settings(book)
    late, people = [], declarers(book, on)
    known = last_declared([person.sign_in for person in people], here, on)
    for person in people:
        last = known[person.sign_in]
        due = months_after(last, stated.months) if last and stated.months is not None else None
        if last is None or is_old(book, last, on):
            late.append(Outstanding(person, last, due))
    return tuple(sorted(late, key=lambda each: (each.last or date.min, each.person.name)))


def declarers(book: Book, on: date) -> tuple[Person, ...]:
    """List the people who have to declare in a place: active ones with one of the roles that the rulebook names."""
    roles = settings(book).roles
    return tuple(
        each
        for each in organisations.people()
        if each.active
        and any(a.role in roles and a.applies_in(book.place.id) and a.holds_on(on) for a in each.assignments)
    )


def interests_held(book: Book, people: Iterable[Person] | None = None) -> tuple[Interest, ...]:
    """Give every interest as the rules need it: those declared, those that follow from roles, on every account."""
    here, stated, accounts = book.place.id, settings(book), organisations.accounts()
    found = [
        Interest(
            id=each.id,
            person=each.person,
            organisation=each.organisation,
            nature=each.nature,
            material=stated.material[each.nature],
            held_from=each.held_from,
            held_to=each.held_to,
            declared_at=timezone.localtime(each.declared_at),
            reviewed_at=timezone.localtime(each.reviewed_at) if each.reviewed_at else None,
        )
        for each in declarations(here)
    ]
    found += _by_roles(here, stated, organisations.people() if people is None else people)
    return tuple(
        replace(each, person=account) for each in found for account in sorted(accounts_of(each.person, accounts))
    )


def _by_roles(place: str, stated: Settings, people: Iterable[Person]) -> list[Interest]:
    return [
        Interest(
            id=0,
            person=person.sign_in,
            organisation=held.code,
            nature=_ROLE_NATURE,
            material=stated.material[_ROLE_NATURE],
            held_from=held.valid_from,
            held_to=held.valid_to,
            declared_at=timezone.now(),
            by_role=True,
        )
        for person in people
        for held in person.assignments
        if held.scope in _EMPLOYED_BY and held.applies_in(place)
    ]


def owners(book: Book) -> tuple[Ownership, ...]:
    """List which organisation owns which, as recorded, and which became which, as the rulebook tells."""
    told = tuple(Ownership(each.one, each.other, each.held_from, each.held_to) for each in links(book.place.id, OWNER))
    became = organisations.successions(book).listed
    return told + tuple(Ownership(each.predecessor, each.successor, each.on, became=True) for each in became)


def households(place: str) -> tuple[Household, ...]:
    """List who lives with whom today, as recorded."""
    today = organisations.today()
    held = (each for each in links(place, HOUSEHOLD) if each.held_to is None or each.held_to >= today)
    return tuple(Household(each.one, each.other) for each in held)


@dataclass(frozen=True)
class LinkFacts:
    """What connects two organisations or two people, and who recorded it."""

    one: str
    other: str
    number: int
    held_from: date
    held_to: date | None
    source: str
    by: str
    at: datetime


def links(place: str, kind: str) -> tuple[LinkFacts, ...]:
    """List the connections of a kind as they were last recorded."""
    latest: dict[tuple[str, str], models.Link] = {}
    for row in models.Link.objects.filter(place=place, kind=kind).order_by("one", "other", "number"):
        latest[row.one, row.other] = row
    names = ("one", "other", "number", "held_from", "held_to", "source", "by", "at")
    return tuple(LinkFacts(**{name: getattr(row, name) for name in names}) for row in latest.values())


def organisation_code(place: str, text: str) -> str:
    """Give the code of an organisation of the place that is named by code, name or alias; else the name as written."""
    wanted = rule.folded(text)
    for unit in organisations.units(place):
        if wanted in {rule.folded(each) for each in (unit.code, unit.name, *unit.aliases)}:
            return unit.code
    for code, name in organisation_names(place).items():
        if wanted in (rule.folded(code), rule.folded(name)):
            return code
    return " ".join(text.split())


def organisation_names(place: str) -> dict[str, str]:
    """Give the name of every organisation of a place by its code."""
    found = {each.code: each.name for each in organisations.units(place)}
    found |= {each.code: each.name for each in organisations.practices(place)}
    found |= {each.code: each.name for each in organisations.providers(place)}
    return found | {each.code: each.name for each in organisations.commissioners(place)}

"""What may be asked of the room: who is who on two clocks, and who looks now.

``on`` is the day for which the answer holds (None: whatever day), ``known_on`` the day on which it is asked with the
knowledge of that day (None: the latest knowledge).
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import models
from openpbc.organisations.rules.guessing import WINDOW_MINUTES, must_wait, name_hash
from openpbc.organisations.rules.roles import ANY_PLACE, PUBLIC, ROLES, SCOPES, Assignment, Viewer
from openpbc.organisations.rules.succession import Succession, Successions
from openpbc.organisations.rules.succession import successions as held_together
from openpbc.rulebook.reader import Book, open_book
from openpbc.rulebook.values import Table

__all__ = ["ANY_PLACE", "PUBLIC", "ROLES", "SCOPES", "Assignment", "Succession", "Successions", "Viewer"]

SUCCESSIONS, OTHERS, LINKS = "organisations.successions", "organisations.others", "organisations.links"
FIRST_DAY = date.min
LAST_DAY = date.max


@dataclass(frozen=True)
class Place:
    """A place that was loaded, and the book from which it was loaded."""

    id: str
    title: str
    book_hash: str


@dataclass(frozen=True)
class Unit:
    """A commissioning unit: a group of practices, a single-practice team, or a place of an integrated care board."""

    code: str
    name: str
    kind: str
    aliases: tuple[str, ...]
    budget_line: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class Practice:
    """A practice and where it belongs. Dates are those of the membership shown; both ends are included."""

    code: str
    name: str
    unit: str
    commissioner: str
    postcode: str
    list_size: int | None
    valid_from: date
    valid_to: date


@dataclass(frozen=True)
class Provider:
    """A provider; ``mff_e7`` is its market forces factor in ten-millionths, None when not set."""

    code: str
    name: str
    short_name: str
    kind: str
    mff_e7: int | None
    coordinator: str


@dataclass(frozen=True)
class Commissioner:
    """A commissioning body."""

    code: str
    name: str


@dataclass(frozen=True, order=True)
class Membership:
    """One dated membership, as attribution needs it: dates are included at both ends and never empty."""

    practice: str
    valid_from: date
    valid_to: date
    unit: str
    budget_line: str
    commissioner: str
    postcode: str
    list_size: int | None


@dataclass(frozen=True)
class Person:
    """A person who may sign in, with every role ever given."""

    id: int
    sign_in: str
    name: str
    active: bool
    demo: bool
    assignments: tuple[Assignment, ...]


@dataclass(frozen=True)
class Invitation:
    """An invitation that can still be accepted."""

    id: uuid.UUID
    sign_in: str
    display_name: str
    role: str
    place: str
    scope: str
    code: str
    invited_by: str
    expires_at: datetime


def book(place: str, known_on: date | None = None) -> Book:
    """Open the book of a place with the installation's own packs laid over the shipped ones."""
    return open_book(place, known_on, settings.RULEBOOK)


def places() -> list[Place]:
    """List the places that were loaded, by id."""
    return [Place(row.code, row.title, row.book_hash) for row in models.Place.objects.order_by("code")]


def units(place: str, on: date | None = None, known_on: date | None = None) -> list[Unit]:
    """List the commissioning units of a place, in the order of their codes."""
    return [
        Unit(
            code=row.code,
            name=row.name,
            kind=row.detail.get("kind", ""),
            aliases=tuple(row.detail.get("aliases", ())),
            budget_line=row.detail.get("budget_line", ""),
            valid_from=row.valid_from,
            valid_to=row.valid_to or LAST_DAY,
        )
        for row in _organisations(place, "unit", on, known_on)
    ]


def unit_by_alias(place: str, name: str) -> Unit:
    """Find a unit by code, name or alias, whatever the case: one identity for a body printed in several ways."""
    wanted = name.strip().casefold()
    for unit in units(place):
        if wanted in {text.casefold() for text in (unit.code, unit.name, *unit.aliases)}:
            return unit
    known = ", ".join(unit.code for unit in units(place))
    raise UserError(f"there is no unit '{name[:60]}'", where=place, do=f"Choose one of {known}." if known else "")


def practices(place: str, on: date | None = None, known_on: date | None = None) -> list[Practice]:
    """List the practices of a place by code, one row each: the membership of the day, or the latest one."""
    named = {row.code: row for row in _organisations(place, "practice", None, None)}
    latest: dict[str, models.Membership] = {}
    for row in _memberships(place, known_on):
        if on is None or (row.valid_from <= on and (row.valid_to is None or on <= row.valid_to)):
            latest[row.practice] = row  # rows come by practice and date, so the last one stays
    return [
        Practice(
            code=code,
            name=named[code].name if code in named else code,
            unit=row.unit,
            commissioner=row.commissioner,
            postcode=named[code].detail.get("postcode", "") if code in named else "",
            list_size=row.list_size,
            valid_from=row.valid_from,
            valid_to=row.valid_to or LAST_DAY,
        )
        for code, row in sorted(latest.items())
    ]


def providers(place: str) -> list[Provider]:
    """List the providers of a place by code."""
    return [
        Provider(
            code=row.code,
            name=row.name,
            short_name=row.detail.get("short_name") or row.name,
            kind=row.detail.get("kind", ""),
            mff_e7=row.detail.get("mff_e7"),
            coordinator=row.detail.get("coordinator", ""),
        )
        for row in _organisations(place, "provider", None, None)
    ]


def commissioners(place: str) -> list[Commissioner]:
    """List the commissioners that a place's records may name, by code."""
    return [Commissioner(row.code, row.name) for row in _organisations(place, "commissioner", None, None)]


def membership_rows(place: str, known_on: date | None = None) -> list[Membership]:
    """Give every dated membership as known on a day: the snapshot by which activity is attributed."""
    lines = {unit.code: unit.budget_line for unit in units(place)}
    postcodes = {row.code: str(row.detail.get("postcode", "")) for row in _organisations(place, "practice", None, None)}
    return [
        Membership(
            practice=row.practice,
            valid_from=row.valid_from,
            valid_to=row.valid_to or LAST_DAY,
            unit=row.unit,
            budget_line=lines.get(row.unit) or row.unit,
            commissioner=row.commissioner,
            postcode=postcodes.get(row.practice, ""),
            list_size=row.list_size,
        )
        for row in _memberships(place, known_on)
    ]


def successions(book: Book, known_on: date | None = None) -> Successions:
    """Give the mergers and closures that a book tells, as known on a day; a book that tells none has none."""
    found = book.table(SUCCESSIONS)
    if not isinstance(found, Table):
        return Successions()
    try:
        listed = [
            Succession(row["predecessor"], row["successor"], date.fromisoformat(row["valid_from"]))
            for row in found
            if _row_known(row, known_on)
        ]
    except (KeyError, ValueError) as problem:
        do = "Give predecessor, successor and valid_from, with dates as YYYY-MM-DD."
        raise UserError(f"a succession cannot be read ({problem})", where=found.path, do=do) from problem
    return held_together(listed)


def _row_known(row: dict[str, str], known_on: date | None) -> bool:
    """Tell whether a row of the rulebook with ``known_from`` and ``known_to`` was believed on a day."""
    if known_on is None:
        return not row.get("known_to")
    first = date.fromisoformat(row["known_from"]) if row.get("known_from") else FIRST_DAY
    last = date.fromisoformat(row["known_to"]) if row.get("known_to") else LAST_DAY
    return first <= known_on < last


def _organisations(
    place: str, kind: str, on: date | None, known_on: date | None
) -> QuerySet[models.Organisation, models.Organisation]:
    rows = models.Organisation.objects.filter(known(known_on), place_id=place, kind=kind)
    if on is not None:
        rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on), valid_from__lte=on)
    return rows.order_by("code", "valid_from")


def _memberships(place: str, known_on: date | None) -> QuerySet[models.Membership, models.Membership]:
    rows = models.Membership.objects.filter(known(known_on), place_id=place)
    return rows.order_by("practice", "valid_from")


def known(known_on: date | None) -> Q:
    """Say in a query which rows were known on a day (None: now)."""
    if known_on is None:
        return Q(known_to__isnull=True)
    return Q(known_from__lte=known_on) & (Q(known_to__isnull=True) | Q(known_to__gt=known_on))


def person(user_id: int) -> Person:
    """Give one person; an unknown one is a person's mistake."""
    row = models.User.objects.prefetch_related("assignments").filter(pk=user_id).first()
    if row is None:
        raise UserError(f"there is no user {user_id}")
    return _person(row)


def person_by_sign_in(sign_in: str) -> Person:
    """Give the person with a sign-in name, whatever its case."""
    row = models.User.objects.prefetch_related("assignments").filter(sign_in=sign_in.strip().lower()).first()
    if row is None:
        raise UserError(f"there is no user '{sign_in[:150]}'", do="'openpbc users list' shows them.")
    return _person(row)


def people() -> list[Person]:
    """List everybody who may sign in or once could, by sign-in name."""
    return [_person(row) for row in models.User.objects.prefetch_related("assignments").order_by("sign_in")]


def accounts() -> dict[str, frozenset[str]]:
    """Give, for each account of a person who has several, all of that person's accounts by sign-in name."""
    keyed = dict(models.User.objects.exclude(person_key="").values_list("sign_in", "person_key"))
    return {name: frozenset(other for other in keyed if keyed[other] == key) for name, key in keyed.items()}


def same_person(one: str, other: str) -> bool:
    """Tell whether two sign-in names are one person's: a second account is nobody else."""
    return one == other or other in accounts().get(one, frozenset())


def _person(row: models.User) -> Person:
    held = sorted(assignment(each) for each in row.assignments.all())
    return Person(row.pk, row.sign_in, row.display_name, row.is_active, row.is_demo, tuple(held))


def assignment(row: models.RoleAssignment) -> Assignment:
    """Give a role as it is held; one without an end goes on to the last day."""
    return Assignment(row.role, row.place, row.scope, row.code, row.valid_from, row.valid_to or LAST_DAY)


def today() -> date:
    """The day of the place where the site runs."""
    return timezone.localdate()


def standing_day(book: Book) -> date:
    """The day as at which registers are shown where none is asked for: today, or the last day of a year long past."""
    now, year = today(), book.place.year
    return now if now <= year.next.last else year.last


def viewer(user_id: int, on: date | None = None) -> Viewer:
    """Give a signed-in person with the roles held on a day (today unless said), to be asked again at every request."""
    return _viewer(models.User.objects.get(pk=user_id), on)


def _viewer(user: models.User, on: date | None = None) -> Viewer:
    held = [assignment(row) for row in models.RoleAssignment.objects.filter(user_id=user.pk)]
    now = tuple(sorted(each for each in held if each.holds_on(on or today())))
    actor = Actor(id=user.sign_in, name=user.display_name, roles=frozenset(each.role for each in now))
    return Viewer(actor, now, _members(now), signed_in=True)


def viewer_by_sign_in(sign_in: str) -> Viewer | None:
    """Give an active person with the roles held today, for what is sent without a sign-in; none for anybody else."""
    user = models.User.objects.filter(sign_in=sign_in, is_active=True).first()
    return None if user is None else _viewer(user)


def _members(held: tuple[Assignment, ...]) -> dict[tuple[str, str], frozenset[str]]:
    """Give the units of every practice that matters to a unit's or a practice's scope."""
    wanted = Q()
    for each in held:
        if each.scope in ("unit", "practice"):
            here = Q() if each.place == ANY_PLACE else Q(place_id=each.place)
            wanted |= here & Q(**{each.scope: each.code})
    if not wanted:
        return {}
    found: dict[tuple[str, str], set[str]] = {}
    for place, practice, unit in models.Membership.objects.filter(wanted, known_to__isnull=True).values_list(
        "place_id", "practice", "unit"
    ):
        found.setdefault((place, practice), set()).add(unit)
    return {key: frozenset(names) for key, names in found.items()}


def hashed_token(token: str) -> str:
    """Hash the token of an invitation or of a private address as it is kept."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def invitation(token: str) -> Invitation:
    """Give the invitation of a token while it can be accepted; otherwise say that it cannot."""
    found = _open_invitations().filter(token_hash=hashed_token(token)).first()
    if found is None:
        raise no_invitation()
    return _invitation(found)


def invitations() -> list[Invitation]:
    """List the invitations that can still be accepted, by sign-in name."""
    return [_invitation(row) for row in _open_invitations().order_by("sign_in")]


def no_invitation() -> UserError:
    """The sentence for a token that opens nothing."""
    return UserError("this invitation was used, replaced or has run out", do="Ask for a new one.")


def _open_invitations() -> QuerySet[models.Invitation, models.Invitation]:
    return models.Invitation.objects.filter(accepted_at__isnull=True, expires_at__gt=timezone.now())


def _invitation(row: models.Invitation) -> Invitation:
    names = ("id", "sign_in", "display_name", "role", "place", "scope", "code", "invited_by", "expires_at")
    return Invitation(**{name: getattr(row, name) for name in names})


def sign_in_must_wait(sign_in: str, address: str) -> bool:
    """Tell whether a network address has failed to sign in too often to try this name now."""
    since = timezone.now() - timedelta(minutes=WINDOW_MINUTES)
    failures = models.SignInAttempt.objects.filter(address=address, at__gt=since)
    return must_wait(failures.filter(name_hash=name_hash(sign_in)).count(), failures.count())

"""Who sets the priorities of each area, who owns each function, what regulators found, and the kinds of provider."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from openpbc.kernel.problems import UserError
from openpbc.organisations import models
from openpbc.organisations.reads import LAST_DAY, bodies, commissioners, providers, units
from openpbc.organisations.rules.arrangements import (
    ACCREDITED,
    ARRANGED,
    CONTRACTING,
    COVER,
    EVERY,
    FORM,
    FORMS,
    FUNCTION,
    LEVEL,
    NOBODY,
    OF_PRACTICES,
    ON_ACCREDITATION,
    OVERSEEING,
    PRIORITIES,
    REVIEWED,
    STANDINGS,
    ProviderKind,
    falls_to,
    named,
)
from openpbc.organisations.rules.clocks import covers
from openpbc.organisations.rules.links import ACCOUNTS
from openpbc.organisations.rules.roles import ROLES
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table

__all__ = [
    "ARRANGED",
    "COVER",
    "EVERY",
    "FORM",
    "FORMS",
    "FUNCTION",
    "LEVEL",
    "NOBODY",
    "OF_PRACTICES",
    "PRIORITIES",
    "REVIEWED",
    "STANDINGS",
    "ProviderKind",
    "falls_to",
    "named",
]

SENT = "submissions.expected"
AREAS, FUNCTIONS, KINDS = "organisations.areas", "organisations.functions", "organisations.provider_kinds"
LEVELS = "organisations.participation_levels"
_WHAT = {PRIORITIES: "area", FUNCTION: "function", FORM: "group", COVER: "practice", LEVEL: "practice"}
WHOLE = "ALL"
REGULATOR, OVERSEER = "regulator", "regional body"


@dataclass(frozen=True)
class Arranged:
    """Who held an area or a function from a day until another, and what was known of that from when until when."""

    key: int
    subject: str
    holder: str
    other: str
    reason: str
    valid_from: date
    valid_to: date | None
    known_from: datetime
    known_to: datetime | None
    by: str
    synthetic: bool


@dataclass(frozen=True)
class Reviewed:
    """What a regulator found of a provider on a day; one that was withdrawn says by whom and why."""

    number: int
    provider: str
    regulator: str
    status: str
    on: date
    finding: str
    known_from: datetime
    by: str
    known_to: datetime | None
    withdrawn_by: str
    withdrawn_because: str
    synthetic: bool

    @property
    def accredits(self) -> bool:
        """Whether the provider is accredited by that word."""
        return self.status in ACCREDITED


def subjects(book: Book, kind: str) -> dict[str, str]:
    """What is arranged: the areas of a place, the functions of its commissioner, its groups or its practices, by code.

    A place that lists no areas is one area; one that lists no functions has none to show.
    """
    if kind == FORM:
        return {each.code: each.name for each in units(book.place.id)}
    if kind in OF_PRACTICES:
        rows = models.Organisation.objects.filter(place_id=book.place.id, kind="practice", known_to__isnull=True)
        return dict(rows.order_by("code", "valid_from").values_list("code", "name"))
    found = book.table(AREAS if kind == PRIORITIES else FUNCTIONS)
    if isinstance(found, Table):
        return {row["code"]: row["name"] for row in found}
    return {WHOLE: book.place.title} if kind == PRIORITIES else {}


def homes(book: Book) -> dict[str, str]:
    """Give the commissioner of each area; a place that lists no areas is one, of its own commissioner."""
    found = book.table(AREAS)
    if isinstance(found, Table):
        return {row["code"]: row["commissioner"] for row in found}
    return {WHOLE: book.place.commissioner}


def subject(book: Book, kind: str, code: str) -> str:
    """The name of an area or a function; an unknown one is a person's mistake."""
    known = subjects(book, kind) if kind in ARRANGED else {}
    if code not in known:
        do = f"Choose one of {', '.join(known)}." if known else "The rulebook of the place lists none."
        raise UserError(f"there is no {_WHAT.get(kind, kind[:20])} '{code[:40]}'", book.place.id, do)
    return known[code]


def choices(book: Book, kind: str) -> Mapping[str, str]:
    """Give what may be said where the words are fixed, by code; nothing where any organisation or name may be given.

    The levels of taking part are the rulebook's; while they are not set, no level can be said.
    """
    if kind == FORM:
        return FORMS
    if kind != LEVEL:
        return {}
    found = book.need_table(LEVELS)
    return {row["code"]: row["name"] for row in found} | {NOBODY: "Not told any more"}


def arrangements(place: str, kind: str, on: date | None, known_on: date | None = None) -> dict[str, Arranged]:
    """Give who holds each area or function on a day (None: the latest), as known at the end of another (None: now)."""
    found = {}
    for each in history(place, kind, known_on):
        if on is None or covers(each, on):
            found[each.subject] = each
    return found


def history(place: str, kind: str, known_on: date | None = None, subject: str = "") -> list[Arranged]:
    """Give every holder from the first to the last, as known at the end of a day (None: now)."""
    rows = models.Arrangement.objects.filter(_known(known_on), place_id=place, kind=kind)
    rows = rows.filter(subject=subject) if subject else rows
    return [_arranged(row) for row in rows.order_by("subject", "valid_from")]


def believed_before(place: str, kind: str) -> list[Arranged]:
    """Give what was believed once and is no longer, what was given up last at the head."""
    rows = models.Arrangement.objects.filter(place_id=place, kind=kind, known_to__isnull=False)
    return [_arranged(row) for row in rows.order_by("-known_to", "-pk")]


def seen(place: str, kind: str, subject: str) -> int:
    """Give the version of an area or a function: its newest row, whatever that says."""
    rows = models.Arrangement.objects.filter(place_id=place, kind=kind, subject=subject)
    newest = rows.order_by("-pk").first()
    return newest.pk if newest else 0


def _known(known_on: date | None) -> Q:
    if known_on is None:
        return Q(known_to__isnull=True)
    return Q(known_from__date__lte=known_on) & (Q(known_to__isnull=True) | Q(known_to__date__gt=known_on))


def _arranged(row: models.Arrangement) -> Arranged:
    names = "subject holder other reason valid_from valid_to known_from known_to by synthetic".split()
    return Arranged(key=row.pk, **{name: getattr(row, name) for name in names})


def reviews(place: str, provider: str, known_on: date | None = None) -> list[Reviewed]:
    """Give what regulators found of a provider, the newest first, as known at the end of a day (None: now)."""
    rows = models.Review.objects.filter(_known(known_on), place_id=place, provider=provider)
    return [_reviewed(row) for row in rows.order_by("-on", "regulator")]


def withdrawn(place: str, provider: str) -> list[Reviewed]:
    """Give what was recorded of a provider by mistake, and why it was withdrawn."""
    rows = models.Review.objects.filter(place_id=place, provider=provider, known_to__isnull=False)
    return [_reviewed(row) for row in rows.order_by("-known_to")]


def review(place: str, number: int) -> Reviewed:
    """Give one review; an unknown number is a person's mistake."""
    row = models.Review.objects.filter(place_id=place, number=number).first()
    if row is None:
        raise UserError(f"there is no review {number}", do="Open it from the page of the provider.")
    return _reviewed(row)


def reviews_by(place: str, regulator: str, known_on: date | None = None) -> list[Reviewed]:
    """Give what a regulator found of any provider, the newest first, as known at the end of a day (None: now)."""
    rows = models.Review.objects.filter(_known(known_on), place_id=place, regulator=regulator)
    return [_reviewed(row) for row in rows.order_by("-on", "provider")]


def accreditations(place: str, on: date, known_on: date | None = None, provider: str = "") -> list[Reviewed]:
    """Give the last that each regulator said by a day about accrediting each provider, or one of them.

    A review that says nothing of accreditation leaves the word before it as it was; a pair of which nobody said
    anything is not there. In the order of the providers' codes, the newest word of each first.
    """
    rows = models.Review.objects.filter(_known(known_on), place_id=place, on__lte=on, status__in=ON_ACCREDITATION)
    rows = rows.filter(provider=provider) if provider else rows
    last: dict[tuple[str, str], Reviewed] = {}
    for row in rows.order_by("provider", "-on", "regulator"):
        last.setdefault((row.provider, row.regulator), _reviewed(row))
    return list(last.values())


def _reviewed(row: models.Review) -> Reviewed:
    names = (
        "number provider regulator status on finding known_from by known_to withdrawn_by withdrawn_because synthetic"
    )
    return Reviewed(**{name: getattr(row, name) for name in names.split()})


def regulators(place: str) -> dict[str, str]:
    """Give the regulators that the register names, by code."""
    return {each.code: each.name for each in bodies.bodies(place) if each.kind == REGULATOR}


def overseers(place: str, commissioner: str) -> dict[str, str]:
    """Give the regional bodies to which a commissioner answers, by code; none for any other organisation."""
    if commissioner not in {each.code for each in commissioners(place)}:
        return {}
    above = {tie.holder for tie in bodies.ties(place) if (tie.kind, tie.member) == (ACCOUNTS, commissioner)}
    return {each.code: each.name for each in bodies.bodies(place) if each.kind == OVERSEER and each.code in above}


def recorders(place: str, code: str) -> frozenset[str]:
    """Give the roles that write down what reviewers found of an organisation: of a commissioner, those above it."""
    return OVERSEEING if code in {each.code for each in commissioners(place)} else CONTRACTING


def recording_fault(place: str, code: str, roles: frozenset[str]) -> str:
    """Say why the roles of somebody do not write down what a review found, and who does; empty where they may."""
    allowed = recorders(place, code)
    if roles & allowed:
        return ""
    who = " or ".join(sorted(ROLES[each] for each in allowed))
    return (
        f"what came of this review is not yours to write. Those who reviewed do ({who}), for as long as you hold no"
        " such role."
    )


def forms(place: str, on: date | None) -> dict[str, str]:
    """Give the form of each group on a day: what a person recorded, else the kind that the rulebook gives."""
    known = {each.code: each.kind for each in units(place)}
    return known | {code: each.holder for code, each in arrangements(place, FORM, on).items()}


def provider_kinds(book: Book) -> tuple[ProviderKind, ...]:
    """Give the kinds of provider of a place; none where its book lists none."""
    found = book.table(KINDS)
    if not isinstance(found, Table):
        return ()
    return tuple(
        ProviderKind(
            row["code"],
            row["name"],
            written=_parts(row["written"]),
            titled=_parts(row.get("titled", "")),
            bodies=frozenset(_parts(row["bodies"])),
        )
        for row in found
    )


def _parts(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def of_kind(place: str, kinds: tuple[ProviderKind, ...]) -> dict[str, dict[str, str]]:
    """Give the providers that are known of each kind, by code: those of contracts, and those that a source names."""
    found: dict[str, dict[str, str]] = {each.code: {} for each in kinds}
    for provider in providers(place):
        found.get(provider.kind, {})[provider.code] = provider.name
    for body in bodies.bodies(place):
        for each in kinds:
            if body.kind.replace(" ", "_") in each.bodies and body.valid_to == LAST_DAY:
                found[each.code][body.code] = body.name
    return found


def sent_monthly(book: Book) -> dict[str, list[str]]:
    """Give the data sets that a provider of each kind is expected to send every month."""
    found = book.table(SENT)
    expected: dict[str, list[str]] = {}
    for row in found if isinstance(found, Table) else ():
        expected.setdefault(row["kind"], []).append(row["stream"])
    return expected


def is_provider(book: Book, code: str) -> bool:
    """Tell whether an organisation provides care: one of contracts, or of a kind that provides."""
    place = book.place.id
    named_ones = (code in held for held in of_kind(place, provider_kinds(book)).values())
    return code in {each.code for each in providers(place)} or any(named_ones)

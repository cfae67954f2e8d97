"""Loading organisations from the rulebook, and recording membership on two clocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.citations import MARKS
from openpbc.kernel.money import scaled_from_text
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads
from openpbc.organisations.models import BODY, Link, Membership, Organisation, Place
from openpbc.organisations.rules.clocks import meets, outside
from openpbc.organisations.rules.links import LINKS, alone_key
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet, Table

_TABLES = {
    "commissioner": "organisations.commissioners",
    "unit": "organisations.units",
    "practice": "organisations.practices",
    "provider": "organisations.providers",
    BODY: reads.OTHERS,
}
_LINKS = reads.LINKS
_ORGANISATION_KEY = ("kind", "code", "valid_from", "known_from")
_MEMBERSHIP_KEY = ("practice", "valid_from", "known_from")
_LINK_KEY = ("kind", "member", "holder", "about", "valid_from", "known_from")
# What there is one of at a time, as the guards of the database have it.
_ALONE = {Organisation: ("kind", "code"), Membership: ("practice",), Link: ("alone",)}
_FIRST_BOOK = frozenset({_TABLES[BODY], _LINKS})  # a book that was written before these need not say that it has none
# A key identifies a row; the values are what the row says.
_Rows = dict[tuple[Any, ...], dict[str, Any]]


@dataclass(frozen=True)
class Loaded:
    """What loading a place changed: counts of organisations and memberships added, changed and removed.

    ``left_out`` names the rows of the book that were not taken, because something else was recorded of their time.
    """

    place: str
    added: int
    changed: int
    removed: int
    missing: tuple[str, ...]
    left_out: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """True when something was changed."""
        return bool(self.added or self.changed or self.removed)


@audit.action("organisations.load_place")
def load_place(*, by: Actor, place: str) -> Loaded:
    """Bring organisations and memberships of a place into line with its book; a second run changes nothing.

    Tables that the book does not set are skipped and named in ``missing``. What a person or a file of the register
    recorded stays, and rows of the book that it covers are left out and named.
    """
    book = reads.book(place)
    organisations: _Rows = {}
    memberships: _Rows = {}
    missing = [each.path for each in map(book.table, (*_TABLES.values(), _LINKS)) if _lacks(book, each)]
    for kind, id in _TABLES.items():
        table = book.table(id)
        if not isinstance(table, Table):
            continue
        organisations |= _organisations(kind, table)
        if kind == "practice":
            memberships = _memberships(table)
    old = Place.objects.select_for_update().filter(code=place).first()
    Place.objects.update_or_create(code=place, defaults={"title": book.place.title, "book_hash": book.hash})
    done = (
        _align(Organisation.objects.filter(place_id=place), place, _ORGANISATION_KEY, organisations),
        _align(Membership.objects.filter(place_id=place), place, _MEMBERSHIP_KEY, memberships),
        _align(Link.objects.filter(place_id=place), place, _LINK_KEY, _links(book.table(_LINKS))),
    )
    added, changed, removed = (sum(each) for each in zip(*(each.counts for each in done), strict=True))
    left_out = tuple(row for each in done for row in each.left_out)
    loaded = Loaded(place, added, changed, removed, tuple(missing), left_out)
    if loaded.any or old is None or old.book_hash != book.hash:
        _note_load(loaded, old, book)
    else:
        audit.nothing_changed()
    return loaded


def _lacks(book: Book, found: Table | NotSet) -> bool:
    return isinstance(found, NotSet) and (found.id in book.subjects or found.id not in _FIRST_BOOK)


def _note_load(loaded: Loaded, old: Place | None, book: Book) -> None:
    counts = {"added": loaded.added, "changed": loaded.changed, "removed": loaded.removed}
    counts |= {"left_out": len(loaded.left_out)} if loaded.left_out else {}
    audit.note(
        subject=f"place/{loaded.place}",
        before={"book": old.book_hash} if old else None,
        after={"book": book.hash} | counts,
    )


def _organisations(kind: str, table: Table) -> _Rows:
    rows: _Rows = {}
    for line, row in enumerate(table.rows, start=1):
        dates = _dates(row, table, line)
        if kind == "practice":  # its dated rows are memberships; the practice itself is one, as last described
            dates = {"valid_from": date.min, "valid_to": None, "known_from": date.min, "known_to": None}
        key = (kind, row["code"], dates.pop("valid_from"), dates.pop("known_from"))
        rows[key] = {"name": row["name"], "detail": _detail(row), "source": _told(row), **dates}
    return rows


def _links(table: Table | NotSet) -> _Rows:
    rows: _Rows = {}
    if isinstance(table, NotSet):
        return rows
    for line, row in enumerate(table.rows, start=1):
        if row["kind"] not in LINKS:
            where = f"{table.path}, row {line}"
            raise UserError(f"'{row['kind'][:30]}' is no kind of link", where, f"Choose one of {', '.join(LINKS)}.")
        dates = _dates(row, table, line)
        named = (row["kind"], row["member"], row["holder"], row["about"])
        said = {"alone": alone_key(*named), "seen": row["seen"] == "yes", "source": _told(row)}
        key = (*named, dates.pop("valid_from"), dates.pop("known_from"))
        rows[key] = said | dates
    return rows


def _told(row: dict[str, str]) -> str:
    """Say which source tells of a row, and how sure that is."""
    return f"{row['told']} ({MARKS[row['mark']]})" if row.get("told") else ""


def _detail(row: dict[str, str]) -> dict[str, Any]:
    shown = {"kind", "budget_line", "short_name", "coordinator", "postcode", "area"}
    detail: dict[str, Any] = {name: text for name, text in row.items() if name in shown and text}
    if row.get("aliases"):
        detail["aliases"] = [alias.strip() for alias in row["aliases"].split(";") if alias.strip()]
    if row.get("mff_e7"):
        detail["mff_e7"] = scaled_from_text(row["mff_e7"], 0)
    return detail


def _memberships(table: Table) -> _Rows:
    rows: _Rows = {}
    for line, row in enumerate(table.rows, start=1):
        dates = _dates(row, table, line)
        key = (row["code"], dates.pop("valid_from"), dates.pop("known_from"))
        size = row.get("list_size", "")
        said = {"unit": row["unit"], "commissioner": row.get("commissioner", "")}
        rows[key] = said | {"list_size": scaled_from_text(size, 0) if size else None, **dates}
    return rows


def _dates(row: dict[str, str], table: Table, line: int) -> dict[str, date | None]:
    try:
        read = {name: _date(row.get(name, "")) for name in ("valid_from", "valid_to", "known_from", "known_to")}
    except ValueError as problem:
        raise UserError(f"row {line}: {problem}", where=table.path, do="Write dates as YYYY-MM-DD.") from problem
    return read | {name: read[name] or date.min for name in ("valid_from", "known_from")}


def _date(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


@dataclass(frozen=True)
class _Aligned:
    """How many rows were added, changed and removed, and which were left out."""

    counts: tuple[int, int, int]
    left_out: tuple[str, ...]


def _align(rows: QuerySet[Any, Any], place: str, key: tuple[str, ...], wanted: _Rows) -> _Aligned:
    """Make the stored rows equal to the wanted ones, and say what was done.

    What a person recorded, or corrected, is left alone, and a wanted row that it covers is left out.
    """
    stored = {tuple(getattr(row, name) for name in key): row for row in rows}
    kept = {at: row for at, row in stored.items() if not row.recorded}
    gone = [row.pk for at, row in kept.items() if at not in wanted]
    rows.filter(pk__in=gone).delete()
    covered = _covered(rows.model, key, stored, wanted)
    wanted = {at: said for at, said in wanted.items() if at not in covered}
    changed = [
        row
        for at, row in kept.items()
        if at in wanted and any(getattr(row, name) != value for name, value in wanted[at].items())
    ]
    # What ends is written before what begins, so that no practice is in two units in between.
    rows.filter(pk__in=[row.pk for row in changed]).delete()
    new = [at for at in wanted if at not in stored]
    rewritten = [tuple(getattr(row, name) for name in key) for row in changed]
    try:
        with transaction.atomic():
            rows.model.objects.bulk_create(
                rows.model(place_id=place, **dict(zip(key, at, strict=True)), **wanted[at]) for at in (*rewritten, *new)
            )
    except IntegrityError as problem:
        where = f"the organisations of {place}"
        raise UserError(f"two rows contradict each other ({problem})", where, "Mend the rows of the pack.") from problem
    return _Aligned((len(new), len(changed), len(gone)), tuple(covered.values()))


def _covered(model: Any, key: tuple[str, ...], stored: Mapping[tuple[Any, ...], Any], wanted: _Rows) -> dict[Any, str]:
    """Name the wanted rows that cannot stand beside one that a person or a file recorded."""
    alone = _ALONE[model]
    recorded: dict[tuple[Any, ...], list[Any]] = {}
    for row in stored.values():
        if row.recorded:
            recorded.setdefault(tuple(getattr(row, name) for name in alone), []).append(row)
    found = {}
    for at, said in wanted.items():
        if at in stored and stored[at].recorded:
            continue  # it was this row that was recorded otherwise
        new = model(**dict(zip(key, at, strict=True)), **said)
        if any(meets(new, row) for row in recorded.get(tuple(getattr(new, name) for name in alone), ())):
            since = "" if new.valid_from == reads.FIRST_DAY else f" from {day_text(new.valid_from)}"
            found[at] = f"{_whom(new)}{since}"
    return found


def _whom(row: Organisation | Membership | Link) -> str:
    """Say in a few words what a row speaks of."""
    if isinstance(row, Link):
        return f"{row.member} {LINKS[row.kind].forward} {row.holder}"
    if isinstance(row, Membership):
        return f"{row.practice} in {row.unit}"
    return f"{row.name} ({row.code})"


@audit.action("organisations.record_membership")
def record_membership(
    *,
    by: Actor,
    place: str,
    practice: str,
    unit: str,
    valid_from: date,
    valid_to: date | None = None,
    known_from: date,
    commissioner: str = "",
    list_size: int | None = None,
    reason: str,
) -> None:
    """Record that a practice belongs to a unit from a day (to a last day), as known from a day on.

    What was believed of that time before stays readable with ``known_on`` before ``known_from``; time outside the new
    row keeps its membership.
    """
    if not reason.strip():
        raise UserError("a change of membership needs a reason", where=practice)
    if valid_to is not None and valid_to < valid_from:
        raise UserError("the last day lies before the first", where=practice)
    _check_named(place, practice, unit)
    believed = _believed(place, practice, valid_from, valid_to)
    if any(row.known_from >= known_from for row in believed):
        raise UserError(
            f"something later is already known of {practice}", do="Give the day on which this became known, after it."
        )
    Membership.objects.filter(pk__in=[row.pk for row in believed]).update(known_to=known_from, recorded=True)
    last = believed[-1] if believed else None
    new = Membership(
        place_id=place,
        practice=practice,
        unit=unit,
        commissioner=commissioner or (last.commissioner if last else ""),
        list_size=list_size if list_size is not None else (last.list_size if last else None),
        valid_from=valid_from,
        valid_to=valid_to,
        known_from=known_from,
        recorded=True,
    )
    rest = [_copy(row, first, end, known_from) for row, first, end in outside(believed, valid_from, valid_to)]
    Membership.objects.bulk_create([new, *rest])
    audit.note(
        subject=f"practice/{place}/{practice}",
        before=[_said(row) for row in believed],
        after=_said(new),
        reason=reason,
    )


def _believed(place: str, practice: str, valid_from: date, valid_to: date | None) -> list[Membership]:
    """Give the rows that are believed of that time, in order, holding back every other writer of the place."""
    # One writer of a place's memberships at a time: what is read next is what the one before left.
    Place.objects.select_for_update().get(code=place)
    overlapping = Membership.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=valid_from),
        place_id=place,
        practice=practice,
        known_to__isnull=True,
        **({"valid_from__lte": valid_to} if valid_to else {}),
    )
    return list(overlapping.order_by("valid_from"))


def _check_named(place: str, practice: str, unit: str) -> None:
    known = set(Organisation.objects.filter(place_id=place).values_list("kind", "code"))
    for kind, code in (("practice", practice), ("unit", unit)):
        if (kind, code) not in known:
            raise UserError(f"there is no {kind} '{code[:30]}' in {place[:60]}", do="Load the place first.")


def _copy(row: Membership, valid_from: date, valid_to: date | None, known_from: date) -> Membership:
    return Membership(
        place_id=row.place_id,
        practice=row.practice,
        unit=row.unit,
        commissioner=row.commissioner,
        list_size=row.list_size,
        valid_from=valid_from,
        valid_to=valid_to,
        known_from=known_from,
        recorded=True,
    )


def _said(row: Membership) -> dict[str, str]:
    return {
        "unit": row.unit,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to else "",
        "known_from": row.known_from.isoformat(),
    }

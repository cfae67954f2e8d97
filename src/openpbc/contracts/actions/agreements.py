"""Writing the register of agreements: an entry, what was found when somebody looked at it, and making it active."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import F
from django.utils import timezone

from openpbc import audit
from openpbc.contracts import models
from openpbc.contracts.reads import agreement_register as reads
from openpbc.contracts.rules.agreements import ACTIVE, DRAFT, HOLDERS, JOINT, RECORDS, SECTORS, VOLUNTARY
from openpbc.finance.actions.revisions import added, change, signed, written
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.kernel.texts import one_of
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.partners import listed_partner
from openpbc.organisations.reads.partners import partner as partner_of
from openpbc.rulebook.reader import Book


@audit.action("contracts.write_agreement")
def write_agreement(
    *,
    by: Actor,
    place: str,
    title: str,
    partner: str,
    sector: str,
    holder: str,
    held_with: str = "",
    starts: date | None = None,
    ends: date | None = None,
    pence_a_year: int | None = None,
    term_reason: str = "",
    replaced_by: str = "",
    code: str = "",
    revision: int = 0,
) -> str:
    """Add a draft to the register, or change the agreement with a code; an active one must stay fit to be active.

    The partner, and with whom it is held jointly, are of the register of organisations, by code or name; a voluntary
    body that this does not hold is named in plain words.
    """
    book = organisations.book(place)
    facts: dict[str, Any] = {
        "title": written("title", title),
        **_partner(book, code, written("partner", partner), one_of("sector", sector, SECTORS)),
        "sector": sector,
        "holder": one_of("holder", holder, HOLDERS),
        "held_with": _held_with(book, code, written("held_with", held_with, required=holder == JOINT)),
        "starts": starts,
        "ends": ends,
        "pence_a_year": pence_a_year,
        "term_reason": written("term_reason", term_reason, required=False),
        "replaced_by": _following(place, code, replaced_by, starts),
    }
    _check(facts)
    rows = models.Agreement.objects.filter(place=place)
    if code:
        change(rows.filter(code=code), f"agreement {code}", by=by, revision=revision, **facts)
        found = reads.agreement(book, code)
        if found.state == ACTIVE:
            _fit(found)
    else:
        code = added(rows, "AG", rows.count(), place=place, state=DRAFT, revision=1, **signed(by), **facts)
    told = {name: value.isoformat() if isinstance(value, date) else value for name, value in facts.items()}
    audit.note(subject=f"agreement/{place}/{code}", after=told | {"replaced_by": replaced_by})
    return code


def _partner(book: Book, code: str, text: str, sector: str) -> dict[str, str]:
    found = listed_partner(book, text)
    if found:
        return {"partner": found.name, "partner_code": found.code}
    if sector == VOLUNTARY or _said_before(book, code, partner=text):
        return {"partner": text, "partner_code": ""}
    return {"partner": partner_of(book, text).name}


def _held_with(book: Book, code: str, text: str) -> str:
    if not text or _said_before(book, code, held_with=text):
        return text
    return partner_of(book, text, "held_with").name


def _said_before(book: Book, code: str, **said: str) -> bool:
    """Whether an agreement says so already: what was typed before partners came from the register stays with it."""
    return bool(code) and models.Agreement.objects.filter(place=book.place.id, code=code, **said).exists()


def _check(facts: dict[str, Any]) -> None:
    starts, ends, sum_a_year = facts["starts"], facts["ends"], facts["pence_a_year"]
    if starts and ends and ends < starts:
        raise UserError("it would end before it begins", "ends", "Give a later day.")
    if sum_a_year is not None and sum_a_year < 0:
        raise UserError("the sum may not be negative", "pence_a_year", "Give nought or more.")


def _following(place: str, code: str, replaced_by: str, starts: date | None) -> models.Agreement | None:
    """The agreement that takes another's place: one that begins later, so that no two follow each other in turn."""
    if not replaced_by:
        return None
    found = models.Agreement.objects.filter(place=place, code=replaced_by).first()
    if found is None or found.code == code:
        raise UserError(f"'{replaced_by[:20]}' is no other agreement", "replaced_by", "Choose one from the register.")
    if found.starts is None or starts is None or found.starts <= starts:
        raise UserError(f"{replaced_by} does not begin after this one", "replaced_by", "Put the days of both right.")
    return found


def _fit(found: reads.Agreement) -> None:
    against = reads.agreement_terms(found)
    if against:
        first = against[0]
        raise UserError(f"{found.code} cannot be active. {first.sentence}", first.place.field, _NEXT[first.place.field])


_NEXT = {
    "compact": "Record a Compact check first.",
    "ends": "Give both days.",
    "term_reason": "Give the reason, or a longer term.",
}


@audit.action("contracts.record_of_agreement")
def record_of_agreement(*, by: Actor, place: str, code: str, kind: str, on: date, in_order: bool, note: str) -> None:
    """Record a review, a monitoring meeting or a Compact check with what was found; it stays as it was recorded."""
    book = organisations.book(place)
    facts = {"kind": one_of("kind", kind, RECORDS), "on": on, "in_order": in_order, "note": written("note", note)}
    reads.agreement(book, code)
    _not_ahead(on)
    rows = models.Agreement.objects.filter(place=place, code=code)
    # Whoever makes the agreement active at this moment had not seen this record, and is told.
    rows.update(revision=F("revision") + 1, **signed(by))
    models.AgreementRecord.objects.create(
        agreement=rows.get(), recorded_by=by.name[:200], recorded_at=timezone.now(), **facts
    )
    audit.note(subject=f"agreement/{place}/{code}", after=facts | {"on": on.isoformat()})


def _not_ahead(on: date) -> None:
    if on > organisations.today():
        raise UserError("this day has not come yet", "on", "Record it once it has taken place.")


@audit.action("contracts.activate_agreement")
def activate_agreement(*, by: Actor, place: str, code: str, revision: int) -> None:
    """Make a draft active; refused without a Compact check, without days, or for a short term without a reason."""
    book: Book = organisations.book(place)
    found = reads.agreement(book, code)
    if found.state == ACTIVE:
        raise UserError(f"{code} is active already", do="Look at it in the register.")
    _fit(found)
    rows = models.Agreement.objects.filter(place=place, code=code)
    change(rows, f"agreement {code}", by=by, revision=revision, state=ACTIVE)
    audit.note(subject=f"agreement/{place}/{code}", before={"state": DRAFT}, after={"state": ACTIVE})

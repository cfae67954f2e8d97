"""Recording who holds what in a place, how far practices take part, and what regulators found of a provider."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.timezone import localtime

from openpbc import audit
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads
from openpbc.organisations.models import Arrangement, Place, Review
from openpbc.organisations.reads import arrangements, bodies
from openpbc.organisations.rules.arrangements import STANDINGS
from openpbc.organisations.rules.clocks import outside
from openpbc.rulebook.reader import Book

_LONGEST, _LONGEST_REASON = 200, 500


@audit.action("organisations.arrange")
def arrange(
    *,
    by: Actor,
    place: str,
    kind: str,
    subject: str,
    holder: str,
    other: str = "",
    valid_from: date,
    reason: str,
    seen: int,
    synthetic: bool = False,
) -> None:
    """Say from a day on who sets the priorities of an area, or owns a function and performs it; or the form of a group.

    Of a practice it is who arranges care where no group does, and how far it takes part itself: one of the rulebook's
    levels. What was believed of that time before stays readable. An organisation of the register is kept by its code,
    whichever of its names was given; any other by its name as it was given.
    """
    book = reads.book(place)
    name = arrangements.subject(book, kind, subject)
    facts = _facts(book, kind, holder, other)
    why = texts.line(reason, "the reason", _LONGEST_REASON, field="reason")
    _alone(place)
    if arrangements.seen(place, kind, subject) != seen:
        raise _overtaken(place, kind, subject, name)
    now, named = timezone.now(), {"place_id": place, "kind": kind, "subject": subject}
    current = Arrangement.objects.filter(known_to__isnull=True, **named).order_by("valid_from")
    believed = [each for each in current if each.valid_to is None or each.valid_to >= valid_from]
    signed = {"known_from": now, "by": by.name[:_LONGEST], "synthetic": synthetic}
    Arrangement.objects.filter(pk__in=[each.pk for each in believed]).update(known_to=now)
    for row, first, last in outside(believed, valid_from, None):
        before = {"holder": row.holder, "other": row.other, "reason": row.reason}
        kept = signed | {"by": row.by, "synthetic": row.synthetic}
        Arrangement.objects.create(valid_from=first, valid_to=last, **before, **kept, **named)
    Arrangement.objects.create(valid_from=valid_from, reason=why, **facts, **signed, **named)
    was = {"holder": believed[-1].holder, "other": believed[-1].other} if believed else None
    after = facts | {"valid_from": valid_from.isoformat()}
    audit.note(subject=f"{kind}/{place}/{subject}", before=was, after=after, reason=why)


def _facts(book: Book, kind: str, holder: str, other: str) -> dict[str, str]:
    """What is said: one of the choices where the words are fixed, else organisations by code or name."""
    fixed, place = arrangements.choices(book, kind), book.place.id
    if fixed:
        if holder not in fixed:
            raise UserError("this is not one of the choices", "holder", f"Choose one of {', '.join(fixed)}.")
        return {"holder": holder, "other": ""}
    if kind == arrangements.COVER:
        ends = holder.strip().casefold() == arrangements.NOBODY
        return {"holder": arrangements.NOBODY if ends else _told(place, "holder", holder), "other": ""}
    said = {"holder": _told(place, "holder", holder), "other": _told(place, "other", other) if other.strip() else ""}
    if said["holder"] == said["other"]:
        raise UserError("this is the same one twice", where="other", do="Leave it empty if nobody else takes part.")
    return said


def _alone(place: str) -> None:
    """Hold back every other writer of the place: what is read next is what the one before left."""
    if not Place.objects.select_for_update().filter(code=place).exists():
        raise UserError(f"the organisations of '{place[:60]}' are not loaded", do="Load the place first.")


def _overtaken(place: str, kind: str, subject: str, name: str) -> Stale:
    newest = max(arrangements.history(place, kind, subject=subject), key=lambda each: (each.known_from, each.key))
    when = f"{localtime(newest.known_from):%H:%M on %-d %B %Y}"
    return Stale(f"{newest.by} changed '{name}' at {when}", "holder", "Look at what it says now, then send yours.")


def _told(place: str, field: str, text: str) -> str:
    """Give the code of the one organisation that is called so, else the words as they are."""
    found = texts.line(text, "the name", field=field)
    wanted = found.casefold()
    codes = {
        each.code
        for each in bodies.bodies(place)
        if wanted in {name.casefold() for name in (each.code, each.name, *each.aliases)}
    }
    return codes.pop() if len(codes) == 1 else found


@audit.action("organisations.record_review")
def record_review(
    *,
    by: Actor,
    place: str,
    provider: str,
    regulator: str,
    status: str,
    on: date,
    finding: str = "",
    synthetic: bool = False,
) -> int:
    """Record what a regulator found of a provider on a day, and give its number."""
    if not arrangements.is_provider(reads.book(place), provider):
        raise UserError(f"'{provider[:30]}' is no provider", place, "Open the page of a provider.")
    if regulator not in arrangements.regulators(place):
        raise UserError("this is no regulator of the register", "regulator", "Choose one from the list.")
    if status not in STANDINGS:
        raise UserError("this is not one of the choices", "status", f"Choose one of {', '.join(STANDINGS)}.")
    if on > reads.today():
        raise UserError("that day has not come yet", "on", "Give the day on which the regulator said so.")
    told = texts.line(finding, "the finding", _LONGEST_REASON, field="finding") if finding.strip() else ""
    facts = {"status": status, "on": on, "finding": told, "synthetic": synthetic}
    return _keep(by, place, provider, regulator, facts)


@audit.action("organisations.record_outcome")
def record_outcome(
    *, by: Actor, place: str, commissioner: str, regulator: str, on: date, finding: str, synthetic: bool = False
) -> int:
    """Record what came of a review of a commissioner by the regional body to which it answers; give its number."""
    if regulator not in arrangements.overseers(place, commissioner):
        do = "Choose a regional body to which the commissioner answers."
        raise UserError(f"'{commissioner[:30]}' does not answer to '{regulator[:30]}'", "regulator", do)
    _may(by, place, commissioner)
    if on > reads.today():
        raise UserError("that day has not come yet", "on", "Give the day of the review.")
    told = texts.line(finding, "the outcome", _LONGEST_REASON, field="finding")
    facts = {"status": arrangements.REVIEWED, "on": on, "finding": told, "synthetic": synthetic}
    return _keep(by, place, commissioner, regulator, facts)


def _may(by: Actor, place: str, code: str) -> None:
    """Refuse a person who does not speak for those who review this organisation: nobody writes their own review."""
    viewer = reads.viewer_by_sign_in(by.id)
    if viewer and (why := arrangements.recording_fault(place, code, viewer.roles_in(place))):
        raise UserError(why)


def _keep(by: Actor, place: str, provider: str, regulator: str, facts: dict[str, Any]) -> int:
    _alone(place)
    number = (Review.objects.filter(place_id=place).aggregate(last=Max("number"))["last"] or 0) + 1
    named = {"place_id": place, "number": number, "provider": provider, "regulator": regulator}
    signed = {"by": by.name[:_LONGEST], "known_from": timezone.now()}
    try:
        with transaction.atomic():
            Review.objects.create(**named, **facts, **signed)
    except IntegrityError as problem:
        what = "something that this reviewer found on that day is recorded already"
        raise UserError(what, "on", "Withdraw that one first if it is wrong.") from problem
    after = {"regulator": regulator, "status": facts["status"], "on": facts["on"].isoformat()}
    audit.note(subject=f"review/{place}/{provider}/{number}", after=after)
    return number


@audit.action("organisations.withdraw_review")
def withdraw_review(*, by: Actor, place: str, number: int, reason: str) -> None:
    """Take back a review that was recorded by mistake; it stays readable, with the reason."""
    known = arrangements.review(place, number)
    _may(by, place, known.provider)
    why = texts.line(reason, "the reason", _LONGEST_REASON, field="reason")
    _withdraw(Q(place_id=place, number=number), known_to=timezone.now(), by=by.name[:_LONGEST], why=why)
    before = {"regulator": known.regulator, "status": known.status, "on": known.on.isoformat()}
    audit.note(subject=f"review/{place}/{known.provider}/{number}", before=before, reason=why)


def _withdraw(which: Q, *, known_to: datetime, by: str, why: str) -> None:
    told = {"known_to": known_to, "withdrawn_by": by, "withdrawn_because": why}
    if not Review.objects.filter(which, known_to__isnull=True).update(**told):
        row = Review.objects.get(which)
        when = day_text(localtime(row.known_to)) if row.known_to else ""
        raise Stale(f"{row.withdrawn_by} withdrew this review on {when}", do="Open the provider's page to see why.")

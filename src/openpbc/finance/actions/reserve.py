"""The schedule of returns: calls written down and taken back, and a return recorded in the ledger when it comes."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.finance.actions.ledger import post
from openpbc.finance.actions.posting import Posted, one_writer
from openpbc.finance.models import Reserve, ReserveCall
from openpbc.finance.reads.lodged import Lodged, schedule, to_return
from openpbc.finance.reads.multi_year import PURPOSES, plan_years
from openpbc.finance.rules.ledger import DEPOSIT, GROUP, IN_SCOPE, Entry
from openpbc.finance.rules.reserve import Call, check_call
from openpbc.kernel.actor import Actor
from openpbc.kernel.money import thousands
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

RETURN = "deposit-return"


@audit.action("finance.add_reserve_call")
def add_reserve_call(
    *,
    by: Actor,
    place: str,
    revision: int,
    unit: str,
    year: str,
    kind: str,
    purpose: str,
    title: str,
    pence: int,
    code: str = "",
) -> int:
    """Write down a return to one group; together they never pass what the group deposited. The call's number.

    ``revision`` is that of the schedule which was looked at; ``code`` the scenario whose deposit it is about while the
    ledger holds none.
    """
    book = organisations.book(place)
    held = _held(book, code)
    reserve = _claim(book, by, revision, f"wrote down a return to {held.names.get(unit, unit[:40])}")
    known = schedule(book).calls
    new = Call(reserve.calls.count() + 1, unit, year, kind, purpose, " ".join(title.split()), pence)
    _check(book, held, known, new)
    ReserveCall.objects.create(
        reserve=reserve,
        number=new.number,
        unit=unit,
        returned_in=year,
        kind=kind,
        purpose=purpose,
        title=new.title,
        pence=pence,
    )
    audit.note(subject=f"reserve/{place}/{new.number}", after=asdict(new))
    return new.number


@audit.action("finance.remove_reserve_call")
def remove_reserve_call(*, by: Actor, place: str, revision: int, number: int, reason: str) -> None:
    """Take back a call that was written down; what the ledger holds is not taken back here."""
    if not reason.strip():
        raise UserError("taking back a return needs a reason", where="reason", do="Say why in a few words.")
    book = organisations.book(place)
    reserve = _claim(book, by, revision, f"took back return {number}")
    call = _call(book, reserve, number)
    ReserveCall.objects.filter(pk=call.pk).update(withdrawn=True)
    audit.note(subject=f"reserve/{place}/{number}", before={"pence": call.pence, "unit": call.unit}, reason=reason)


@audit.action("finance.record_deposit_return")
def record_deposit_return(*, by: Actor, place: str, revision: int, number: int, on: date, reason: str) -> Posted:
    """Record that a return came: the ledger takes it from the group's deposit and gives it to the same group."""
    book = organisations.book(place)
    held = _held(book, "")
    if not held.in_ledger:
        raise UserError("the ledger holds no deposit yet", do="Approve a budget set with a deposit first.")
    reserve = _claim(book, by, revision, f"recorded return {number}")
    call = _call(book, reserve, number)
    key = f"reserve/{book.place.year}/{number}"
    posted = post(
        by=by,
        place=place,
        year=held.year,
        kind=RETURN,
        entries=(
            Entry(f"{DEPOSIT}/{call.unit}", -call.pence),
            Entry(f"{GROUP}/{call.unit}/{IN_SCOPE}", call.pence),
        ),
        on=on,
        reason=reason,
        source=f"reserve/{number}",
        # Recorded once; after that journal was reversed, once more.
        key=f"{key}/after-{call.journal_year}-{call.journal}" if call.journal is not None else key,
    )
    ReserveCall.objects.filter(pk=call.pk).update(journal=posted.number, journal_year=held.year)
    audit.note(subject=f"reserve/{place}/{number}", after={"journal": posted.number, "year": held.year}, reason=reason)
    return posted


def _held(book: Book, code: str) -> Lodged:
    held = to_return(book, code)
    if isinstance(held, NotSet):
        raise held.problem
    return held


def _check(book: Book, held: Lodged, known: tuple[Call, ...], new: Call) -> None:
    years, purposes = plan_years(book), book.need_table(PURPOSES)
    if isinstance(years, NotSet):
        raise years.problem
    if not new.title:
        raise UserError("a return needs a few words on what it is for", where="title", do="Say what it pays for.")
    if new.purpose not in {row["code"] for row in purposes}:
        raise UserError(f"'{new.purpose[:40]}' is no purpose", where="purpose", do="Choose one from the list.")
    later = [str(year) for year in years if year != book.place.year]
    check_call(held.by_unit, known, new, held.names, later)


def _call(book: Book, reserve: Reserve, number: int) -> ReserveCall:
    """Find a call that nothing in the ledger stands for; one whose journal was reversed is free again."""
    call = reserve.calls.filter(number=number, withdrawn=False).first()
    if call is None:
        raise UserError(f"there is no return {number} in the schedule", do="Open the schedule again.")
    if number in schedule(book).journals:
        raise UserError(
            f"return {number} of £{thousands(call.pence)} thousand stands in the ledger as journal {call.journal}",
            do="Reverse the journal if it was wrong, and record the return anew.",
        )
    return call


def _claim(book: Book, by: Actor, seen: int, change: str) -> Reserve:
    """Step the schedule on if nobody else did since; the loser is told who did what and when."""
    place, year = book.place.id, str(book.place.year)
    one_writer(place, year)
    try:
        with transaction.atomic():
            reserve, _ = Reserve.objects.get_or_create(place=place, year=year)
    except IntegrityError:
        reserve = Reserve.objects.get(place=place, year=year)
    facts = {"revision": seen + 1, "changed_by_name": by.name, "changed_at": timezone.now(), "change": change[:200]}
    if not Reserve.objects.filter(pk=reserve.pk, revision=seen).update(**facts):
        reserve.refresh_from_db()
        at = timezone.localtime(reserve.changed_at).strftime("%d %B %Y at %H:%M") if reserve.changed_at else "before"
        told = f"{reserve.changed_by_name or 'Nobody'} {reserve.change or 'changed nothing'} on {at}"
        raise Stale(f"{told}, after you had opened the schedule", do="Open it again.")
    return reserve

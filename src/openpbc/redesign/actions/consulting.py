"""Writes of consultation: what a body said or why it was not asked, and how people say that an intention stands."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.kernel.texts import one_of
from openpbc.organisations import reads as organisations
from openpbc.redesign import models
from openpbc.redesign.actions.holding import held, short_text
from openpbc.redesign.reads import consulting as reads
from openpbc.redesign.reads.registers import INTENTIONS, barrier
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Table

REST = "REST"


@audit.action("redesign.note_consultation")
def note_consultation(
    *,
    by: Actor,
    place: str,
    kind: str,
    ref: str,
    body: str,
    asked: bool,
    said: str,
    on: date | None = None,
    synthetic: bool = False,
) -> tuple[int, ...]:
    """Note what a body said of a case, an intention or a barrier on a day, or why it was not asked.

    It gives the numbers of the notes. ``body`` REST notes one reason for every body that is still to be asked.
    """
    book = organisations.book(place)
    about = _about(by, book, one_of("kind", kind, reads.KINDS), ref)
    told = short_text("said", said, 500, required="Write what they said, or why they were not asked.")
    _dated(asked, on)
    codes = _bodies(book, about, body, asked)
    rows = models.Consultation.objects.filter(place=place)
    first = (rows.aggregate(last=Max("number"))["last"] or 0) + 1
    facts: dict[str, Any] = {"place": place, "about": about, "asked": asked, "on": on, "said": told,
                             "synthetic": synthetic, "by": by.name[:200], "at": timezone.now()}  # fmt: skip
    numbers = tuple(range(first, first + len(codes)))
    try:
        with transaction.atomic():
            for number, code in zip(numbers, codes, strict=True):
                rows.create(number=number, body=code, **facts)
    except IntegrityError as problem:
        raise Stale("somebody else noted something at this very moment", do="Send yours once more.") from problem
    after = {"bodies": list(codes), "asked": asked, "on": on and on.isoformat()}
    audit.note(subject=about, after=after, reason=told)
    return numbers


def _dated(asked: bool, on: date | None) -> None:
    if asked and on is None:
        raise UserError("give the day on which they said it", where="on", do="Write it as 1 April 2008.")
    if not asked and on is not None:
        raise UserError("who was not asked said nothing on a day", where="on", do="Leave the day empty.")
    if on is not None and on > organisations.today():
        raise UserError("that day has not come yet", where="on", do="Note it once they have answered.")


def _bodies(book: Book, about: str, body: str, asked: bool) -> tuple[str, ...]:
    if body != REST:
        return (one_of("body", body, reads.consultable(book)),)
    missing = tuple(reads.Consulting(book).missing(about))
    if asked or not missing:
        why = "each body says its own" if asked else "nobody is still to be asked"
        raise UserError(why, where="body", do="Choose one body.")
    return missing


def _about(by: Actor, book: Book, kind: str, ref: str) -> str:
    """Give the address of what is consulted about; a case that is withheld from somebody is refused."""
    place = book.place.id
    if kind == reads.INTENTION:
        return reads.about_intention(place, known_intention(book, ref))
    if not ref.isdecimal() or len(ref) > 9:
        raise UserError(f"there is no {kind} '{ref[:20]}'", do="Open it from its list.")
    if kind == reads.CASE:
        return held(by, place, int(ref)).matter
    found = barrier(place, int(ref))
    if found.case:
        held(by, place, found.case)
    return reads.about_barrier(place, found.number)


def known_intention(book: Book, key: str) -> str:
    """Give an intention's key; an unknown one is a person's mistake."""
    listed = book.table(INTENTIONS)
    if not isinstance(listed, Table) or key not in {row["key"] for row in listed}:
        raise UserError(f"there is no intention '{key[:20]}'", do="Choose one from the register.")
    return key


@audit.action("redesign.say_how_intention_stands")
def say_how_intention_stands(
    *, by: Actor, place: str, key: str, state: str, reason: str, seen: int = 0, synthetic: bool = False
) -> None:
    """Say how an intention stands and why; one that falls on primary care is closed once everybody was consulted.

    ``seen`` is the number of the last word on it that the person had read, 0 for none.
    """
    book = organisations.book(place)
    known_intention(book, key)
    to = one_of("state", state, reads.INTENTION_STATES)
    told = short_text("reason", reason, 500, required="Say why it stands so.")
    rows = models.IntentionState.objects.filter(place=place, key=key)
    last = rows.order_by("-number").first()
    if (last.number if last else 0) != seen:
        who = f"{last.by} said how it stands on {day_text(timezone.localtime(last.at))}" if last else "nothing was said"
        raise Stale(f"{who}, after you had looked", where=key, do="Look at it once more.")
    if to in reads.CLOSED_INTENTION and (lacks := reads.Consulting(book).of_intention(key)):
        raise UserError(
            " ".join(lacks), where="state", do="Note the consultation; until then it stays open."
        ).for_the_log()
    try:
        with transaction.atomic():
            rows.create(place=place, key=key, number=seen + 1, state=to, reason=told, synthetic=synthetic,
                        by=by.name[:200], at=timezone.now())  # fmt: skip
    except IntegrityError as problem:
        raise Stale("somebody else said how it stands at this very moment", do="Look at it once more.") from problem
    before = {"state": last.state if last else reads.OPEN}
    audit.note(subject=reads.about_intention(place, key), before=before, after={"state": to}, reason=told)


def demonstrate_consultation(by: Actor, place: str) -> None:
    """Show SYNTHETIC consultations on primary care: one that closes an intention, and one that is not whole yet."""
    book = organisations.book(place)
    consulting = reads.Consulting(book)
    keys = sorted(consulting.keys)
    if len(keys) < 2 or not consulting.wanted:
        return
    common: dict[str, Any] = {"by": by, "place": place, "kind": reads.INTENTION, "synthetic": True}
    first, last = keys[0], keys[-1]
    day = book.place.year.first.replace(month=5, day=12)
    *asked, other = consulting.wanted
    for code in asked:
        note_consultation(ref=last, body=code, asked=True, on=day, said="SYNTHETIC: content with the plan", **common)
    note_consultation(ref=last, body=other, asked=False, said="SYNTHETIC: it wrote the plan itself", **common)
    say_how_intention_stands(by=by, place=place, key=last, state=reads.DONE, reason="SYNTHETIC: in place",
                             synthetic=True)  # fmt: skip
    note_consultation(ref=first, body=asked[0], asked=True, on=day, said="SYNTHETIC: wants more time", **common)
    say_how_intention_stands(by=by, place=place, key=first, state=reads.UNDER_WAY,
                             reason="SYNTHETIC: a first plan is written", synthetic=True)  # fmt: skip

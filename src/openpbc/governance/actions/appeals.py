"""Appeals: lodged by a group or a practice, put to a body that did not decide, or taken back."""

from __future__ import annotations

from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils import timezone

from openpbc import audit
from openpbc.governance import models
from openpbc.governance.actions.items import put_on_agenda
from openpbc.governance.reads import appeals as reads
from openpbc.governance.reads.decisions import decision
from openpbc.governance.reads.gate import barred_decision
from openpbc.governance.reads.items import item_of_decision
from openpbc.governance.reads.seats import all_bodies, find_body
from openpbc.governance.rules.appeals import may_hear
from openpbc.governance.rules.voting import DECIDES
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import Stale, UserError, Withheld
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book


@audit.action("governance.lodge_appeal")
def lodge_appeal(*, by: Actor, place: str, against: int, appellant: str, grounds: str) -> int:
    """Appeal against a decision for a group or a practice, and give the appeal's number.

    Those from whom the decision is withheld, now or later, are kept out of the appeal as well.
    """
    book, taken = organisations.book(place), decision(against, place)
    viewer = organisations.viewer_by_sign_in(by.id)
    if viewer is None or appellant not in reads.speaks_for(viewer, place):
        raise UserError(
            "you do not speak for this group or practice",
            "appellant",
            "Those who do appeal for it; that holds as long as you hold no role there.",
        ).for_the_log()
    if why := barred_decision(by.id, taken):
        raise Withheld(why)
    why = texts.passage(grounds, "the grounds", field="grounds")
    if refused := reads.refusal(book, taken, appellant):
        raise UserError.whole(refused, where="against")
    number = (models.Appeal.objects.filter(place=place).aggregate(last=Max("number"))["last"] or 0) + 1
    facts = {"appellant": appellant, "grounds": why}
    try:
        with transaction.atomic():
            models.Appeal.objects.create(
                place=place, number=number, decision_id=taken.id, lodged_by=by.name[:200], person=by.id,
                lodged_at=timezone.now(), **facts,
            )  # fmt: skip
    except IntegrityError as problem:
        raise Stale("somebody lodged an appeal at the same moment", do="Look at the list, then try again.") from problem
    audit.note(subject=reads.matter_of(place, number), after=facts | {"against": taken.id}, reason=why)
    return number


@audit.action("governance.hear_appeal")
def hear_appeal(*, by: Actor, place: str, number: int, body: str) -> int:
    """Name the body that hears an appeal and put it on what waits for its next agenda; give the item's number.

    Another body than the one that decided; of its members those who took part before leave, and do not count. What was
    decided in private is heard in private.
    """
    book = organisations.book(place)
    found = _locked(book, number)
    _refuse_settled(found)
    named = find_body(book, body)
    power = all_bodies(book)[named.code].power
    if why := may_hear(named.code, found.decision.body, decides=power == DECIDES):
        raise UserError(why, "body", "Choose another body; that holds for good.").for_the_log()
    title = f"Appeal {number}: {found.decision.title}"[:200]
    before = item_of_decision(found.decision.id)
    item = put_on_agenda(
        by=by, place=place, body=named.code, matter=found.matter, title=title, synthetic=found.decision.synthetic,
        private=before is not None and before.private,
    )  # fmt: skip
    audit.note(subject=found.matter, after={"body": named.code, "item": item})
    return item


@audit.action("governance.take_back_appeal")
def take_back_appeal(*, by: Actor, place: str, number: int, reason: str) -> None:
    """Take an appeal back before it is decided: by somebody who speaks for whoever lodged it."""
    found = _locked(organisations.book(place), number)
    viewer = organisations.viewer_by_sign_in(by.id)
    if viewer is None or found.appellant not in reads.speaks_for(viewer, place):
        raise UserError(
            "you do not speak for whoever appealed",
            do="Those who do take it back; that holds as long as you hold no role there.",
        ).for_the_log()
    _refuse_settled(found)
    if found.item is not None:
        raise UserError(
            "the appeal waits for a body already", do="Ask the body's secretary to take the item off first."
        )
    why = texts.line(reason, "the reason", 500, field="reason")
    row = models.Appeal.objects.get(place=place, number=number)
    models.AppealEnd.objects.create(appeal=row, reason=why, by=by.name[:200], at=timezone.now())
    audit.note(subject=found.matter, after={"taken back": True}, reason=why)


def _locked(book: Book, number: int) -> reads.Appeal:
    """Lock an appeal until the action ends, then look where it stands: of two who act on it one sees the other.

    Its row is only ever added, and PostgreSQL locks a row for those alone who may change it: so its name is locked.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"appeal/{book.place.id}/{number}"])
    return reads.appeal(book, number)


def _refuse_settled(found: reads.Appeal) -> None:
    if not found.is_open:
        told = f"it was {found.result or 'withdrawn'}"
        raise Stale(f"this appeal is settled: {told}", where=found.matter, do="Nothing more can be done with it.")

"""Telling the public of an approved case, and taking it off again: recorded acts of the body's secretary or chair."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.redesign import models
from openpbc.redesign.actions.holding import held, long_text, short_text
from openpbc.redesign.reads import public as reads
from openpbc.redesign.reads.cases import Case


@audit.action("redesign.publish_summary")
def publish_summary(*, by: Actor, place: str, number: int, revision: int) -> int:
    """Put the plain summary of an approved case on the public page as it was handed in, and give its number."""
    known = held(by, place, number, revision)
    if why := reads.refusal(known):
        raise UserError.whole(why, where=f"case {number}")
    version, text = reads.plain_summary(known)
    return _published(by, known, version.number if version else 0, text)


@audit.action("redesign.publish_ending")
def publish_ending(*, by: Actor, place: str, number: int, revision: int, text: str, reason: str) -> int:
    """Put on the public page what was proposed in a case that failed, and why it did not go on, and give its number.

    The words are written for the public by whoever tells them: nothing of the case's own reasons is taken over.
    """
    known = held(by, place, number, revision)
    if why := reads.ending_refusal(known):
        raise UserError.whole(why, where=f"case {number}")
    said = long_text("text", text, required="Say in plain words what was proposed.")
    because = short_text("reason", reason, 500, required="Say why it did not go on, in words for everybody.")
    version, _ = reads.plain_summary(known)
    return _published(by, known, version.number if version else 0, said, because)


def _published(by: Actor, known: Case, version: int, text: str, reason: str = "") -> int:
    """Keep what everybody may read of a case, with why it did not go on, and give the number under which it stands."""
    place, number = known.place, known.number
    names = {unit.code: unit.name for unit in organisations.units(place)}
    groups = [names.get(each.unit, each.unit) for each in known.groups]
    last = models.PublicSummary.objects.filter(case_id=known.id).aggregate(last=Max("number"))["last"] or 0
    facts = {"version": version, "title": known.title, "area": known.area, "groups": groups}
    try:
        with transaction.atomic():
            row = models.PublicSummary.objects.create(
                case_id=known.id, number=last + 1, text=text, published_by=by.name[:200], published_at=timezone.now(),
                **facts,
            )  # fmt: skip
            if reason:
                models.PublicSummaryReason.objects.create(summary=row, stage=known.stage, reason=reason)
    except IntegrityError as problem:
        raise Stale("somebody published this summary at the same moment", f"case {number}", "Look at it.") from problem
    audit.note(subject=known.matter, after={**facts, "public": last + 1}, reason=reason)
    return last + 1


@audit.action("redesign.take_off_summary")
def take_off_summary(*, by: Actor, place: str, number: int, reason: str) -> None:
    """Take the summary of a case off the public page; that it stood there stays recorded."""
    known = held(by, place, number)
    row = reads.on_public_page(known)
    if row is None:
        raise UserError("this case is not on the public page", where=f"case {number}", do="Publish its summary first.")
    why = short_text("reason", reason, 500, required="Say why.")
    models.PublicSummaryEnd.objects.create(summary=row, reason=why, by=by.name[:200], at=timezone.now())
    audit.note(subject=known.matter, after={"public": None}, reason=why)

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
from openpbc.redesign.actions.holding import held, short_text
from openpbc.redesign.reads import public as reads


@audit.action("redesign.publish_summary")
def publish_summary(*, by: Actor, place: str, number: int, revision: int) -> int:
    """Put the plain summary of an approved case on the public page as it was handed in, and give its number."""
    known = held(by, place, number, revision)
    if why := reads.refusal(known):
        raise UserError(why, where=f"case {number}")
    version, text = reads.plain_summary(known)
    names = {unit.code: unit.name for unit in organisations.units(place)}
    groups = [names.get(each.unit, each.unit) for each in known.groups]
    last = models.PublicSummary.objects.filter(case_id=known.id).aggregate(last=Max("number"))["last"] or 0
    facts = {"version": version.number if version else 0, "title": known.title, "area": known.area, "groups": groups}
    try:
        with transaction.atomic():
            models.PublicSummary.objects.create(
                case_id=known.id, number=last + 1, text=text, published_by=by.name[:200], published_at=timezone.now(),
                **facts,
            )  # fmt: skip
    except IntegrityError as problem:
        raise Stale("somebody published this summary at the same moment", where=f"case {number}") from problem
    audit.note(subject=known.matter, after={**facts, "public": last + 1})
    return last + 1


@audit.action("redesign.take_off_summary")
def take_off_summary(*, by: Actor, place: str, number: int, reason: str) -> None:
    """Take the summary of a case off the public page; that it stood there stays recorded."""
    known = held(by, place, number)
    row = reads.on_public_page(known)
    if row is None:
        raise UserError("this case is not on the public page", where=f"case {number}")
    why = short_text("reason", reason, 500, required="Say why.")
    models.PublicSummaryEnd.objects.create(summary=row, reason=why, by=by.name[:200], at=timezone.now())
    audit.note(subject=known.matter, after={"public": None}, reason=why)

"""Writing whether a case changes a tertiary flow, and who requires it."""

from __future__ import annotations

from django.utils import timezone

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.kernel.texts import one_of
from openpbc.redesign import models
from openpbc.redesign.actions.holding import changed, held, short_text
from openpbc.redesign.rules.tertiary import ASKED_BY


@audit.action("redesign.say_tertiary")
def say_tertiary(
    *, by: Actor, place: str, number: int, revision: int, changes: bool, reason: str, asked_by: str = ""
) -> None:
    """Say whether a case changes a tertiary flow, and if so who requires it."""
    known = held(by, place, number, revision)
    if asked_by and not changes:
        raise UserError("what changes no tertiary flow is required by nobody", where="asked_by", do="Choose nobody.")
    told = short_text("reason", reason, 500, required="Say which flow, and why.")
    facts = {
        "changes": changes,
        "asked_by": one_of("asked_by", asked_by, ASKED_BY) if asked_by else "",
        "reason": told,
    }
    models.TertiaryWord.objects.create(
        case_id=known.id, number=len(known.tertiary) + 1, by=by.name[:200], at=timezone.now(), **facts
    )
    changed(by, known)
    last = known.tertiary[-1] if known.tertiary else None
    before = {"changes": last.changes, "asked_by": last.asked_by} if last else None
    audit.note(subject=known.matter, before=before, after=facts, reason=told)

"""Saying for a group whether it agrees the process of a place."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import localtime

from openpbc import audit
from openpbc.casework import reads as casework
from openpbc.governance import models
from openpbc.governance.reads.adoption import PROCESS, process_answers
from openpbc.kernel import texts
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import moment_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.values import NotSet


@audit.action("governance.answer_process")
def answer_process(
    *, by: Actor, place: str, process: str, unit: str, agreed: bool, reason: str = "", seen: int | None = None
) -> None:
    """Say for a group whether it agrees the diagram with a hash; a no has its reason, and each answer stays on record.

    Cases run along the diagram in force whatever groups say of it: it can be tried before all have agreed.
    """
    now, group = casework.in_force(place, PROCESS), organisations.unit_by_alias(place, unit)
    if isinstance(now, NotSet):
        raise now.problem
    if process != now.hash:
        raise _other_diagram(place)
    if not agreed and not reason.strip():
        raise UserError("a no needs its reason", "reason", "Write what has to change.")
    why = texts.line(reason, "the reason", 500, field="reason") if reason.strip() else ""
    known = process_answers(place, process).get(group.code)
    number = known.number if known else 0
    if known is not None and (known.agreed, known.reason) == (agreed, why):
        audit.nothing_changed()
        return
    if known is not None and seen is not None and seen != number:
        said = f"{known.by} answered for {group.name} on {moment_text(localtime(known.at))}"
        raise Stale(said, do="Look at that answer first.")
    try:
        with transaction.atomic():
            models.ProcessAnswer.objects.create(
                place=place, process=process, unit=group.code, number=number + 1, agreed=agreed, reason=why,
                by=by.name[:200], at=timezone.now(),
            )  # fmt: skip
    except IntegrityError as problem:
        raise Stale(f"somebody answered for {group.name} at this very moment", do="Look at that answer.") from problem
    before = {"agreed": known.agreed} if known else None
    audit.note(subject=f"process/{place}/{group.code}", before=before, after={"agreed": agreed, "process": process},
               reason=why)  # fmt: skip


def _other_diagram(place: str) -> Stale:
    """Say who put another diagram in force and when; where nobody stored one, it came with the packs."""
    last = next(iter(casework.versions(place, PROCESS)), None)
    told = (
        f"{last.stored_by} put another diagram in force on {moment_text(localtime(last.stored_at))}"
        if last
        else "the packs name another diagram"
    )
    return Stale(f"{told}, after you opened this page", do="Look at it, then answer.")

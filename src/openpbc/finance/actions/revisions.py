"""How a row that carries a revision is changed: in one statement, so that of two people one wins and one is told."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import moment_text
from openpbc.kernel.problems import Stale, UserError

TEXT_LENGTHS = {"title": 200, "owner": 200, "role": 200, "event": 300, "what": 300, "evidence": 500, "reason": 500,
                "action": 500, "missing": 500, "partner": 200, "held_with": 200, "term_reason": 500, "note": 500,
                "target_name": 200, "legal_basis": 300, "pooled_funds": 500}  # fmt: skip
LONGEST_TEXT = 4_000


def signed(by: Actor) -> dict[str, Any]:
    """Who changes a row, and when."""
    return {"changed_by": by.name[:200], "changed_at": timezone.now()}


def change(rows: QuerySet[Any, Any], what: str, *, by: Actor, revision: int, **changes: Any) -> Any:
    """Change the one row that ``rows`` holds, if it still has the revision that the person saw; give it back.

    ``what`` names the thing in the sentence for the one who came second.
    """
    taken = rows.filter(revision=revision).update(revision=F("revision") + 1, **signed(by), **changes)
    row = rows.first()
    if row is None:
        raise UserError(f"there is no {what}", do="Open it from its list.")
    if not taken:
        raise overtaken(what, row.changed_by, row.changed_at)
    return row


def added(rows: QuerySet[Any, Any], prefix: str, so_far: int, **facts: Any) -> str:
    """Store a row under the next free code, such as C03; two who add at once get two codes."""
    for number in count(so_far + 1):
        code = f"{prefix}{number:02d}"
        try:
            with transaction.atomic():
                rows.create(code=code, **facts)
        except IntegrityError:
            if not rows.filter(code=code).exists():
                raise
            continue
        return code
    raise AssertionError("numbers do not end")


def overtaken(what: str, who: str, when: datetime | None) -> Stale:
    """Say who was first."""
    moment = f" on {moment_text(timezone.localtime(when))}" if when else ""
    return Stale(
        f"{who or 'somebody'} changed {what}{moment}, after you looked",
        do="Nothing of yours was kept. Look at it again, then make your change.",
    )


def written(name: str, raw: str, *, required: bool = True) -> str:
    """Give words on one line, or the mistake in them; ``name`` is the field that the mistake belongs to."""
    text = " ".join(raw.split())
    if required and not text:
        raise UserError("nothing is written here", where=name, do="Write a few words.")
    if len(text) > TEXT_LENGTHS[name]:
        raise UserError(f"this is longer than {TEXT_LENGTHS[name]} characters", where=name, do="Shorten it.")
    return text


def prose(name: str, raw: str) -> str:
    """Give words over several lines, or the mistake in them."""
    text = raw.strip()
    if len(text) > LONGEST_TEXT:
        raise UserError(f"this is longer than {LONGEST_TEXT:,} characters", where=name, do="Shorten it.")
    return text

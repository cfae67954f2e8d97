"""Writes of the milestones of the review of acute services: adding one, moving it, and what hangs on it."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc import audit
from openpbc.finance.actions.revisions import added, overtaken
from openpbc.kernel.actor import Actor
from openpbc.kernel.dated import Dated
from openpbc.kernel.periods import NEAR_DAYS, NEAR_YEARS
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import arrangements
from openpbc.redesign import models
from openpbc.redesign.actions.holding import changed, held, short_text
from openpbc.redesign.reads import milestones as reads
from openpbc.rulebook.reader import Book


@audit.action("redesign.add_milestone")
def add_milestone(
    *, by: Actor, place: str, name: str, source: str, area: str = "", due: Dated | None = None, synthetic: bool = False
) -> str:
    """Add a milestone to the register of a place and give its code; where no date is known it has none."""
    facts = _facts(organisations.book(place), name, area, due, source)
    rows = models.Milestone.objects.filter(place=place)
    own = rows.filter(code__startswith=f"{reads.OWN}-", number=1).count()
    signed = {"by": by.name[:200], "at": timezone.now(), "synthetic": synthetic}
    code = added(rows, f"{reads.OWN}-", own, place=place, number=1, **facts, **signed)
    audit.note(subject=f"milestone/{place}/{code}", after=_told(facts))
    return code


@audit.action("redesign.move_milestone")
def move_milestone(
    *,
    by: Actor,
    place: str,
    code: str,
    revision: int,
    name: str,
    source: str,
    reason: str,
    area: str = "",
    due: Dated | None = None,
    dropped: bool = False,
    synthetic: bool = False,
) -> int:
    """Say a milestone anew, with the reason, and give the number under which it is kept; all that was said stays.

    ``revision`` is the number that the person saw: 0 for one that only the rulebook knows.
    """
    book = organisations.book(place)
    before = reads.milestone(book, code).now
    if before.number != revision:
        raise overtaken(f"milestone {code}", before.by, before.at)
    facts = _facts(book, name, area, due, source) | {"dropped": dropped}
    earlier = _columns(before.name, before.area, before.due, before.source) | {"dropped": before.dropped}
    if facts == earlier:
        audit.nothing_changed()
        return before.number
    why = short_text("reason", reason, 500, required="Say why; everybody who sees the milestone can read it.")
    kept = {"synthetic": synthetic or before.synthetic, "by": by.name[:200], "at": timezone.now(), "reason": why}
    try:
        with transaction.atomic():
            models.Milestone.objects.create(place=place, code=code, number=revision + 1, **facts, **kept)
    except IntegrityError as problem:
        raise overtaken(f"milestone {code}", "", None) from problem
    audit.note(subject=f"milestone/{place}/{code}", before=_told(earlier), after=_told(facts), reason=why)
    return revision + 1


@audit.action("redesign.link_milestone")
def link_milestone(*, by: Actor, place: str, number: int, revision: int, code: str = "") -> None:
    """Say on which milestone a case hangs; no code says that it hangs on none. What it hung on stays on record."""
    known = held(by, place, number, revision)
    before = reads.links(place).get(known.id, "")
    if before == code:
        audit.nothing_changed()
        return
    if code and reads.milestone(organisations.book(place), code).now.dropped:
        raise UserError("this milestone was dropped", where="code", do="Choose one that stands.")
    so_far = models.CaseMilestone.objects.filter(case_id=known.id).count()
    models.CaseMilestone.objects.create(
        case_id=known.id, number=so_far + 1, code=code, by=by.name[:200], at=timezone.now()
    )
    changed(by, known)
    audit.note(subject=known.matter, before={"milestone": before}, after={"milestone": code})


def _facts(book: Book, name: str, area: str, due: Dated | None, source: str) -> dict[str, Any]:
    """What is kept of a milestone, or the mistake in it."""
    if area:
        arrangements.subject(book, arrangements.PRIORITIES, area)
    if due and due.last.year not in NEAR_YEARS:
        raise UserError("this date is too far away", where="due", do=NEAR_DAYS)
    named = short_text("name", name, required="Say what is reached with it.")
    told = short_text("source", source, 300, required="Name the paper or the minute that says so.")
    return _columns(named, area, due, told)


def _columns(name: str, area: str, due: Dated | None, source: str) -> dict[str, Any]:
    """Give the columns in which this is kept."""
    day, to_month = (due.last, due.to_month) if due else (None, False)
    return {"name": name, "area": area, "due": day, "to_month": to_month, "source": source}


def _told(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts as the log keeps them."""
    due = facts["due"]
    return facts | {"due": str(Dated(due, facts["to_month"])) if due else None}

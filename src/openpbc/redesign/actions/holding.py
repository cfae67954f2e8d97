"""How a case is changed: its row is locked, the revision that the person saw is held against it, and it is kept."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from django.utils import timezone

from openpbc.finance.actions.revisions import overtaken, signed
from openpbc.kernel.actor import SYSTEM, Actor
from openpbc.kernel.problems import UserError, Withheld
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.persons import accounts_of
from openpbc.redesign import models
from openpbc.redesign.reads.cases import Case, case
from openpbc.redesign.reads.seeing import withheld_from
from openpbc.redesign.rules.transitions import DRAFTING, PLANNING

LONGEST = 8_000
_WRITING = frozenset({DRAFTING, PLANNING})


def held(by: Actor, place: str, number: int, revision: int | None = None) -> Case:
    """Lock a case until the action ends and give it as it now is; a revision that is over is told with who and when.

    Whoever is kept from the case does nothing in it, from whichever channel they come.
    """
    known = case(place, number, locked=True)
    if revision is not None and known.revision != revision:
        raise overtaken(f"case {number}", known.changed_by, known.changed_at)
    if by != SYSTEM and (why := withheld_from(by, known)):
        raise Withheld(why)
    return known


def changed(by: Actor, known: Case, **changes: Any) -> int:
    """Change the case's own facts and give its new revision."""
    models.Case.objects.filter(pk=known.id).update(revision=F("revision") + 1, **signed(by), **changes)
    return known.revision + 1


def passed(
    by: Actor, known: Case, way: str, to: str, *, unit: str = "", reason: str = "", version: int | None = None
) -> None:
    """Keep the step that a case took."""
    models.Passage.objects.create(
        case_id=known.id, way=way, start=known.stage, to=to, version=version, unit=unit, reason=reason,
        by=by.name[:200], person=by.id[:150], at=timezone.now(),
    )  # fmt: skip


def roles_here(by: Actor, place: str) -> frozenset[str]:
    """The roles that somebody who acts holds today in a place: what they are elsewhere counts for nothing here."""
    viewer = None if by == SYSTEM else organisations.viewer_by_sign_in(by.id)
    return viewer.roles_in(place) if viewer else frozenset()


def own_case(by: Actor, known: Case) -> bool:
    """Whether somebody sits in the joint group, under any of their accounts, or acts for somebody who does."""
    every = organisations.accounts()
    names = {name for each in (by.id, by.acting_for) if each for name in accounts_of(each, every)}
    return any(known.has_member(name) for name in names)


def long_text(name: str, raw: str, *, required: str = "") -> str:
    """Give words over several lines, or the mistake in them; ``required`` is the sentence for none at all."""
    text = "\n".join(line.rstrip() for line in raw.splitlines()).strip()
    if required and not text:
        raise UserError.whole(required, where=name)
    if len(text) > LONGEST:
        raise UserError(f"this is longer than {LONGEST:,} characters", where=name, do="Shorten it.")
    return text


def short_text(name: str, raw: str, longest: int = 200, *, required: str = "") -> str:
    """Give words on one line, or the mistake in them."""
    text = " ".join(raw.split())
    if required and not text:
        raise UserError.whole(required, where=name)
    if len(text) > longest:
        raise UserError(f"this is longer than {longest} characters", where=name, do="Shorten it.")
    return text


def for_members(by: Actor, known: Case) -> None:
    """Refuse somebody who is not in the joint group."""
    if not known.has_member(by.id):
        lead = known.lead.name if known.lead else "the lead"
        raise UserError(
            "only members of the joint group write its case",
            do=f"Ask {lead} to take you in; that holds until you are one.",
        )


def writable(by: Actor, place: str, number: int, also: frozenset[str] = frozenset()) -> Case:
    """Lock a case of which the parts can be written now, ``also`` at further stages, for a member who writes it."""
    known = held(by, place, number)
    if known.stage not in _WRITING | also:
        raise UserError(
            f"the case is at '{known.at.title.lower()}', so its parts cannot be changed",
            do="They are written while the case is being drafted.",
        )
    for_members(by, known)
    return known

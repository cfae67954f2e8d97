"""Writes of those who support a business plan: an element does not apply once both sides have said so."""

from __future__ import annotations

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.timezone import localtime

from openpbc import audit
from openpbc.finance.actions.revisions import overtaken
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import day_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations.reads.persons import accounts_of
from openpbc.redesign import models
from openpbc.redesign.actions.holding import writable
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.parts import marks, supported
from openpbc.redesign.reads.parts import part as part_of
from openpbc.redesign.rules.completeness import ELEMENTS, SUPPORTERS, part_title
from openpbc.redesign.rules.membership import supports


@audit.action("redesign.say_not_applying")
def say_not_applying(*, by: Actor, place: str, number: int, part: str, revision: int) -> None:
    """Say for the support of one's side that an element of a business plan does not apply, as its reason now stands.

    The supporters of both sides say so, who are two people; whoever writes the element anew asks both again.
    """
    known = writable(by, place, number)
    if not supported(known) or part not in ELEMENTS:
        raise UserError("this is no element that supporters are asked about", "part", "Open it from the case's page.")
    now = part_of(known, part)
    if now.revision != revision:
        raise overtaken(f"this part of case {number}", now.changed_by, now.changed_at)
    if now.body.get("applies", True):
        raise UserError(
            "it is not marked as not applying", part_title(part), "Write it, and say why it does not apply."
        )
    side = support_of(by.id, known)
    if not side:
        raise UserError(
            "that an element does not apply is said by the commissioner's and the trust's supporters",
            do="They sit for management or finance, labelled commissioner or provider; the group's page shows who;"
            " that holds as long as you do not.",
        ).for_the_log()
    keep_mark(by, known, part, revision, side)


def support_of(person: str, known: Case) -> str:
    """The side for whose support somebody speaks in a case; empty where they speak for none."""
    return next((supports(each.kind, each.side) for each in known.present if each.person == person), "")


def keep_mark(by: Actor, known: Case, part: str, revision: int, side: str) -> None:
    """Keep that somebody said so for a side; one side says so once, and one person for one side."""
    own = accounts_of(by.id)
    if any(each.person in own and each.side != side for each in marks(known, part) if each.revision == revision):
        raise UserError(
            "you have said so for the other side already",
            do="Somebody else who supports this side says so; that holds until the part is written anew.",
        ).for_the_log()
    facts = {"case_id": known.id, "part": part, "revision": revision, "side": side}
    try:
        with transaction.atomic():
            models.NotApplying.objects.create(person=by.id[:150], by=by.name[:200], at=timezone.now(), **facts)
    except IntegrityError as problem:
        row = models.NotApplying.objects.filter(**facts).first()
        who = f"{row.by} said so for {SUPPORTERS[side]} on {day_text(localtime(row.at))}" if row else "it was said"
        raise Stale(f"{who} already", part_title(part), "Once is enough; nothing is left to do.") from problem
    audit.note(subject=f"{known.matter}/{part}", after={"does not apply": SUPPORTERS[side], "revision": revision})

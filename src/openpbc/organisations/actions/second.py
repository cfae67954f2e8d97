"""How an act waits for a second person: it is kept as it was put up, and somebody else agrees to exactly that.

The audited actions are those of the rooms whose acts wait; what is done here happens within one of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from openpbc.kernel import two_people
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import moment_text
from openpbc.kernel.problems import Stale, UserError
from openpbc.organisations import models, reads
from openpbc.organisations.reads.second import Asked, asked, digest


def put_up(by: Actor, place: str, act: str, facts: Mapping[str, Any]) -> int:
    """Keep what somebody else has to agree to, and give its number. Nothing of it changes: another try is another."""
    last = models.SecondAsked.objects.filter(place=place).order_by("-number").first()
    number = last.number + 1 if last else 1
    try:
        with transaction.atomic():
            models.SecondAsked.objects.create(
                place=place, number=number, act=act, facts=dict(facts), sha256=digest(facts), **_signed(by)
            )
    except IntegrityError as problem:
        raise Stale("somebody else put something up at this very moment", do="Send it once more.") from problem
    return number


def check_second(by: Actor, place: str, number: int, act: str, sha256: str, *, what: str, who_can: str) -> Asked:
    """Give what waits if this person may agree to it: somebody else, who signs in and saw exactly what is there."""
    found = asked(place, number, act)
    _refuse_answered(found)
    if not models.User.objects.filter(sign_in=by.id, is_active=True).exists():
        raise UserError(f"{what} by somebody else, who signs in: the shell does not tell who you are", do=who_can)
    two_people.must_be_another(by, found.first, reads.accounts(), what, who_can=who_can)
    if sha256 != found.sha256 or digest(found.facts) != found.sha256:
        raise Stale(f"number {number} is not what you saw", do="Look at it again.")
    return found


def answer(by: Actor, found: Asked, *, agreed: bool, result: str = "", reason: str = "") -> None:
    """Keep that somebody agreed and what was done, or that it was turned down; only the first answer counts."""
    _refuse_answered(found)
    row = models.SecondAsked.objects.get(place=found.place, number=found.number)
    try:
        with transaction.atomic():
            models.SecondAnswered.objects.create(
                asked=row, agreed=agreed, result=result[:200], reason=reason, **_signed(by)
            )
    except IntegrityError as problem:
        raise _answered(asked(found.place, found.number, found.act)) from problem


def _refuse_answered(found: Asked) -> None:
    if found.agreed is not None:
        raise _answered(found)


def _answered(found: Asked) -> Stale:
    how = f"agreed to it: it is {found.result}" if found.agreed else f"turned it down: {found.reason}"
    at = timezone.localtime(found.answered_at) if found.answered_at else None
    when = f" on {moment_text(at)}" if at else ""
    return Stale(f"{found.answered_by}{when} {how}", do="Put it up anew if it is still wanted.")


def _signed(by: Actor) -> dict[str, object]:
    facts = {"by": by.name[:200], "by_person": by.id[:150], "acting_for": by.acting_for[:150]}
    return facts | {"at": timezone.now()}

"""Acts that wait for a second person: what one person put up, and what somebody else answered."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.organisations import models
from openpbc.organisations.reads.persons import accounts_of


@dataclass(frozen=True)
class Asked:
    """An act that was put up: ``facts`` is exactly what is to be done. ``agreed`` is none while it waits."""

    place: str
    number: int
    act: str
    facts: Mapping[str, Any]
    sha256: str
    by: str
    by_person: str
    acting_for: str
    at: datetime
    agreed: bool | None = None
    result: str = ""
    reason: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None

    @property
    def first(self) -> tuple[str, ...]:
        """The sign-in names of who put it up: theirs, and that of whom they acted for."""
        return tuple(each for each in (self.by_person, self.acting_for) if each)

    def put_up_by(self, actor: Actor) -> bool:
        """Tell whether somebody put it up themselves, under any account of theirs."""
        return bool(accounts_of(actor.id) & set(self.first))


def digest(facts: Mapping[str, Any]) -> str:
    """Hash what is to be done: somebody agrees to this and to nothing else."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def asked(place: str, number: int, act: str) -> Asked:
    """Give one act that was put up; an unknown one is a person's mistake."""
    row = models.SecondAsked.objects.select_related("answer").filter(place=place, number=number, act=act).first()
    if row is None:
        raise UserError(f"nothing was put up here under number {number}", do="Look at what waits.")
    return _asked(row)


def every_asked(place: str, act: str) -> tuple[Asked, ...]:
    """List what was put up of one kind of act, the newest first."""
    rows = models.SecondAsked.objects.select_related("answer").filter(place=place, act=act)
    return tuple(_asked(row) for row in rows.order_by("-number"))


def waiting(place: str, act: str) -> tuple[Asked, ...]:
    """List what waits of one kind of act, the oldest first."""
    rows = models.SecondAsked.objects.filter(place=place, act=act, answer__isnull=True)
    return tuple(_asked(row) for row in rows.select_related("answer").order_by("number"))


def result_of(place: str, act: str, result: str) -> Asked | None:
    """Give what was put up and agreed to before something was done; none where one person did it."""
    rows = models.SecondAsked.objects.select_related("answer")
    row = rows.filter(place=place, act=act, answer__agreed=True, answer__result=result).first()
    return _asked(row) if row else None


def _asked(row: models.SecondAsked) -> Asked:
    names = ("place", "number", "act", "facts", "sha256", "by", "by_person", "acting_for", "at")
    told = {name: getattr(row, name) for name in names}
    answer: models.SecondAnswered | None = getattr(row, "answer", None)
    if answer is None:
        return Asked(**told)
    given = {"agreed": answer.agreed, "result": answer.result, "reason": answer.reason}
    return Asked(**told, **given, answered_by=answer.by, answered_at=answer.at)

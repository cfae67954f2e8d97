"""Which files were received, and the snapshot of memberships by which they are judged."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from django.conf import settings

from openpbc.activity import models
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.reference import MemberRow
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.warehouse.store import Store

_HASH = re.compile(r"[0-9a-f]{6,64}")


@dataclass(frozen=True)
class Submission:
    """One received file; provider and month are empty for an extract that belongs to no month."""

    place: str
    provider: str
    month: str
    stream: str
    layout: str
    sha256: str
    file_name: str
    lines: int
    unparsed: int
    received_at: datetime
    received_by: str
    superseded_at: datetime | None
    superseded_by: str

    @property
    def file(self) -> str:
        """The first 12 hex digits of the hash, by which tables name the file."""
        return self.sha256[:12]

    @property
    def superseded(self) -> bool:
        """Whether a later file replaced this one."""
        return self.superseded_at is not None

    @property
    def submitted(self) -> Submitted:
        """The file as a run takes it in."""
        return Submitted(self.sha256, self.stream, self.layout, self.provider, self.month, self.superseded)


_NAMES = tuple(Submission.__dataclass_fields__)


def store() -> Store:
    """Give the warehouse of this installation."""
    return Store(Path(settings.HOME) / "warehouse")


def submissions(place: str, month: Month | None = None) -> list[Submission]:
    """List what was received for a place (for one month if said), superseded files among it, in order of arrival."""
    rows = models.Submission.objects.filter(place=place)
    if month is not None:
        rows = rows.filter(month=str(month))
    return [_submission(row) for row in rows.order_by("received_at", "id")]


def submission(place: str, sha256: str) -> Submission:
    """Give one received file by the start of its hash; an unknown or ambiguous one is a person's mistake."""
    if not _HASH.fullmatch(sha256):
        raise UserError(f"'{sha256[:80]}' is not the hash of a file", do="Give at least 6 of its hexadecimal digits.")
    found = list(models.Submission.objects.filter(place=place, sha256__startswith=sha256)[:2])
    if len(found) != 1:
        many = "more than one file" if found else "no file"
        raise UserError(f"{many} of {place} has a hash that starts with {sha256[:64]}", do="Look at the submissions.")
    return _submission(found[0])


def find(sha256: str) -> list[Submission]:
    """List the submissions, of whatever place, whose hash starts so."""
    if not _HASH.fullmatch(sha256):
        return []
    rows = models.Submission.objects.filter(sha256__startswith=sha256).order_by("place", "received_at", "id")
    return [_submission(row) for row in rows]


def submitted(place: str, month: Month) -> list[Submitted]:
    """Give the files of a month as a run takes them in."""
    return [one.submitted for one in submissions(place, month)]


def members(place: str, known_on: date | None = None) -> list[MemberRow]:
    """Give the snapshot of dated memberships by which rows are judged and attributed."""
    return [
        MemberRow(m.practice, m.valid_from, m.valid_to, m.unit, m.budget_line, m.commissioner, m.postcode)
        for m in organisations.membership_rows(place, known_on)
    ]


def _submission(row: models.Submission) -> Submission:
    return Submission(**{name: getattr(row, name) for name in _NAMES})

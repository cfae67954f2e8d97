"""Which files were received, and the snapshot of memberships by which they are judged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from openpbc.activity import models
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.reference import MemberRow
from openpbc.activity.rules.versions import COUNTS, Version, standing
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

_HASH = re.compile(r"[0-9a-f]{6,64}")


@dataclass(frozen=True)
class Submission:
    """One received file; provider and month are empty for an extract that belongs to no month.

    ``arrived_at`` is when it came, by which it is judged, and ``received_at`` when this system took it in;
    ``arrival_stated`` says that somebody stated the arrival. ``standing`` is counts, waiting or refused. A file of
    ``changes`` replaces and deletes single records of those before it.
    """

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
    arrived_at: datetime
    arrival_stated: bool
    standing: str
    late: bool
    superseded_at: datetime | None
    superseded_by: str
    changes: bool

    @property
    def file(self) -> str:
        """The first 12 hex digits of the hash, by which tables name the file."""
        return self.sha256[:12]

    @property
    def superseded(self) -> bool:
        """Whether a later file replaced this one."""
        return self.superseded_at is not None

    @property
    def counts(self) -> bool:
        """Whether it is in what a run takes in: it waits for no decision and was not refused."""
        return self.standing == COUNTS

    @property
    def current(self) -> bool:
        """Whether its records are the ones that count."""
        return self.counts and not self.superseded

    @property
    def submitted(self) -> Submitted:
        """The file as a run takes it in."""
        return Submitted(
            self.sha256, self.stream, self.layout, self.provider, self.month, self.superseded, self.changes
        )


_NAMES = tuple(Submission.__dataclass_fields__)


def is_synthetic(book: Book) -> bool:
    """Tell whether a place's activity is invented: its book describes a SYNTHETIC county."""
    return bool(book.table("synth.volumes").is_set)


def submissions(place: str, month: Month | None = None) -> list[Submission]:
    """List what was received for a place (for one month if said), superseded files among it, in order of arrival."""
    rows = models.Submission.objects.filter(place=place)
    if month is not None:
        rows = rows.filter(month=str(month))
    return [_submission(row) for row in rows.order_by("received_at", "id")]


def submission(place: str, sha256: str, provider: str = "") -> Submission:
    """Give one received file by the start of its hash; an unknown or ambiguous one is a person's mistake.

    With a ``provider``, every other provider's files are unknown.
    """
    if not _HASH.fullmatch(sha256):
        raise UserError("this is not the hash of a file", do="Give at least 6 of its hexadecimal digits.")
    rows = models.Submission.objects.filter(place=place, sha256__startswith=sha256)
    found = list((rows.filter(provider=provider) if provider else rows)[:2])
    if len(found) != 1:
        many = "more than one file" if found else "no file"
        raise UserError(f"{many} of {place} has a hash that starts like this one", do="Look at the submissions.")
    return _submission(found[0])


def find(sha256: str) -> list[Submission]:
    """List the submissions, of whatever place, whose hash starts so."""
    if not _HASH.fullmatch(sha256):
        return []
    rows = models.Submission.objects.filter(sha256__startswith=sha256).order_by("place", "received_at", "id")
    return [_submission(row) for row in rows]


def submitted(place: str, month: Month) -> list[Submitted]:
    """Give the files of a month as a run takes them in: those that wait for a decision or were refused stay out."""
    return [one.submitted for one in submissions(place, month) if one.counts]


def versions_of(rows: Iterable[models.Submission]) -> list[Version]:
    """Give files of one provider, month and stream, in their order of recording, as the rule takes them."""
    listed = list(rows)
    hashes = [row.sha256 for row in listed if row.late]
    decided = models.LateDecision.objects.filter(place__in={row.place for row in listed}, sha256__in=hashes)
    since = {(each.place, each.sha256): each.decided_at for each in decided}
    return [
        Version(
            row.sha256,
            number,
            row.arrived_at,
            row.standing,
            row.superseded_by,
            since.get((row.place, row.sha256)),
            row.changes,
        )
        for number, row in enumerate(listed, start=1)
    ]


def frozen(place: str, month: Month) -> bool:
    """Tell whether a month was closed at the freeze."""
    return models.FrozenMonth.objects.filter(place=place, month=str(month)).exists()


def submitted_at(place: str, month: Month, at: datetime) -> list[Submitted]:
    """Give the files of a month as they stood at a moment: those that counted then, the last whole one of each
    kind and the changes since current.
    """
    kinds: dict[tuple[str, str], list[models.Submission]] = {}
    for row in models.Submission.objects.filter(place=place, month=str(month)).order_by("id"):
        kinds.setdefault((row.provider, row.stream), []).append(row)
    found = []
    for rows in kinds.values():
        versions = versions_of(rows)
        now = {each.sha256 for each in standing(versions, at)}
        then = {each.sha256 for each in versions if each.standing == COUNTS and each.since <= at}
        found += [
            replace(_submission(row).submitted, superseded=row.sha256 not in now) for row in rows if row.sha256 in then
        ]
    return sorted(found)


def files_of(place: str, month: Month, at: datetime | None) -> list[Submitted]:
    """Give the files that a run of the month takes in: those of now, or as they stood at a moment."""
    return submitted(place, month) if at is None else submitted_at(place, month, at)


def still_files_of(place: str, month: Month, at: datetime | None) -> list[Submitted]:
    """Give the same inside a transaction, and let nobody replace one of these files until it ends."""
    held = models.Submission.objects.select_for_update().filter(place=place, month=str(month)).order_by("id")
    list(held.values_list("id", flat=True))
    return files_of(place, month, at)


def members(place: str, known_on: date | None = None) -> list[MemberRow]:
    """Give the snapshot of dated memberships by which rows are judged and attributed."""
    return members_among(organisations.membership_rows(place, known_on))


def members_among(rows: Iterable[organisations.Membership]) -> list[MemberRow]:
    """Give memberships that were read as a run takes them."""
    return [
        MemberRow(m.practice, m.valid_from, m.valid_to, m.unit, m.budget_line, m.commissioner, m.postcode) for m in rows
    ]


def _submission(row: models.Submission) -> Submission:
    return Submission(**{name: getattr(row, name) for name in _NAMES})

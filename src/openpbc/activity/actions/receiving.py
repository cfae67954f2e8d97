"""Receives a file, and remembers whose it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError
from django.utils import timezone

from openpbc import audit
from openpbc.activity import reads
from openpbc.activity.flow import reading, receiving
from openpbc.activity.flow.canonical import STREAM_WORDS
from openpbc.activity.flow.receiving import Accepted, Claim
from openpbc.activity.models import Submission
from openpbc.activity.reads.submissions import versions_of
from openpbc.activity.rules.versions import COUNTS, WAITING, Change, received
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.warehouse import landing
from openpbc.warehouse.landing import Landed
from openpbc.warehouse.survey import Survey


@dataclass(frozen=True)
class Receipt:
    """What became of a file that was handed in; lines = parsed lines + unparsed lines.

    ``already`` says that the same file was received before, so nothing changed; ``superseded`` is the hash of the file
    that this one replaces, empty if none; ``superseded_by`` that of one that arrived later but was recorded before it.
    A file that came after the freeze is ``waiting``. A file of ``changes`` replaces none.
    """

    sha256: str
    file_name: str
    place: str
    provider: str
    month: str
    stream: str
    layout: str
    lines: int
    unparsed: int
    received_at: datetime
    already: bool
    superseded: str = ""
    standing: str = COUNTS
    superseded_by: str = ""
    changes: bool = False

    @property
    def waits(self) -> bool:
        """Whether the file came after the freeze and waits for a decision."""
        return self.standing == WAITING

    @property
    def rows(self) -> int:
        """How many lines of data the file holds."""
        return self.lines

    @property
    def sentence(self) -> str:
        """What to tell the person who handed the file in."""
        whose = f" of {self.provider} for {self.month}" if self.month else ""
        what = f"{self.file_name}: {self.lines:,} lines of {STREAM_WORDS[self.stream]}{whose} ({self.layout})"
        if self.already:
            return f"{what} were received before; nothing changed."
        if self.waits:
            return f"{what} came after the freeze: the file is kept, and changes nothing until somebody decides on it."
        if self.superseded_by:
            return f"{what} are received; the file {self.superseded_by[:12]}, which arrived later, stays current."
        if self.changes:
            return f"{what} are received; they replace and delete single records of what was sent before."
        replaced = f"; they replace the file {self.superseded[:12]}" if self.superseded else ""
        return f"{what} are received{replaced}."


@audit.action("activity.receive", late=True)
def receive(
    *,
    by: Actor,
    place: str,
    path: Path,
    provider: str | None = None,
    month: Month | None = None,
    layout: str | None = None,
    arrived: datetime | None = None,
) -> Receipt:
    """Land a file and remember whose it is; the same file again changes nothing.

    Provider and month come from the arguments, else from the file's name, else from what its lines say. A later file of
    the same provider, month and stream supersedes the former; one that comes after the freeze waits for a decision. A
    file that cannot be received leaves nothing behind. ``arrived`` states when it came, where that was before now.
    """
    receiving.refuse_personal_name(path.name)
    book = organisations.book(place)
    _refuse_future(arrived, path.name)
    claim = Claim(provider, str(month) if month else None, layout)
    with reading.surveyed(path) as surveyed:
        return _received(by, book, surveyed, claim, arrived)


@audit.action("activity.receive_accepted", late=True)
def receive_accepted(*, by: Actor, place: str, name: str, accepted: Accepted, claim: Claim) -> Receipt:
    """Remember whose a file is that was read and landed before, so that no transaction waits while a file is read."""
    before = Submission.objects.filter(place=place, sha256=accepted.landed.sha256).first()
    if before is not None:
        _refuse_other_claim(before, claim, name)
        return _receipt(before, already=True)
    return _remembered(by, organisations.book(place), name, accepted, None)


def _received(by: Actor, book: Book, surveyed: Survey, claim: Claim, arrived: datetime | None) -> Receipt:
    place = book.place.id
    before = Submission.objects.filter(place=place, sha256=surveyed.sha256).first()
    if before is not None and landing.is_whole(reads.store(), surveyed.sha256):
        _refuse_other_claim(before, claim, surveyed.name)
        return _receipt(before, already=True)
    accepted = receiving.accept(reads.store(), book, surveyed, claim)
    if before is not None:  # the warehouse had lost the landed file; now it is whole again
        return _receipt(before, already=True)
    return _remembered(by, book, surveyed.name, accepted, arrived)


def _remembered(by: Actor, book: Book, name: str, accepted: Accepted, arrived: datetime | None) -> Receipt:
    try:
        with audit.writing():
            return _remember(by, book, name, accepted, arrived)
    except IntegrityError as error:
        held = Submission.objects.filter(place=book.place.id, sha256=accepted.landed.sha256).first()
        if held is not None:  # the same file, handed in twice at the same moment
            return _receipt(held, already=True)
        raise UserError(
            "another file of the same provider, month and stream was received at the same moment",
            name,
            "Look at the submissions and send it again if it should replace the other.",
        ) from error


def _refuse_other_claim(before: Submission, claim: Claim, name: str) -> None:
    for what, wanted, held in (
        ("provider", claim.provider, before.provider),
        ("month", claim.month, before.month),
        ("layout", claim.layout, before.layout),
    ):
        if wanted and wanted != held:
            raise UserError(
                f"the same file was received before with the {what} {held or 'not given'}, not {wanted}",
                name,
                "Check which is right; the same bytes are received once.",
            )


def _refuse_future(arrived: datetime | None, name: str) -> None:
    if arrived is not None and arrived > timezone.now():
        raise UserError("the file cannot have arrived in the future", name, "State when it arrived, or leave it out.")


def _remember(by: Actor, book: Book, name: str, accepted: Accepted, arrived: datetime | None) -> Receipt:
    now, place = timezone.now(), book.place.id
    came = arrived or now
    change = _placed(book, accepted, came)
    later = (
        Submission.objects.filter(place=place, sha256=change.superseded_by).first() if change.superseded_by else None
    )
    replaced = Submission.objects.filter(place=place, sha256__in=change.supersedes)
    replaced.update(superseded_at=now, superseded_by=accepted.landed.sha256)
    made = Submission.objects.create(
        place=place,
        file_name=name[:255],
        received_at=now,
        received_by=by.name[:200],
        arrived_at=came,
        arrival_stated=arrived is not None,
        standing=change.standing,
        late=change.late,
        superseded_at=now if later else None,
        superseded_by=change.superseded_by,
        **_facts(accepted, accepted.landed),
    )
    told = {"arrived_at": came.isoformat(), "standing": change.standing}
    audit.note(
        subject=f"submission/{place}/{made.sha256}",
        before={"sha256": ", ".join(change.supersedes)} if change.supersedes else None,
        after={**_facts(accepted, accepted.landed), "file_name": made.file_name, **told},
    )
    return _receipt(made, already=False, superseded=change.supersedes[-1] if change.supersedes else "")


def _placed(book: Book, accepted: Accepted, came: datetime) -> Change:
    """Say what the file changes among those of its provider, month and stream, and which files it supersedes."""
    place = book.place.id
    if not accepted.month:
        return Change(COUNTS)
    month, kind = Month.parse(accepted.month), {"provider": accepted.provider, "stream": accepted.stream}
    held = versions_of(
        Submission.objects.select_for_update().filter(place=place, month=accepted.month, **kind).order_by("id")
    )
    freeze = reads.moment_of(book, reads.dates(book, month).freeze)
    return received(came, len(held) + 1, held, freeze, reads.frozen(place, month), accepted.changes)


def _facts(accepted: Accepted, landed: Landed) -> dict[str, Any]:
    return {
        "provider": accepted.provider,
        "month": accepted.month,
        "stream": accepted.stream,
        "layout": accepted.layout,
        "sha256": landed.sha256,
        "changes": accepted.changes,
        "lines": landed.lines,
        "unparsed": landed.unparsed,
    }


def _receipt(row: Submission, *, already: bool, superseded: str = "") -> Receipt:
    names = "sha256 file_name place provider month stream layout changes lines unparsed received_at standing".split()
    facts = {name: getattr(row, name) for name in names}
    return Receipt(**facts, already=already, superseded=superseded, superseded_by=row.superseded_by)

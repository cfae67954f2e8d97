"""Receives an extract of referral-to-treatment waits: all of our lines, and what is wrong with any."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass

from django.db import IntegrityError
from django.utils import timezone

from openpbc import audit
from openpbc.kernel.actor import Actor
from openpbc.kernel.findings import Finding
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import Stale, UserError
from openpbc.measures.models import WaitingFile, WaitingRow
from openpbc.measures.reads.waiting import layout
from openpbc.measures.rules.waiting_file import Extract, read_extract
from openpbc.organisations import reads as organisations

LARGEST = 200_000_000
KEPT_FINDINGS = 1_000


@dataclass(frozen=True)
class WaitsReceived:
    """What became of a received extract."""

    month: Month
    number: int
    lines: int
    accepted: int
    rejected: int
    excluded: int
    findings: int
    already: bool = False

    @property
    def sentence(self) -> str:
        """What to tell the person who sent it."""
        if self.already:
            return f"{self.month.name} was received so before; nothing changed."
        return (
            f"{self.month.name}: of {self.lines:,} lines {self.accepted:,} are taken in, {self.rejected:,} are"
            f" refused and {self.excluded:,} belong to other commissioners; {self.findings:,} findings."
        )


@audit.action("measures.receive_waits")
def receive_waits(*, by: Actor, place: str, file_name: str, content: bytes) -> WaitsReceived:
    """Receive an extract; a further one of the same month replaces it, and both are kept."""
    book = organisations.book(place)
    if len(content) > LARGEST:
        raise UserError("the file is larger than a full extract can be", where="file", do="Send the extract alone.")
    found = read_extract(_rows(content, file_name), layout(book), book.place.commissioner, file_name[:100])
    if found.period is None:
        raise UserError(
            f"no line of the file belongs to {book.place.commissioner}", where="file",
            do="Send an extract with this commissioner's lines.",
        )  # fmt: skip
    sha256 = hashlib.sha256(content).hexdigest()
    last = WaitingFile.objects.filter(place=place, month=str(found.period)).order_by("-number").first()
    accepted = len(found.accepted) + len(found.totals)
    number = last.number if last else 0
    made = WaitsReceived(
        found.period, number + 1, found.lines, accepted, found.rejected, found.excluded, len(found.findings)
    )
    if last and last.sha256 == sha256:
        audit.nothing_changed()
        return WaitsReceived(found.period, number, found.lines, accepted, found.rejected, found.excluded, 0, True)
    try:
        _keep(by, place, file_name, sha256, found, made)
    except IntegrityError as error:
        raise Stale(f"somebody else sent {found.period.name} meanwhile", where="file", do="Look again.") from error
    audit.note(
        subject=f"waits/{place}/{found.period}/{made.number}",
        before={"sha256": last.sha256} if last else None,
        after={"sha256": sha256, "lines": made.lines, "accepted": accepted, "rejected": made.rejected},
    )
    return made


def _rows(content: bytes, name: str) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error) as error:
        raise UserError(
            "the file is not comma-separated text in UTF-8", where="file", do=f"Save {name[:60]} as CSV in UTF-8."
        ) from error


def _keep(by: Actor, place: str, name: str, sha256: str, found: Extract, made: WaitsReceived) -> None:
    file = WaitingFile.objects.create(
        place=place, month=str(made.month), number=made.number, file_name=name[:200], sha256=sha256, lines=made.lines,
        accepted=made.accepted, rejected=made.rejected, excluded=made.excluded,
        findings=[_told(each) for each in found.findings[:KEPT_FINDINGS]], by=by.name[:200], at=timezone.now(),
    )  # fmt: skip
    WaitingRow.objects.bulk_create(
        WaitingRow(
            file=file, provider=e.provider, provider_name=e.provider_name[:200], part=e.part, tfc=e.tfc,
            tfc_name=e.tfc_name[:200], bands=list(e.waits.bands), unknown=e.waits.unknown,
        )
        for e in found.accepted
    )  # fmt: skip


def _told(finding: Finding) -> dict[str, str | int]:
    return {
        "rule": finding.rule,
        "level": finding.level.value,
        "line": finding.place.line,
        "field": finding.place.field,
        "sentence": finding.sentence,
    }

"""Measures the quality of received files, once each, and remembers it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils import timezone

from openpbc import audit
from openpbc.activity import reads
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.quality import measure_files
from openpbc.activity.flow.reference import MemberRow
from openpbc.activity.models import FileQuality
from openpbc.kernel.actor import Actor
from openpbc.kernel.periods import Month
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

Counts = Mapping[str, Sequence[int]]


@audit.action("activity.measure_quality", late=True)
def measure_quality(*, by: Actor, place: str, month: Month, counted: Mapping[str, Counts] | None = None) -> int:
    """Measure the files of a month that were not measured yet, superseded and waiting ones too; gives how many.

    What was measured once stays, so that a first submission is judged by what it was. ``counted`` is what a run counted
    of the files that it has just checked, by file; only the others are checked here.
    """
    book, members = organisations.book(place), reads.members(place)
    known = set(FileQuality.objects.filter(place=place).values_list("sha256", flat=True))
    files = [each for each in reads.submissions(place, month) if each.sha256 not in known]
    found = {each.sha256: (counted or {}).get(each.submitted.file) for each in files}
    found |= _measured(book, [each.submitted for each in files if not found[each.sha256]], members)
    if not found:
        return 0
    with audit.writing():
        made = 0
        for sha256, counts in found.items():
            facts = {"book": book.hash, "counts": counts, "measured_at": timezone.now()}
            _, fresh = FileQuality.objects.get_or_create(place=place, sha256=sha256, defaults=facts)
            made += fresh
        if not made:
            audit.nothing_changed()
        audit.note(subject=f"quality/{place}/{month}", after={"files": sorted(found), "book": book.hash})
    return made


def _measured(book: Book, files: Sequence[Submitted], members: Sequence[MemberRow]) -> dict[str, Counts]:
    return {
        sha256: {each.field: [each.valid, each.stand_in, each.invalid, each.missing] for each in found}
        for sha256, found in measure_files(reads.store(), book, files, members).items()
    }

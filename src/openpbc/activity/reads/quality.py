"""How good the fields of received files are, file by file and for a provider's month, as counts and shares."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from openpbc.activity import models
from openpbc.activity.flow import quality as flow
from openpbc.activity.flow.checking import Submitted
from openpbc.activity.flow.quality import UNKNOWN_PRACTICE
from openpbc.activity.flow.reference import MemberRow
from openpbc.activity.reads.calendar import expected
from openpbc.activity.reads.submissions import Submission, members, submissions
from openpbc.activity.rules.quality import Quality, index_ppm
from openpbc.kernel.periods import Month
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import Value
from openpbc.warehouse.store import Store

PRACTICE, NHS_NUMBER = "practice", "nhs_number"
LIMIT = "submissions.unknown_practice_limit"


@dataclass(frozen=True)
class FileMeasured:
    """A file's fields by field name, and whether that was written down when the file was measured."""

    submission: Submission
    fields: dict[str, Quality]
    kept: bool

    @property
    def unmatched(self) -> Quality:
        """The records whose patient finds a practice of the register, and those that do not."""
        return self.fields.get(PRACTICE, Quality(PRACTICE))

    @property
    def unknown(self) -> Quality:
        """The records whose practice is said not to be known, as stand-ins."""
        return self.fields.get(UNKNOWN_PRACTICE, Quality(UNKNOWN_PRACTICE))


@dataclass(frozen=True)
class StreamQuality:
    """One data set of a provider's month: its current file and fields, none where nothing came."""

    stream: str
    expected: bool
    file: FileMeasured | None
    fields: tuple[tuple[str, Quality], ...]
    index: int | None


@dataclass(frozen=True)
class ProviderQuality:
    """A provider's month: its data sets and the index over all of them."""

    provider: str
    month: Month
    streams: tuple[StreamQuality, ...]
    index: int | None
    unmatched: Quality
    unknown: Quality
    flagged: bool


def measured(place: str, found: Submission) -> FileMeasured:
    """Give the quality of one file: as it was written down, else measured now."""
    row = models.FileQuality.objects.filter(place=place, sha256=found.sha256).first()
    if row is not None:
        return FileMeasured(found, {field: Quality(field, *counts) for field, counts in row.counts.items()}, True)
    listed = _measure(store(), organisations.book(place), found.submitted, tuple(members(place)))
    return FileMeasured(found, {each.field: each for each in listed}, False)


@lru_cache(maxsize=256)
def _measure(at: Store, book: Book, file: Submitted, known: tuple[MemberRow, ...]) -> tuple[Quality, ...]:
    return flow.measure_file(at, book, file, known)


def provider_quality(book: Book, provider: str, month: Month) -> ProviderQuality:
    """Give the quality of the current files of a provider's month; a data set that is due and did not come counts."""
    place, due = book.place.id, expected(book).get(provider, ())
    wholes_last = sorted(submissions(place, month), key=lambda each: not each.changes)
    current = {each.stream: each for each in wholes_last if each.provider == provider and each.current}
    streams = tuple(
        _stream(book, stream, stream in due, current.get(stream)) for stream in sorted({*due, *current}, key=_order)
    )
    indexes = [each.index for each in streams if each.index is not None]
    files = [each.file for each in streams if each.file is not None]
    unmatched = sum((each.unmatched for each in files), Quality(PRACTICE))
    unknown = sum((each.unknown for each in files), Quality(UNKNOWN_PRACTICE))
    return ProviderQuality(provider, month, streams, _mean(indexes), unmatched, unknown, above_limit(book, unknown))


def above_limit(book: Book, unknown: Quality) -> bool:
    """Tell whether too many practices are said not to be known; never where no limit is set."""
    held = book.value(LIMIT)
    return isinstance(held, Value) and unknown.stand_in * 1_000_000 > unknown.whole * held.ppm


def _mean(indexes: Sequence[int]) -> int | None:
    return sum(indexes) // len(indexes) if indexes else None


def _order(stream: str) -> int:
    return ("apc", "op", "ae").index(stream)


def _stream(book: Book, stream: str, due: bool, found: Submission | None) -> StreamQuality:
    if found is None:
        return StreamQuality(stream, due, None, (), index_ppm((), covered=False))
    file = measured(book.place.id, found)
    listed = flow.measures(book, stream)
    fields = tuple((each.title, file.fields.get(each.field, Quality(each.field))) for each in listed)
    return StreamQuality(stream, due, file, fields, index_ppm([each for _, each in fields], covered=True))

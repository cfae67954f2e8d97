"""What waits for somebody: files that were sent and not received yet, and a provider's own files."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import localtime

from openpbc.activity import reads
from openpbc.activity.pages.links import draft_href, href
from openpbc.activity.pages.submissions import STREAMS
from openpbc.activity.reads.drafts import WORKING
from openpbc.activity.reads.viewers import READER, SENDER, may_read
from openpbc.kernel.periods import day_text
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.ui.offers import Work

ALERTED = timedelta(days=7)


def work(book: Book, viewer: Viewer) -> Iterator[Work]:
    """A file that somebody must decide on; for a provider's people, the way to what is theirs."""
    place = book.place.id
    held = viewer.roles_in(place)
    if may_read(viewer, place):
        yield from _waiting(place, "", frozenset({READER}))
        yield from _unmasked(place)
    if SENDER in held:
        names = {each.code: each.short_name for each in organisations.providers(place)}
        for code in viewer.codes(place, "provider", {SENDER}):
            text = f"Send files of {names.get(code, code)}, and see what was found in them"
            yield Work(text, _next(book, code), href("submissions", place, code), frozenset({SENDER}))
            yield from _waiting(place, code, frozenset({SENDER}))


def _next(book: Book, provider: str) -> str:
    """Say which file of a provider is due next, and by when."""
    first = next(iter(reads.next_due(book, provider, timezone.now())), None)
    if first is None:
        return "Nothing is due: every expected file of the year came, or none is expected"
    by = f"by {day_text(first.by)}" if first.by else "on a day that is not set"
    told = "Overdue" if first.overdue else "Next"
    return f"{told}: {STREAMS[first.stream]} of {first.month.name}, due {by}"


def _unmasked(place: str) -> Iterator[Work]:
    """Tell at once that patients were shown by name; it stands for a week."""
    found = reads.unmaskings(place, timezone.now() - ALERTED)
    if found:
        who = ", ".join(sorted({each.who_name for each in found}))
        times = "Once" if len(found) == 1 else f"{len(found)} times"
        there = reverse("activity:unmaskings", kwargs={"place": place})
        yield Work("See who was shown which patient", f"{times} in a week, by {who}", there, frozenset({READER}))


def _waiting(place: str, provider: str, roles: frozenset[str]) -> Iterator[Work]:
    for each in reads.drafts(place, provider):
        if each.state != WORKING:
            why = f"Sent by {each.made_by_name}, kept until {localtime(each.ends_at):%-d %B}"
            yield Work(f"Decide on the file {each.file_name}", why, draft_href(place, provider, each.code), roles)

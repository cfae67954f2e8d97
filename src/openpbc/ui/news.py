"""News as an Atom feed (RFC 4287): one entry a thing, which keeps its identifier and tells when it changed last."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from django.http import HttpResponse
from django.utils.feedgenerator import Atom1Feed

from openpbc.ui.exports import CREATED

ATOM_TYPE = "application/atom+xml"
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # XML has no way to write these


@dataclass(frozen=True)
class Entry:
    """One entry: an identifier that stays, its title, what it says by lines, when it changed last, and its page."""

    id: str
    title: str
    text: str
    updated_at: datetime
    href: str


class _Feed(Atom1Feed):
    """A feed without entries carries no clock, so that it is the same each time that it is read."""

    def latest_post_date(self) -> datetime:
        """Give when the latest entry changed."""
        return max((each["updateddate"] for each in self.items), default=CREATED)


def atom(title: str, about: str, page: str, entries: Sequence[Entry], *, id: str, own: str | None) -> HttpResponse:
    """Answer with entries, the latest changed first; ``page`` is what they are about.

    ``id`` names the feed and stays. ``own`` is its address, none where that is private: a feed that is passed on
    must not give away the address under which it is read.
    """
    told = _Feed(
        title=_clean(title), link=page, description="", subtitle=_clean(about), author_name="OpenPBC", feed_url=own,
        feed_guid=id,
    )  # fmt: skip
    for each in sorted(entries, key=lambda one: (one.updated_at, one.id), reverse=True):
        said = "<br>".join(escape(line) for line in _clean(each.text).splitlines())
        told.add_item(
            title=_clean(each.title), link=each.href, description=said, unique_id=each.id, updateddate=each.updated_at
        )
    return HttpResponse(told.writeString("utf-8"), content_type=f"{ATOM_TYPE}; charset=utf-8")


def _clean(text: str) -> str:
    return _UNPRINTABLE.sub(" ", text)

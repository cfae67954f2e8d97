"""What can be found of measures: each by its title and code."""

from __future__ import annotations

from collections.abc import Iterator

from openpbc.measures.reads.values import measures
from openpbc.organisations.reads import Viewer
from openpbc.rulebook.reader import Book
from openpbc.ui.offers import Findable, Way


def finds(book: Book, viewer: Viewer) -> Iterator[Findable]:
    """The measures that the place keeps."""
    for each in measures(book):
        at = Way("measures:measure", {"place": book.place.id, "code": each.code})
        yield Findable("Measures", each.title, f"{each.code}, {each.family}", (at,))

"""Long lists, a page at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar
from urllib.parse import urlencode

from django.http import QueryDict

PAGE_SIZE = 100
Item = TypeVar("Item")


@dataclass(frozen=True)
class Pager:
    """Which slice of a list is shown. ``number`` counts from 1; ``query`` is the page's own query without ``page``."""

    number: int
    total: int
    size: int
    query: str = ""
    key: str = "page"

    @property
    def pages(self) -> int:
        """How many pages there are; an empty list has one."""
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        """Position of the first item shown, counting from 1; 0 when there is none."""
        return min(self.total, (self.number - 1) * self.size + 1)

    @property
    def last(self) -> int:
        """Position of the last item shown."""
        return min(self.total, self.number * self.size)

    def cut(self, items: Sequence[Item]) -> Sequence[Item]:
        """Take this page's items out of the whole list."""
        return items[(self.number - 1) * self.size : self.number * self.size]

    def href(self, number: int) -> str:
        """The link to another page of the list."""
        page = urlencode({self.key: number})
        return f"?{self.query}&{page}" if self.query else f"?{page}"

    @property
    def previous(self) -> str:
        """The link to the page before, empty on the first."""
        return self.href(self.number - 1) if self.number > 1 else ""

    @property
    def next(self) -> str:
        """The link to the page after, empty on the last."""
        return self.href(self.number + 1) if self.number < self.pages else ""


def pager(query: QueryDict, total: int, size: int = PAGE_SIZE, key: str = "page") -> Pager:
    """Read the page number from a query; anything that is not a page of the list gives the nearest one."""
    asked = query.get(key, "1")
    pages = max(1, -(-total // size))
    number = min(max(int(asked), 1), pages) if asked.isdecimal() and len(asked) < 10 else 1
    rest = [(name, value) for name, values in query.lists() for value in values if name not in (key, "download")]
    return Pager(number, total, size, urlencode(rest), key)

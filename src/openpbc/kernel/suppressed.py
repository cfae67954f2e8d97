"""A small number that is hidden on the way out is a value of its own type: it can never become a number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NoReturn


@dataclass(frozen=True)
class Suppressed:
    """A count hidden by a disclosure rule; it shows as its mark and refuses all arithmetic."""

    rule: str
    mark: str = "*"

    def __str__(self) -> str:
        """Give the mark that stands in the cell."""
        return self.mark

    def _refuse(self, *_: object) -> NoReturn:
        raise TypeError("a suppressed value has no number")

    __int__ = __float__ = __index__ = __bool__ = _refuse
    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _refuse
    __lt__ = __le__ = __gt__ = __ge__ = _refuse

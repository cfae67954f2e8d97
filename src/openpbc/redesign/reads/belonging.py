"""To which commissioner of the area a case or an intention belongs, or whether it is shared."""

from __future__ import annotations

from functools import cached_property

from openpbc.organisations.reads.partners import homes, own_commissioners
from openpbc.redesign.reads.cases import Case
from openpbc.redesign.reads.registers import Intention
from openpbc.rulebook.reader import Book

SHARED = "both"


class Belonging:
    """What the register and the sources tell of a place: read once for all of its cases and intentions.

    A case belongs to the commissioners within which its groups lie. An intention is shared by the area unless the
    source gives it to one commissioner.
    """

    def __init__(self, book: Book) -> None:
        self.book = book

    @cached_property
    def names(self) -> dict[str, str]:
        """The commissioners of the area, by code."""
        return own_commissioners(self.book)

    @cached_property
    def _homes(self) -> dict[str, str]:
        return homes(self.book)

    def of_case(self, case: Case) -> frozenset[str]:
        """The commissioners to which a case belongs; none where the register does not place its groups."""
        return frozenset(self._homes[each.unit] for each in case.groups if each.unit in self._homes) & set(self.names)

    def of_intention(self, intention: Intention) -> frozenset[str]:
        """The commissioners to which an intention belongs: all of the area unless the source names one."""
        return frozenset({intention.commissioner} if intention.commissioner else self.names)

    def keeps(self, found: frozenset[str], wanted: str) -> bool:
        """Whether something is shown to one who asks for a commissioner: its own and what is shared."""
        return not wanted or wanted in found

    def told(self, found: frozenset[str]) -> str:
        """To whom something belongs, in words; empty where nobody knows."""
        if len(found) > 1:
            return SHARED if found == frozenset(self.names) else ", ".join(sorted(self.names[code] for code in found))
        return next((self.names.get(code, code) for code in found), "")

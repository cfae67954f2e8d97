"""With whom the commissioner works: partners of the register, councils among them, and commissioners of the area."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.kernel.problems import UserError
from openpbc.organisations import models
from openpbc.organisations.reads import bodies, known, standing_day
from openpbc.organisations.rules.clocks import Belief, covers
from openpbc.organisations.rules.links import WITHIN
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet

COMMISSIONERS, HOME = "organisations.commissioners", "home"
# The commissioners whose area the partners of the place share.
_OF_THE_AREA = (HOME, "associate")
_COUNCILS = ("county council", "district council")
_PARTNERS = (*_COUNCILS, "council department", "partnership", "joint team", "police", "partner group", "provider arm")


@dataclass(frozen=True)
class Partner:
    """An organisation of the register with which the commissioner works; ``called`` are all its names, in small."""

    code: str
    name: str
    kind: str
    called: frozenset[str]

    @property
    def is_council(self) -> bool:
        """Whether it is the county council, a district or a borough."""
        return self.kind in _COUNCILS

    @property
    def text(self) -> str:
        """How it is offered where one is chosen."""
        return f"{self.name} ({self.kind.removeprefix('provider: ')})"


def partners(book: Book) -> tuple[Partner, ...]:
    """List the partners that the register holds on the day of the place, councils first, then by kind and name."""
    home = {row["code"] for row in _commissioners(book) if row["role"] == HOME}
    found = [
        Partner(each.code, each.name, each.kind, frozenset(map(str.casefold, (each.code, each.name, *each.aliases))))
        for each in bodies.bodies(book.place.id, standing_day(book))
        if each.code not in home
        and (each.kind in _PARTNERS or each.kind.partition(":")[0] in ("provider", "commissioner"))
    ]
    return tuple(sorted(found, key=lambda each: (not each.is_council, _order(each.kind), each.name)))


def _order(kind: str) -> int:
    return _PARTNERS.index(kind) if kind in _PARTNERS else len(_PARTNERS)


def partner(book: Book, text: str, where: str = "partner") -> Partner:
    """Find the partner that is called so, by code, name or another name; any other is a person's mistake."""
    wanted = text.strip().casefold()
    every = partners(book)
    found = [each for each in every if each.code.casefold() == wanted] or [
        each for each in every if wanted in each.called
    ]
    if len(found) != 1:
        do = f"Give the code: {' or '.join(each.code for each in found[:5])}." if found else "Choose one from the list."
        raise UserError(f"the register of organisations has no one partner called '{text[:60]}'", where, do)
    return found[0]


def listed_partner(book: Book, text: str) -> Partner | None:
    """Give the partner that is called so, none where the register holds no one of them."""
    wanted = text.strip().casefold()
    found = [each for each in partners(book) if wanted in each.called]
    return found[0] if len(found) == 1 else None


def council(book: Book, code: str, where: str = "council") -> Partner:
    """Find a council of the area."""
    found = partner(book, code, where)
    if not found.is_council:
        raise UserError(f"{found.name} is no council", where, "Choose the county council, a district or a borough.")
    return found


def own_commissioners(book: Book) -> dict[str, str]:
    """Give the name of each commissioner of the area by code: the place's own first, then the others of its county."""
    rows = [row for row in _commissioners(book) if row["role"] in _OF_THE_AREA]
    return {row["code"]: row["name"] for row in sorted(rows, key=lambda row: _OF_THE_AREA.index(row["role"]))}


def _commissioners(book: Book) -> tuple[dict[str, str], ...]:
    found = book.table(COMMISSIONERS)
    return () if isinstance(found, NotSet) else found.rows


def homes(book: Book) -> dict[str, str]:
    """Within which commissioner each group lies on the day of the place, as the register says, by the group's code."""
    on = standing_day(book)
    rows = models.Link.objects.filter(
        known(None), place_id=book.place.id, kind=WITHIN, holder__in=tuple(own_commissioners(book))
    )
    return {row.member: row.holder for row in rows if covers(Belief(row.holder, row.valid_from, row.valid_to), on)}

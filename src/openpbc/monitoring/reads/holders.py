"""Who holds money in a place: the commissioner, its groups, what a group has not handed on, and the practices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from openpbc.kernel.periods import Month
from openpbc.monitoring.reads.addresses import nowhere
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book

IN_YEAR = "in-year"
PCT, HELD, GROUP, UNDISTRIBUTED, PRACTICE = "pct", "held", "group", "undistributed", "practice"
GROUPS = "groups"
SUMS = frozenset({PCT, GROUPS})
"""Kinds of holder that are nothing but the sum of others."""
ALL = "all"


@dataclass(frozen=True, order=True)
class Holder:
    """One holder of money; ``code`` is that of the budget line or practice, and ``all`` for the commissioner."""

    kind: str
    code: str = ALL


@dataclass(frozen=True)
class Holders:
    """All holders of a place with their names: groups with their practices as they stand now."""

    place: str
    groups: Mapping[str, str]
    practices: Mapping[str, str]
    unit_of: Mapping[str, str]
    short: str

    def name(self, holder: Holder) -> str:
        """What people call a holder."""
        match holder.kind:
            case "pct":
                return f"The whole {self.short}"
            case "groups":
                return "Groups together"
            case "held":
                return f"Held by the {self.short}"
            case "undistributed":
                return "Not handed on to practices"
            case "practice":
                return self.practices.get(holder.code, holder.code)
        return self.groups.get(holder.code, holder.code)

    def whose(self, unit: str, practice: str) -> str:
        """Whose an amount of a budget line and a practice is, in words; a practice with its code."""
        if practice:
            return f"{self.practices[practice]} ({practice})" if practice in self.practices else practice
        return self.groups.get(unit, self.short)

    def members(self, unit: str) -> tuple[Holder, ...]:
        """The practices of a group in the order of their codes, and what it has not handed on."""
        listed = tuple(Holder(PRACTICE, code) for code, own in sorted(self.unit_of.items()) if own == unit)
        return (*listed, Holder(UNDISTRIBUTED, unit))

    @property
    def top(self) -> tuple[Holder, ...]:
        """The groups, and what is held above them: together the whole."""
        return (*(Holder(GROUP, code) for code in sorted(self.groups)), Holder(HELD))

    def parts(self, holder: Holder) -> tuple[Holder, ...]:
        """The holders of whom a sum is made: the groups, for the whole with what is held above them."""
        return self.top if holder.kind == PCT else self.top[:-1]

    def of(self, unit: str, practice: str) -> tuple[Holder, ...]:
        """To whom an amount of a budget line and a practice belongs, the widest first."""
        if unit not in self.groups:
            return (Holder(HELD),)
        if practice and self.unit_of.get(practice) == unit:
            return (Holder(GROUP, unit), Holder(PRACTICE, practice))
        return (Holder(GROUP, unit), Holder(UNDISTRIBUTED, unit))


def holders(book: Book) -> Holders:
    """Give the holders of the book's place."""
    place = book.place.id
    listed = organisations.units(place)
    names = {unit.code: unit.name for unit in listed}
    lines = {unit.code: unit.budget_line for unit in listed if unit.budget_line}
    practices = [each for each in organisations.practices(place) if each.commissioner == book.place.commissioner]
    return Holders(
        place=place,
        groups={code: names.get(code, code) for code in sorted(set(lines.values()))},
        practices={each.code: each.name for each in practices},
        unit_of={each.code: lines[each.unit] for each in practices if each.unit in lines},
        short=book.word("commissioner_short"),
    )


@dataclass(frozen=True)
class InYearAddress:
    """The address of one figure: ``in-year/<place>/<month>/<kind>/<holder>/<line>/<measure>``."""

    place: str
    month: Month
    holder: Holder
    line: str
    measure: str

    def __str__(self) -> str:
        """Write the address."""
        parts = (IN_YEAR, self.place, str(self.month), self.holder.kind, self.holder.code, self.line, self.measure)
        return "/".join(parts)


def parse_in_year(address: str) -> InYearAddress:
    """Read an address back; a wrong one is a person's mistake."""
    parts = address.split("/")
    if len(parts) != 7 or parts[0] != IN_YEAR:
        raise nowhere(address)
    return InYearAddress(parts[1], Month.parse(parts[2]), Holder(parts[3], parts[4]), parts[5], parts[6])

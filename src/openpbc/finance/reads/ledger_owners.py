"""Whose an account may be: the budget lines and practices that a place knows, with their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from openpbc.finance.rules.ledger import AccountName
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations


@dataclass(frozen=True)
class Owners:
    """The codes that carry a group's money with the unit's name, and each practice's name and budget line on a day."""

    place: str
    lines: Mapping[str, str]
    practices: Mapping[str, tuple[str, str]]

    def check(self, name: AccountName) -> None:
        """Refuse an account of a budget line or practice that the place does not know."""
        if name.unit and name.unit not in self.lines:
            known = ", ".join(self.lines)
            raise UserError(
                f"{self.place} has no budget line '{name.unit}'",
                where=name.code,
                do=f"Choose one of {known}." if known else "Load the place's organisations first.",
            )
        if name.practice and name.practice not in self.practices:
            raise UserError(
                f"{self.place} has no practice '{name.practice}'", name.code, "Give the code of a practice."
            )

    def unit_of(self, name: AccountName) -> str:
        """The budget line of an account: a practice's is that of the group in which it is."""
        return self.practices[name.practice][1] if name.practice else name.unit

    def name_of(self, name: AccountName) -> str:
        """What the owner is called; empty for an account of nobody in particular."""
        return self.practices[name.practice][0] if name.practice else self.lines.get(name.unit, "")


def owners(place: str, on: date) -> Owners:
    """Give who may own accounts on a day; a practice of another time keeps its latest group."""
    units = organisations.units(place)
    names = {unit.code: unit.name for unit in units}
    line_of = {unit.code: unit.budget_line or unit.code for unit in units}
    found = [*organisations.practices(place), *organisations.practices(place, on)]
    return Owners(
        place,
        {line: names.get(line, line) for line in sorted(set(line_of.values()))},
        {practice.code: (practice.name, line_of.get(practice.unit, practice.unit)) for practice in found},
    )

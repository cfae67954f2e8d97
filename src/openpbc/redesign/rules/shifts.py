"""Money that a redesign moves: what leaves must arrive, be saved, or be new."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.kernel.money import pounds
from openpbc.kernel.steps import Step

OUT, IN, SAVING, NEW = "resource-out", "resource-in", "resource-saving", "resource-new"


@dataclass(frozen=True)
class Shift:
    """One move, in pence a year: what leaves its giver, what reaches its receiver, and the contract that it changes."""

    giver: str
    receiver: str
    out: int
    into: int
    contract: str = ""


@dataclass(frozen=True)
class ShiftTable:
    """All moves of a case, with what they save and the new money that they need, in pence a year.

    ``one_off`` is what is paid once to begin, ``years`` for how long the service is asked for; 0 is not said yet.
    """

    shifts: tuple[Shift, ...] = ()
    saving: int = 0
    new_money: int = 0
    one_off: int = 0
    years: int = 0

    @property
    def out(self) -> int:
        """What leaves all givers."""
        return sum(each.out for each in self.shifts)

    @property
    def into(self) -> int:
        """What reaches all receivers."""
        return sum(each.into for each in self.shifts)

    @property
    def difference(self) -> int:
        """What leaves or is new, less what arrives or is saved: nought in a table that balances."""
        return self.out + self.new_money - self.into - self.saving


def shift_faults(table: ShiftTable) -> tuple[str, ...]:
    """Say what is wrong with a table of shifts; none for one that balances."""
    if not table.shifts:
        return ("No move of money is written down; say what leaves whom and reaches whom.",)
    faults = [fault for at, each in enumerate(table.shifts, 1) for fault in _line_faults(at, each)]
    if table.saving < 0 or table.new_money < 0:
        faults.append("A saving and new money are written as sums above nought.")
    if left := table.difference:
        word = (
            "more leaves or is new than arrives or is saved" if left > 0 else "more arrives or is saved than there is"
        )
        faults.append(f"The table of shifts does not balance: {pounds(abs(left))} {word}.")
    return tuple(faults)


def _line_faults(at: int, line: Shift) -> list[str]:
    faults = []
    if not line.giver.strip() or not line.receiver.strip():
        faults.append(f"Shift {at} does not name both who gives and who receives.")
    elif line.giver.strip().casefold() == line.receiver.strip().casefold():
        faults.append(f"Shift {at} goes from {line.giver} to itself.")
    if line.out < 0 or line.into < 0:
        faults.append(f"Shift {at} has a sum below nought; turn giver and receiver round.")
    if line.out == line.into == 0:
        faults.append(f"Shift {at} moves no money.")
    return faults


def shift_steps(table: ShiftTable, figure: str) -> tuple[Step, ...]:
    """A total of the table as steps, one a move: ``out``, ``into``, or ``difference`` with saving and new money."""
    out = tuple(Step(OUT, f"Leaves {each.giver}", each.out) for each in table.shifts)
    if figure == "out":
        return out
    if figure == "into":
        return tuple(Step(IN, f"Reaches {each.receiver}", each.into) for each in table.shifts)
    arrives = tuple(Step(IN, f"Reaches {each.receiver}", -each.into) for each in table.shifts)
    return (*out, Step(NEW, "New money", table.new_money), *arrives, Step(SAVING, "Saved", -table.saving))

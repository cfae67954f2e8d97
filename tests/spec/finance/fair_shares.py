"""The cases that specify the fair-shares rule and the cap; ``docs/reference/rules/fair-shares.md`` prints them.

A case is a small table of groups, the money, and the shares that must come out. Amounts are in units with up to two
decimals, as in the command; rates are in per cent.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Case:
    """One case: what it shows, the groups (name, base, target, share), and the money around them."""

    title: str
    why: str
    groups: str
    pot: str
    floor: str = "4.5"
    extra: str = "4.5"
    cap: str | None = None
    released: str = "0"
    unallocated: str = "0"
    findings: tuple[str, ...] = ()

    @property
    def rows(self) -> tuple[tuple[str, ...], ...]:
        """The groups as text cells."""
        return tuple(tuple(cell.strip() for cell in line.split("|")) for line in self.groups.strip().splitlines())


CASES = (
    Case(
        "Everybody reaches the target",
        "Floors cost 209, step 2 adds 4.50 to A and B's missing 0.50, and what is left closes A's distance.",
        """
        A | 100 | 110 | 110
        B | 100 | 105 | 105
        """,
        pot="215",
    ),
    Case(
        "What is left is shared pro rata to the remaining distance",
        "After step 2 both stand at 109. A lacks 3 and B lacks 1, and 2 are left: A gets three quarters of them.",
        """
        A | 100 | 112 | 110.50
        B | 100 | 110 | 109.50
        """,
        pot="220",
    ),
    Case(
        "A group over its target keeps its minimum and gets no more",
        "B is above its target already: it gets the floor, and no part of steps 2 and 3.",
        """
        A | 100 | 120 | 115.50
        B | 100 | 90  | 104.50
        """,
        pot="220",
    ),
    Case(
        "Step 2 stops at the target",
        "B lacks only 1 to its target, less than the extra of 4.50.",
        """
        A | 100 | 130    | 114
        B | 100 | 105.50 | 105.50
        """,
        pot="219.50",
    ),
    Case(
        "Once all are at target the rest stays unallocated",
        "Nobody passes the target except by the floor; the rest is reported, not spread.",
        """
        A | 100 | 106 | 106
        B | 100 | 90  | 104.50
        """,
        pot="220",
        unallocated="9.50",
        findings=("FS-03",),
    ),
    Case(
        "The pot covers the floors but not step 2",
        "Step 2 would add 4.50 and 1.50; only 3 are there, so each addition is halved.",
        """
        A | 100 | 120 | 106.75
        B | 100 | 106 | 105.25
        """,
        pot="212",
        findings=("FS-02",),
    ),
    Case(
        "The pot does not cover the floors",
        "The floors are 104.50 and 313.50; half of them is there, so both are halved, with a finding.",
        """
        A | 100 | 120 | 52.25
        B | 300 | 310 | 156.75
        """,
        pot="209",
        findings=("FS-01",),
    ),
    Case(
        "Hundredths that do not divide go by largest remainder, and ties to the lower name",
        "Three equal groups share one unit above their bases: a third each, and the odd hundredth goes to A.",
        """
        A | 100 | 200 | 100.34
        B | 100 | 200 | 100.33
        C | 100 | 200 | 100.33
        """,
        pot="301",
        floor="0",
        extra="0",
    ),
    Case(
        "A group without a base has only its distance",
        "No base means no minimum and no extra; step 3 shares what is left by distance.",
        """
        A   | 100 | 112 | 110
        New | 0   | 6   | 2
        """,
        pot="112",
        findings=("FS-04",),
    ),
    Case(
        "A cap cuts growth, and what it cuts is released",
        "The cap is laid over the finished shares; what it releases is not shared again.",
        """
        A | 100 | 110 | 107
        B | 100 | 105 | 105
        """,
        pot="215",
        cap="7",
        released="3",
    ),
    Case(
        "A cap below the minimum takes groups below their floor",
        "The cap wins over the floor, and says so.",
        """
        A | 100 | 110 | 102
        B | 100 | 105 | 102
        """,
        pot="215",
        cap="2",
        released="11",
        findings=("FS-05",),
    ),
    Case(
        "The published budgets without a deposit",
        "The four groups of the source, in thousands of pounds: the shares are the in-scope budgets as printed.",
        """
        WatCom    | 149074 | 164360 | 164360
        DatCom    | 120771 | 134787 | 134787
        St A & H  | 102940 | 112232 | 112232
        Hertsmere | 77739  | 84300  | 84300
        """,
        pot="495679",
    ),
    Case(
        "The published budgets with the pot one thousand lower",
        "With the printed total the pot is 495,678: within one thousand of the printed budgets.",
        """
        WatCom    | 149074 | 164360 | 164359.63
        DatCom    | 120771 | 134787 | 134786.38
        St A & H  | 102940 | 112232 | 112231.99
        Hertsmere | 77739  | 84300  | 84300
        """,
        pot="495678",
    ),
    Case(
        "The published budgets with a cap of 7%",
        "Rounded to thousands these are the printed budgets of the plan with a deposit.",
        """
        WatCom    | 149074 | 164360 | 159509.18
        DatCom    | 120771 | 134787 | 129224.97
        St A & H  | 102940 | 112232 | 110145.80
        Hertsmere | 77739  | 84300  | 83180.73
        """,
        pot="495679",
        cap="7",
        released="13618.32",
    ),
)

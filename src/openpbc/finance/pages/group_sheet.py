"""How the money is shared, step by step, as live formulas that a reader can try other rates and pots in.

The rule computes in whole pence and rounds once, by largest remainder. The formulas do the same in the doubles of a
spreadsheet: steps are exact to a ten-thousandth of a penny, and what is rounded down is given out penny by penny.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from openpbc.finance import reads
from openpbc.finance.reads import Settings
from openpbc.finance.rules.fair_shares import Allocation, Share, Stage, exact_shares
from openpbc.kernel.money import PPM, ratio_ppm, round_div
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui.figures import Cell, Figure, Style
from openpbc.ui.pages import capital
from openpbc.ui.workbooks import Filled, Fine, FormSheet, Formula, Line, Look, Mark, Marked, Rate

GROUPS_SHEET = "Groups"
STAGES = (Stage.BELOW_FLOORS, Stage.IN_EXTRA, Stage.BY_DISTANCE, Stage.ALL_AT_TARGET)
POT, FLOOR, EXTRA, CAP, STAGE, LEFT, SPARE = "$B$4", "$B$5", "$B$6", "$B$7", "$B$8", "$B$9", "$B$10"
FINEST = 10_000  # parts of a penny to which remainders are compared
HEAD_ROW = 12
FIRST_ROW = HEAD_ROW + 1
ROUNDING = (
    "Shares are whole pence. What rounding down leaves of the pot goes out penny by penny: first to groups that would"
    " fall below their minimum, then by the larger remainder, then by the lower code. A spreadsheet reckons in"
    " doubles, so remainders are compared to a ten-thousandth of a penny; where two are closer than that, OpenPBC,"
    " which reckons in whole numbers, may give the penny to another group. Its own figures stand beside."
)
SOLVED = "Under this scenario the cap is solved from a deposit: the amounts under the cap are OpenPBC's, not formulas."


@dataclass(frozen=True)
class Sharing:
    """A result of the rule with what a cap left of it; ``solved`` says that the cap came out of a deposit."""

    allocation: Allocation
    amounts: Mapping[str, int]
    names: Mapping[str, str]
    cap: int | None = None
    solved: bool = False


def groups_sheet(book: Book, query: str = "") -> FormSheet:
    """The three-step rule and the cap for every group under a scenario; ``query`` are its settings."""
    result = reads.fair_shares(book, Settings.parse(query))
    title = f"{capital(book.word('fair_shares'))}, step by step"
    if isinstance(result, NotSet):
        lines = (Line((title,), Look.TITLE), Line(("not set", result.problem.sentence)))
        return FormSheet(GROUPS_SHEET, lines, (24, 60), protected=True)
    amounts = {group.code: group.amount for group in result.groups}
    names = {group.code: group.name for group in result.groups}
    solved = result.settings.deposit is not None and result.settings.cap is None
    sharing = Sharing(result.allocation, amounts, names, result.cap, solved)
    return sharing_sheet(GROUPS_SHEET, f"{title}: {result.scenario.title}", capital(book.word("group")), sharing)


def sharing_sheet(name: str, title: str, group: str, sharing: Sharing) -> FormSheet:
    """A sheet of live formulas for one result."""
    exact, denominator = exact_shares(sharing.allocation)
    shown = {code: round_div(share * FINEST, denominator) for code, share in exact.items()}
    rows = _Rows(sharing, FIRST_ROW + len(shown) - 1, shown)
    lines = [
        Line((title,), Look.TITLE),
        Line(("Change the yellow cells and see. Nothing on this sheet is read back.",)),
        Line(),
        *rows.inputs(),
        Line(),
        Line(_headings(group), Look.HEAD),
        *(Line(rows.row(share, FIRST_ROW + place)) for place, share in enumerate(sharing.allocation.shares)),
        Line(rows.totals(), Look.TOTAL),
        Line(),
        Line((ROUNDING,)),
        *([Line((SOLVED,))] if sharing.solved else []),
    ]
    return FormSheet(name, tuple(lines), (30, 22, *[18] * 14), protected=True, frozen=False)


def _headings(group: str) -> tuple[str, ...]:
    titles = (
        "Base",
        "Target",
        "1. Minimum",
        "2. Extra",
        "After step 2",
        "Still lacking",
        "Exact share",
        "Rounded down",
    )
    money = tuple(f"{title} (£000)" for title in titles)
    last = ("Share (£000)", "Under the cap (£000)", "Released (£000)", "Growth", "OpenPBC (£000)", "Difference (£000)")
    return (group, "Name", *money, "Order of pennies", *last)


def thousands(pence: int) -> Figure:
    """Money as the sheet shows it."""
    return Figure(pence, Style.THOUSANDS)


def fine(numerator: int, denominator: int) -> Fine:
    """Money on the way to a share, in fractions of a penny."""
    return Fine(Decimal(numerator) / denominator / 100_000)


def computed(text: str, value: Cell | Rate | Fine) -> Marked:
    """A formula in a cell that is not to be typed over."""
    return Marked(Formula(text, value), Mark.COMPUTED)


@dataclass(frozen=True)
class _Rows:
    """The cells of one result; rows of groups run from ``FIRST_ROW`` to ``last``.

    ``shown`` are the exact shares in ten-thousandths of a penny, as the sheet's formulas round them.
    """

    sharing: Sharing
    last: int
    shown: Mapping[str, int]

    @property
    def allocation(self) -> Allocation:
        """The result of the three steps."""
        return self.sharing.allocation

    @property
    def spare(self) -> int:
        """The pennies that rounding down leaves to be given out."""
        return self.allocation.pot - self.allocation.unallocated - sum(map(self.down, self.shown))

    def down(self, code: str) -> int:
        """The whole pence below an exact share."""
        return self.shown[code] // FINEST

    def order(self, share: Share) -> Decimal:
        """By what the pennies are given out: the remainder, one more for a group below its minimum, or not at all."""
        code, rest = share.claim.code, self.shown[share.claim.code] % FINEST
        if not rest:
            return Decimal(-1)
        lacks = round_div((share.floor - self.down(code) * PPM) * FINEST, PPM) > 0
        first = lacks and self.allocation.stage is not Stage.BELOW_FLOORS
        return Decimal(rest) / FINEST + int(first)

    def _all(self, column: str) -> str:
        return f"${column}${FIRST_ROW}:${column}${self.last}"

    def inputs(self) -> list[Line]:
        """What may be changed, and what follows of it for all groups together."""
        rates, cap = self.allocation.parameters, self.sharing.cap
        stages = ",".join(f'"{each}"' for each in STAGES)
        stage = (
            f"CHOOSE(IF(ROUND({POT}-SUM({self._all('E')}),9)<0,1,IF(ROUND({LEFT},9)<0,2,"
            f"IF(ROUND({LEFT}-SUM({self._all('H')}),9)<0,3,4))),{stages})"
        )
        # INT, since LibreOffice rounds to twelve digits before ROUNDUP and ROUNDDOWN do their work.
        whole = f"MIN({POT},-SUMPRODUCT(INT(-ROUND({self._all('I')}*100000,4)))/100000)"
        spare = f'ROUND((IF({STAGE}="{Stage.ALL_AT_TARGET}",{whole},{POT})-SUM({self._all("J")}))*100000,0)'
        left = fine(self.allocation.left, PPM)
        return [
            Line(("Pot (£000)", Marked(thousands(self.allocation.pot))), Look.FACT),
            Line(("Minimum growth", Marked(Rate(rates.minimum_growth))), Look.FACT),
            Line(("Extra growth", Marked(Rate(rates.extra_growth))), Look.FACT),
            Line(
                ("Cap on growth (may be empty)", Marked(None if cap is None or self.sharing.solved else Rate(cap))),
                Look.FACT,
            ),
            Line(("How far the pot reaches", computed(stage, str(self.allocation.stage))), Look.FACT),
            Line(("Left after step 2 (£000)", computed(f"{POT}-SUM({self._all('G')})", left)), Look.FACT),
            Line(("Pennies to give out", computed(spare, self.spare)), Look.FACT),
        ]

    def row(self, share: Share, n: int) -> list[Filled]:
        """One group, from its base to its share under the cap."""
        code = share.claim.code
        exact = (
            f'IF({STAGE}="{Stage.BELOW_FLOORS}",{POT}*E{n}/SUM({self._all("E")}),'
            f'IF({STAGE}="{Stage.IN_EXTRA}",E{n}+({POT}-SUM({self._all("E")}))*F{n}/SUM({self._all("F")}),'
            f'IF({STAGE}="{Stage.BY_DISTANCE}",G{n}+{LEFT}*H{n}/SUM({self._all("H")}),G{n}+H{n})))'
        )
        rest = f"ROUND((I{n}-J{n})*100000,4)"
        first = f'AND({STAGE}<>"{Stage.BELOW_FLOORS}",ROUND((E{n}-J{n})*100000,4)>0)'
        before = f"SUMPRODUCT(({self._all('K')}>K{n})*1)"
        same = f"SUMPRODUCT(({self._all('K')}=K{n})*({self._all('A')}<A{n}))"
        return [
            code,
            self.sharing.names[code],
            Marked(thousands(share.claim.base)),
            Marked(thousands(share.claim.target)),
            computed(f"C{n}*(1+{FLOOR})", fine(share.floor, PPM)),
            computed(f"MIN(MAX(D{n}-E{n},0),C{n}*{EXTRA})", fine(share.after_extra - share.floor, PPM)),
            computed(f"E{n}+F{n}", fine(share.after_extra, PPM)),
            computed(f"MAX(D{n}-G{n},0)", fine(share.distance, PPM)),
            computed(exact, fine(self.shown[code], FINEST)),
            computed(f"INT(ROUND(I{n}*100000,4))/100000", thousands(self.down(code))),
            computed(f"IF({rest}<=0,-1,{rest}+IF({first},1,0))", Fine(self.order(share), Style.INDEX)),
            computed(f"ROUND(J{n}+IF(AND(K{n}>=0,{before}+{same}+1<={SPARE}),0.00001,0),5)", thousands(share.amount)),
            *self._capped(share, n),
        ]

    def _capped(self, share: Share, n: int) -> list[Filled]:
        left, base = self.sharing.amounts[share.claim.code], share.claim.base
        under = f'IF({CAP}="",L{n},MIN(L{n},ROUND(C{n}*(1+{CAP}),5)))'
        amount = thousands(left)
        return [
            Marked(amount, Mark.COMPUTED) if self.sharing.solved else computed(under, amount),
            computed(f"ROUND(L{n}-M{n},5)", thousands(share.amount - left)),
            computed(f'IF(C{n}=0,"",ROUND(M{n}/C{n}-1,6))', Rate(ratio_ppm(left - base, base)) if base else ""),
            amount,
            computed(f"ROUND(M{n}-P{n},5)", thousands(0)),
        ]

    def totals(self) -> list[Filled]:
        """All groups together, to the penny."""
        shares, left = self.allocation.shares, sum(self.sharing.amounts.values())
        sums = {
            "C": sum(share.claim.base for share in shares),
            "D": sum(share.claim.target for share in shares),
            "E": round_div(sum(share.floor for share in shares), PPM),
            "F": round_div(sum(share.after_extra - share.floor for share in shares), PPM),
            "G": round_div(sum(share.after_extra for share in shares), PPM),
            "H": round_div(sum(share.distance for share in shares), PPM),
            "I": round_div(sum(self.shown.values()), FINEST),
            "J": sum(map(self.down, self.shown)),
            "L": sum(share.amount for share in shares),
            "M": left,
            "N": sum(share.amount for share in shares) - left,
            "P": left,
            "Q": 0,
        }
        cells: list[Filled] = ["All", ""]
        for letter in "CDEFGHIJKLMNOPQ":
            text = f"ROUND(SUM({letter}{FIRST_ROW}:{letter}{self.last}),5)"
            cells.append(computed(text, thousands(sums[letter])) if letter in sums else None)
        return cells

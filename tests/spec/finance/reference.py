"""Writes ``docs/reference/rules/fair-shares.md`` from the cases: ``python -m tests.spec.finance.reference``."""

from __future__ import annotations

from pathlib import Path

from tests.spec.finance.fair_shares import CASES, Case

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "rules" / "fair-shares.md"

HEAD = """\
# Fair shares and the cap

<!-- Written from tests/spec/finance/fair_shares.py: change the cases there, then run
     `python -m tests.spec.finance.reference`. -->

Each case below is run by the tests. The rule is in `src/openpbc/finance/rules/fair_shares.py`, the cap in
`capping.py` beside it.

1. **Floor.** Every group gets its base and the minimum growth.
2. **Extra.** It also gets the lesser of what it lacks to its target and the extra growth on its base. At or over target
   it gets nothing.
3. **Rest.** What is left is shared in proportion to what each group still lacks. Once all are at target, the rest stays
   unallocated.

A pot below the floors scales them pro rata; a pot between the floors and step 2 scales the additions of step 2 pro
rata. All levels between are exact; only the final share is rounded, to a hundredth of the unit, by largest remainder
(first to groups that would fall below their floor, then to the larger remainder, then to the lower name). So

- shares + released + unallocated = pot, exactly, and the order of the groups is irrelevant;
- each share lies within a hundredth of its exact value;
- no share passes its target except by its floor;
- while the pot covers the floors, no share is below its floor rounded down to the hundredth, nor below the exact floor
  where the fractions of a hundredth suffice to round it up.

The **cap** is another operation, laid over finished shares: a share becomes at most base x (1 + cap), rounded once.
What it releases leaves the pot and is not shared again.

| finding | meaning |
|---|---|
| FS-01 | error: the pot does not cover the floors, which are scaled down |
| FS-02 | warning: the pot does not cover step 2, whose additions are scaled down |
| FS-03 | warning: all are at target or floor, and money stays unallocated |
| FS-04 | warning: a group has no base, so it has neither minimum nor extra |
| FS-05 | warning: the cap lies below the minimum growth |
| FS-06 | warning: a group has no base, so a cap leaves it nothing |
| FS-07 | warning: the cap releases more or less than the deposit that was given with it |
"""


def page() -> str:
    """The whole page as Markdown."""
    return "\n".join([HEAD, *(_section(case) for case in CASES)])


def _section(case: Case) -> str:
    money = [f"pot {case.pot}", f"floor {case.floor}%", f"extra {case.extra}%"]
    if case.cap is not None:
        money.append(f"cap {case.cap}%")
    results = [f"released {case.released}", f"unallocated {case.unallocated}"]
    if case.findings:
        results.append(f"findings {', '.join(case.findings)}")
    rows = [f"| {' | '.join(row)} |" for row in case.rows]
    return "\n".join(
        [
            f"## {case.title}",
            "",
            case.why,
            "",
            f"Given {', '.join(money)}:",
            "",
            "| group | base | target | share |",
            "|---|--:|--:|--:|",
            *rows,
            "",
            f"And {', '.join(results)}.",
            "",
        ]
    )


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")

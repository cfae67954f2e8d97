"""Makes the reference page of the pricing rules from the specification; run it as a module to write the page."""

from __future__ import annotations

import re
from pathlib import Path

from tests.spec.pricing.tables import CONTRACT_PAGES, HERE, PAGES, cells

PAGE = Path(__file__).parents[3] / "docs" / "reference" / "rules" / "pricing.md"

_INTRODUCTION = """\
# Pricing and attribution

How one record of care finds its unit, its commissioner, its price and its charge. Every table below is a test: each
line is run by the law for one record (`openpbc.activity.rules`) and by its copy for millions (`openpbc/activity/sql`),
and both must give what stands below the arrows. All amounts and codes are SYNTHETIC; what the rules read from the
rulebook lies in the pack `england/2008-09/payment`, each value with its status and source.

| status   | meaning                                            | price      |
|----------|----------------------------------------------------|------------|
| PRICED   | the tariff's price                                 | stated     |
| LOCAL    | the contract's own price                           | if agreed  |
| NO_PRICE | neither the tariff nor the contract has a price    | not stated |
| EXCLUDED | outside the scheme, with a reason; nothing is paid | 0          |
| UNPRICED | cannot be priced yet or at all, with a reason      | not stated |

Best practice prices, prices for contacts that are not face to face, and top-ups follow the year: where it has none, its
table is empty. The marginal rate for emergencies and the non-payment of readmissions are settled by contract and year,
never on a record; they stand at the end, and are off in 2008/09.

## Filling in real prices

The shipped tariff of 2008/09 is SYNTHETIC, because its price workbook was not found, and later years have none. Load
the price list of your year into a rulebook folder of your own (`OPENPBC_RULEBOOK`):

    openpbc activity tariff load "Annex A.xlsx" --place PLACE --sheet "1 APC & OPROC" --dry-run

`--dry-run` names every wrong cell and tells every change; without it the list is in force for every month that is
closed from then on. Headings may be those of the workbook, with their stray spaces, or the columns below, in any order;
`-` and an empty cell are no price, `0` is a price of nothing, and numbers may carry thousands commas. `--table op`,
`ae` and `unbundled` take the columns shown below.

This page is made from `tests/spec/pricing` by `python -m tests.spec.pricing.reference`.
"""


def page() -> str:
    """The whole page as text."""
    pages = [*PAGES, *CONTRACT_PAGES, HERE / "given.md"]
    parts = [aligned(_INTRODUCTION), *(_section(path) for path in pages)]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _section(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^stream: (\w+)$", r"Records: `\1`.", text, flags=re.MULTILINE)
    text = re.sub(r"^given: (.*)$", r"The same in every line unless shown: \1.", text, flags=re.MULTILINE)
    return aligned(re.sub(r"^(#+ )", r"#\1", text, flags=re.MULTILINE).replace("=> ", "→ "))


def aligned(text: str) -> str:
    """Give every Markdown table of a text columns of even width."""
    return re.sub(r"(?:^\|.*\n?)+", lambda table: _even(table[0].splitlines()), text, flags=re.MULTILINE)


def _even(lines: list[str]) -> str:
    rows = [cells(line) for line in lines]
    widths = [max(len(row[at]) for row in (rows[0], *rows[2:])) for at in range(len(rows[0]))]
    rows[1] = ["-" * width for width in widths]
    return "".join("| " + " | ".join(map(str.ljust, row, widths)) + " |\n" for row in rows)


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")

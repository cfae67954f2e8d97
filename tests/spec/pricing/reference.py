"""Makes the reference page of the pricing rules from the specification; run it as a module to write the page."""

from __future__ import annotations

import re
from pathlib import Path

from tests.spec.pricing.tables import HERE, PAGES, cells

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

Best practice prices start in later years and no record of these layouts carries their flag, so no rule here reads the
tariff's best practice columns. The marginal rate for emergencies and the non-payment of readmissions are settled by
contract and year, never on a record; both begin after 2008/09.

## Filling in real prices

The shipped tariff is SYNTHETIC, because the price workbook of 2008/09 was not found. To use real prices, lay a folder
of your own over the shipped packs (`OPENPBC_RULEBOOK`), copy `england/2008-09/payment/tariff_apc.yaml` into it with the
workbook's tab saved as CSV beside it, state its source and status, and run `openpbc rulebook seal` on the file. Column
names may be those below or the workbook's headings, with their stray spaces; `-` and an empty cell are no price, `0` is
a price of nothing, and numbers may carry thousands commas. The other tables of prices take the columns shown below.

This page is made from `tests/spec/pricing` by `python -m tests.spec.pricing.reference`.
"""


def page() -> str:
    """The whole page as text."""
    parts = [aligned(_INTRODUCTION), *(_section(path) for path in PAGES), _section(HERE / "given.md")]
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

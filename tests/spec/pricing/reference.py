"""Makes the reference page of the pricing rules from the specification; run it as a module to write the page."""

from __future__ import annotations

import re
from pathlib import Path

from tests.spec.pricing.tables import HERE, PAGES

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

This page is made from `tests/spec/pricing` by `python -m tests.spec.pricing.reference`.
"""


def page() -> str:
    """The whole page as text."""
    parts = [_INTRODUCTION, *(_section(path) for path in PAGES), _section(HERE / "given.md")]
    return "\n".join(part.rstrip() + "\n" for part in parts)


def _section(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    text = re.sub(r"^stream: (\w+)$", r"Records: `\1`.", text, flags=re.MULTILINE)
    text = re.sub(r"^given: (.*)$", r"The same in every line unless shown: \1.", text, flags=re.MULTILINE)
    return re.sub(r"^(#+ )", r"#\1", text, flags=re.MULTILINE).replace("=> ", "→ ")


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")

"""Lengths of stay made comparable: observed over expected, resource group by resource group."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from openpbc.activity.reads import store
from openpbc.measures.reads.measured import Period
from openpbc.measures.reads.peers import peers
from openpbc.measures.rules.declaring import Measure, Shown
from openpbc.measures.rules.rates import indirect
from openpbc.rulebook.reader import Book
from openpbc.warehouse import runs


def case_mix(book: Book, measure: Measure, period: Period) -> Mapping[str, Fraction]:
    """Give observed over expected by provider, for measures that are means; others have none.

    Expected is what the peers' mean in each resource group would make; a group in which no peer has a record says
    nothing, so a provider's own records of it are left out of both.
    """
    if measure.shown is not Shown.MEAN:
        return {}
    found = runs.query(
        store(),
        period.runs,
        "select provider, hrg, cast(sum(numerator) as bigint) as top, cast(sum(denominator) as bigint) as below "
        "from measured where measure = $measure and reason = '' group by provider, hrg order by provider, hrg",
        {"measure": measure.code},
    )
    group = peers(book).providers
    whole: dict[str, tuple[int, int]] = {}
    for row in found:
        if group and row["provider"] not in group:
            continue
        top, below = whole.get(row["hrg"], (0, 0))
        whole[row["hrg"]] = (top + row["top"], below + row["below"])
    ratios: dict[str, Fraction] = {}
    for provider in sorted({row["provider"] for row in found}):
        own = [row for row in found if row["provider"] == provider and row["hrg"] in whole]
        strata = tuple((row["below"], Fraction(*whole[row["hrg"]])) for row in own)
        ratio = indirect(sum(row["top"] for row in own), strata)
        if ratio is not None:
            ratios[provider] = ratio
    return ratios

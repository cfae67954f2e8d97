"""Our prices beside those that an extract of the national service supplies, record by record."""

from __future__ import annotations

from dataclasses import dataclass

from openpbc.activity import models
from openpbc.activity.rules.supplied import SENTENCES
from openpbc.kernel.periods import Month
from openpbc.organisations.reads.installation import store
from openpbc.warehouse import runs

MOST = 10_000


@dataclass(frozen=True)
class Supplied:
    """One priced record with both prices in pence; ``address`` explains ours."""

    stream: str
    file: str
    line: int
    provider: str
    pod: str
    status: str
    ours: int | None
    supplied: int | None
    difference: int | None
    verdict: str
    address: str

    @property
    def sentence(self) -> str:
        """What the verdict says."""
        return SENTENCES[self.verdict]


def supplied_prices(place: str, month: Month, *, differing: bool = True) -> list[Supplied]:
    """List the records of the newest run of a month whose files supply prices, the greatest differences first."""
    made = models.MonthRun.objects.filter(place=place, month=str(month)).order_by("-made_at", "-id").first()
    if made is None or not (runs.read(store(), made.run_id).folder / "supplied_price.parquet").is_file():
        return []
    wanted = "verdict <> 'SAME'" if differing else "true"
    rows = runs.query(
        store(),
        [made.run_id],
        "select stream, file, line, provider, pod, status, ours, supplied, difference, verdict from supplied_price "
        f"where {wanted} order by abs(coalesce(difference, 0)) desc, stream, file, line limit {MOST}",
    )
    return [
        Supplied(**row, address=f"price/{place}/{month}/{row['stream']}/{row['file']}/{row['line']}") for row in rows
    ]

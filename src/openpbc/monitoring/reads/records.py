"""The priced records of which a figure is the sum; for those who may see records."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from openpbc.kernel.problems import UserError
from openpbc.kernel.steps import RecordsLink
from openpbc.monitoring.reads.actuals import COLUMNS, stated
from openpbc.monitoring.rules.counting import COUNTED
from openpbc.organisations import reads as organisations
from openpbc.organisations.reads.installation import store
from openpbc.warehouse import runs
from openpbc.warehouse.session import Session, quoted

LARGEST_PAGE = 500
RECORD_COLUMNS = (
    "stream file line provider practice unit pod hrg status los excess_bed_days base topup long_stay unbundled "
    "mff_amount charge price"
).split()


@dataclass(frozen=True)
class RecordsPage:
    """One page of priced records: units ``total`` in all, their sums, and the rows of this page with addresses."""

    page: int
    pages: int
    total: int
    charge: int
    price: int
    rows: tuple[dict[str, Any], ...]


def records(link: RecordsLink, page: int = 1, size: int = 50) -> RecordsPage:
    """Give a page (from 1) of the priced records behind a figure, in the order of files and lines."""
    if page < 1 or not 1 <= size <= LARGEST_PAGE:
        raise UserError("there is no such page", do=f"Give a page from 1 and a size from 1 to {LARGEST_PAGE}.")
    own = organisations.book(link.place).place.commissioner
    tests, parameters = _tests(link), {"own": own, **dict(link.where)}
    with Session(temp_directory=store().spill) as session:
        runs.tables(session, [runs.read(store(), link.run)])
        sums = session.records(
            f"""
            select count(*) as n, cast(coalesce(sum(charge), 0) as bigint) as charge,
                cast(coalesce(sum(price), 0) as bigint) as price
            from priced where {tests}
            """,
            parameters,
        )[0]
        rows = session.records(
            f"select {', '.join(RECORD_COLUMNS)} from priced where {tests}"
            f" order by stream, file, line limit {size} offset {(page - 1) * size}",
            parameters,
        )
    return RecordsPage(
        page=page,
        pages=max(1, -(-sums["n"] // size)),
        total=sums["n"],
        charge=sums["charge"],
        price=sums["price"],
        rows=tuple({**row, "address": price_address(link, row)} for row in rows),
    )


def price_address(link: RecordsLink, row: dict[str, Any]) -> str:
    """Give the address at which the price of one record is explained."""
    return f"price/{link.place}/{link.month}/{row['stream']}/{row['file']}/{row['line']}"


def _tests(link: RecordsLink) -> str:
    for column, _ in link.where:
        if column not in COLUMNS:
            raise UserError(f"'{column[:20]}' is no column of the records")
    fixed = "".join(f" and {stated(column)} = ${column}" for column, _ in link.where)
    return f"status in ({', '.join(map(quoted, COUNTED))}) and commissioner = $own{fixed}"

"""Holds the totals of contract monitoring against what stands behind them, over columns, without Django."""

from __future__ import annotations

from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.warehouse.session import Session

_SQL = "openpbc.activity.sql"
_MFF = ("apart", "within")


def reconcile(session: Session, book: Book) -> None:
    """Make ``reconciliation`` and ``reconciled_amount``; checking and pricing go before."""
    mff, tolerance = book.need("data.contract.mff").text, book.need("data.contract.tolerance").pence
    if mff not in _MFF:
        raise UserError(f"the market forces factor of contract monitoring is '{mff}'", "data.contract.mff", "Use apart or within.")
    reconcile_by(session, mff, tolerance)


def reconcile_by(session: Session, mff: str, tolerance: int) -> None:
    """Reconcile under settings already read."""
    session.table("contract_settings", {"mff": "VARCHAR", "tolerance": "BIGINT"}, [(mff, tolerance)])
    session.script(_SQL, "reconcile.sql")


def imbalances(session: Session) -> tuple[str, ...]:
    """Compare the pence of the totals before and after; a sentence is a fault of the program."""
    before = session.number(
        "select cast(coalesce(sum(case when s.mff = 'within' then c.price else c.price + c.mff end), 0) as bigint) as n"
        " from accepted_contract c cross join contract_settings s where c.stream = 'acm'"
    )
    after = session.number("select cast(coalesce(sum(acm), 0) as bigint) as n from reconciliation")
    return () if before == after else (f"The totals of contract monitoring are {before}, of their test {after}.",)

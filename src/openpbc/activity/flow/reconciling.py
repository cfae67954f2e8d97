"""Holds the totals of contract monitoring against what stands behind them, over columns, without Django."""

from __future__ import annotations

from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import Book
from openpbc.warehouse.session import Session

_SQL = "openpbc.activity.sql"
_MFF = ("apart", "within")


def lay_settings(session: Session, mff: str, tolerance: int) -> None:
    """Lay down what contract monitoring is read by."""
    session.table("contract_settings", {"mff": "VARCHAR", "tolerance": "BIGINT"}, [(mff, tolerance)])


def lay_settings_of(session: Session, book: Book) -> None:
    """Lay down what the book says of contract monitoring."""
    lay_settings(session, mff_of(book), book.need("data.contract.tolerance").pence)


def mff_of(book: Book) -> str:
    """Say how lines give the market forces factor; a word that is none names the value."""
    mff = book.need("data.contract.mff").text
    if mff not in _MFF:
        raise UserError(f"the market forces factor is given as '{mff}'", "data.contract.mff", "Use apart or within.")
    return mff


def reconcile(session: Session) -> None:
    """Make ``reconciliation`` and ``reconciled_amount``; settings, checking and pricing go before."""
    session.script(_SQL, "reconcile.sql")


def lay_supplied(session: Session) -> None:
    """Make ``supplied_price``: our prices beside those that extracts supply; checking and pricing go before."""
    session.script(_SQL, "price_supplied.sql")


def imbalances(session: Session) -> tuple[str, ...]:
    """Compare the pence of the totals before and after; a sentence is a fault of the program."""
    before = session.number(
        "select cast(coalesce(sum(case when s.mff = 'within' then c.price else c.price + c.mff end), 0) as bigint) as n"
        " from accepted_contract c cross join contract_settings s where c.stream = 'acm'"
    )
    after = session.number("select cast(coalesce(sum(acm), 0) as bigint) as n from reconciliation")
    lines = session.number("select count(*) as n from accepted_contract where stream <> 'acm'")
    passed = session.number("select count(*) as n from priced where stream in ('plcm', 'drplcm', 'deplcm')")
    if lines != passed:
        return (f"{lines} lines of contract monitoring were accepted, {passed} are passed through.",)
    return () if before == after else (f"The totals of contract monitoring are {before}, of their test {after}.",)

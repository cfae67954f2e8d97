"""The written-down subset of SQL that DuckDB and Spark share, checked on the syntax tree of every ``.sql`` file.

Each ban answers a difference that was measured between the engines, or a loss of exactness.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import sqlglot
from sqlglot import exp

_WHOLE_TYPES = {exp.DataType.Type.INT, exp.DataType.Type.BIGINT, exp.DataType.Type.SMALLINT, exp.DataType.Type.TINYINT}
_LIST_LENGTH = re.compile(r"\blen\s*\(", re.IGNORECASE)
_CALENDAR = {"YEAR", "MONTH", "DAYOFWEEK", "ISODOW", "WEEKDAY", "QUARTER", "WEEK", "DAYOFYEAR", "DATE_PART"}


def breaches(sql: str) -> list[str]:
    """List how a script of statements leaves the shared subset; an empty list means that it stays inside."""
    found = ["len() counts differently: use length() for text, array_length() for lists"] * bool(
        _LIST_LENGTH.search(sql)
    )
    for statement in sqlglot.parse(sql, read="duckdb"):
        if statement is not None:
            found += [f"{breach}: {node.sql('duckdb')[:80]}" for node in statement.walk() for breach in _of(node)]
    return found


def _of(node: exp.Expr) -> Iterator[str]:
    for breach, test in _BANS.items():
        if test(node):
            yield breach


def _divides_unguarded(node: exp.Expr) -> bool:
    if not isinstance(node, exp.Div | exp.IntDiv | exp.Mod):
        return False
    below = node.expression.unnest()
    if isinstance(below, exp.Literal):
        return float(below.this) == 0
    return not isinstance(below, exp.Nullif)


def _casts_fraction(node: exp.Expr) -> bool:
    whole = isinstance(node, exp.Cast) and node.to.this in _WHOLE_TYPES
    return whole and isinstance(node.this, exp.Literal | exp.Div) and "." in node.this.sql()


def _casts_unguarded(node: exp.Expr) -> bool:
    if not isinstance(node, exp.TryCast):
        return False
    test = node.find_ancestor(exp.If)
    guarded = test is not None and test.this.find(exp.RegexpLike, exp.RegexpFullMatch) is not None
    return not guarded and not _written_again(node)


def _written_again(node: exp.TryCast) -> bool:
    """Tell whether what was read is written as text again and held against the very text that it was read from."""
    equal = node.find_ancestor(exp.EQ)
    if equal is None:
        return False
    written = equal.this if equal.this.find(exp.TryCast) is node else equal.expression
    other = equal.expression if written is equal.this else equal.this
    return isinstance(written, exp.Cast) and written.to.this in exp.DataType.TEXT_TYPES and other == node.this


def _looks_like_date(node: exp.Expr) -> bool:
    if isinstance(node, exp.Cast):
        return node.to.this == exp.DataType.Type.DATE
    return isinstance(node, exp.Column) and node.name.endswith(("_date", "_day"))


def _subtracts_dates(node: exp.Expr) -> bool:
    return isinstance(node, exp.Sub) and (_looks_like_date(node.this) and _looks_like_date(node.expression))


def _counts_months(node: exp.Expr) -> bool:
    return isinstance(node, exp.DateDiff) and str(node.args.get("unit", "")).upper() not in ("DAY", "'DAY'")


def _reads_calendar(node: exp.Expr) -> bool:
    if isinstance(node, exp.Anonymous):
        return node.name.upper() in _CALENDAR
    kinds = exp.Year | exp.Month | exp.DayOfWeek | exp.DayOfWeekIso | exp.Extract | exp.Quarter | exp.Week
    return isinstance(node, kinds)


def _substring_from_nought(node: exp.Expr) -> bool:
    start = node.args.get("start") if isinstance(node, exp.Substring) else None
    return isinstance(start, exp.Literal) and start.this == "0"


def _unnamed_column(node: exp.Expr) -> bool:
    if not isinstance(node, exp.Select) or isinstance(node.parent, exp.Exists):
        return False
    return any(not isinstance(item, exp.Alias | exp.Column | exp.Star) for item in node.expressions)


def _widens_sum(node: exp.Expr) -> bool:
    if not isinstance(node, exp.Sum):
        return False
    outer = node.parent
    while isinstance(outer, exp.Window | exp.Filter | exp.Coalesce | exp.Paren):
        outer = outer.parent
    return not (isinstance(outer, exp.Cast) and outer.to.this == exp.DataType.Type.BIGINT)


def _frames_lag(node: exp.Expr) -> bool:
    if not isinstance(node, exp.Window) or not isinstance(node.this, exp.Lag | exp.Lead):
        return False
    return node.args.get("spec") is not None or bool(node.alias)


_BANS: dict[str, Callable[[exp.Expr], bool]] = {
    "division by something that may be nought: divide by nullif(..., 0)": _divides_unguarded,
    "cast of a fraction to a whole number rounds differently": _casts_fraction,
    "try_cast differs between engines: a regular expression guards it in a case, or write it again": _casts_unguarded,
    "date minus date: use date_diff('day', ...)": _subtracts_dates,
    "date_diff in anything but days": _counts_months,
    "year, month and weekday come from a calendar table": _reads_calendar,
    "substr counts from 1": _substring_from_nought,
    "lambda": lambda node: isinstance(node, exp.Lambda),
    "* exclude": lambda node: isinstance(node, exp.Star) and bool(node.args.get("except_") or node.args.get("except")),
    "using: write the join condition": lambda node: isinstance(node, exp.Join) and bool(node.args.get("using")),
    "a computed column needs a name": _unnamed_column,
    "sum widens beyond BIGINT: cast(sum(...) as bigint)": _widens_sum,
    "sign is a floating point number on Spark": lambda node: isinstance(node, exp.Sign),
    "lag and lead take no frame: give them a window of their own": _frames_lag,
}

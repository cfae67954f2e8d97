"""Rewrites statements of the shared subset for Spark, on their syntax trees.

Statements are written once, as DuckDB reads them, and ``subset`` holds them to what both engines do alike. What is
left to rewrite is small: macros, which Spark has not, are put in where they are called; ``read_parquet`` becomes a
table that the session lays down; and a regular expression ends where the text ends, not before a last line break.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sqlglot
from sqlglot import exp

ROW_NUMBER = "file_row_number"


@dataclass(frozen=True)
class Parquet:
    """A Parquet file that a statement reads, and whether with the number of each row."""

    path: Path
    numbered: bool

    @property
    def name(self) -> str:
        """A name that no other file has."""
        told = f"{self.path} {self.numbered}"
        return f"file_{hashlib.sha256(told.encode()).hexdigest()[:20]}"


@dataclass(frozen=True)
class Statement:
    """One statement for Spark: a query, or the query behind a table or view that it makes, or a relation to drop."""

    makes: str  # table, view, drop or query
    name: str
    query: str
    files: tuple[Parquet, ...] = ()


@dataclass
class Translator:
    """Remembers macros as they are defined, and translates statements that call them."""

    _macros: dict[str, tuple[tuple[str, ...], exp.Expr]] = field(default_factory=dict)

    def statements(self, sql: str) -> Iterator[Statement]:
        """Give the statements of a script one by one; a macro's definition gives none."""
        for tree in sqlglot.parse(sql, read="duckdb"):
            if tree is None:
                continue
            if isinstance(tree, exp.Create) and tree.kind == "MACRO":
                self._define(tree)
            elif isinstance(tree, exp.Drop):
                yield Statement("drop", _name(tree), "")
            else:
                yield self._statement(tree)

    def _statement(self, tree: exp.Expr) -> Statement:
        makes, name = "query", ""
        if isinstance(tree, exp.Create) and tree.kind in ("TABLE", "VIEW"):
            makes, name, tree = tree.kind.lower(), _name(tree), tree.expression
        if not isinstance(tree, exp.Query):
            raise ValueError(f"only queries, tables, views and macros have a counterpart in Spark: {tree.sql()[:80]}")
        tree, files = _without_files(self._expanded(tree))
        tree = tree.transform(_as_spark_reads)
        query = tree.sql("spark", comments=False, unsupported_level=sqlglot.ErrorLevel.RAISE)
        return Statement(makes, name, query, files)

    def _define(self, tree: exp.Expr) -> None:
        named = tree.this
        parameters = tuple(parameter.name for parameter in named.expressions)
        self._macros[named.this.name.lower()] = parameters, self._expanded(tree.expression)

    def _expanded(self, tree: exp.Expr) -> exp.Expr:
        """Put the bodies of macros in the place of their calls, the innermost first."""
        calls = [node for node in tree.find_all(exp.Anonymous) if node.name.lower() in self._macros]
        for call in reversed(calls):
            parameters, body = self._macros[call.name.lower()]
            filled = _filled(body, dict(zip(parameters, call.expressions, strict=True)))
            if call is tree:
                return filled
            call.replace(filled)
        return tree


def to_spark(sql: str) -> list[str]:
    """Translate a script by itself; raises where a statement has no counterpart."""
    return [statement.query for statement in Translator().statements(sql)]


def _name(tree: exp.Expr) -> str:
    table = tree.find(exp.Table)
    return table.name if table else ""


def _filled(body: exp.Expr, arguments: Mapping[str, exp.Expr]) -> exp.Expr:
    def fill(node: exp.Expr) -> exp.Expr:
        if isinstance(node, exp.Column) and not node.table and node.name in arguments:
            return _bracketed(arguments[node.name].copy())
        return node

    return _bracketed(body.copy().transform(fill))


def _bracketed(tree: exp.Expr) -> exp.Expr:
    alone = isinstance(tree, exp.Column | exp.Literal | exp.Case | exp.Cast | exp.Paren)
    return tree if alone else exp.paren(tree, copy=False)


def _without_files(tree: exp.Expr) -> tuple[exp.Expr, tuple[Parquet, ...]]:
    files = []
    for table in tree.find_all(exp.Table):
        if isinstance(table.this, exp.ReadParquet):
            path, *options = table.this.expressions
            numbered = any(option.this.name == ROW_NUMBER and option.expression.this for option in options)
            file = Parquet(Path(path.name), numbered)
            files.append(file)
            table.set("this", exp.to_identifier(file.name))
    return tree, tuple(files)


def _as_spark_reads(node: exp.Expr) -> exp.Expr:
    if isinstance(node, exp.RegexpLike):
        node.set("expression", _to_the_end(node.expression))
    return node


def _to_the_end(pattern: exp.Expr) -> exp.Expr:
    """Java's ``$`` also fits before a last line break; ``\\z`` does not. No pattern of ours means the sign itself."""
    if all(isinstance(part, exp.Literal | exp.DPipe | exp.Paren) for part in pattern.walk()):
        text = "".join(part.name for part in pattern.find_all(exp.Literal, bfs=False))
        return exp.Literal.string(text.replace("$", r"\z"))
    return exp.func("replace", pattern, exp.Literal.string("$"), exp.Literal.string(r"\z"))

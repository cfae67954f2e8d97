"""Conditions in diagrams: a small subset of Python, read into a tree of which every node is on a list, never run.

Allowed are names of stored facts, text, whole numbers, ``True``, ``False``, ``None``, lists of these, comparisons
(``== != < <= > >= in``, ``not in``, ``is None``), ``and``, ``or``, ``not``, and calls of the functions in ``CALLS``.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from openpbc.kernel.problems import UserError

LONGEST = 500
MOST_PARTS = 120

COMPARES: dict[type[ast.cmpop], Callable[[Any, Any], object]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
}
# Fixed functions of a list or text; nothing else can be called.
CALLS: dict[str, Callable[..., object]] = {"len": len, "min": min, "max": max}
_SUBSET = "Write names, constants, comparisons, and, or, not, in."
_NOT_A_FACT = frozenset({"true", "false", "null"})


@dataclass(frozen=True)
class Expression:
    """A condition that was read and found harmless; ``names`` are the facts that it looks at."""

    text: str
    names: frozenset[str]
    tree: ast.expr

    def value(self, facts: Mapping[str, object]) -> object:
        """Work it out; a fact that nobody stored yet is ``None``."""
        try:
            return _value(self.tree, facts)
        except (TypeError, ValueError) as error:
            raise UserError(
                f"'{self.text}' cannot be worked out: {error}",
                do="Give the facts that it names, each of the right kind.",
            ) from error

    def holds(self, facts: Mapping[str, object]) -> bool:
        """Whether the condition is met."""
        return bool(self.value(facts))


@lru_cache(maxsize=4096)
def read_expression(text: str, where: str = "") -> Expression:
    """Read a condition; whatever is not in the subset is refused with a sentence that names it."""
    if not text.strip():
        raise UserError("the condition is empty", where=where, do=_SUBSET)
    if len(text) > LONGEST:
        raise UserError(f"the condition is longer than {LONGEST} characters", where=where, do="Split it.")
    try:
        tree = ast.parse(text.strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise UserError(f"'{_short(text)}' is not a condition", where=where, do=f"{_SUBSET} Equal is ==.") from error
    nodes = list(ast.walk(tree))
    if len(nodes) > MOST_PARTS:
        raise UserError(f"the condition has more than {MOST_PARTS} parts", where=where, do="Split it.")
    called = {id(node.func) for node in nodes if isinstance(node, ast.Call)}
    for node in nodes:
        fault = _fault(node, called)
        if fault:
            raise UserError(f"'{_short(text)}' holds {fault}, which a condition must not", where=where, do=_SUBSET)
    names = frozenset(node.id for node in nodes if isinstance(node, ast.Name) and id(node) not in called)
    return Expression(text.strip(), names, tree)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:80]}..."


def _fault(node: ast.AST, called: Iterable[int]) -> str:
    """Say what is wrong with one node of the tree, "" where it is allowed."""
    match node:
        case ast.Constant(value=value):
            return "" if value is None or type(value) in (str, int, bool) else f"the constant {value!r}"[:60]
        case ast.Name(id=name) if id(node) not in called:
            return _fault_of_name(name)
        case ast.Call():
            return _fault_of_call(node)
        case ast.List() | ast.Tuple() | ast.BoolOp() | ast.boolop() | ast.expr_context() | ast.Name():
            return ""
        case ast.UnaryOp(op=ast.Not()) | ast.UnaryOp(op=ast.USub(), operand=ast.Constant()) | ast.unaryop():
            return ""
        case ast.Compare(ops=ops, comparators=others):
            return _fault_of_is(ops, others)
        case ast.cmpop():
            return ""
    return f"a part of the kind {type(node).__name__}"


def _fault_of_name(name: str) -> str:
    if name in _NOT_A_FACT:
        return f"'{name}' (write {'None' if name == 'null' else name.capitalize()})"
    return f"the name '{name}'" if name.startswith("_") or name in CALLS else ""


def _fault_of_is(ops: list[ast.cmpop], others: list[ast.expr]) -> str:
    for op, other in zip(ops, others, strict=True):
        if isinstance(op, (ast.Is, ast.IsNot)) and not (isinstance(other, ast.Constant) and other.value is None):
            return "'is' with something else than None (write ==)"
    return ""


def _fault_of_call(node: ast.Call) -> str:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in CALLS or node.keywords:
        return f"a call of '{ast.unparse(node.func)[:40]}'"
    return ""


def _value(node: ast.expr, facts: Mapping[str, object]) -> object:
    match node:
        case ast.Constant(value=value):
            return value
        case ast.Name(id=name):
            return facts.get(name)
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return [_value(part, facts) for part in parts]
        case ast.UnaryOp(op=op, operand=operand):
            inner: Any = _value(operand, facts)
            return not inner if isinstance(op, ast.Not) else -inner
        case ast.BoolOp(op=op, values=parts):
            return (all if isinstance(op, ast.And) else any)(_value(part, facts) for part in parts)
        case ast.Compare(left=left, ops=ops, comparators=others):
            return _compared(_value(left, facts), ops, others, facts)
        case ast.Call(func=ast.Name(id=name), args=parts):
            return CALLS[name](*(_value(part, facts) for part in parts))
    raise TypeError(f"{type(node).__name__} was never read")


def _compared(left: object, ops: list[ast.cmpop], others: list[ast.expr], facts: Mapping[str, object]) -> bool:
    for op, other in zip(ops, others, strict=True):
        right = _value(other, facts)
        if not COMPARES[type(op)](left, right):
            return False
        left = right
    return True

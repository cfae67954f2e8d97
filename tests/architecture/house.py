"""What the plan of the house says and no import contract can: each check reads a source tree and returns breaches.

A check takes the folder of the package (``src/openpbc`` or a copy of it) and returns one sentence a breach, so that
the same code judges the real tree and the trees with a planted breach.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

Check = Callable[[Path], list[str]]

LONGEST_FILE = 400
LONGEST_FUNCTION = 50

EMPTY_NOUNS = re.compile(r"^(utils?|helpers?|common|misc|shared|.*_(service|services|manager|utils?|helpers?))$")

ROOMS = frozenset(
    "organisations governance finance activity measures redesign procurement contracts challenges monitoring"
    " network assurance public".split()
)
ROOM_FILES = frozenset(
    "rules models actions reads sql flow steps pages urls templates static forms api commands offers"
    " apps migrations triggers signals".split()
)

# Modules whose very import brings the clock, chance or settings in.
IMPURE_MODULES = frozenset({"random", "secrets", "time", "uuid", "django", "os.environ"})
IMPURE_NAMES = frozenset({"now", "today", "utcnow", "environ", "getenv", "urandom", "uuid4", "random", "settings"})
IMPURE_SQL = re.compile(
    r"\b(now|today|random|uuid|gen_random_uuid|get_current_\w+|transaction_timestamp)\s*\(|\bcurrent_(date|time\w*)\b",
    re.IGNORECASE,
)

# A moment that is written out, or made a day, without asking for the time of the place first.
_MOMENT = r"(?<![(\w.])(?:\w+(?:\[\d\])?\.)+(?:\w*(?<!\bas)_at|at)"
UTC_DAY = re.compile(
    rf"\{{{_MOMENT}:%|{_MOMENT}\.(?:strftime|date)\(|\b(?:utcnow|date\.today)\(|timezone\.now\(\)\.date\("
)

YEAR_TEXT = re.compile(r"(19|20)\d\d([-/](\d\d|\d{4})(-\d\d)?)?")
YEARS = range(1990, 2101)
DATED = frozenset({"date", "datetime", "FinancialYear", "Month"})  # calls whose numbers are years

# A literal that is no branch on a place or a year: the file, the literal, and why it may stand.
ALLOWED_LITERALS: dict[tuple[str, str], str] = {
    (
        "ui/workbooks/writing.py",
        "2000",
    ): "a workbook's date of making is fixed, so that equal figures give equal bytes",
}


def python_files(tree: Path) -> Iterator[tuple[str, ast.Module, str]]:
    """Every Python file that people write, as (path within the package, syntax tree, text)."""
    for path in sorted(tree.rglob("*.py")):
        if "migrations" not in path.parts:
            text = path.read_text(encoding="utf-8")
            yield path.relative_to(tree).as_posix(), ast.parse(text), text


def long_files(tree: Path) -> list[str]:
    """Files of more than about four hundred lines are split by noun."""
    paths = [path for suffix in ("py", "sql") for path in tree.rglob(f"*.{suffix}") if "migrations" not in path.parts]
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sorted(paths)}
    return [
        f"{path.relative_to(tree)} has {length} lines: split it by noun, {LONGEST_FILE} is the limit"
        for path, length in lengths.items()
        if length > LONGEST_FILE
    ]


def long_functions(tree: Path) -> list[str]:
    """Functions are short; a docstring is not counted against them."""
    return [
        f"{name}:{node.lineno} {node.name} has {length} lines: {LONGEST_FUNCTION} is the limit"
        for name, module, _ in python_files(tree)
        for node in ast.walk(module)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))
        if (length := _lines_of(node)) > LONGEST_FUNCTION
    ]


def _lines_of(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    lines = (node.end_lineno or node.lineno) - node.lineno + 1
    first = node.body[0]
    if ast.get_docstring(node) is not None:
        lines -= (first.end_lineno or first.lineno) - first.lineno + 1
    return lines


def empty_nouns(tree: Path) -> list[str]:
    """A thing without a better noun is in the wrong room."""
    names = [path for path in sorted(tree.rglob("*")) if _holds_code(path) and "packs" not in path.parts]
    return [
        f"{path.relative_to(tree)}: '{path.stem}' says nothing about what it holds; find the noun, or the right room"
        for path in names
        if EMPTY_NOUNS.match(path.stem)
    ]


def _holds_code(path: Path) -> bool:
    return path.is_dir() or path.suffix == ".py"


def strange_room_files(tree: Path) -> list[str]:
    """Rooms use the same file names, so that a reader of one can find her way in all."""
    return [
        f"{room}/{path.name}: a room holds only {', '.join(sorted(ROOM_FILES))}"
        for room in sorted(ROOMS)
        for path in sorted((tree / room).glob("*"))
        if _holds_code(path) and path.stem not in ROOM_FILES | {"__init__", "__pycache__"}
    ]


def impurities(tree: Path) -> list[str]:
    """No clock, no chance and no settings in kernel, rulebook, rules, sql and flow: time comes in as an argument."""
    found = [
        f"{name}:{line} uses {what}: take it in as an argument"
        for name, module, _ in python_files(tree)
        if _is_pure_ground(name)
        for line, what in _impure_uses(module)
    ]
    for path in sorted(tree.rglob("*.sql")):
        statements = re.sub(r"--[^\n]*", "", path.read_text(encoding="utf-8"))
        found += [f"{path.relative_to(tree)} uses {hit[0]}: bind it" for hit in IMPURE_SQL.finditer(statements)]
    return found


def _is_pure_ground(name: str) -> bool:
    top, *rest = name.removesuffix(".py").split("/")
    return top in {"kernel", "rulebook"} or bool(rest and rest[0] in {"rules", "sql", "flow"})


def _impure_uses(module: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [node.module or "", *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute) and node.attr in IMPURE_NAMES:
            yield node.lineno, node.attr
            continue
        else:
            continue
        yield from ((node.lineno, name) for name in names if name in IMPURE_MODULES or _top(name) in IMPURE_MODULES)


def _top(name: str) -> str:
    return name.split(".")[0]


def floats(tree: Path) -> list[str]:
    """Money is whole pence: rules and kernel know no float, no true division, and one rounding."""
    return [
        f"{name}:{line} uses {what}: pence and parts per million are whole, and only kernel.money rounds"
        for name, module, _ in python_files(tree)
        if name.startswith("kernel/") or "/rules/" in name or name.endswith("/rules.py")
        for line, what in _float_uses(module)
    ]


def _float_uses(module: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(module):
        if isinstance(node, (ast.BinOp, ast.AugAssign)) and isinstance(node.op, ast.Div):
            yield node.lineno, "true division"
        elif isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, f"the float {node.value}"
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"round", "float"}:
            yield node.lineno, f"{node.func.id}()"


def inexact_columns(tree: Path) -> list[str]:
    """What is remembered about money is a whole number too."""
    return [
        f"{name}:{node.lineno} stores a {node.attr}: store whole pence, or parts per million"
        for name, module, _ in python_files(tree)
        for node in ast.walk(module)
        if isinstance(node, ast.Attribute) and node.attr in {"FloatField", "DecimalField"} and "models" in name
    ]


def moments_elsewhere(tree: Path) -> list[str]:
    """Moments are kept in UTC; a day that people see or judge is that of the place, also an hour after midnight."""
    found = []
    for path in sorted([*tree.rglob("*.py"), *tree.rglob("*.jinja")]):
        name = path.relative_to(tree).as_posix()
        if "/rules/" in name or "/migrations/" in name:  # rules are given moments of the place
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if UTC_DAY.search(line):
                found.append(f"{name}:{number} shows or judges a moment in UTC: ask localtime (in a template: | here)")
    return found


def places_and_years(tree: Path, codes: frozenset[str]) -> list[str]:
    """No branch on a place or a year: ``codes`` are the ids of every place, unit, provider and commissioner."""
    found = []
    for name, module, _ in python_files(tree):
        for line, literal in _literals(module):
            if _names_place_or_year(literal, codes) and (name, str(literal)) not in ALLOWED_LITERALS:
                found.append(f"{name}:{line} holds {literal!r}: a place or a year is pack data, never code")
    for path in sorted([*tree.rglob("*.sql"), *tree.rglob("*.jinja"), *tree.rglob("*.html")]):
        words = re.findall(r"[\w/-]+", path.read_text(encoding="utf-8"))
        hits = sorted({word for word in words if _names_place_or_year(word, codes) and not word.isdecimal()})
        found += [f"{path.relative_to(tree)} holds {word!r}: a place or a year is pack data" for word in hits]
    return found


def _literals(module: ast.Module) -> Iterator[tuple[int, str | int]]:
    """Every string but docstrings, and the whole numbers that are compared, looked up or turned into a date."""
    prose = {
        id(node.body[0].value)
        for node in ast.walk(module)
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef))
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value
        for number in _deciding_numbers(node):
            yield number.lineno, number.value


def _deciding_numbers(node: ast.AST) -> Iterator[ast.Constant]:
    if isinstance(node, ast.Compare):
        parts: list[ast.AST | None] = [node.left, *node.comparators]
    elif isinstance(node, ast.Dict):
        parts = list(node.keys)
    elif isinstance(node, ast.MatchValue):
        parts = [node.value]
    elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in DATED:
        parts = list(node.args)
    else:
        return
    for part in parts:
        for leaf in getattr(part, "elts", [part]):
            if isinstance(leaf, ast.Constant) and type(leaf.value) is int:
                yield leaf


def _names_place_or_year(literal: str | int, codes: frozenset[str]) -> bool:
    if isinstance(literal, int):
        return literal in YEARS
    return literal in codes or bool(YEAR_TEXT.fullmatch(literal))


@cache
def codes_in_packs() -> frozenset[str]:
    """Ids of every shipped place, and the codes of their units, budget lines, providers and commissioners."""
    from openpbc.rulebook import reader

    codes = set()
    for place in reader.places():
        codes.add(place.id)
        book = reader.open_book(place.id)
        for subject in ("units", "providers", "commissioners"):
            for row in getattr(book.table(f"organisations.{subject}"), "rows", ()):
                codes |= {row["code"], row.get("budget_line", "")}
    return frozenset(codes - {""})


CHECKS: tuple[Check, ...] = (
    long_files,
    long_functions,
    empty_nouns,
    strange_room_files,
    impurities,
    floats,
    inexact_columns,
    moments_elsewhere,
)

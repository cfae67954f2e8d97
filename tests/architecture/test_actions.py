"""Every write goes through an audited action: found by looking at every room, not by trusting it."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from pathlib import Path

from django.conf import settings

import openpbc

PACKAGE = Path(openpbc.__file__).parent
ACTION_FILES = sorted([*PACKAGE.glob("*/actions.py"), *PACKAGE.glob("*/actions/*.py")])
WRITES = re.compile(r"\.(save|create|update|delete|bulk_create|bulk_update|get_or_create|update_or_create)\(")
# Files outside actions that write past the log, with the reason.
WRITERS = {
    "audit/recording.py": "it is the log",
    "site/idempotency.py": "receipts of forms are not records of anybody's business, and end with the day",
    "site/portable.py": "restoring puts back what was logged, with the log itself",
}


def module_of(path: Path):
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return importlib.import_module(".".join(("openpbc", *(part for part in parts if part != "__init__"))))


def test_there_are_actions() -> None:
    assert len(ACTION_FILES) > 3


def test_every_public_function_of_a_door_is_an_audited_action() -> None:
    found = 0
    for room in sorted({path.relative_to(PACKAGE).parts[0] for path in ACTION_FILES}):
        door = importlib.import_module(f"openpbc.{room}.actions")
        names = getattr(door, "__all__", None) or [name for name in vars(door) if not name.startswith("_")]
        for name in names:
            value = getattr(door, name)
            if inspect.isfunction(value) and value.__module__.startswith(f"openpbc.{room}.actions"):
                assert getattr(value, "audited_as", "").startswith(f"{room}."), f"{room}.actions.{name} is not audited"
                parameters = list(inspect.signature(value).parameters.values())
                assert parameters[0].name == "by", f"{room}.actions.{name} does not begin with by"
                assert {each.kind for each in parameters} == {inspect.Parameter.KEYWORD_ONLY}, f"{room}.actions.{name}"
                found += 1
    assert found > 10


def test_names_of_actions_are_unique() -> None:
    names: dict[str, str] = {}
    for path in ACTION_FILES:
        for name, value in vars(module_of(path)).items():
            audited = getattr(value, "audited_as", "")
            where = f"{value.__module__}.{name}" if audited else ""
            if audited and value.__module__ == module_of(path).__name__:
                assert names.setdefault(audited, where) == where, f"{audited} names two actions"


def test_acts_that_want_a_time_stamp_are_actions() -> None:
    named = {getattr(value, "audited_as", "") for path in ACTION_FILES for value in vars(module_of(path)).values()}
    assert set(settings.STAMPED_ACTS) <= named


def test_rows_are_written_in_actions_only() -> None:
    for path in sorted(PACKAGE.rglob("*.py")):
        name = path.relative_to(PACKAGE).as_posix()
        if "/actions" in name or "/migrations/" in name or name in WRITERS:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                call = ast.unparse(node.func) + "("
                written = WRITES.search(call) and re.search(r"\bobjects\b|_default_manager", call)
                assert not written, f"{name}:{node.lineno} writes a row outside an action: {call})"


def test_every_module_of_the_product_can_be_imported() -> None:
    for module in pkgutil.walk_packages(openpbc.__path__, "openpbc."):
        if not re.search(r"\.(migrations|__main__)\b", module.name):
            importlib.import_module(module.name)

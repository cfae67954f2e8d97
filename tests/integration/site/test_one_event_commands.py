"""Every command of the shell that can write writes exactly one root event; which can is found in the code."""

from __future__ import annotations

import ast
import inspect
import io
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType

import click
import pytest

from openpbc.audit import reads as audit
from openpbc.site.cli import main, root
from tests.integration.audit.authority import answering, authority
from tests.integration.site.typed import COMMANDS

pytestmark = [pytest.mark.usefixtures("people"), pytest.mark.one_database]
# A mail is written down before it leaves, and once more when it has left.
ROOTS = {"digest send": 2}
# Those that make or put back a whole home, with the log itself.
WHOLE_HOMES = {"demo"}


def leaves(command: click.Command = root, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Give every command that does something itself, by the words that lead to it."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from leaves(found, (*path, name))
    else:
        yield " ".join(path), command


def actions_of(function: FunctionType) -> set[str]:
    """Give the audited actions that a function can reach through the program, by looking at what it names."""
    found: set[str] = set()
    left, seen = [inspect.unwrap(function)], set()
    while left:
        each = left.pop()
        for named in _functions_in(each):
            if audited := getattr(named, "audited_as", ""):
                found.add(audited)
            elif named not in seen and named.__module__.startswith("openpbc.") and "actions" not in named.__module__:
                seen.add(named)
                left.append(named)
    return found


@cache
def _functions_in(function: FunctionType) -> tuple[FunctionType, ...]:
    known = dict(function.__globals__) | inspect.getclosurevars(function).nonlocals
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    named = (_value(node, known) for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute))
    return tuple(inspect.unwrap(each) if not hasattr(each, "audited_as") else each for each in named if _plain(each))


def _plain(value: object) -> bool:
    return isinstance(value, FunctionType)


def _value(node: ast.AST, known: dict[str, object]) -> object:
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(on := _value(node.value, known), ModuleType):
        return getattr(on, node.attr, None)
    return None


@pytest.fixture(scope="module")
def time_stamps(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """Give the address of a time-stamping authority, and the file of its certificates."""
    signs = authority()
    with answering(signs) as address:
        yield address, str(signs.trusted_in(tmp_path_factory.mktemp("authority")))


def test_every_command_that_can_write_is_tried_here() -> None:
    writing = {name for name, command in leaves() if command.callback and actions_of(command.callback)}  # type: ignore[arg-type]
    assert len(writing) > 50
    assert writing - WHOLE_HOMES == set(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_writes_one_root_event(name: str, tmp_path: Path, settings, monkeypatch, time_stamps) -> None:
    settings.RULEBOOK = tmp_path / "book"
    settings.RULEBOOK.mkdir()
    settings.EMAIL_HOST, settings.DEFAULT_FROM_EMAIL = "127.0.0.1", "openpbc@example.org"
    settings.SITE_URL = "https://pbc.example.org"
    settings.TSA, settings.TSA_CERTIFICATES = time_stamps
    monkeypatch.setattr("sys.stdin", io.StringIO("a long enough passphrase\n"))
    words = COMMANDS[name](tmp_path)
    before = audit.head().sequence
    assert main([*name.split(), *words]) == 0
    events = audit.events(after=before)
    assert len({event.root_id for event in events}) == ROOTS.get(name, 1), [event.action for event in events]
    assert all(event.actor_id.startswith("shell/") for event in events), "the shell acts, under its own name"
    assert audit.verify().intact

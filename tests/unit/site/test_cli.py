"""The list of commands: complete, told in each command's own words, and without a start of the framework."""

from __future__ import annotations

import importlib
import inspect
import subprocess
import sys
from collections.abc import Iterable, Iterator

import click
import pytest

from openpbc.site.cli import COMMANDS, PACKAGE, root

CONTEXT = click.Context(root, info_name="openpbc")


def _under(commands: Iterable[click.Command]) -> Iterator[click.Command]:
    """The commands, and all that stand below them."""
    for command in commands:
        yield command
        yield from _under(command.commands.values() if isinstance(command, click.Group) else ())


@pytest.fixture(scope="module")
def listed() -> dict[str, str]:
    """Each command that help lists, with what it says, from a process of its own that must have imported no room."""
    code = (
        "import sys\n"
        "from openpbc.site.cli import main\n"
        "main(['--help'])\n"
        "rooms = [name for name in sys.modules if name.count('.') == 1 and name.startswith('openpbc.')]\n"
        "print('imported', 'django' in sys.modules, *sorted(rooms), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr == "imported False openpbc.kernel openpbc.site\n"
    lines = done.stdout.split("Commands:\n")[1].splitlines()
    return dict(line.split(maxsplit=1) for line in lines)


def test_help_lists_every_command_in_its_own_words(listed: dict[str, str]) -> None:
    assert sorted(listed) == sorted(COMMANDS) == root.list_commands(CONTEXT)
    for name, told in listed.items():
        command = root.get_command(CONTEXT, name)
        assert command is not None and command.name == name
        sentence = inspect.cleandoc(command.help or "").split("\n\n")[0].replace("\n", " ")
        assert sentence.startswith(told.removesuffix("...").removesuffix(".")), (told, sentence)


def test_every_command_that_is_defined_is_reached_from_the_list() -> None:
    listed = [command for name in COMMANDS if (command := root.get_command(CONTEXT, name))]
    files = [*PACKAGE.glob("*/commands.py"), *PACKAGE.glob("*/commands/*.py")]
    parts = [file.relative_to(PACKAGE.parent).with_suffix("").parts for file in files]
    modules = [importlib.import_module(".".join(each).removesuffix(".__init__")) for each in parts]
    defined = {each for module in modules for each in vars(module).values() if isinstance(each, click.Command)}
    assert len(defined) > 100 and [each.name for each in defined - set(_under(listed))] == []


def test_a_command_that_nobody_knows_is_none() -> None:
    assert root.get_command(CONTEXT, "nonsense") is None

"""The list of commands: complete, told in each command's own words, and without a start of the framework."""

from __future__ import annotations

import inspect
import subprocess
import sys

import click
import pytest

from openpbc.site.cli import COMMANDS, PACKAGE, root

CONTEXT = click.Context(root, info_name="openpbc")


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


def test_every_package_with_commands_is_listed() -> None:
    bring = {file.parent.name for file in PACKAGE.glob("*/commands*")}
    assert bring == {address.split(".")[1] for address in COMMANDS.values()}


def test_a_command_that_nobody_knows_is_none() -> None:
    assert root.get_command(CONTEXT, "nonsense") is None

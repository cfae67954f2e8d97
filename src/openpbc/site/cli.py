"""The ``openpbc`` command: its own commands, and those of every room, each imported only when it is asked for."""

from __future__ import annotations

import getpass
import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.site.collecting import collect_less

SETTINGS = "openpbc.site.settings"
PACKAGE = Path(__file__).resolve().parent.parent
# These run without Django; every other package may remember something.
GROUND = frozenset({"kernel", "rulebook", "warehouse", "synth"})
# The site's own commands: name -> module and attribute.
OWN = {
    "access": "openpbc.site.commands.access:access",
    "backup": "openpbc.site.commands.archive:backup",
    "database": "openpbc.site.commands.database:database",
    "demo": "openpbc.site.commands.demo:demo",
    "digest": "openpbc.site.commands.digest:digest",
    "explain": "openpbc.site.commands.explain:explain",
    "migrate": "openpbc.site.commands.serve:migrate",
    "restore": "openpbc.site.commands.archive:restore",
    "search": "openpbc.site.commands.search:search",
    "serve": "openpbc.site.commands.serve:serve",
}


def django_setup() -> None:
    """Make the database and the rooms' memory available; costs nothing the second time."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def packages() -> list[str]:
    """Every package that brings commands, in alphabetical order."""
    return sorted({file.parent.name for file in PACKAGE.glob("*/commands*") if file.parent.name != "site"})


def commands_of(package: str) -> dict[str, click.Command]:
    """Import a package's commands, and nothing else that it offers."""
    if package not in GROUND:
        django_setup()
    found: Sequence[click.Command] = importlib.import_module(f"openpbc.{package}.commands").COMMANDS
    return {str(command.name): command for command in found}


class Root(click.Group):
    """Finds a command by importing as little as possible."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command of every room."""
        return sorted({*OWN, *(name for package in packages() for name in commands_of(package))})

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Find a command: the site's own, then that of the package of this name, then any other's."""
        if name in OWN:
            django_setup() if name != "demo" else None
            module, _, attribute = OWN[name].partition(":")
            command: click.Command = getattr(importlib.import_module(module), attribute)
            return command
        for package in sorted(packages(), key=lambda package: (package != name, package)):
            if name in (found := commands_of(package)):
                return found[name]
        return None


def _live_in(ctx: click.Context, option: click.Parameter, home: Path | None) -> None:
    # While the option is read: finding the command may start the framework, which settles on a home for good.
    if home is not None:
        os.environ["OPENPBC_HOME"] = str(home.absolute())


@click.command(cls=Root, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    callback=_live_in,
    expose_value=False,
    is_eager=True,
    help="Folder of database, key and warehouse (OPENPBC_HOME).",
)
@click.version_option(package_name="openpbc")
@click.pass_context
def root(ctx: click.Context) -> None:
    """OpenPBC: the commissioning cycle of a health commissioner and its groups of practices."""
    ctx.obj = shell_actor()


def shell_actor() -> Actor:
    """Name who acts in the shell: whoever may read the home folder is an administrator of it."""
    try:
        user = getpass.getuser()
    except OSError:  # an account without a name, as in some containers
        user = f"uid {os.getuid()}"
    return Actor(id=f"shell/{user}", name=f"{user} in the shell", roles=frozenset({"administrator"}))


def main(arguments: list[str] | None = None) -> int:
    """Run a command; 0 is well, 2 a person's mistake in one sentence, 1 our fault with its trace."""
    collect_less()
    try:
        result: Any = root.main(args=arguments, prog_name="openpbc", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except UserError as problem:
        return _say(problem.sentence)
    except click.ClickException as problem:
        problem.show()
        return 2
    except click.exceptions.Abort:
        return _say("Stopped.", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # the reader has gone: nothing more to say
        return 0
    except _database_errors() as problem:
        if any(sign in str(problem) for sign in ("no such table", "does not exist", "unable to open database")):
            return _say("The database is not set up, or is of an older version. Run openpbc migrate.")
        if any(sign in str(problem) for sign in ("disk is full", "disk I/O error", "No space left")):
            return _say(
                "The disk of the database is full; what was being done was not kept. Make room and do it again."
            )
        raise


def _say(sentence: str, code: int = 2) -> int:
    click.echo(sentence, err=True)
    return code


def _database_errors() -> tuple[type[Exception], ...]:
    django = sys.modules.get("django.db.utils")
    return (django.OperationalError, django.ProgrammingError) if django else ()


if __name__ == "__main__":
    sys.exit(main())

"""The ``openpbc`` command: its own commands, and those of every room, each imported only when it is asked for."""

from __future__ import annotations

import ast
import getpass
import importlib
import os
import sys
from pathlib import Path
from typing import Any

import click

from openpbc.kernel.actor import Actor
from openpbc.kernel.problems import UserError
from openpbc.kernel.sight import everywhere
from openpbc.site.collecting import collect_less
from openpbc.site.home import live_in

SETTINGS = "openpbc.site.settings"
PACKAGE = Path(__file__).resolve().parent.parent
# Every command, the site's own and the rooms': name -> module and function. What help says of it is read from there.
COMMANDS = {
    "access": "openpbc.site.commands.access:access",
    "activity": "openpbc.activity.commands:activity",
    "audit": "openpbc.audit.commands:audit",
    "backup": "openpbc.site.commands.archive:backup",
    "contracts": "openpbc.contracts.commands.contract_register:contracts",
    "database": "openpbc.site.commands.database:database",
    "demo": "openpbc.site.commands.demo:demo",
    "digest": "openpbc.site.commands.digest:digest",
    "explain": "openpbc.site.commands.explain:explain",
    "finance": "openpbc.finance.commands:finance",
    "governance": "openpbc.governance.commands:governance",
    "measures": "openpbc.measures.commands.measures:measures",
    "migrate": "openpbc.site.commands.serve:migrate",
    "month": "openpbc.monitoring.commands.months:month",
    "monitoring": "openpbc.monitoring.commands.in_year:monitoring",
    "organisations": "openpbc.organisations.commands.people:organisations",
    "people": "openpbc.activity.commands.people:people",
    "redesign": "openpbc.redesign.commands:redesign",
    "restore": "openpbc.site.commands.archive:restore",
    "rulebook": "openpbc.rulebook.commands:rulebook",
    "search": "openpbc.site.commands.search:search",
    "serve": "openpbc.site.commands.serve:serve",
    "synth": "openpbc.synth.commands:synth",
    "users": "openpbc.organisations.commands.people:users",
}
# These run without Django, or settle on a home before they start it.
GROUND = frozenset({"demo", "rulebook", "synth"})


def django_setup() -> None:
    """Make the database and the rooms' memory available; costs nothing the second time."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django
    from django.apps import apps

    if not apps.ready:
        django.setup()


def _docstring(address: str) -> str:
    """What the function at an address says of itself, read from its file: importing it would start the framework."""
    module, _, function = address.partition(":")
    named = PACKAGE.joinpath(*module.split(".")[1:])
    file = named / "__init__.py" if named.is_dir() else named.with_suffix(".py")
    defined = (node for node in ast.parse(file.read_bytes()).body if isinstance(node, ast.FunctionDef))
    return next(ast.get_docstring(node) or "" for node in defined if node.name == function)


class Root(click.Group):
    """Finds a command by importing as little as possible."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Name every command of every room."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import a command, and nothing else that its room offers."""
        if name not in COMMANDS:
            return None
        if name not in GROUND:
            django_setup()
        module, _, function = COMMANDS[name].partition(":")
        command: click.Command = getattr(importlib.import_module(module), function)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List what every command is for, and import none."""
        told = {name: click.Command(name, help=_docstring(address)) for name, address in COMMANDS.items()}
        click.Group(commands=told).format_commands(ctx, formatter)


def _live_in(ctx: click.Context, option: click.Parameter, home: Path | None) -> None:
    # While the option is read: finding the command may start the framework, which settles on a home for good.
    live_in(home)


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
    ctx.with_resource(everywhere("whoever works in the shell looks after the whole site"))


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

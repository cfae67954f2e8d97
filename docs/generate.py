"""Writes the generated pages of ``docs/reference``: ``python docs/generate.py`` (``make docs``).

The command reference comes from the commands themselves, so it cannot say what they do not do; a test fails when the
page in the repository is not the one that this program would write.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from pathlib import Path

import click

HERE = Path(__file__).parent
CLI_PAGE = HERE / "reference" / "cli.md"

PREFACE = """\
# Command reference

<!-- Written by docs/generate.py from the commands themselves: change their help, then run `make docs`. -->

`openpbc` stands in `.venv/bin` after `make setup` or `make demo`. Data goes to standard output; progress and remarks
go to standard error. Exit codes: 0 done; 2 a person's mistake, told in one sentence; 1 a fault of ours.

| setting of the environment | meaning |
|---|---|
| `OPENPBC_HOME` | folder of database, key and warehouse; `var/openpbc` unless given, `var/demo` for the demo |
| `OPENPBC_RULEBOOK` | folder of your own packs, laid over the shipped ones; else `rulebook` in the home, if any |
| `OPENPBC_MEMORY` | what a close may hold in memory before it spills to disk, as `--memory`; 2GB unless given |
| `OPENPBC_SPARK_MASTER` | address of a Spark cluster, as `--spark-master`; within the process unless given |
| `OPENPBC_TSA`, `OPENPBC_TSA_CERTIFICATES` | a time-stamping authority and the file of its certificates; else none |
| `DATABASE_URL` | a PostgreSQL address, such as `postgres://name@host/openpbc`; else SQLite in the home folder |
"""


def cli_page() -> str:
    """The whole command reference as Markdown."""
    from openpbc.site.cli import root

    context = click.Context(root, info_name="openpbc")
    listed = list(_commands(root, context))
    contents = "\n".join(
        f"- [`{path}`](#{path.replace(' ', '-')}): {_first_line(command)}" for path, command, _ in listed
    )
    return "\n".join([PREFACE, contents, "", *(_section(*entry) for entry in listed)])


def _commands(group: click.Group, context: click.Context) -> Iterator[tuple[str, click.Command, click.Context]]:
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        if command is None or command.hidden:
            continue
        inner = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _commands(command, inner)
        else:
            yield inner.command_path, command, inner


def _first_line(command: click.Command) -> str:
    return inspect.cleandoc(command.help or "").split("\n", maxsplit=1)[0]


def _section(path: str, command: click.Command, context: click.Context) -> str:
    usage = " ".join([path, *command.collect_usage_pieces(context)])
    lines = [f"## {path}", "", _prose(command.help or ""), "", "```", usage, "```", ""]
    options = [
        parameter for parameter in command.params if isinstance(parameter, click.Option) and not parameter.hidden
    ]
    if options:
        lines += ["| option | meaning |", "|---|---|", *(_option(option, context) for option in options), ""]
    return "\n".join(lines)


def _prose(help_text: str) -> str:
    """Help as Markdown: what click is told not to wrap becomes a block."""
    paragraphs = inspect.cleandoc(help_text).split("\n\n")
    return "\n\n".join(
        f"```\n{paragraph[2:]}\n```" if paragraph.startswith("\b\n") else paragraph.replace("\n", " ")
        for paragraph in paragraphs
    )


def _option(option: click.Option, context: click.Context) -> str:
    names = ", ".join(f"`{name}`" for name in [*option.opts, *option.secondary_opts])
    metavar = "" if option.is_flag else f" `{option.make_metavar(ctx=context)}`"
    notes = ["required"] if option.required else []
    if option.show_default and option.default is not None and not option.is_flag:
        notes.append(f"default `{option.default}`")
    meaning = " ".join((option.help or "").split()) + (f" ({', '.join(notes)})" if notes else "")
    return f"| {names}{metavar.replace('|', chr(92) + '|')} | {meaning} |"


def main() -> None:
    """Write every generated page."""
    CLI_PAGE.parent.mkdir(exist_ok=True)
    CLI_PAGE.write_text(cli_page(), encoding="utf-8")
    click.echo(f"Wrote {CLI_PAGE.relative_to(HERE.parent)}.")


if __name__ == "__main__":
    main()

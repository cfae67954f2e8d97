"""The process of a place from the shell: taken away as a file, looked at in words, and a new diagram checked."""

from __future__ import annotations

from pathlib import Path

import click

from openpbc.casework import engine, following
from openpbc.casework import reads as casework
from openpbc.casework.definitions import read_process
from openpbc.casework.process import MESSAGE, Node, Process
from openpbc.governance.reads.adoption import PROCESS
from openpbc.rulebook.values import NotSet

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--place", required=True, help="The place whose process it is.")
@click.option("--save", type=_FILE, help="Also write the diagram to this file (BPMN 2.0).")
def process(place: str, save: Path | None) -> None:
    """Show the steps of the process that new cases take, and what follows each."""
    found = casework.in_force(place, PROCESS)
    if isinstance(found, NotSet):
        raise found.problem
    if save is not None:
        save.write_bytes(found.text)
    _show(found)


@click.command("check-process")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def check_process(file: Path) -> None:
    """Check the diagram in FILE as it is checked before it is put in force; nothing is stored."""
    found = read_process(file.read_bytes(), file.name)
    engine.validate(found)
    _show(found)


def _show(found: Process) -> None:
    click.echo(f"{found.name}: {len(found.steps)} steps, diagram {found.hash[:12]}")
    for node in (node for node in found.nodes if not node.moves_alone):
        who = "from outside, at any time" if node.kind == MESSAGE else found.lane_name(node.lane)
        click.echo(f"{node.id}  {node.name}  ({who})")
        for value, text in node.outcomes or (("", "then"),):
            click.echo(f"    {text}: {', or '.join(_named(each) for each in following.follows(found, node.id, value))}")


def _named(node: Node) -> str:
    return f"{node.id} {node.name}"

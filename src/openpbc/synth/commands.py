"""The SYNTHETIC county from the shell."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from openpbc.kernel.money import ppm_from_text
from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import open_book
from openpbc.synth.making import Made, Order, Told, make


@click.group()
def synth() -> None:
    """Make SYNTHETIC records of care, to try the system and to test it."""


@synth.command("make")
@click.option("--place", required=True, help="The place whose county is invented.")
@click.option("--from", "first", required=True, metavar="YYYY-MM", help="First month.")
@click.option("--to", "last", required=True, metavar="YYYY-MM", help="Last month.")
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for the files.")
@click.option("--seed", default=1, show_default=True, help="The same seed gives the same files.")
@click.option("--scale", default="1", show_default=True, help="Share of true size, such as 0.01.")
@click.option("--json", "as_json", is_flag=True, help="Print what was made as JSON.")
def make_files(place: str, first: str, last: str, out: Path, seed: int, scale: str, as_json: bool) -> None:
    """Make the files of every provider, month and stream, with the key of planted faults and an activity plan."""
    order = Order(Month.parse(first), Month.parse(last), seed, ppm_from_text(scale))
    overlay = os.environ.get("OPENPBC_RULEBOOK")
    book = open_book(place, overlay=Path(overlay) if overlay else None)
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
        made = make(book, order, out, told=_telling(progress))
    if as_json:
        click.echo(json.dumps({"folder": str(made.folder), "already": made.already, "files": made.files}, indent=2))
    else:
        click.echo(_said(made))


def _telling(progress: Progress) -> Told:
    bar = progress.add_task("SYNTHETIC county", total=1)

    def told(what: str, done: int, of: int) -> None:
        progress.update(bar, description=what, completed=done, total=of)

    return told


def _said(made: Made) -> str:
    if made.already:
        return f"{made.folder} already holds these {len(made.files)} SYNTHETIC files; nothing changed."
    return f"Made {len(made.files)} SYNTHETIC files with {made.records:,} lines in {made.folder}."

"""``openpbc demo``: a demonstration in one command."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from openpbc.kernel.actor import Actor
from openpbc.kernel.money import ppm_from_text
from openpbc.site.home import DATABASE, RULEBOOK, live_in

if TYPE_CHECKING:
    from openpbc.site.demo import Shown


@click.command()
@click.option("--no-serve", is_flag=True, help="Prepare everything, and do not serve.")
@click.option("--port", default=8000, show_default=True, help="Port to serve on.")
@click.option(
    "--home",
    type=click.Path(path_type=Path),
    default=Path("var/demo"),
    show_default=True,
    envvar="OPENPBC_HOME",
    help="Folder of the demonstration.",
)
@click.option("--scale", default="1", show_default=True, help="Share of true size, such as 0.01.")
@click.option("--months", type=click.IntRange(1, 12), default=8, show_default=True, help="Months to close.")
@click.option("--seed", default=1, show_default=True, help="Seed of the SYNTHETIC county.")
@click.pass_obj
def demo(actor: Actor, no_serve: bool, port: int, home: Path, scale: str, months: int, seed: int) -> None:
    """Prepare and serve a demonstration with a SYNTHETIC county; a second run changes nothing and takes seconds."""
    _settle(home)
    from openpbc.site.cli import django_setup

    django_setup()
    from openpbc.site.commands.serve import refuse_taken_port, run_server
    from openpbc.site.database import migrate_database
    from openpbc.site.demo import Wanted, prepare

    if not no_serve:
        refuse_taken_port("127.0.0.1", port)
    wanted = Wanted(months, seed, ppm_from_text(scale))
    with _progress() as progress:
        bars = _Bars(progress)
        bars.tell("Database", 0, 1)
        migrate_database()
        bars.tell("Database", 1, 1)
        # What is invented is signed so; the log keeps whose account it was.
        shown = prepare(home.absolute(), replace(actor, name="SYNTHETIC demonstration"), wanted, bars.tell)
    click.echo(_said(home, port, shown, serving=not no_serve))
    if not no_serve:
        run_server("127.0.0.1", port, workers=2)


def _settle(home: Path) -> None:
    """Live in the home; one that is new gets a rulebook folder, since some of what is invented is rules."""
    live_in(home)
    if not (home / DATABASE).exists() and not os.environ.get("OPENPBC_RULEBOOK"):
        (home / RULEBOOK).mkdir(parents=True, exist_ok=True, mode=0o750)
        live_in(home)


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))


class _Bars:
    """One bar for each kind of step; the words of a step may change while its bar grows."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.bars: dict[str, TaskID] = {}

    def tell(self, what: str, done: int, of: int) -> None:
        """Show a step: what is being done, how many are done, of how many."""
        kind = what.split()[0]
        if kind not in self.bars:
            for bar in self.bars.values():
                self.progress.stop_task(bar)
            self.bars[kind] = self.progress.add_task(what, total=of)
        self.progress.update(self.bars[kind], description=what, completed=done, total=of)


def _said(home: Path, port: int, shown: Shown, *, serving: bool) -> str:
    from openpbc.site.demo import PASSWORD

    lines = [f"The demonstration is in {home}."]
    lines += [f"{place}: {months[0]} to {months[-1]} closed." for place, months in shown.closed.items()]
    lines += ["", f"Sign in with the password '{PASSWORD}' as one of", *(f"  {user}" for user in shown.users), ""]
    if serving:
        lines += [f"The site is at http://127.0.0.1:{port} (stop it with Ctrl-C)."]
    else:
        lines += [f"Serve it with: openpbc demo --home {home}"]
    return "\n".join(lines)

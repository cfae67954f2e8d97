"""The access matrix from the shell."""

from __future__ import annotations

from pathlib import Path

import click

from openpbc.site.access_page import PAGE, markdown


@click.group()
def access() -> None:
    """Show who may open what, as the reviewed file says."""


@access.command()
def show() -> None:
    """Print the whole matrix."""
    click.echo(markdown(), nl=False)


@access.command()
@click.option(
    "--to", "path", type=click.Path(path_type=Path), default=PAGE, show_default=True, help="The page to write."
)
def write(path: Path) -> None:
    """Write the matrix as a page of the documentation."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(markdown(), encoding="utf-8")
    click.echo(f"Wrote {path}.", err=True)

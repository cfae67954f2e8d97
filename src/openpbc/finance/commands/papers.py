"""``openpbc finance paper``: the papers of the site from the shell, the same bytes as from their pages."""

from __future__ import annotations

from pathlib import Path

import click

from openpbc.finance.pages.paper_kinds import KINDS, Asked, paper
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import open_book
from openpbc.ui.documents import docx_bytes, pdf_bytes

_PRINTERS = {"docx": docx_bytes, "pdf": pdf_bytes}


@click.command("paper")
@click.option("--place", required=True, help="Id of the place.")
@click.option("--kind", required=True, type=click.Choice(KINDS), help="Which paper.")
@click.option("--group", default="", help="Code of the group that a letter goes to.")
@click.option("--scenario", default="", help="Code of the scenario; without it, that of the deposit assumed.")
@click.option("--version", default="", help="Number of the version of the plan, or book for the plan as printed.")
@click.option("--set", "budgets", default="", help="Number of the set of budgets; without it, the one in force.")
@click.option("--format", "form", required=True, type=click.Choice(sorted(_PRINTERS)), help="For Word, or as PDF.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write.")
@click.option("--overlay", envvar="OPENPBC_RULEBOOK", type=click.Path(path_type=Path), help="Folder of your own packs.")
def paper_command(
    place: str,
    kind: str,
    group: str,
    scenario: str,
    version: str,
    budgets: str,
    form: str,
    out: Path,
    overlay: Path | None,
) -> None:
    """Write a paper to a file: the Board's, the submission to the regional body, or the letter to a group."""
    book = open_book(place, overlay=overlay)
    made = _PRINTERS[form](paper(book, kind, Asked(scenario, version, budgets, group)))
    try:
        out.write_bytes(made)
    except OSError as problem:
        raise UserError("the paper cannot be written there", where=str(out), do="Name another file.") from problem
    click.echo(f"Wrote {out} ({len(made):,} bytes).")

"""``openpbc finance plan export | import | template``: a plan as a workbook, and back, from the shell."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from openpbc.finance import actions
from openpbc.finance.commands.printing import findings_json, number, print_columns, print_json
from openpbc.finance.pages.plan_mending import mending
from openpbc.finance.pages.plan_sheets import plan_workbook, template
from openpbc.finance.pages.plan_workbooks import sentence
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.reads import plan_workbook as workbooks
from openpbc.finance.reads.plan_workbook import Preview
from openpbc.kernel.money import thousands
from openpbc.kernel.problems import UserError
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.reader import open_book as open_rulebook
from openpbc.ui.commands import by_whom
from openpbc.ui.workbooks import read_workbook

_PLACE = click.option("--place", required=True, help="Id of the place.")
_OUT = click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="File to write.")


@click.command("export")
@click.argument("version")
@_PLACE
@_OUT
def export_plan(version: str, place: str, out: Path) -> None:
    """Write a version, or the plan as printed (``book``), as a workbook with live formulas."""
    book = open_book(place)
    _write(out, plan_workbook(book, reads.version(book, version)))


@click.command("template")
@_PLACE
@_OUT
def plan_template(place: str, out: Path) -> None:
    """Write an empty workbook: headings and lists without a figure, for this place or any other."""
    _write(out, template(open_rulebook(place)))


def _write(out: Path, made: bytes) -> None:
    try:
        out.write_bytes(made)
    except OSError as problem:
        raise UserError("the workbook cannot be written there", str(out), "Name another file.") from problem
    click.echo(f"Wrote {out} ({len(made):,} bytes).")


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--version", required=True, type=int, help="Number of the draft whose lines are replaced.")
@_PLACE
@click.option("--yes", is_flag=True, help="Take the lines. Without it you are only shown what would change.")
@click.option("--mend", type=click.Path(path_type=Path, dir_okay=False), help="Where to write what to mend.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def import_plan(file: Path, version: int, place: str, yes: bool, mend: Path | None, as_json: bool) -> None:
    """Show what a workbook would change in a draft, and with --yes change it; whole, or not at all."""
    book = open_book(place)
    content = _content(file)
    read = read_workbook(content, file.name)
    found = reads.plan_version(place, str(book.place.year), version)
    shown = workbooks.preview(book, found, read)
    if as_json:
        print_json(_json(shown))
    else:
        _print(shown)
    if shown.read.errors:
        if mend:
            _write(mend, mending(read, shown.read))
        raise UserError(f"{shown.read.rejected} rows must be mended", file.name, "Nothing was changed.")
    if yes and (shown.differences or shown.stale):
        _take(shown, file.name, content)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as problem:
        raise UserError(f"the file cannot be read ({problem.strerror})", str(file), "Check its name.") from problem


def _take(shown: Preview, name: str, content: bytes) -> None:
    by = by_whom()
    facts = shown.version.facts
    assert facts is not None, "only a drafted version is changed"
    revision = facts.revision if shown.origin.revision is None else shown.origin.revision
    done = actions.bring_workbook(
        by=by, place=facts.place, version=facts.number, revision=revision, lines=shown.lines, name=name, content=content
    )
    click.echo(f"Version {done.number}, revision {done.revision}: {done.what}.", err=True)


def _print(shown: Preview) -> None:
    click.echo(sentence(shown))
    for change in shown.since:
        click.echo(f"Since the workbook was handed out, {change.by}: {change.what}")
    for found in shown.findings:
        click.echo(f"{found.level.word.capitalize()} {found.place.file} {found.place.field}: {found.sentence}")
    if shown.differences:
        rows = [(d.line.label, d.kind, *map(thousands, d.amounts), thousands(d.effect)) for d in shown.differences]
        print_columns(("", "what", "is", "would be", "effect on balance"), rows)
        click.echo(f"Balance: {thousands(shown.version.balance)}, then {thousands(shown.balance)}")


def _json(shown: Preview) -> dict[str, Any]:
    return {
        "rows": shown.read.rows,
        "accepted": len(shown.read.lines),
        "rejected": shown.read.rejected,
        "stale": shown.stale,
        "unit": "thousands of pounds",
        "balance": number(shown.version.balance, 5),
        "balance_then": number(shown.balance, 5),
        "differences": [
            {"code": each.code, "kind": each.kind, "effect": number(each.effect, 5), "fields": list(each.fields)}
            for each in shown.differences
        ],
        "findings": findings_json(shown.findings),
    }

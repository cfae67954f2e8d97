"""The SYNTHETIC county from the shell."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click
from rich.console import Console
from rich.progress import Progress

from openpbc.kernel.money import PPM, ppm_from_text
from openpbc.kernel.periods import Month
from openpbc.rulebook.reader import open_book
from openpbc.synth.making import Made, Order, Told, make
from openpbc.synth.scoring import Mark, Score, read_findings, read_key, score


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


@synth.command("score")
@click.argument("folder", type=click.Path(path_type=Path))
@click.argument("findings", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--without", metavar="RULE", multiple=True, help="Pass over a rule that only remarks on what is allowed.")
@click.option("--at-least", metavar="SHARE", help="Fail when a smaller share was found, such as 0.99.")
@click.option("--json", "as_json", is_flag=True, help="Print the score as JSON.")
def score_findings(
    folder: Path, findings: tuple[Path, ...], without: tuple[str, ...], at_least: str | None, as_json: bool
) -> None:
    """Score a checker's FINDINGS in the files of FOLDER against the key of planted faults.

    FINDINGS are CSV files with the columns file, line and, where the checker tells them apart, rule and field; this
    system writes them with 'openpbc activity findings FILE --csv'. Any other checker may be scored alike.
    """
    wanted = ppm_from_text(at_least) if at_least else 0
    marks = [mark for path in findings for mark in read_findings(path) if mark.rule not in without]
    made = score(read_key(folder), marks)
    click.echo(json.dumps(_score_facts(made), indent=2) if as_json else _score_said(made))
    if made.found_ppm < wanted:
        raise click.exceptions.Exit(1)


def _percent(ppm: int) -> str:
    return f"{ppm * 100 // PPM}.{ppm * 10_000 // PPM % 100:02d} %"


def _score_said(made: Score) -> str:
    lines = [f"{'planted':>8}  {'found':>8}  fault"]
    lines += [f"{each.planted:>8,}  {each.found:>8,}  {each.fault} ({each.rule})" for each in made.faults]
    lines.append(f"{made.planted:>8,}  {made.found:>8,}  in all: {_percent(made.found_ppm)} found")
    lines += [f"missed: {fault}, {_where(mark)}" for fault, mark in made.missed[:20]]
    if len(made.missed) > 20:
        lines.append(f"missed: {len(made.missed) - 20:,} more")
    lines += [f"{number:>8,}  {fault}: no check is meant to find it" for fault, number in sorted(made.unscored.items())]
    lines.append(f"{sum(made.beside.values()):>8,}  other findings on records with a planted fault")
    lines.append(f"{made.false_alarms:>8,}  false alarms, on records in which nothing was planted")
    lines += [
        f"{number:>8,}  {rule or 'no rule named'}, such as {_where(made.examples[rule])}"
        for rule, number in sorted(made.alarms.items())
    ]
    return "\n".join(lines)


def _where(mark: Mark) -> str:
    return f"{mark.file} line {mark.line}" + (f", {mark.field}" if mark.field else "")


def _score_facts(made: Score) -> dict[str, object]:
    return {
        "planted": made.planted,
        "found": made.found,
        "found_ppm": made.found_ppm,
        "false_alarms": made.false_alarms,
        "faults": [vars(each) for each in made.faults],
        "missed": [{"fault": fault, **vars(mark)} for fault, mark in made.missed],
        "unscored": dict(made.unscored),
        "beside": dict(made.beside),
        "alarms": dict(made.alarms),
    }

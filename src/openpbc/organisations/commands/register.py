"""``openpbc organisations register``: files of the register from the shell, and who was in what."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from openpbc.kernel.problems import UserError
from openpbc.organisations import actions
from openpbc.organisations.commands.options import DAY, json_option, place_option, read_day
from openpbc.organisations.reads import bodies
from openpbc.organisations.reads import register as reads
from openpbc.organisations.reads.register import LARGEST_FILE, LAYOUTS, Effect, Preview
from openpbc.ui.commands import by_whom

_SHOWN = 40


@click.command()
@place_option
@click.argument("path", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--layout", type=click.Choice(list(LAYOUTS)), required=True, help="What the file holds.")
@click.option("--as-at", type=DAY, callback=read_day, required=True, help="Day on which the file was made.")
@click.option("--only", default="", help="Codes of commissioners or boards whose rows are wanted (else all).")
@click.option("--take", is_flag=True, help="Take the rows; without it only what would change is shown.")
@json_option
def register(place: str, path: Path, layout: str, as_at: date, only: str, take: bool, as_json: bool) -> None:
    """Show what a FILE of the national register would change; with --take, let it count."""
    if path.stat().st_size > LARGEST_FILE:
        raise UserError("the file is too large", path.name, "Send it in parts.")
    content, asked = path.read_bytes(), only.replace(",", " ").split()
    if not take:
        told = reads.read(content, path.name, layout, as_at, reads.codes(asked))
        _print(reads.compared(place, told, as_at, path.name), as_json)
        return
    shown = reads.compared(place, reads.read(content, path.name, layout, as_at, reads.codes(asked)), as_at, path.name)
    actions.bring_register(
        by=by_whom(), place=place, name=path.name, content=content, layout=layout, as_at=as_at, only=asked
    )
    _print(shown, as_json)


def _print(shown: Preview, as_json: bool) -> None:
    """Print what becomes of the rows, each rejected one, and the first of those that change something."""
    effective = [each for each in shown.changes if each.effect is not Effect.SAME]
    if as_json:
        changes = [{"line": each.row.line, "what": each.effect, "sentence": each.sentence} for each in effective]
        rejected = [{"line": each.line, "code": each.code, "why": each.rejected} for each in shown.rejected]
        click.echo(json.dumps({"counts": shown.counts, "changes": changes, "rejected": rejected}, indent=2))
        return
    click.echo(", ".join(f"{count:,} {name}" for name, count in shown.counts.items()))
    for row in shown.rejected[:_SHOWN]:
        click.echo(f"line {row.line}: rejected. {row.rejected}")
    for change in effective[:_SHOWN]:
        click.echo(f"line {change.row.line}: {change.effect}. {change.sentence}")
    if (more := len(effective) - _SHOWN) > 0:
        click.echo(f"And {more:,} more; --json prints them all.")


@click.command()
@place_option
@click.option("--on", type=DAY, callback=read_day, help="What was so on this day (else on any).")
@click.option("--known-on", type=DAY, callback=read_day, help="With the knowledge of this day (else today's).")
@click.option("--of", "text", default="", help="Name or code of an organisation (else all).")
@json_option
def who(place: str, on: date | None, known_on: date | None, text: str, as_json: bool) -> None:
    """Say who was in what on a day, as known on a day."""
    code = bodies.find(place, text, known_on) if text else ""
    found = bodies.who_in_what(place, on, known_on, code=code)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in found], default=str, indent=2))
        return
    called = bodies.names(place, on, known_on)
    for tie in found:
        who, whom = (f"{called.get(each, 'name not known')} ({each})" for each in (tie.member, tie.holder))
        why = f" ({tie.because})" if tie.because else ""
        until = f"until {tie.valid_to}{why}" if tie.valid_to else "no end is known"
        ends = "" if tie.kind == bodies.SUCCEEDED else f"; {until}"
        click.echo(f"{who} {bodies.links.reads(tie.kind).forward} {whom}{ends}")

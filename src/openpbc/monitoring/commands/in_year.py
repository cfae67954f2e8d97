"""Positions from the shell: show one, state a budget, enter an amount or a file, divide a budget, lock and reopen."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from openpbc.kernel.money import pence_from_text, percent_text, pounds
from openpbc.kernel.periods import Month
from openpbc.kernel.problems import UserError
from openpbc.monitoring import actions, reads
from openpbc.monitoring.reads import Holder, InYear, InYearRow
from openpbc.monitoring.reads.holders import GROUP, PCT, PRACTICE
from openpbc.ui.commands import by_whom

_PLACE = click.option("--place", required=True, help="The place.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
_UNIT = click.option("--unit", default="", help="A group, by the code of its budget line.")
_PRACTICE = click.option("--practice", default="", help="A practice, by its code.")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_SHOWN = {
    "budget": "budget",
    "compared": "of same months",
    "actual-to-date": "actual",
    "variance": "difference",
    "forecast": "forecast",
    "outlook": "at year end",
}


@click.group()
def monitoring() -> None:
    """Positions in the year: budget, actual, difference and forecast."""


def _print(body: object) -> None:
    click.echo(json.dumps(body, indent=2, default=str))


def _holder(unit: str, practice: str) -> Holder:
    if practice:
        return Holder(PRACTICE, practice)
    return Holder(GROUP, unit) if unit else Holder(PCT)


@monitoring.command()
@click.argument("month", metavar="YYYY-MM")
@_PLACE
@_UNIT
@_PRACTICE
@click.option("--by", "by", type=click.Choice(("group", "line", "practice")), help="Rows of the position.")
@_JSON
def position(month: str, place: str, unit: str, practice: str, by: str | None, as_json: bool) -> None:
    """Show the position of the whole place, of a group or of a practice after a month."""
    found = reads.in_year(place, Month.parse(month), _holder(unit, practice), by or "")
    if as_json:
        _print(_position_json(found))
        return
    click.echo(f"{found.name}, {found.month.name}, in pounds")
    click.echo("  ".join((" " * 32, *(f"{heading:>18}" for heading in _SHOWN.values()))))
    for row in (*found.rows, *((found.groups,) if found.groups else ()), found.total):
        click.echo("  ".join((f"{row.name[:32]:<32}", *(_cell(row, measure) for measure in _SHOWN))))
    for sentence in (*found.alerts, *found.notes, *found.gaps):
        click.echo(sentence)


def _cell(row: InYearRow, measure: str) -> str:
    value = row.figures[measure].value
    return f"{'not set' if value is None else pounds(value):>18}"


def _position_json(found: InYear) -> dict[str, Any]:
    def row(each: InYearRow) -> dict[str, Any]:
        figures = {measure: asdict(figure) for measure, figure in each.figures.items()}
        told = {"line": each.line, "name": each.name, "method": each.method}
        return {"holder": asdict(each.holder), **told, "figures": figures}

    return {
        "place": found.place,
        "month": str(found.month),
        "holder": asdict(found.holder),
        "by": found.by,
        "budgets": found.funds.source,
        "scenario": found.funds.scenario,
        "locked": found.found.basis.last_entry is not None,
        "rows": [row(each) for each in found.rows],
        "groups": row(found.groups) if found.groups else None,
        "total": row(found.total),
        "missing": found.gaps,
        "notes": found.notes,
        "alerts": found.alerts,
    }


@monitoring.command()
@click.argument("month", metavar="YYYY-MM")
@_PLACE
@_UNIT
@_PRACTICE
@_JSON
def statement(month: str, place: str, unit: str, practice: str, as_json: bool) -> None:
    """State the budget of a group or practice: what there is, what was used, what it will come to, and why."""
    if not (unit or practice):
        raise UserError("a statement is of a group or a practice", do="Say which with --unit or --practice.")
    found = reads.statement(place, Month.parse(month), _holder(unit, practice))
    if as_json:
        _print(
            _position_json(found.position)
            | {
                "reasons": [{"line": each.row.line, "part": each.part, "said": each.said} for each in found.reasons],
                "origins": [{"words": each.words, **asdict(each.figure)} for each in found.origins],
            }
        )
        return
    total = found.position.total.figures
    click.echo(f"Budget statement of {found.position.name}, {found.position.month.name}")
    for measure, words in _SHOWN.items():
        value = total[measure].value
        click.echo(f"  {words:<16} {'not set' if value is None else pounds(value):>18}")
    for reason in found.reasons:
        gap, part = reason.row.figures["variance"].value or 0, reason.row.figures["variance-rate"].value
        rate = "" if part is None else f" ({percent_text(part, 1)})"
        click.echo(f"  {reason.row.name}: {pounds(gap)} against its budget{rate}. {reason.said}".rstrip())
    for origin in found.origins:
        shown = "not set" if origin.figure.value is None else pounds(origin.figure.value)
        click.echo(f"  {shown} {origin.words}")


@monitoring.command()
@_PLACE
@click.option("--file", "path", type=_FILE, help="A CSV file of entries.")
@click.option("--month", default="", metavar="YYYY-MM", help="The month of one entry.")
@_UNIT
@_PRACTICE
@click.option("--line", "line", default="", help="The service line.")
@click.option("--kind", default="actual", show_default=True, help="actual, accrual or forecast.")
@click.option("--amount", default="", help="Pounds and pence.")
@click.option("--source", default="", help="Where the amount comes from.")
@_JSON
def enter(
    place: str,
    path: Path | None,
    month: str,
    unit: str,
    practice: str,
    line: str,
    kind: str,
    amount: str,
    source: str,
    as_json: bool,
) -> None:
    """Enter one amount, or a whole file: one mistake in it, and nothing is entered."""
    if path is not None:
        _enter_file(place, path, as_json)
        return
    made = actions.enter(
        by=by_whom(),
        place=place,
        month=Month.parse(month),
        unit=unit,
        practice=practice,
        service_line=line,
        kind=kind,
        pence=pence_from_text(amount),
        source=source,
    )
    if as_json:
        _print(asdict(made))
    else:
        click.echo(f"Entry {made.id}: the amount is {pounds(made.total)} now.")


def _enter_file(place: str, path: Path, as_json: bool) -> None:
    sent, made = actions.bring_entries(by=by_whom(), place=place, file_name=path.name, content=path.read_bytes())
    rows = [row for row in reads.upload(place, sent.number).rows if row["problems"]]
    if as_json:
        _print(asdict(sent) | {"entered": len(made), "problems": rows})
    else:
        click.echo(f"{sent.accepted + sent.rejected} rows: {sent.accepted} good, {sent.rejected} with a mistake.")
        for row in rows:
            click.echo(f"row {row['line']}: {' '.join(row['problems'])}")
        click.echo(f"{len(made)} amounts entered." if made or not rows else "Nothing was entered.")
    if rows:
        raise SystemExit(1)


@monitoring.command()
@_PLACE
@click.option("--unit", required=True, help="A group, by the code of its budget line.")
@click.option("--file", "path", required=True, type=_FILE, help="A CSV file of service lines and amounts.")
@click.option(
    "--on", "on", required=True, metavar="YYYY-MM-DD", type=click.DateTime(["%Y-%m-%d"]), help="The journal's day."
)
@click.option("--reason", required=True, help="Why it is divided so.")
def divide(place: str, unit: str, path: Path, on: datetime, reason: str) -> None:
    """Divide a group's budget over service lines by a CSV file with the headings service_line and amount."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or {"service_line", "amount"} - set(rows[0]):
        raise UserError("the headings are service_line and amount", where=path.name)
    amounts = {str(row["service_line"]).strip(): pence_from_text(str(row["amount"])) for row in rows}
    if len(amounts) < len(rows):
        raise UserError("a service line stands twice", where=path.name, do="Give each line one row.")
    number = actions.divide_budget(by=by_whom(), place=place, unit=unit, amounts=amounts, on=on.date(), reason=reason)
    click.echo(f"Journal {number} is posted." if number else "It is divided so already; nothing was posted.")


@monitoring.command()
@click.argument("month", metavar="YYYY-MM")
@_PLACE
@click.option("--reopen", is_flag=True, help="Reopen the last locked month instead.")
@click.option("--reason", default="", help="Why it is reopened.")
@_JSON
def lock(month: str, place: str, reopen: bool, reason: str, as_json: bool) -> None:
    """Lock a month's position, and with it all earlier ones; or reopen the last locked one for a reason."""
    asked = Month.parse(month)
    if reopen:
        done = actions.reopen_position(by=by_whom(), place=place, month=asked, reason=reason)
        told = f"The position of {asked.name} is reopened."
    else:
        done = actions.lock_position(by=by_whom(), place=place, month=asked)
        told = f"The position of {asked.name} {'was locked already' if done.already else 'is locked'}."
    if as_json:
        _print(asdict(done) | {"month": str(done.month)})
    else:
        click.echo(told)

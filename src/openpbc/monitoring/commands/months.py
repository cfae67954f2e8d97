"""Months from the shell: close, reopen, show, verify."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click

from openpbc.kernel.money import pounds
from openpbc.kernel.periods import Month
from openpbc.measures import actions as measures
from openpbc.measures.reads import measured_months
from openpbc.monitoring import actions, reads
from openpbc.monitoring.reads.reconciling import MEASURES
from openpbc.monitoring.rules.differences import CAUSE_WORDS, CAUSES
from openpbc.ui.commands import by_whom
from openpbc.warehouse.engines import ENGINES, Engine

_PLACE = click.option("--place", required=True, help="The place.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
# The figures that `month show` prints, with their headings.
_SHOWN = {
    "ytd-actual-charge": "actual",
    "ytd-plan-charge": "plan",
    "ytd-variance-charge": "difference",
    "profile-charge": "year by profile",
}


@click.group()
def month() -> None:
    """Close a month, reopen it, and show where one stands."""


def _print(body: object) -> None:
    click.echo(json.dumps(body, indent=2, default=str))


@month.command()
@click.argument("month", metavar="YYYY-MM")
@_PLACE
@click.option("--again", is_flag=True, help="Compute a closed month again and compare every byte.")
@click.option(
    "--engine", type=click.Choice(ENGINES), help="What computes; a month closed with the other one is only compared."
)
@click.option("--threads", type=click.IntRange(1), help="How many processors it may take; all unless said.")
@click.option(
    "--memory", envvar="OPENPBC_MEMORY", default="2GB", show_default=True, help="What it may hold before it spills."
)
@click.option("--spark-master", envvar="OPENPBC_SPARK_MASTER", default="", help="Address of a Spark cluster.")
@click.option("--at", "point", type=click.Choice(("flex", "freeze")), help="Close at this point of the calendar.")
@_JSON
def close(
    month: str,
    place: str,
    again: bool,
    point: str | None,
    engine: str | None,
    threads: int | None,
    memory: str,
    spark_master: str,
    as_json: bool,
) -> None:
    """Check, attribute and price everything received for a month, and make it the one that is shown."""
    wanted = Engine(engine or "", threads, memory, spark_master)
    closed = actions.close(
        by=by_whom(), place=place, month=Month.parse(month), again=again, point=point or "", engine=wanted
    )
    if as_json:
        _print(asdict(closed) | {"month": str(closed.month)})
    else:
        click.echo(closed.sentence)


@month.command()
@click.argument("month", metavar="YYYY-MM")
@_PLACE
@_JSON
def measure(month: str, place: str, as_json: bool) -> None:
    """Measure a closed month from its published run: every measure, by provider, specialty, practice and group.

    The month before, if it was measured, is measured again: now one can see who came back.
    """
    chosen = Month.parse(month)
    made = measures.measure(by=by_whom(), place=place, month=chosen, source=reads.source_of_measures(place, chosen))
    before = next((each.month for each in measured_months(place) if each.month == chosen.previous()), None)
    again = before and measures.measure(
        by=by_whom(), place=place, month=before, source=reads.source_of_measures(place, before)
    )
    if as_json:
        told = asdict(again) | {"month": str(again.month)} if again else None
        _print(asdict(made) | {"month": str(made.month), "month_before": told})
        return
    for each in (made, again):
        if each is made or (each and not each.already):
            click.echo(each.sentence)


@month.command()
@click.argument("month", metavar="YYYY-MM")
@_PLACE
@click.option("--reason", required=True, help="Why; it is kept in the month's history.")
@click.option("--decision", required=True, type=int, help="The record of the body's decision on this month.")
@_JSON
def reopen(month: str, place: str, reason: str, decision: int, as_json: bool) -> None:
    """Reopen a closed month; its last figures stay visible, marked as reopened, until it is closed again."""
    opened = actions.reopen(by=by_whom(), place=place, month=Month.parse(month), reason=reason, decision=decision)
    if as_json:
        _print(asdict(opened) | {"month": str(opened.month)})
    else:
        click.echo(
            f"{opened.month.name} is reopened. Its figures of run {opened.run_id} stay until it is closed again."
        )


@month.command()
@click.argument("month", metavar="[YYYY-MM]", required=False)
@_PLACE
@click.option(
    "--by", "by", type=click.Choice(reads.BY), default="unit", show_default=True, help="Rows of the position."
)
@_JSON
def show(month: str | None, place: str, by: str, as_json: bool) -> None:
    """Show the months of the year, or the position of one month."""
    if month is None:
        _show_months(place, as_json)
        return
    chosen = Month.parse(month)
    position = reads.position(place, chosen, by)
    if as_json:
        _print(_position_json(position))
        return
    click.echo(f"{chosen.name}: {position.run_id or 'not closed'}; charges of the year to date, in pounds")
    click.echo("  ".join((" " * 32, *(f"{heading:>18}" for heading in _SHOWN.values()))))
    for row in (*position.rows, position.total):
        click.echo("  ".join((f"{row.name[:32]:<32}", *_cells(row))))
    for note in position.notes:
        click.echo(note)


def _cells(row: reads.PositionRow) -> tuple[str, ...]:
    figures = [row.figures[measure].value for measure in _SHOWN]
    return tuple(f"{'not set' if value is None else pounds(value):>18}" for value in figures)


def _show_months(place: str, as_json: bool) -> None:
    months = reads.months(place)
    if as_json:
        _print([asdict(each) | {"month": str(each.month)} for each in months])
        return
    for each in months:
        click.echo(f"{each.month}  {each.state:<9} {each.run_id}")


def _position_json(position: reads.Position) -> dict[str, Any]:
    def row(each: reads.PositionRow) -> dict[str, Any]:
        return {"code": each.code, "name": each.name, "figures": {k: asdict(v) for k, v in each.figures.items()}}

    kept = reads.conservation(position.place, position.month) if position.run_id else None
    return {
        "place": position.place,
        "month": str(position.month),
        "run": position.run_id,
        "by": position.by,
        "rows": [row(each) for each in position.rows],
        "total": row(position.total),
        "missing": [str(each) for each in position.missing],
        "notes": position.notes,
        "conservation": [asdict(stage) | {"holds": stage.holds} for stage in kept.stages] if kept else [],
        "history": [
            asdict(each) | {"month": str(each.month)} for each in reads.history(position.place, position.month)
        ],
    }


@month.command()
@click.argument("month", metavar="YYYY-MM")
@_PLACE
@click.option("--by", type=click.Choice(reads.CUTS), default="unit", show_default=True, help="Rows of the difference.")
@click.option("--number", type=int, help="The close, by its number in the month's history; else the last one.")
@click.option("--flex-and-freeze", "points", is_flag=True, help="Hold the close at freeze against that at flex.")
@_JSON
def difference(month: str, place: str, by: str, number: int | None, points: bool, as_json: bool) -> None:
    """Show what differs between two closes of a month, signed, and why; the lines add up to the whole."""
    chosen = Month.parse(month)
    found = reads.flex_and_freeze(place, chosen, by) if points else reads.difference(place, chosen, by, number)
    if as_json:
        _print(asdict(found) | {"month": str(chosen), "conserved": found.conserved})
        return
    for words, side in (("before", found.before), ("after", found.after)):
        click.echo(f"{words:<7} run {side.run_id}  {side.sha256}  {side.closing.point}")
    if found.opened:
        click.echo(f"reopened by {found.opened.by}, decision {found.opened.decision}: {found.opened.reason}")
    click.echo("  ".join((" " * 32, *(f"{words:>16}" for words in ("before", "after", "difference")))))
    for row in (*found.rows, found.total):
        sums = (row.before.charge, row.after.charge, row.difference.charge)
        click.echo("  ".join((f"{row.name[:32]:<32}", *(f"{pounds(value):>16}" for value in sums))))
    for cause in CAUSES:
        click.echo(f"{CAUSE_WORDS[cause]:<40} {pounds(found.total.causes[cause].charge):>16}")


@month.command()
@click.argument("month", metavar="YYYY-MM")
@_PLACE
@_JSON
def verify(month: str, place: str, as_json: bool) -> None:
    """Compare the stored files of a month's run with its manifest; exit code 1 when something was changed."""
    chosen = Month.parse(month)
    problems = reads.verify(place, chosen)
    if as_json:
        _print({"month": str(chosen), "run": reads.manifest(place, chosen)["run_id"], "problems": problems})
    else:
        for problem in problems:
            click.echo(problem)
        if not problems:
            click.echo(f"{chosen.name}: every file is as the manifest says, and rows and pence add up.")
    if problems:
        raise SystemExit(1)


@month.command()
@click.argument("month", metavar="YYYY-MM")
@_PLACE
@click.option("--provider", default="", help="One provider's points of delivery; else all providers.")
@_JSON
def totals(month: str, place: str, provider: str, as_json: bool) -> None:
    """Show how the contract totals of a closed month stand against the records behind them, and what is held."""
    asked = Month.parse(month)
    if not provider:
        _say(reads.senders(place, asked), ("provider", "acm", "residual", "held", "differing"), as_json)
        return
    found = reads.reconciliation(place, asked, provider)
    names = ("commissioner", "pod", *MEASURES, "verdict")
    _say(found.pods, names, as_json)
    if found.twins and not as_json:
        click.echo(f"{found.twins} lines of totals repeat another but for their measures (CM-17).")


def _say(listed: Sequence[Any], names: Sequence[str], as_json: bool) -> None:
    """Print rows of money in pounds, or as JSON in pence."""
    if as_json:
        _print([asdict(one) for one in listed])
        return
    if not listed:
        click.echo("No totals of contract monitoring stand in this month.")
        return
    click.echo("  ".join(f"{name:>14}" for name in names))
    for one in listed:
        texts = [_text(name, getattr(one, name)) for name in names]
        click.echo("  ".join(f"{text:>14}" for text in texts))


def _text(name: str, value: Any) -> str:
    return pounds(value) if isinstance(value, int) and name != "differing" else str(value)

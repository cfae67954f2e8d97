"""Measures from the shell: list them, and show one."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from openpbc.kernel.problems import UserError
from openpbc.measures import actions, reads
from openpbc.measures.reads.values import printed
from openpbc.measures.rules.declaring import Measure, Shown
from openpbc.organisations import reads as organisations
from openpbc.ui.commands import by_whom

_PLACE = click.option("--place", required=True, help="The place.")
_PERIOD = click.option("--period", default="", help="A month, or two with two dots between; else the year so far.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group()
def measures() -> None:
    """Show how well care is given: rates, peers, opportunities."""


def _number(measure: Measure, rate: Fraction | None) -> str:
    if rate is None:
        return "not set"
    value = printed(measure, rate)
    if measure.shown is Shown.COUNT:
        return f"{value:,}"
    scaled = value * 100 if measure.shown is Shown.PERCENT else value
    whole, rest = divmod((scaled + 5_000) // 10_000, 100)
    return f"{whole:,}.{rest:02d}" + ("%" if measure.shown is Shown.PERCENT else "")


def _value(row: reads.BoardRow) -> str:
    if row.measure.computed:
        return _number(row.measure, row.value.rate if row.value else None)
    return _number(row.measure, row.entered.rate(row.measure)) if row.entered else "no data"


@measures.command(name="list")
@_PLACE
@_PERIOD
@_JSON
def list_(place: str, period: str, as_json: bool) -> None:
    """List every measure with its value, the best quarter of the peers, and how it stands."""
    book = organisations.book(place)
    span = reads.period(place, period)
    rows: list[dict[str, Any]] = [
        {
            "code": row.measure.code,
            "title": row.measure.title,
            "value": _value(row),
            "numerator": row.value.sums.numerator if row.value else row.entered.numerator if row.entered else None,
            "denominator": row.value.denominator if row.value else row.entered.denominator if row.entered else None,
            "best_quarter": _number(row.measure, row.standing.threshold if row.standing else None),
            "stands": row.verdict,
        }
        for row in reads.board(book, span)
    ]
    if as_json:
        click.echo(json.dumps({"place": place, "period": str(span or ""), "measures": rows}, indent=2))
        return
    click.echo(f"{span.name}" if span else "No month is measured yet.")
    for row in rows:
        shown = (f"{row[name]:>12}" for name in ("value", "best_quarter"))
        click.echo(f"{row['code']:<10} {row['title'][:48]:<48} {'  '.join(shown)}  {row['stands']}")


@measures.command()
@click.argument("file", type=click.Path(path_type=Path))
@_PLACE
def waits(file: Path, place: str) -> None:
    """Receive an official full extract of waits from referral to treatment."""
    if not file.is_file():
        raise UserError(f"there is no file '{file.name}'", do="Give the path of the extract.")
    by = by_whom()
    made = actions.receive_waits(by=by, place=place, file_name=file.name, content=file.read_bytes())
    click.echo(made.sentence)


@measures.command()
@click.argument("code", metavar="MEASURE")
@_PLACE
@_PERIOD
@_JSON
def show(code: str, place: str, period: str, as_json: bool) -> None:
    """Show one measure by provider, with quartile and opportunity."""
    book = organisations.book(place)
    measure, span = reads.measure_of(book, code), reads.period(place, period)
    if measure is None:
        known = ", ".join(each.code for each in reads.measures(book))
        raise UserError(f"there is no measure '{code[:20]}'", do=f"Choose one of {known}.")
    if not measure.computed or span is None:
        raise UserError(f"{measure.title} has no records to show", do="Look at its page for entered values.")
    found = reads.standing(book, measure, span)
    rows: list[dict[str, Any]] = []
    for provider, value in found.own.items():
        gained = found.opportunity(provider)
        rows.append({
            "provider": provider,
            "value": _number(measure, value.rate),
            "numerator": value.sums.numerator,
            "denominator": value.denominator,
            "quarter": found.quarter(provider),
            "opportunity_pence": gained.pence if gained else None,
            "opportunity_pence_a_year": gained.pence_a_year if gained else None,
        })  # fmt: skip
    body = {
        "measure": code,
        "title": measure.title,
        "period": str(span),
        "peers": found.group.name,
        "method": found.group.method,
        "best_quarter": _number(measure, found.threshold),
        "left_out": reads.left_out(span.runs, code),
        "providers": rows,
    }
    if as_json:
        click.echo(json.dumps(body, indent=2))
        return
    click.echo(f"{measure.title}, {span.name}; best quarter from {body['best_quarter']} ({found.group.method})")
    for row in rows:
        told = f"{row['provider']:<6} {row['value']:>12}  {row['numerator']:>8,} of {row['denominator']:>8,}"
        click.echo(told + (f"  quarter {row['quarter']}" if row["quarter"] else ""))
    for reason, count in reads.left_out(span.runs, code).items():
        click.echo(f"left out: {count:,} {reason}")

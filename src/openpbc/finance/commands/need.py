"""``openpbc finance need-shares``: weighted populations of any set of practices."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from openpbc.finance.commands.files import read_sheet
from openpbc.finance.commands.printing import (
    findings_json,
    number,
    percent,
    print_columns,
    print_findings,
    print_json,
)
from openpbc.finance.reads.need import COMPONENTS, NeedReport, need_columns, need_report
from openpbc.finance.rules.need_shares import PlaceNeed
from openpbc.kernel.money import percent_text
from openpbc.kernel.problems import UserError
from openpbc.rulebook.reader import open_book, places
from openpbc.rulebook.values import Table

NO_PLACE = "(no place)"


@click.command("need-shares")
@click.option(
    "--weights", required=True, type=click.Path(path_type=Path), help="CSV of practices' weighted populations."
)
@click.option("--by", required=True, help="The column that says to which place a practice belongs.")
@click.option(
    "--where", multiple=True, metavar="COLUMN=VALUE",
    help="Select practices; values of one column are alternatives, different columns must all hold.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def need_shares(weights: Path, by: str, where: tuple[str, ...], as_json: bool) -> None:
    """Sum weighted populations by place, and compare each place's need with that of the whole selection.

    A need index is (weighted / population of the place) / (weighted / population of the selection), to three decimals.
    """
    sheet = read_sheet(weights)
    pairs = tuple(_pair(text) for text in where)
    sheet.need((by, *(column for column, _ in pairs)))
    try:
        report = need_report(sheet.rows, need_columns(sheet.header, listed_columns()), by, pairs)
    except UserError as error:
        raise UserError(
            error.what, where=f"{sheet.name}, {error.where}" if error.where else sheet.name, do=error.do
        ) from error
    if as_json:
        print_json(report_json(report))
    else:
        print_report(report)


def _pair(text: str) -> tuple[str, str]:
    column, equals, value = text.partition("=")
    if not equals or not column.strip():
        raise UserError(f"'{text[:60]}' selects nothing", where="--where", do="Write COLUMN=VALUE.")
    return column.strip(), value.strip()


def listed_columns() -> tuple[dict[str, str], ...]:
    """Give the columns that the packs common to all places list; files of other years are told by their names."""
    for place in places():
        found = open_book(place.id).table(COMPONENTS)
        if isinstance(found, Table):
            return found.rows
    return ()


def report_json(report: NeedReport) -> dict[str, Any]:
    """Write a report as JSON."""
    return {
        "by": report.by,
        "where": [{"column": column, "value": value} for column, value in report.where],
        "practices": {
            "rows": report.rows,
            "counted": report.counted,
            "repeated": report.repeated,
            "not_selected": report.not_selected,
        },
        "population_column": report.columns.population,
        "places": [_place_json(report, place) for place in report.shares.places],
        "selection": _place_json(report, report.shares.selection),
        "findings": findings_json(report.findings),
    }


def _place_json(report: NeedReport, need: PlaceNeed) -> dict[str, Any]:
    components = {
        column.column: {
            "title": column.title,
            "overall": column.overall,
            "weighted_population": part.weighted,
            "share_percent": percent(part.share),
            "need_index": number(part.index, 3),
        }
        for column, part in zip(report.columns.weighted, need.components, strict=True)
    }
    return {
        "place": need.place or None,
        "practices": need.practices,
        "population": need.population,
        "population_share_percent": percent(need.population_share),
        "components": components,
    }


def print_report(report: NeedReport) -> None:
    """Print a report in columns: indices, then shares."""
    places = (*report.shares.places, report.shares.selection)
    names = [*(need.place or NO_PLACE for need in report.shares.places), "All"]
    click.echo("Need index by component, relative to the selection")
    header = (report.by, "practices", "population", *(column.column for column in report.columns.weighted))
    print_columns(
        header,
        [
            (name, f"{need.practices:,}", f"{need.population:,}", *(_index(part.index) for part in need.components))
            for name, need in zip(names, places, strict=True)
        ],
    )
    click.echo("\nShare of the weighted population")
    print_columns(
        (report.by, *(column.column for column in report.columns.weighted)),
        [(n, *(percent_text(p.share) for p in need.components)) for n, need in zip(names, places, strict=True)],
    )
    click.echo(
        f"\n{report.rows:,} rows: {report.counted:,} practices counted, {report.repeated:,} repeated,"
        f" {report.not_selected:,} not selected."
    )
    print_findings(report.findings)


def _index(index: int | None) -> str:
    return "-" if index is None else f"{index // 1000}.{index % 1000:03d}"

"""``openpbc finance need``: need of a place on a day, of practices and custom groups, and lists weighed from files."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from openpbc.finance import reads
from openpbc.finance.commands.files import Sheet, read_sheet
from openpbc.finance.commands.need import listed_columns, print_report, report_json
from openpbc.finance.commands.printing import (
    findings_json,
    hundredths_text,
    number,
    percent,
    print_columns,
    print_findings,
    print_json,
)
from openpbc.finance.reads.england import BY
from openpbc.finance.reads.group_need import GroupNeed
from openpbc.finance.reads.need import need_columns, practice_need
from openpbc.finance.reads.practice_groups import default_day
from openpbc.finance.reads.weighting import COLUMNS, MIX_DECIMALS, Weighting, weigh
from openpbc.finance.rules.need_scenarios import NeedScenario, ScenarioShares, prepare, run
from openpbc.finance.rules.weighted_lists import SHARE_UNIT
from openpbc.kernel.actor import SYSTEM
from openpbc.kernel.money import percent_text, pounds, ratio_ppm, round_div, scaled_from_text
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.values import NotSet

_DAY = click.DateTime(["%Y-%m-%d"])
_FILE = click.Path(path_type=Path)
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def _day(ctx: click.Context, parameter: click.Parameter, value: datetime | None) -> date | None:
    return value.date() if value else None


@click.group()
def need() -> None:
    """Need of places, practices and custom groups."""


@need.command()
@click.option("--place", required=True, help="Id of the place.")
@click.option("--practices", is_flag=True, help="Practice by practice, out of the published file.")
@click.option("--group", type=int, help="Number of a shared custom group.")
@click.option("--by", type=click.Choice(list(BY)), help="All areas of the published file in this column.")
@click.option("--on", type=_DAY, callback=_day, help="Units or members of this day.")
@click.option("--known-on", type=_DAY, callback=_day, help="With the knowledge of this day (else today's).")
@_json
def show(
    place: str, practices: bool, group: int | None, by: str | None, on: date | None, known_on: date | None,
    as_json: bool,
) -> None:  # fmt: skip
    """Show need shares of a place's units, of its practices, of a custom group, or of all areas."""
    book = organisations.book(place)
    if known_on and not (on or group):
        raise UserError("--known-on asks for a day to look at", where="--known-on", do="Give --on too.")
    if group is not None:
        _group(place, group, on, known_on, as_json)
        return
    if by or practices:
        found = reads.england_need(book, by or "Practice_Code")
    else:
        found = reads.need_on(book, on, known_on) if on else reads.need_shares(book)
    if isinstance(found, NotSet):
        raise found.problem
    if practices and not by:
        members = {each.code for each in organisations.practices(place, on, known_on)}
        found = found.only(members)
    if as_json:
        print_json(report_json(found))
    else:
        print_report(found)


def _group(place: str, number_: int, on: date | None, known_on: date | None, as_json: bool) -> None:
    book = organisations.book(place)
    group = reads.practice_group(place, number_, SYSTEM.id)
    if group is None:
        raise UserError(f"there is no shared group {number_} in {place}", do="Share it on its page first.")
    found = reads.group_need(book, group, on or default_day(book), known_on)
    if isinstance(found, NotSet):
        raise found.problem
    if as_json:
        print_json(_group_json(found))
        return
    click.echo(f"{group.name} on {found.on.isoformat()}: {len(found.counted)} practices")
    columns = found.rows.columns.weighted
    header = ("component", "weighted", *(f"index against {each.title}" for each in found.against))
    rows = []
    for at, column in enumerate(columns):
        indices = (number(each.need.components[at].index, 3) for each in found.against)
        weighted = f"{found.need.components[at].weighted:,}"
        rows.append((column.title, weighted, *("-" if each is None else f"{each:.3f}" for each in indices)))
    print_columns(header, rows)
    print_findings(found.findings)


def _group_json(found: GroupNeed) -> dict[str, Any]:
    columns = found.rows.columns.weighted
    return {
        "group": {"number": found.group.id, "name": found.group.name, "revision": found.group.revision},
        "on": found.on.isoformat(),
        "known_on": found.known_on.isoformat() if found.known_on else None,
        "practices": list(found.practices),
        "population": found.need.population,
        "components": {
            column.column: {
                "title": column.title,
                "weighted_population": found.need.components[at].weighted,
                "against": {
                    each.key: {
                        "whole": each.title,
                        "share_percent": percent(each.need.components[at].share),
                        "need_index": number(each.need.components[at].index, 3),
                    }
                    for each in found.against
                },
            }
            for at, column in enumerate(columns)
        },
        "findings": findings_json(found.findings),
    }


@need.command()
@click.option("--lists", required=True, type=_FILE, help=f"CSV with {', '.join(COLUMNS['lists'])}.")
@click.option("--curve", required=True, type=_FILE, help=f"CSV with {', '.join(COLUMNS['curve'])}.")
@click.option("--components", required=True, type=_FILE, help=f"CSV with {', '.join(COLUMNS['components'])}.")
@click.option("--need", "needs", required=True, type=_FILE, help=f"CSV with {', '.join(COLUMNS['need'])}.")
@click.option("--residents", required=True, type=_FILE, help=f"CSV with {', '.join(COLUMNS['residents'])}.")
@click.option("--budget", help="Pounds in scope, to be shared by the lists.")
@_json
def lists(
    lists: Path, curve: Path, components: Path, needs: Path, residents: Path, budget: str | None, as_json: bool
) -> None:
    """Weigh practices' lists by age and sex, need and market forces, with every factor.

    Patients of a practice without a row in a quarter count as nobody there. A cell that cannot be read is told with
    its file, row and column, and then nothing is weighed.
    """
    paths = {"lists": lists, "curve": curve, "components": components, "need": needs, "residents": residents}
    sheets = {name: read_sheet(path) for name, path in paths.items()}
    found = weigh({name: sheet.rows for name, sheet in sheets.items()}, {name: s.name for name, s in sheets.items()})
    targets = found.lists.targets(_pence(budget)) if budget else {}
    if as_json:
        print_json(_lists_json(found, targets))
        return
    header = ("practice", "list", "once", *found.titles, "weighted", "index", "share")
    rows = [
        (
            each.code,
            f"{each.listed:,}",
            f"{each.normalised:,}",
            *(f"{factor.weighted:,}" for factor in each.factors),
            f"{each.weighted:,}",
            "-" if each.index is None else f"{number(round_div(each.index, 1000), 3):.3f}",
            percent_text(ratio_ppm(each.share, SHARE_UNIT), 4),
        )
        for each in found.lists.practices
    ]
    if targets:
        header, rows = (*header, "target"), [(*row, pounds(targets[row[0]])) for row in rows]
    print_columns(header, rows)
    print_findings(found.findings)


def _pence(text: str) -> int:
    try:
        value = scaled_from_text(text, 2)
    except UserError as problem:
        raise UserError(problem.what, where="--budget", do=problem.do) from problem
    if value < 0:
        raise UserError("the budget is negative", where="--budget", do="Give nought or more pounds.")
    return value


def _lists_json(found: Weighting, targets: dict[str, int]) -> dict[str, Any]:
    return {
        "practices": [
            {
                "practice": each.code,
                "commissioner": each.commissioner,
                "list": each.listed,
                "normalised": each.normalised,
                "components": {
                    title: {
                        "age_index": number(factor.age, 6),
                        "need_index": number(factor.need, 6),
                        "mff": number(factor.mff, 7),
                        "weighted": factor.weighted,
                    }
                    for title, factor in zip(found.titles, each.factors, strict=True)
                },
                "weighted": each.weighted,
                "index": number(each.index, 6),
                "share": number(each.share, 12),
                **({"target": number(targets[each.code], 2)} if targets else {}),
            }
            for each in found.lists.practices
        ],
        "findings": findings_json(found.findings),
    }


@need.command()
@click.option("--weights", required=True, type=_FILE, help="CSV of practices' weighted populations.")
@click.option("--by", required=True, help="The column that says to which group a practice belongs.")
@click.option("--scenarios", required=True, type=_FILE, help="CSV with name, pot, and a weight for each component.")
@_json
def scenarios(weights: Path, by: str, scenarios: Path, as_json: bool) -> None:
    """Share pots under any number of scenarios, each with its own weights of the components of need.

    The columns of the scenarios beside name and pot are weighted columns of the weights file; the ones that are not
    named weigh nothing. Shares add up to 100% and targets to the pot, to the penny.
    """
    sheet, asked = read_sheet(weights), read_sheet(scenarios)
    sheet.need((by,))
    columns = need_columns(sheet.header, listed_columns())
    used = [each for each in columns.weighted if each.column in asked.header]
    asked.need(("name", "pot"))
    if not used:
        raise UserError("no column names a component of the weights", where=asked.name, do="Head one 'G&A WP', say.")
    positions = [columns.weighted.index(each) for each in used]
    lines = []
    for row in sheet.rows:
        own = practice_need(row, columns, by)
        lines.append((own.place, tuple(own.weighted[at] for at in positions)))
    wanted = [_scenario(asked, row.cells, row.line, [each.column for each in used]) for row in asked.rows]
    try:
        answers = run(prepare(lines), wanted)
    except ValueError as problem:
        raise UserError(str(problem), where=asked.name) from problem
    if as_json:
        print_json([_scenario_json(answer) for answer in answers])
        return
    for answer in answers:
        click.echo(answer.name)
        rows = [(code, percent_text(share, 4), pounds(answer.targets[code])) for code, share in answer.shares.items()]
        print_columns((by, "share", "target"), rows)


def _scenario(asked: Sheet, cells: Any, line: int, columns: list[str]) -> NeedScenario:
    def read(column: str, decimals: int) -> int:
        try:
            value = scaled_from_text(cells[column] or "0", decimals)
        except UserError as problem:
            raise UserError(problem.what, f"{asked.name}, row {line}, column {column}", problem.do) from problem
        if value < 0:
            raise UserError(f"'{cells[column][:20]}' is negative", f"{asked.name}, row {line}, column {column}")
        return value

    return NeedScenario(cells["name"], tuple(read(column, MIX_DECIMALS) for column in columns), read("pot", 2))


def _scenario_json(answer: ScenarioShares) -> dict[str, Any]:
    return {
        "name": answer.name,
        "groups": {
            code: {"share_percent": percent(share), "target": hundredths_text(answer.targets[code]).replace(",", "")}
            for code, share in answer.shares.items()
        },
    }

"""The minimum operating standard from the shell: who says what of itself, and recording an assessment."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from openpbc.governance import actions
from openpbc.governance.commands.decisions import day_of
from openpbc.governance.reads.standard import assessments, latest_assessments
from openpbc.governance.reads.standard import standard as points_of
from openpbc.governance.rules.standard import RESULTS, held_against
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.values import NotSet
from openpbc.ui.commands import by_whom


@click.command()
@click.option("--place", required=True, help="The place whose standard it is.")
@click.option("--unit", default="", help="Every assessment of this group, against the points as they were then.")
@click.option("--json", "as_json", is_flag=True, help="Print assessments as JSON.")
def standard(place: str, unit: str, as_json: bool) -> None:
    """Show what each group says of itself against the minimum operating standard."""
    points = points_of(organisations.book(place))
    code = organisations.unit_by_alias(place, unit).code if unit else ""
    every = assessments(place, code) if unit else tuple(latest_assessments(place).values())
    if as_json:
        click.echo(json.dumps([asdict(each) for each in every], indent=2, default=str))
        return
    if unit:
        for each in every:
            click.echo(f"{each.number}  {each.assessed_on}  {each.by}")
            for said in each.said:
                click.echo(f"    {said.point.key}: {said.result}{f' ({said.note})' if said.note else ''}")
        if not every:
            click.echo("There is no assessment yet.")
        return
    if isinstance(points, NotSet):
        raise points.problem
    latest = {each.unit: each for each in every}
    for group in organisations.units(place):
        last = latest.get(group.code)
        click.echo(f"{group.code}  {group.name}  {f'{last.assessed_on}  {last.by}' if last else 'not assessed yet'}")
        for said in held_against(points, last.said if last else ()):
            click.echo(f"    {said.point.key}: {said.result}")


@click.command("assess-standard")
@click.option("--place", required=True, help="The place whose standard it is.")
@click.option("--unit", required=True, help="The group, by code or name.")
@click.option("--on", "assessed_on", required=True, help="The day on which the group looked at itself, as YYYY-MM-DD.")
@click.option("--say", "said", multiple=True, help=f"KEY=RESULT, the result one of {', '.join(RESULTS)}; once a point.")
@click.option("--note", "notes", multiple=True, help="KEY=WORDS: the evidence for a point; once a point.")
def assess_standard(place: str, unit: str, assessed_on: str, said: tuple[str, ...], notes: tuple[str, ...]) -> None:
    """Record how a group meets the minimum operating standard; a point that is not named is not answered."""
    results, words = _pairs(said, "--say"), _pairs(notes, "--note")
    without = next((key for key in words if key not in results), "")
    if without:
        raise UserError(f"the note on '{without[:60]}' has no result", "--note", "Say the point's result with --say.")
    number = actions.assess_standard(
        by=by_whom(), place=place, unit=unit, assessed_on=day_of(assessed_on),
        results={key: (result, words.get(key, "")) for key, result in results.items()},
    )  # fmt: skip
    click.echo(f"Assessment {number} is recorded.")


def _pairs(given: tuple[str, ...], option: str) -> dict[str, str]:
    """Read KEY=VALUE pairs; a key that is given twice, or has no value, is a person's mistake."""
    found: dict[str, str] = {}
    for each in given:
        key, equals, value = each.partition("=")
        if not equals or not key.strip() or key.strip() in found:
            raise UserError(f"'{each[:60]}' is not KEY=VALUE for another point", option, "Write it once a point.")
        found[key.strip()] = value.strip()
    return found

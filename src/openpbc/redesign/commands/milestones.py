"""Milestones of the review of acute services from the shell: listing them, adding one, moving it."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from openpbc.kernel.dated import Dated
from openpbc.organisations import reads as organisations
from openpbc.redesign import actions, reads
from openpbc.redesign.reads import milestones as review
from openpbc.ui.commands import by_whom

_DUE = "When it is planned, as YYYY-MM-DD, or YYYY-MM where no day is known."


@click.command()
@click.option("--place", required=True, help="The place whose milestones they are.")
@click.option("--json", "as_json", is_flag=True, help="Print the milestones with everything said of them as JSON.")
def milestones(place: str, as_json: bool) -> None:
    """List milestones of the review of acute services, and how the cases that hang on them stand."""
    book, known = organisations.book(place), reads.cases(place)
    every, setters = review.milestones(book), review.setters(book)
    held = review.hanging(book, known, every)
    if as_json:
        rows = [
            asdict(each) | {"cases": [{"number": own.case.number, "stage": own.case.stage, **asdict(own.lateness)}
                                      for own in held if own.milestone is each]}
            for each in every
        ]  # fmt: skip
        click.echo(json.dumps(rows, indent=2, default=str))
        return
    for each in every:
        due = "dropped" if each.now.dropped else each.now.due or "no date"
        click.echo(f"{each.code}  {due}  {review.area_name(each.now, setters)}  {each.now.name}")
        for setter in review.setters_of(each.now, setters):
            click.echo(f"    priorities of {setter.area} are set by: {setter.body or 'not set'}")
        for own in (own for own in held if own.milestone is each):
            click.echo(f"    case {own.case.number}, {own.case.at.title}: {own.lateness.text}")
    if not every:
        click.echo("No milestone is known.")
    click.echo(f"Cases under way that hang on none: {len(review.unlinked(book, known))}.")


@click.command("milestone-add")
@click.option("--place", required=True, help="The place whose milestone it is.")
@click.option("--area", default="", help="The code of the area that it concerns; every area where none is given.")
@click.option("--due", default="", help=_DUE)
@click.argument("name")
@click.argument("source")
def add_milestone(place: str, area: str, due: str, name: str, source: str) -> None:
    """Add the milestone NAME that the paper or minute SOURCE tells of."""
    dated = Dated.parse(due) if due else None
    code = actions.add_milestone(by=by_whom(), place=place, name=name, source=source, area=area, due=dated)
    click.echo(f"Milestone {code} added.")


@click.command("milestone-move")
@click.option("--place", required=True, help="The place whose milestone it is.")
@click.option("--due", default=None, help=f"{_DUE} Empty while no date is known.")
@click.option("--name", default=None, help="What is reached with it, where that is said otherwise.")
@click.option("--source", default=None, help="The paper or minute that says so, where it is another one.")
@click.option("--area", default=None, help="The code of the area, where it is another one; empty for every area.")
@click.option("--dropped/--stands", default=None, help="Whether it was dropped.")
@click.argument("code")
@click.argument("reason")
def move_milestone(
    place: str,
    due: str | None,
    name: str | None,
    source: str | None,
    area: str | None,
    dropped: bool | None,
    code: str,
    reason: str,
) -> None:
    """Say the milestone CODE anew and the REASON; what is not said stays as it is, and what was said stays readable."""
    now = review.milestone(organisations.book(place), code).now
    dated = now.due if due is None else Dated.parse(due) if due else None
    number = actions.move_milestone(
        by=by_whom(), place=place, code=code, revision=now.number, reason=reason, due=dated,
        name=now.name if name is None else name, source=now.source if source is None else source,
        area=now.area if area is None else area, dropped=now.dropped if dropped is None else dropped,
    )  # fmt: skip
    click.echo("Nothing changed." if number == now.number else f"Milestone {code} is said anew.")

"""``openpbc finance budgets``: a year's budget sets from the shell."""

from __future__ import annotations

from typing import Any

import click

from openpbc.finance import actions
from openpbc.finance.commands.printing import print_columns, print_json
from openpbc.finance.reads import budget_sets as reads
from openpbc.finance.reads.budget_sets import BudgetSet, BudgetSetFacts
from openpbc.kernel.money import pounds
from openpbc.organisations.reads import book as open_book
from openpbc.ui.commands import by_whom

_PLACE = click.option("--place", required=True, help="Id of the place.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON; sums are in pence.")


@click.group()
def budgets() -> None:
    """List, show, draft and propose sets of group budgets; the body that approves them decides."""


def _found(place: str, number: int) -> BudgetSet:
    return reads.budget_set(place, str(open_book(place).place.year), number)


@budgets.command("list")
@_PLACE
@_JSON
def list_(place: str, as_json: bool) -> None:
    """List the budget sets of a place's year, the newest first."""
    year = str(open_book(place).place.year)
    found = reads.budget_sets(place, year)
    if as_json:
        print_json({"place": place, "year": year, "sets": [_head(each) for each in found]})
    elif not found:
        click.echo("No budget set is drafted yet.")
    else:
        rows = [
            (f"{each.name}: {each.title}", each.state, str(each.revision), pounds(each.allocation), each.made_by)
            for each in found
        ]
        print_columns(("", "state", "revision", "allocation", "drafted by"), rows)


@budgets.command()
@click.argument("number", type=int)
@_PLACE
@_JSON
def show(number: int, place: str, as_json: bool) -> None:
    """Show budget set NUMBER line by line, with what it adds up to and every change."""
    found = _found(place, number)
    facts, sums = found.facts, found.sums
    if as_json:
        print_json(_body(found))
        return
    click.echo(f"{facts.name}, revision {facts.revision}, {facts.state}: {facts.title}")
    click.echo(f"Drafted from {facts.settings} by {facts.made_by}.")
    lines = [(f"{line.title}, {line.figure.replace('-', ' ')}", pounds(line.pence)) for line in found.lines]
    print_columns(("", "budget"), [*lines, ("All lines", pounds(sums.allocation + sums.difference))])
    click.echo(f"Allocation {pounds(sums.allocation)}; the lines less the allocation: {pounds(sums.difference)}.")
    for change in found.changes:
        about = f" {change.account}" if change.account else ""
        click.echo(f"Revision {change.revision}: {change.what}{about} by {change.by}. {change.reason}".rstrip())


@budgets.command()
@click.argument("title")
@click.option("--scenario", required=True, help="Scenario to draft from, or its settings: scenario=...&pot=...")
@click.option("--note", default="", help="What a reader must know of the set.")
@_PLACE
def draft(title: str, scenario: str, note: str, place: str) -> None:
    """Draft a set called TITLE from a scenario."""
    settings = scenario if "=" in scenario else f"scenario={scenario}"
    number = actions.draft_budget_set(by=by_whom(), place=place, title=title, settings=settings, note=note)
    click.echo(f"Budget set {number} is drafted.")


@budgets.command()
@click.argument("number", type=int)
@click.option("--revision", type=int, help="Revision that you looked at; without it, the set as it stands.")
@_PLACE
def propose(number: int, revision: int | None, place: str) -> None:
    """Put budget set NUMBER before those who decide; refused while it does not add up or a step before it is open."""
    seen = _found(place, number).facts.revision if revision is None else revision
    stands = actions.propose_budget_set(by=by_whom(), place=place, number=number, revision=seen)
    click.echo(f"Budget set {number} is proposed, at revision {stands}.")


def _head(facts: BudgetSetFacts) -> dict[str, Any]:
    names = ("number", "title", "state", "revision", "settings", "plan_version", "allocation", "decision", "made_by")
    return {name: getattr(facts, name) for name in names}


def _body(found: BudgetSet) -> dict[str, Any]:
    facts, sums = found.facts, found.sums
    lines = [
        {
            "account": line.account.code,
            "title": line.title,
            "pence": line.pence,
            "drafted": line.drafted,
            "explain": facts.address(line.owner, line.figure),
        }
        for line in found.lines
    ]
    changes = [
        {
            "revision": change.revision,
            "what": change.what,
            "account": change.account,
            "before": change.before,
            "after": change.after,
            "reason": change.reason,
            "by": change.by,
            "at": change.at.isoformat(),
        }
        for change in found.changes
    ]
    return _head(facts) | {"difference": sums.difference, "lines": lines, "changes": changes}

"""``openpbc finance calendar`` and ``openpbc finance group-plans``: what is due when, and what the groups plan."""

from __future__ import annotations

from pathlib import Path

import click

from openpbc.finance.commands.printing import print_columns, print_json
from openpbc.kernel.money import whole_pounds
from openpbc.kernel.problems import UserError


@click.command("calendar")
@click.option("--place", required=True, help="Place, such as west-herts-2008.")
@click.option("--owner", default="", help="Only what this body acts on.")
@click.option("--on", "on_text", default="", help="Day from which days are counted; today unless given.")
@click.option("--ics", type=click.Path(path_type=Path, dir_okay=False), help="Write an iCalendar file instead.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def calendar_command(place: str, owner: str, on_text: str, ics: Path | None, as_json: bool) -> None:
    """List the planning calendar, or write it for a calendar program."""
    from openpbc.finance import reads
    from openpbc.finance.pages.planning_calendar import dated
    from openpbc.organisations import reads as organisations
    from openpbc.ui.calendars import calendar_bytes
    from openpbc.ui.forms import day

    book = organisations.book(place)
    on = day(on_text) if on_text else organisations.today()
    found = [each for each in reads.calendar(book) if not owner or owner in each.owners]
    if ics is not None:
        _write(ics, calendar_bytes(f"{book.place.title} planning calendar", [dated(book, each) for each in found]))
        click.echo(f"{len(found)} dates are in {ics}.")
    elif as_json:
        names = ("code", "event", "owner", "kind", "shown", "precision", "source")
        print_json(
            [
                {name: getattr(each, name) for name in names}
                | {"first": str(each.days.first), "last": str(each.days.last), "standing": each.standing(on).text}
                for each in found
            ]
        )
    else:
        rows = [(each.event[:70], each.shown, each.standing(on).text) for each in found]
        print_columns(("What", "When", "Standing"), rows)


def _write(path: Path, body: bytes) -> None:
    try:
        path.write_bytes(body)
    except OSError as error:
        raise UserError(f"the file cannot be written ({error.strerror})", where=str(path)) from error


@click.command("group-plans")
@click.option("--place", required=True, help="Place, such as west-herts-2008.")
@click.option("--scenario", default="", help="Compare with the budgets of a scenario; the ledger's unless given.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, amounts in pence.")
def group_plans_command(place: str, scenario: str, as_json: bool) -> None:
    """List the groups' commissioning plans, and what the budgets leave of them."""
    from openpbc.finance.reads import commissioning
    from openpbc.organisations import reads as organisations

    book = organisations.book(place)
    plans, standings = commissioning.group_plans(book), commissioning.standings(book, scenario)
    if as_json:
        print_json(
            {
                "plans": [
                    {"unit": plan.unit.code, "state": plan.state, "items": len(plan.items), "cost": plan.cost,
                     "not_costed": plan.not_costed, "findings": [each.sentence for each in plan.findings]}
                    for plan in plans
                ],
                "budgets": [
                    {"line": each.line, "budget": each.budget, "cost": each.cost, "left": each.gap}
                    for each in standings
                ],
            }
        )  # fmt: skip
        return
    print_columns(
        ("Unit", "State", "Items", "Cost", "Not costed"),
        [
            (plan.unit.name, plan.state, str(len(plan.items)), whole_pounds(plan.cost), str(plan.not_costed))
            for plan in plans
        ],
    )
    click.echo()
    print_columns(
        ("Budget line", "Budget", "Plans", "Left"),
        [(each.name, _money(each.budget), whole_pounds(each.cost), _money(each.gap)) for each in standings],
    )


def _money(pence: int | None) -> str:
    return "not set" if pence is None else whole_pounds(pence)

"""``openpbc finance joint``: investments with partners and transfers, from the shell."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import click

from openpbc.finance import actions
from openpbc.finance.commands.ledger import place_option
from openpbc.finance.commands.printing import print_columns, print_json
from openpbc.finance.reads import joint as reads
from openpbc.finance.reads.joint import JointItem
from openpbc.finance.rules.joint import KINDS, PROPOSED, STATES, TARGETS
from openpbc.kernel.money import pence_from_text, pounds
from openpbc.organisations.reads import book as open_book
from openpbc.organisations.reads import standing_day
from openpbc.ui.commands import by_whom


def optional_day(ctx: click.Context, parameter: click.Parameter, value: datetime | None) -> date | None:
    """Read a day that need not be given."""
    return value.date() if value else None


_due = click.option("--due", type=click.DateTime(["%Y-%m-%d"]), callback=optional_day, help="Day by which it is done.")
_on = click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), callback=optional_day, help="Day as at which it is shown."
)


@click.group()
def joint() -> None:
    """Joint work with partners: show it, add to it, and let unfinished work run on."""


@joint.command()
@place_option
@_on
@click.option("--json", "as_json", is_flag=True, help="Print JSON; sums are in pence.")
def show(place: str, on: date | None, as_json: bool) -> None:
    """Show investments and transfers with what each lacks."""
    book = open_book(place)
    as_at, found = on or standing_day(book), reads.joint_items(book)
    if as_json:
        print_json({"as_at": as_at.isoformat(), "items": [_told(each, as_at) for each in found]})
        return
    rows = [
        (f"{each.code} {each.title}", each.year, "late" if each.late(as_at) else each.state,
         "not costed" if each.pence is None else pounds(each.pence))
        for each in found
    ]  # fmt: skip
    if rows:
        print_columns(("", "year", "state", "money"), rows)
    else:
        click.echo("No joint work is written down.")
    for finding in (finding for each in found for finding in each.findings):
        click.echo(f"{finding.level.word.capitalize()} {finding.rule}: {finding.sentence}")


def _told(each: JointItem, on: date) -> dict[str, Any]:
    names = (
        "code year kind title partner partner_code target target_name council commissioner pence may_run_on state"
        " legal_basis pooled_funds revision"
    )
    return {name: getattr(each, name) for name in names.split()} | {
        "due": each.due.isoformat() if each.due else None,
        "late": each.late(on),
        "lacks": [finding.sentence for finding in each.findings],
        "milestones": [
            {"number": step.number, "what": step.what, "due": step.due.isoformat(),
             "done_on": step.done_on.isoformat() if step.done_on else None}
            for step in each.milestones
        ],
        "years": [{"year": was.year, "state": was.state, "pence": was.pence} for was in each.years],
    }  # fmt: skip


@joint.command()
@place_option
@_due
@click.option("--kind", type=click.Choice(list(KINDS)), required=True, help="What kind of work it is.")
@click.option("--state", type=click.Choice(list(STATES)), default=PROPOSED, help="How it stands.")
@click.option("--target", type=click.Choice(list(TARGETS)), help="Which kind of target it serves.")
@click.option("--target-name", default="", help="Name of the target.")
@click.option("--council", default="", help="Council to which a local target is assigned: its code or name.")
@click.option("--commissioner", default="", help="Code of the commissioner to which a local target is assigned.")
@click.option("--sum", "sum_in_pounds", default="", help="Money in the year, in pounds.")
@click.option("--may-run-on", is_flag=True, help="It may run on into the next year.")
@click.option("--legal-basis", default="", help="For a transfer: the law that allows it.")
@click.option("--pooled-funds", default="", help="For a transfer: what becomes of pooled funds.")
@click.option("--code", default="", help="Change this item in place of adding one.")
@click.option("--revision", type=int, default=0, help="The revision of it that you looked at.")
@click.argument("title")
@click.argument("partner")
def write(place: str, sum_in_pounds: str, target: str | None, **facts: Any) -> None:
    """Add the joint work TITLE with PARTNER (a code or name of the register), or change what is there."""
    pence = pence_from_text(sum_in_pounds) if sum_in_pounds else None
    code = actions.write_joint_item(by=by_whom(), place=place, pence=pence, target=target or "", **facts)
    click.echo(f"{code} is written down.")


@joint.command()
@place_option
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), callback=optional_day, required=True, help="By which day.")
@click.option(
    "--done-on", type=click.DateTime(["%Y-%m-%d"]), callback=optional_day, help="Day on which it was reached."
)
@click.option("--number", type=int, default=0, help="Change this milestone in place of adding one.")
@click.option("--revision", type=int, required=True, help="The revision of the item that you looked at.")
@click.argument("code")
@click.argument("what")
def milestone(place: str, **facts: Any) -> None:
    """Add the milestone WHAT to the item CODE, or say that one was reached."""
    number = actions.write_joint_milestone(by=by_whom(), place=place, **facts)
    click.echo(f"Milestone {number} of {facts['code']} is written down.")


@joint.command("load-transfers")
@place_option
def load_transfers(place: str) -> None:
    """Write down the transfers that the place's law book names."""
    new = actions.load_joint_transfers(by=by_whom(), place=place)
    click.echo(f"{new} transfers are new." if new else "Nothing changed.")


@joint.command("run-on")
@place_option
def run_on(place: str) -> None:
    """Bring what was begun, is unfinished and may run on into the next year."""
    done = actions.run_joint_items_on(by=by_whom(), place=place)
    click.echo(f"Runs on: {', '.join(done)}." if done else "Nothing changed.")

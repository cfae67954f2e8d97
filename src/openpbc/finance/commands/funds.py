"""``openpbc finance funds``: pooled funds and freed-up resources from the shell."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date

import click

from openpbc.finance import actions
from openpbc.finance.commands.ledger import dated, place_option, reason_option, tell
from openpbc.finance.commands.printing import print_columns, print_json
from openpbc.finance.reads import funds as reads
from openpbc.finance.reads.funds import Flow
from openpbc.kernel.money import pence_from_text, percent_text, pounds
from openpbc.organisations.reads import book as open_book
from openpbc.rulebook.values import NotSet
from openpbc.ui.commands import by_whom


@click.group()
def funds() -> None:
    """Pooled funds with partners, and resources that groups have freed up."""


@funds.command()
@place_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON; sums are in pence.")
def show(place: str, as_json: bool) -> None:
    """Show what partners paid in, what groups freed up, what is left, and the rule for it."""
    book = open_book(place)
    shares, freed, rule = reads.pool_shares(book), reads.freed(book), reads.reinvested(book)
    part = None if isinstance(rule, NotSet) else rule.ppm
    if as_json:
        told = {"pools": [asdict(each) for each in shares], "freed": [asdict(each) for each in freed]}
        print_json(told | {"reinvested_ppm": part})
        return
    rows = [(f"{each.pool}: {each.partner}", *_sums(each.flow)) for each in shares]
    rows += [(f"freed up by {each.name}", *_sums(each.flow)) for each in freed]
    if rows:
        print_columns(("", "in", "out", "left"), rows)
    else:
        click.echo("No pooled fund has been paid into, and nothing is recorded as freed up.")
    stays = "not set" if part is None else percent_text(part)
    click.echo(f"Of freed-up resources at least this part stays with the group: {stays}.")


def _sums(flow: Flow) -> tuple[str, str, str]:
    return pounds(flow.came), pounds(flow.went), pounds(flow.balance.pence)


@funds.command()
@place_option
@dated
@reason_option
@click.option("--source", default="", help="Account of ours that pays; without it, received from the partner.")
@click.argument("pool")
@click.argument("partner")
@click.argument("sum_in_pounds")
def pay(place: str, on: date, reason: str, source: str, pool: str, partner: str, sum_in_pounds: str) -> None:
    """Pay the share of PARTNER into the pooled fund POOL."""
    pence = pence_from_text(sum_in_pounds)
    paid = actions.pay_into_pool(
        by=by_whom(), place=place, pool=pool, partner=partner, pence=pence, on=on, reason=reason, source=source
    )
    tell(paid)


@funds.command()
@place_option
@dated
@reason_option
@click.argument("pool")
@click.argument("purpose")
@click.argument("sum_in_pounds")
def spend(place: str, on: date, reason: str, pool: str, purpose: str, sum_in_pounds: str) -> None:
    """Spend from the pooled fund POOL on PURPOSE; each partner bears its part."""
    pence = pence_from_text(sum_in_pounds)
    spent = actions.spend_from_pool(
        by=by_whom(), place=place, pool=pool, pence=pence, purpose=purpose, on=on, reason=reason
    )
    tell(spent)


@funds.command("free-up")
@place_option
@dated
@reason_option
@click.argument("source")
@click.argument("sum_in_pounds")
def free_up(place: str, on: date, reason: str, source: str, sum_in_pounds: str) -> None:
    """Take freed-up resources off the account SOURCE; the group keeps its part."""
    pence = pence_from_text(sum_in_pounds)
    tell(actions.free_up(by=by_whom(), place=place, source=source, pence=pence, on=on, reason=reason))


@funds.command()
@place_option
@dated
@reason_option
@click.option("--target", default="", help="Budget of the same group that gets it.")
@click.option("--purpose", default="", help="What it is spent on, where no budget gets it.")
@click.argument("unit")
@click.argument("sum_in_pounds")
def use(place: str, on: date, reason: str, target: str, purpose: str, unit: str, sum_in_pounds: str) -> None:
    """Put what UNIT freed up to use."""
    pence = pence_from_text(sum_in_pounds)
    used = actions.use_freed(
        by=by_whom(), place=place, unit=unit, pence=pence, on=on, reason=reason, target=target, purpose=purpose
    )
    tell(used)

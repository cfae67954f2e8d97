"""``openpbc finance ledger``: the ledger from the shell."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click
from django.utils.timezone import localtime

from openpbc.finance import actions, reads
from openpbc.finance.commands.printing import findings_json, print_columns, print_findings, print_json
from openpbc.finance.reads.waiting import second_person_from, waiting_journals
from openpbc.finance.rules.ledger import ACCOUNT_KINDS, JOURNAL_KINDS, Entry
from openpbc.finance.rules.year_end import CARRY_FORWARD
from openpbc.kernel.money import pence_from_text, pounds
from openpbc.kernel.problems import UserError
from openpbc.organisations import reads as organisations
from openpbc.rulebook.values import NotSet
from openpbc.ui.commands import by_whom

place_option = click.option("--place", required=True, help="Id of the place.")
_year = click.option("--year", default="", help="Financial year of the ledger, if another than the place's own.")
_json = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
reason_option = click.option("--reason", required=True, help="Why, for everybody who looks at the account.")
_key = click.option("--key", default="", help="A text of your own: posted again under it, the journal is posted once.")


def _day(ctx: click.Context, parameter: click.Parameter, value: datetime) -> date:
    return value.date()


dated = click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), callback=_day, required=True, help="Day of the change, YYYY-MM-DD."
)


def _ledger_year(place: str, year: str) -> str:
    return year or str(organisations.book(place).place.year)


@click.group()
def ledger() -> None:
    """The double-entry ledger of budgets: show it, post into it, check it."""


@ledger.command()
@place_option
@_year
@click.option("--kind", type=click.Choice(list(ACCOUNT_KINDS)), help="Only accounts of this kind.")
@click.option("--unit", default="", help="Only accounts of this budget line.")
@click.option("--as-at", type=click.DateTime(["%Y-%m-%d"]), help="Count journals dated up to this day.")
@_json
def balances(place: str, year: str, kind: str | None, unit: str, as_at: datetime | None, as_json: bool) -> None:
    """List every account with its balance; all of them together are nought."""
    until = as_at.date() if as_at else None
    found = reads.ledger_balances(place, _ledger_year(place, year), kind=kind or "", unit=unit, as_at=until)
    if as_json:
        print_json([asdict(each) for each in found])
        return
    rows = [(each.account.title, each.account.code, pounds(each.pence)) for each in found]
    print_columns(("Account", "Code", "Balance"), [*rows, ("Total", "", pounds(sum(each.pence for each in found)))])


@ledger.command()
@place_option
@_year
@click.argument("number", type=int)
@_json
def journal(place: str, year: str, number: int, as_json: bool) -> None:
    """Show journal NUMBER with its entries."""
    found = reads.journal(place, _ledger_year(place, year), number)
    if as_json:
        body: dict[str, Any] = asdict(found)
        print_json(body | {"on": found.on.isoformat(), "at": found.at.isoformat()})
        return
    click.echo(f"Journal {found.number}, {JOURNAL_KINDS[found.kind].title.lower()}, {found.on}: {found.reason}")
    click.echo(f"Posted by {found.by_name} at {localtime(found.at):%Y-%m-%d %H:%M}.")
    print_columns(
        ("Account", "Amount", "Balance after"),
        [(each.account.code, pounds(each.pence), pounds(each.balance_after)) for each in found.entries],
    )


# Both sides of a carry-forward are posted by the year's end.
_BY_HAND = [kind for kind in JOURNAL_KINDS if kind != CARRY_FORWARD]


@ledger.command()
@place_option
@_year
@dated
@reason_option
@_key
@click.option("--kind", type=click.Choice(_BY_HAND), required=True, help="What kind of change it is.")
@click.option("--source", default="", help="What it is posted for, such as decision/7.")
@click.argument("entries", nargs=-1, required=True, metavar="ACCOUNT=POUNDS ...")
def post(
    place: str, year: str, on: date, reason: str, key: str, kind: str, source: str, entries: tuple[str, ...]
) -> None:
    """Post one journal: what each ACCOUNT is given (or with a minus what is taken) in pounds."""
    posted = actions.post(
        by=by_whom(),
        place=place,
        kind=kind,
        entries=[_entry(text) for text in entries],
        on=on,
        reason=reason,
        source=source,
        key=key,
        year=year,
    )
    tell(posted)


def _entry(text: str) -> Entry:
    account, equals, amount = text.rpartition("=")
    if not equals:
        raise UserError(f"'{text[:60]}' is no entry", do="Write ACCOUNT=POUNDS, such as held/contingency=-100.")
    return Entry(account, pence_from_text(amount))


def tell(posted: actions.Posted) -> None:
    """Say which journal was posted, or that it waits."""
    if posted.waits:
        click.echo(f"Nothing is posted yet. It waits as number {posted.number} for a second person who signs in.")
        return
    click.echo(f"Journal {posted.number} {'was posted before' if posted.already else 'is posted'}.")


@ledger.command()
@place_option
@_year
@dated
@reason_option
@_key
@click.argument("source")
@click.argument("target")
@click.argument("sum_in_pounds")
def virement(
    place: str, year: str, on: date, reason: str, key: str, source: str, target: str, sum_in_pounds: str
) -> None:
    """Move money from the account SOURCE to the account TARGET."""
    pence = pence_from_text(sum_in_pounds)
    tell(
        actions.virement(
            by=by_whom(),
            place=place,
            source=source,
            target=target,
            pence=pence,
            on=on,
            reason=reason,
            key=key,
            year=year,
        )
    )


@ledger.command()
@place_option
@_json
def waiting(place: str, as_json: bool) -> None:
    """List the journals that wait for a second person, who agrees on the page once signed in; and from which sum."""
    found, limit = waiting_journals(place), second_person_from(organisations.book(place))
    if as_json:
        rows = ({"number": each.asked.number, "by": each.asked.by, **each.asked.facts} for each in found)
        print_json([row | {"moved": each.pence} for row, each in zip(rows, found, strict=True)])
        return
    told = f"not set ({limit.path})" if isinstance(limit, NotSet) else pounds(limit.pence)
    click.echo(f"A journal waits from: {told}.")
    for each in found:
        click.echo(f"{each.asked.number}  {pounds(each.pence)}  {each.asked.by}: {each.draft.reason}")


@ledger.command("turn-down")
@place_option
@reason_option
@click.argument("number", type=int)
def turn_down(place: str, reason: str, number: int) -> None:
    """Turn down journal NUMBER of those that wait, or take it back; it is not posted."""
    actions.turn_down_journal(by=by_whom(), place=place, number=number, reason=reason)
    click.echo(f"Number {number} is turned down.")


@ledger.command()
@place_option
@_year
@dated
@reason_option
@click.argument("number", type=int)
def reverse(place: str, year: str, on: date, reason: str, number: int) -> None:
    """Undo journal NUMBER by posting its exact opposite; one of a year's end undoes that end in both years."""
    tell(actions.reverse(by=by_whom(), place=place, number=number, on=on, reason=reason, year=year))


@ledger.command("import")
@place_option
@click.option("--post", "for_good", is_flag=True, help="Post what was read; without it, only say what would be posted.")
@_json
@click.argument("path", type=click.Path(path_type=Path))
def import_(place: str, for_good: bool, as_json: bool, path: Path) -> None:
    """Bring in opening balances from a CSV file with the columns account and amount (in pounds)."""
    found = reads.opening_file(organisations.book(place), path)
    imported = actions.import_opening(by=by_whom(), place=place, path=path) if for_good and not found.findings else None
    if as_json:
        facts = {"rows": found.rows, "accepted": len(found.accepted), "rejected": found.rejected}
        number = imported.posted.number if imported else None
        print_json(facts | {"findings": findings_json(found.findings), "journal": number})
    else:
        click.echo(f"{path.name}: {found.rows} rows, {len(found.accepted)} accepted, {found.rejected} rejected.")
        print_findings(found.findings)
        if imported:
            tell(imported.posted)
        elif not found.findings:
            click.echo("Nothing is posted yet: say --post.")
    if found.findings:
        raise SystemExit(2)


@ledger.command("issue-indicative")
@place_option
@dated
@reason_option
@click.option("--unit", required=True, help="Budget line whose practices get their budgets.")
@click.option("--method", required=True, type=click.Choice(list(reads.INDICATIVE_METHODS)), help="How to share.")
@click.option("--scope", default="", help="in-scope or out-of-scope (else both).")
@click.option("--file", "path", type=click.Path(path_type=Path), help="CSV of practice and amount, for method file.")
def issue_indicative(place: str, on: date, reason: str, unit: str, method: str, scope: str, path: Path | None) -> None:
    """Issue a group's budget to its practices, to the penny."""
    posted = actions.issue_indicative(
        by=by_whom(), place=place, unit=unit, method=method, on=on, reason=reason, scope=scope, path=path
    )
    click.echo(f"{len(posted)} journals are posted." if posted else "Nothing is left to issue.")


@ledger.command("roll-over")
@place_option
@dated
@reason_option
@click.option("--carry", multiple=True, metavar="KIND", help="Carry a kind of account that the rulebook leaves open.")
@click.option("--lapse", multiple=True, metavar="KIND", help="Let such a kind lapse.")
@click.option("--why", default="", help="Why so, and who decided it.")
def roll_over(place: str, on: date, reason: str, carry: tuple[str, ...], lapse: tuple[str, ...], why: str) -> None:
    """End the year: carry into the next ledger what the rulebook lets carry; the rest lapses."""
    decided = dict.fromkeys(lapse, False) | dict.fromkeys(carry, True)
    done = actions.roll_over(by=by_whom(), place=place, on=on, reason=reason, decided=decided, why=why)
    click.echo(f"Carried {pounds(done.carried)}, lapsed {pounds(done.lapsed)}.")


@ledger.command()
@place_option
@_year
@_json
def check(place: str, year: str, as_json: bool) -> None:
    """Add everything up again from the lines and compare; exit code 1 when something does not come out."""
    found = reads.ledger_check(place, _ledger_year(place, year))
    if as_json:
        print_json(asdict(found) | {"intact": found.intact})
    else:
        counted = f"{found.accounts:,} accounts, {found.journals:,} journals, {found.lines:,} lines"
        click.echo(f"{counted}: all accounts together {pounds(found.total)}, {len(found.problems)} problems.")
        for sentence in found.problems:
            click.echo(sentence)
    if not found.intact:
        raise SystemExit(1)

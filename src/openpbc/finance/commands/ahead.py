"""Scenarios, their comparison, the years ahead and the scope register from the shell."""

from __future__ import annotations

from typing import Any

import click

from openpbc.finance import actions, reads
from openpbc.finance.commands.printing import growth_text, number, percent, print_columns, print_findings, print_json
from openpbc.finance.commands.sharing import rate
from openpbc.finance.reads.claims import JudgedClaim, claims
from openpbc.finance.reads.comparing import Alternative, Comparison, words_of
from openpbc.finance.reads.multi_year import MultiYear, Tried, multi_year
from openpbc.finance.reads.scope_register import Item, agreed, items, missing_attachments, settings_of
from openpbc.kernel.money import thousands
from openpbc.organisations import reads as organisations
from openpbc.rulebook.reader import Book
from openpbc.rulebook.values import NotSet
from openpbc.ui.commands import by_whom

PLACE = click.option("--place", required=True, help="The place, such as west-herts-2008.")
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON, money in thousands of pounds.")
_THOUSANDS = 5


def _money(pence: int | None) -> int | float | None:
    return number(pence, _THOUSANDS)


@click.command("scenarios")
@PLACE
@click.option("--save", "title", metavar="NAME", help="Save the settings of --settings under this name.")
@click.option("--settings", "query", help="Settings as addresses write them, such as 'scenario=no_deposit&cap=68000'.")
@click.option("--note", default="", help="A note to keep with what is saved.")
@JSON
def scenarios(place: str, title: str | None, query: str | None, note: str, as_json: bool) -> None:
    """List the scenarios of a place, those of the papers and those saved; or save one."""
    book = organisations.book(place)
    if title is not None:
        code = actions.save_scenario(by=by_whom(), place=place, title=title, query=query or "", note=note)
        click.echo(f"Saved as {code}.", err=as_json)
    listed = reads.choices(book)
    if as_json:
        print_json(
            [
                {"code": each.code, "title": each.title, "kind": each.kind, "settings": each.settings.query}
                for each in listed
            ]
        )
        return
    print_columns(
        ("code", "kind", "title"),
        [(each.code, each.kind, f"{each.title}{_changes(each.settings)}") for each in listed],
    )


def _changes(settings: reads.Settings) -> str:
    said = words_of(settings)
    return f" ({said})" if said else ""


@click.command("compare")
@PLACE
@click.option("--with", "codes", multiple=True, help="A scenario's code, or settings; several times. All by default.")
@JSON
def compare(place: str, codes: tuple[str, ...], as_json: bool) -> None:
    """Lay scenarios side by side: budgets, growth, distance from fair share, and what each group gives up."""
    book = organisations.book(place)
    chosen = [reads.choice(book, code) for code in codes] or list(reads.choices(book))
    found = reads.compare(book, chosen) if chosen else book.table(reads.SCENARIOS)
    if not isinstance(found, Comparison):
        assert isinstance(found, NotSet)
        raise found.problem
    judged = claims(book, found)
    told = () if isinstance(judged, NotSet) else judged
    if as_json:
        print_json({"scenarios": [_alternative(each) for each in found.alternatives], "claims": _claims(told)})
        return
    for each in found.alternatives:
        _print_alternative(each)
    click.echo("What the papers say, and what the figures show")
    for claim in told:
        click.echo(f"{claim.judged.verdict}: {claim.claim} ({claim.said_of}) {claim.judged.sentence}")


def _alternative(each: Alternative) -> dict[str, Any]:
    result = each.result
    return {
        "code": each.choice.code,
        "title": each.title,
        "cap_percent": percent(result.cap),
        "budgets": _money(result.total),
        "growth_in_scope_percent": percent(result.growth),
        "growth_percent": percent(result.total_growth),
        "given_up": _money(result.deposit),
        "plan_deposit": _money(each.named.deposit) if each.named else None,
        "plan_balance": _money(each.named.balance) if each.named else None,
        "groups": [
            {
                "group": one.code,
                "in_scope": _money(one.amount),
                "out_of_scope": _money(one.excluded),
                "budget": _money(one.total),
                "growth_in_scope_percent": percent(one.growth),
                "growth_percent": percent(one.total_growth),
                "distance": _money(one.distance),
                "distance_percent": percent(one.distance_ppm),
                "given_up": _money(one.deposit),
            }
            for one in result.groups
        ],
    }


def _claims(judged: tuple[JudgedClaim, ...]) -> list[dict[str, Any]]:
    return [
        {
            "claim": each.claim,
            "of": each.said_of,
            "verdict": str(each.judged.verdict),
            "shown": each.judged.sentence,
            "holds_for": list(each.holds_for),
        }
        for each in judged
    ]


def _print_alternative(each: Alternative) -> None:
    balance = f", balance of the plan {thousands(each.named.balance)}" if each.named else ""
    click.echo(f"{each.title} ({each.choice.code}{balance}; thousands of pounds)")
    rows = [
        (
            one.name,
            thousands(one.amount),
            growth_text(one.growth),
            thousands(one.total),
            growth_text(one.total_growth),
            thousands(one.distance),
            growth_text(one.distance_ppm),
            thousands(one.deposit),
        )
        for one in each.result.groups
    ]
    print_columns(("group", "in scope", "growth", "budget", "growth", "distance", "of share", "given up"), rows)
    click.echo()


@click.command("multi-year")
@PLACE
@click.option("--with", "code", default="", help="The scenario whose deposit it is; else what the ledger holds.")
@click.option("--growth", help="Growth in per cent to try for years whose growth nobody has set.")
@click.option("--lower", help="Percentage points to take off each later year's growth.")
@JSON
def years_ahead(place: str, code: str, growth: str | None, lower: str | None, as_json: bool) -> None:
    """Show the years ahead with and without the deposit, and what comes back to whom."""
    book = organisations.book(place)
    rates = [None if text is None else rate(text, where) for text, where in ((growth, "--growth"), (lower, "--lower"))]
    found = multi_year(book, Tried(code, *rates))
    if isinstance(found, NotSet):
        raise found.problem
    if as_json:
        print_json(_years_json(found))
    else:
        _print_years(found)


def _years_json(found: MultiYear) -> dict[str, Any]:
    return {
        "deposit": _money(found.lodged.total),
        "in_ledger": found.lodged.in_ledger,
        "years": [
            {
                "year": each.year,
                "without": _money(each.without),
                "growth_without_percent": percent(each.growth_without),
                "lodged": _money(each.lodged),
                "returned": _money(each.returned) if found.schedule.calls else None,
                "with": _money(each.with_deposit),
                "growth_with_percent": percent(each.growth_with),
            }
            for each in found.years
        ],
        "together": {
            "years": found.evened.years,
            "difference": _money(found.evened.difference),
            "still_lodged": _money(found.evened.still_lodged),
        },
        "groups": [
            {
                "group": unit,
                "deposit": _money(pence),
                "as_printed": _money(found.lodged.printed.get(unit)),
                "returned": _money(found.returned(unit)),
                "left": _money(found.left[unit]),
            }
            for unit, pence in found.lodged.by_unit.items()
        ],
        "without_purpose": _money(found.unassigned),
        "findings": [each.sentence for each in found.findings],
    }


def _print_years(found: MultiYear) -> None:
    held = "in the ledger" if found.lodged.in_ledger else f"planned: {found.lodged.choice.title}"
    click.echo(f"Deposit of {thousands(found.lodged.total)}, {held} (thousands of pounds)")
    rows = [
        (
            each.year,
            _or_not_set(each.without),
            growth_text(each.growth_without),
            thousands(each.lodged),
            thousands(each.returned) if found.schedule.calls else "not set",
            _or_not_set(each.with_deposit),
            growth_text(each.growth_with),
        )
        for each in found.years
    ]
    print_columns(("year", "without", "growth", "lodged", "comes back", "with", "growth"), rows)
    click.echo()
    groups = [
        (found.lodged.names[unit], thousands(pence), thousands(found.returned(unit)), thousands(found.left[unit]))
        for unit, pence in found.lodged.by_unit.items()
    ]
    print_columns(("group", "deposit", "comes back", "no return yet"), groups)
    print_findings(found.findings)


def _or_not_set(pence: int | None) -> str:
    return "not set" if pence is None else thousands(pence)


@click.command("scope")
@PLACE
@JSON
def scope(place: str, as_json: bool) -> None:
    """List the budget items of the scope register, and what the moves agreed so far change."""
    book = organisations.book(place)
    found = items(book)
    settings = settings_of(agreed(book))
    if as_json:
        print_json({"items": [_item(each) for each in found], "agreed": settings.query, "missing": _missing(book)})
        return
    if not found:
        click.echo("No item is entered.")
    for attachment, needed in missing_attachments(book):
        click.echo(f"Not supplied: {attachment}. Needed for: {needed}.")
    rows = [
        (each.title, each.scope, each.basis, thousands(each.total("last")), thousands(each.total("this")))
        for each in found
    ]
    if rows:
        print_columns(("item", "scope", "shared by", "last year", "this year"), rows)
    if settings.scope:
        click.echo(f"The moves agreed so far: {settings.query}")


def _item(each: Item) -> dict[str, Any]:
    return {
        "number": each.number,
        "title": each.title,
        "scope": each.scope,
        "scope_in_draft_budgets": each.scope_first,
        "basis": each.basis,
        "waits": each.open.words if each.open else None,
        "groups": {unit: [_money(one.last), _money(one.this)] for unit, one in each.amounts.items()},
    }


def _missing(book: Book) -> list[str]:
    return [attachment for attachment, _ in missing_attachments(book)]

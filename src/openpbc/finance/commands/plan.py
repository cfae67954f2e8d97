"""``openpbc finance plan``: the plan's versions from the shell."""

from __future__ import annotations

from typing import Any

import click

from openpbc.finance import actions
from openpbc.finance.commands.printing import findings_json, number, print_columns, print_findings, print_json
from openpbc.finance.reads import plan_figures
from openpbc.finance.reads import plan_versions as reads
from openpbc.finance.reads.plan_versions import Version
from openpbc.finance.rules.plan_line import PlanLine
from openpbc.kernel.money import thousands
from openpbc.organisations.reads import book as open_book
from openpbc.ui.commands import by_whom

_PLACE = click.option("--place", required=True, help="Id of the place.")
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def plan() -> None:
    """Draft, compare and submit versions of the financial plan."""


@plan.command("versions")
@_PLACE
@_JSON
def versions(place: str, as_json: bool) -> None:
    """List the versions of a place's plan, the newest first."""
    book = open_book(place)
    found = reads.plan_versions(place, str(book.place.year))
    if as_json:
        print_json({"place": place, "year": str(book.place.year), "versions": [_head(each) for each in found]})
        return
    if not found:
        click.echo("No version is drafted yet.")
        return
    print_columns(
        ("", "state", "committed", "deposit", "balance", "scenario"),
        [
            (
                each.name,
                each.facts.state if each.facts else "",
                thousands(each.totals.committed),
                thousands(each.totals.deposit),
                thousands(each.totals.balance),
                each.facts.scenario if each.facts else "",
            )
            for each in found
        ],
    )


@plan.command("show")
@click.argument("version")
@_PLACE
@_JSON
def show(version: str, place: str, as_json: bool) -> None:
    """Show one version, or the plan as printed (``book``): its lines, its totals, its bridge and its findings."""
    book = open_book(place)
    found = reads.version(book, version)
    findings = reads.findings(book, found.lines)
    if as_json:
        lines = [_line(line) for line in found.lines]
        print_json(_head(found) | {"lines": lines, "bridge": _bridge(found), "findings": findings_json(findings)})
        return
    click.echo(f"{found.name} (thousands of pounds)")
    print_columns(
        ("", "section", "amount"), [(each.label, each.section, thousands(each.amount)) for each in found.lines]
    )
    click.echo()
    totals = [(name, thousands(found.total(code))) for code, name in reads.TOTALS.items()]
    print_columns(("", "£000"), totals)
    print_findings(findings)


@plan.command("compare")
@click.argument("before")
@click.argument("after")
@_PLACE
@_JSON
def compare(before: str, after: str, place: str, as_json: bool) -> None:
    """Compare two versions line by line; ``book`` is the plan as printed."""
    book = open_book(place)
    earlier, later = reads.version(book, before), reads.version(book, after)
    found = reads.compare(earlier, later)
    effect = later.balance - earlier.balance
    if as_json:
        body = {
            "before": before,
            "after": after,
            "unit": "thousands of pounds",
            "differences": [
                {
                    "code": each.code,
                    "label": each.line.label,
                    "kind": each.kind,
                    "before": number(each.before.amount, 5) if each.before else None,
                    "after": number(each.after.amount, 5) if each.after else None,
                    "effect": number(each.effect, 5),
                    "fields": list(each.fields),
                }
                for each in found
            ],
            "balance_effect": number(effect, 5),
        }
        print_json(body)
        return
    if not found:
        click.echo("The two versions have the same lines.")
        return
    rows = [(each.line.label, each.kind, *map(thousands, each.amounts), thousands(each.effect)) for each in found]
    print_columns(("", "what", "earlier", "later", "effect on balance"), rows)
    click.echo(f"Balance: {thousands(effect)}")


@plan.command("draft")
@_PLACE
@click.option(
    "--from", "source", required=True, help="book, empty, the number of a version, or PLACE/NUMBER: what runs on."
)
@click.option("--title", required=True, help="What the version is for.")
@_JSON
def draft(place: str, source: str, title: str, as_json: bool) -> None:
    """Draft a version from the published tables, from another version, or from nothing."""
    _tell(actions.draft_plan(by=by_whom(), place=place, source=source, title=title), as_json)


@plan.command("submit")
@click.argument("version", type=int)
@_PLACE
@click.option("--scenario", default="", help="Code of the scenario on which the plan stands.")
@click.option("--unlinked", default="", help="Why investment lines may name no plan; without it each must name one.")
@click.option("--revision", type=int, default=None, help="The revision that you looked at; the newest if left out.")
@_JSON
def submit(version: int, place: str, scenario: str, unlinked: str, revision: int | None, as_json: bool) -> None:
    """Submit a draft; one that names no scenario is refused."""
    found = reads.plan_version(place, str(open_book(place).place.year), version)
    seen = found.facts.revision if revision is None and found.facts else revision or 0
    done = actions.submit_plan(
        by=by_whom(), place=place, version=version, revision=seen, scenario=scenario, unlinked=unlinked
    )
    _tell(done, as_json)


def _tell(done: actions.PlanChanged, as_json: bool) -> None:
    if as_json:
        print_json({"place": done.place, "version": done.number, "revision": done.revision, "what": done.what})
        return
    click.echo(f"Version {done.number}, revision {done.revision}: {done.what}.")


def _head(found: Version) -> dict[str, Any]:
    facts = found.facts
    head: dict[str, Any] = {"version": found.key, "name": found.name, "unit": "thousands of pounds"}
    if facts is not None:
        head |= {
            "state": facts.state,
            "scenario": facts.scenario or None,
            "revision": facts.revision,
            "dated": str(facts.dated),
            "made_by": facts.made_by,
            "parent": facts.parent,
        }
    return head | {"totals": {code.removeprefix("total-"): number(found.total(code), 5) for code in reads.TOTALS}}


def _line(line: PlanLine) -> dict[str, Any]:
    money = {"amount": number(line.amount, 5), "base": number(line.base, 5), "rate_percent": number(line.rate, 4)}
    kept = {name: value for name, value in vars(line).items() if name not in ("amount", "base", "rate")}
    return kept | money


def _bridge(found: Version) -> dict[str, Any]:
    whole = plan_figures.bridge(found)
    moves = {kind: number(amount, 5) for _, kind, amount in whole.adjustments if amount}
    return {"base": number(whole.base, 5), "adjustments": moves, "draft": number(whole.draft, 5)}
